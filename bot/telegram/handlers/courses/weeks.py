"""/week PLACE: what a week's papers said of a place."""

from __future__ import annotations

from html import escape

from telegram import Update

from bot.languages import Texts
from bot.messages.links import Links, tap
from bot.messages.reply import Reply
from bot.messages.splitting import shorten
from bot.messages.weeks import Week, WeekLine, WeekMessage, compose_week, items_of, newest_week
from bot.telegram.client.sending import argument_of, send_to
from bot.telegram.context import Context
from bot.telegram.registration import Handlers
from retrieval import Library

_MOST_LINES = 8
"""Of the news, and of the figures."""
_MOST_PLACES = 20
_TITLE_UNITS, _SENTENCE_UNITS = 40, 100


async def show_week(update: Update, context: Context) -> None:
    """Show a place's week: the one named behind the place (2022-W26), else that of its newest article."""
    message = update.effective_message
    if message is None:
        return
    words = argument_of(message).split()
    week = Week.parse(words[-1]) if len(words) > 1 else None
    name = " ".join(words[:-1] if week else words)
    if not name:
        await send_to(message, Reply(context.texts.which_week))
        return
    said = await context.ask(_week, context.services.library, name, week, context.texts)
    if said is None:
        await send_to(message, Reply(context.texts.no_place))
        return
    await send_to(message, render_week(said, context.texts, context.links))


def _week(library: Library, name: str, week: Week | None, texts: Texts) -> WeekMessage | None:
    code = library.find_place(name).code
    if code is None:
        return None
    week = week or newest_week(library, code)
    if week is None:
        return WeekMessage(texts.week_nothing.format(place=library.name_of(code)), (), (), (), 0)
    return compose_week(items_of(library, code, week), code, week, library.resolver.gazetteer, texts)


def render_week(said: WeekMessage, texts: Texts, links: Links) -> Reply:
    """Return a week as HTML: what was new, the figures, how many stories each place has."""
    blocks = [f"<b>{escape(said.heading)}</b>"]
    for head, lines in ((texts.week_news, said.news), (texts.week_figures, said.figures)):
        if lines:
            blocks.append(
                "\n".join([f"<b>{head}</b>", *(_line(each, texts, links) for each in lines[:_MOST_LINES])])
            )
            left = len(lines) - _MOST_LINES
            if left > 0:
                blocks[-1] += f"\n{texts.rest_button.format(n=left)}"
    if said.places:
        blocks.append(
            texts.list_comma.join(
                texts.counted.format(name=escape(name), n=n) for name, n in said.places[:_MOST_PLACES]
            )
        )
    return Reply("\n\n".join(blocks))


def _line(line: WeekLine, texts: Texts, links: Links) -> str:
    source = line.source
    title = tap(links.article(source.article_id), shorten(source.title, _TITLE_UNITS))
    sentence = escape(shorten(" ".join(line.quote.text.split()), _SENTENCE_UNITS))
    return texts.week_line.format(
        title=title, where=escape(texts.in_parenthesis(source.day or "")), sentence=sentence
    )


HANDLERS = Handlers(commands={"week": show_week})
