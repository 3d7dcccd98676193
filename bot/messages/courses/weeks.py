"""A place's week or month as a message: what was new, the figures, where it was, with a map beside it."""

from __future__ import annotations

from html import escape

from bot.languages import Texts
from bot.messages.links import Links, tap
from bot.messages.reply import Reply
from bot.messages.splitting import shorten
from bot.messages.weeks import WeekLine, WeekMessage

_MOST_LINES = 8
"""Of the news, and of the figures."""
_MOST_PLACES = 20
_TITLE_UNITS, _SENTENCE_UNITS = 40, 100


def render_week(said: WeekMessage, texts: Texts, links: Links, *, has_map: bool = False) -> Reply:
    """Return a week or month as HTML: what was new, the figures, how many stories each place has where no map says it."""
    blocks = [f"<b>{escape(said.heading)}</b>"]
    for head, lines in ((texts.week_news, said.news), (texts.week_figures, said.figures)):
        if lines:
            blocks.append(
                "\n".join([f"<b>{head}</b>", *(_line(each, texts, links) for each in lines[:_MOST_LINES])])
            )
            left = len(lines) - _MOST_LINES
            if left > 0:
                blocks[-1] += f"\n{texts.rest_button.format(n=left)}"
    if said.places and not has_map:
        blocks.append(escape(say_places(said, texts)))
    return Reply("\n\n".join(blocks))


def say_places(said: WeekMessage, texts: Texts) -> str:
    """Return the divisions with how many stories each has, numbered as their tiles are."""
    return texts.list_comma.join(
        f"{rank} {texts.counted.format(name=name, n=n)}"
        for rank, (name, n) in enumerate(said.places[:_MOST_PLACES], start=1)
    )


def _line(line: WeekLine, texts: Texts, links: Links) -> str:
    source = line.source
    title = tap(links.article(source.article_id), shorten(source.title, _TITLE_UNITS))
    sentence = escape(shorten(" ".join(line.quote.text.split()), _SENTENCE_UNITS))
    return texts.week_line.format(
        title=title, where=escape(texts.in_parenthesis(source.day or "")), sentence=sentence
    )
