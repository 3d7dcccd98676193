"""🧵 under an answer: earlier and later articles on the same matter."""

from __future__ import annotations

from html import escape

from telegram import Update

from bot.chats.answers import GivenAnswer
from bot.languages import Texts
from bot.messages.links import Links, tap
from bot.messages.reply import Button, Reply
from bot.messages.splitting import shorten
from bot.telegram.client.sending import send_to
from bot.telegram.context import Context
from bot.telegram.handlers.answer_buttons import find_given_answer
from bot.telegram.handlers.callbacks import accept
from bot.telegram.registration import Handlers
from retrieval import Course, Library, Step

_TITLE_UNITS, _SENTENCE_UNITS = 50, 110


async def press(update: Update, context: Context) -> None:
    """Send the course of an answer's story."""
    pressed = await accept(update, context)
    if pressed is None:
        return
    given = await find_given_answer(pressed.message, context, pressed.rest)
    if given is None:
        return
    course = await context.ask(_course, context.services.library, given)
    if course is None or not course.is_shown:
        await send_to(pressed.message, Reply(context.texts.story_none))
        return
    await send_to(pressed.message, render_story(course, given.id, context.texts, context.links))


def _course(library: Library, given: GivenAnswer) -> Course | None:
    article = library.article(given.hits[0].article_id) if given.hits else None
    return library.story(article) if article is not None else None


def render_story(course: Course, answer_id: str, texts: Texts, links: Links) -> Reply:
    """Return the articles in a line each, with a button that has the chat told when there is more."""
    title = escape(shorten(course.of.title, _TITLE_UNITS))
    head = f"<b>{texts.story_heading.format(title=title, n=len(course.steps))}</b>"
    lines = [_line(step, texts, links) for step in course.steps]
    return Reply("\n".join([head, "", *lines]), ((Button(texts.watch_button, f"w:{answer_id}"),),))


def _line(step: Step, texts: Texts, links: Links) -> str:
    article = step.article
    return texts.story_line.format(
        day=f"{article.date:%Y-%m-%d}" if article.date else texts.date_unknown,
        title=tap(links.article(article.id), shorten(article.title, _TITLE_UNITS)),
        sentence=escape(shorten(" ".join(step.sentence_text.split()), _SENTENCE_UNITS)),
    )


HANDLERS = Handlers(buttons={"st": press})
