"""📈 under an answer: its figure over time, as a picture and as a list."""

from __future__ import annotations

import asyncio
import re
from html import escape

from telegram import InputFile, Update

from bot.chats.answers import GivenAnswer
from bot.languages import Texts
from bot.messages.courses.charts import draw_png
from bot.messages.courses.timelines import TimelineLine, TimelineMessage, compose_timeline
from bot.messages.links import Links, tap
from bot.messages.reply import Reply
from bot.messages.rich import paragraphs, table
from bot.messages.splitting import shorten
from bot.telegram.client.sending import send_all, send_photo_to, send_to
from bot.telegram.context import Context
from bot.telegram.handlers.answer_buttons import find_given_answer
from bot.telegram.handlers.callbacks import accept
from bot.telegram.registration import Handlers
from retrieval import Library, Timeline

MOST_LINES = 18
"""The latest figures in one message: each has at most about 200 units."""
_SENTENCE_UNITS, _BEFORE_UNITS, _TITLE_UNITS = 90, 40, 24


async def press(update: Update, context: Context) -> None:
    """Send the course of an answer's figure."""
    pressed = await accept(update, context)
    if pressed is None:
        return
    message = pressed.message
    given = await find_given_answer(message, context, pressed.rest)
    if given is None:
        return
    library = context.services.library
    found = await context.ask(_timeline, library, given)
    if found is None or not found.is_shown:
        await send_to(message, Reply(context.texts.timeline_single))
        return
    place = library.name_of(found.place) if found.place else None
    said = compose_timeline(found, place, context.texts)
    picture = await asyncio.to_thread(draw_png, found)
    caption = f"{said.heading}\n{context.texts.timeline_legend}"
    await send_photo_to(message, InputFile(picture, "timeline.png"), caption)
    listed = render_timeline(said, context.texts, context.links)
    await send_all(message, [listed], is_rich=context.bot_data.is_rich)


def _timeline(library: Library, given: GivenAnswer) -> Timeline | None:
    article = library.article(given.hits[0].article_id) if given.hits else None
    if article is None or given.turn is None:
        return None
    return library.timeline_of_turn(given.turn, article, given.hits[0].evidence)


def render_timeline(said: TimelineMessage, texts: Texts, links: Links) -> Reply:
    """Return the figures as a list, the latest ones where there are many, the earliest of them first."""
    shown = said.lines[-MOST_LINES:]
    left = len(said.lines) - len(shown)
    head = [f"<b>{escape(shorten(said.heading, 100))}</b>"]
    if left:
        head.append(texts.timeline_left.format(n=len(shown), left=left))
    lines = [_render_line(line, texts, links) for line in shown]
    notes = "".join(f"\n\n{escape(note)}" for note in said.notes)
    above = "\n".join(head)
    figures = table([_row(line, links) for line in shown])
    rich = paragraphs(above) + figures + paragraphs(notes)
    return Reply("\n".join([above, "", *lines]) + notes, rich=rich)


def _row(line: TimelineLine, links: Links) -> tuple[str, str, str]:
    """A figure as a row: its time, what it is, and the way to its report."""
    note = f" {escape(line.note)}" if line.note else ""
    value = f"<b>{escape(line.value)}</b>{_mark(line)}{note}"
    return escape(line.time), value, _report(line, links)


def _report(line: TimelineLine, links: Links) -> str:
    source = line.source
    return tap(links.article(source.article_id), source.day or shorten(source.title, _TITLE_UNITS))


def _mark(line: TimelineLine) -> str:
    return " ≠" if line.differs else ""


def _render_line(line: TimelineLine, texts: Texts, links: Links) -> str:
    return texts.timeline_line.format(
        time=escape(line.time),
        value=escape(line.value),
        note=escape(texts.in_parenthesis(line.note)),
        mark=_mark(line),
        sentence=escape(_around(line)),
        source=texts.in_parenthesis(_report(line, links)),
    )


def _around(line: TimelineLine) -> str:
    """The sentence, or what stands around its figure where it is long."""
    text = re.sub(r"\s", " ", line.quote.text)
    at = line.quote.figures[0][0]
    if len(text) <= _SENTENCE_UNITS or at < _BEFORE_UNITS:
        return shorten(text, _SENTENCE_UNITS)
    return "…" + shorten(text[at - _BEFORE_UNITS :], _SENTENCE_UNITS - 1)


HANDLERS = Handlers(buttons={"tl": press})
