"""Answering a question: computed in turn, remembered, sent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial

from telegram import Message
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.chats.answers import GivenAnswer
from bot.messages.courses.responses import Response, respond
from bot.messages.courses.stories import render_story
from bot.messages.courses.weeks import render_week
from bot.messages.reply import Reply
from bot.metrics import Metrics
from bot.telegram.client.sending import GROUPS, send_all, send_in_place, send_to, thread_of
from bot.telegram.context import Context
from bot.telegram.rendering import add_page_button, render_answer
from retrieval import Answer, Library, Outcome, Turn

_log = logging.getLogger(__name__)


_K = 8


_TYPING_AFTER_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class _Found:
    """A response that was remembered, with what can be followed from its answer."""

    response: Response
    answer_id: str
    has_timeline: bool = False
    has_story: bool = False
    has_picture: bool = False
    """Whether the newspaper's page can be shown with its first hit outlined."""


async def answer(
    message: Message, context: Context, question: str, region: str | None = None, previous: Turn | None = None
) -> Turn | None:
    """Answer a question. Return what the next one may refer to."""
    if not any(character.isalnum() for character in question):
        await say(message, context, Reply(context.texts.no_words))
        return previous
    services, metrics = context.services, context.bot_data.metrics

    def compute() -> _Found:
        metrics.observe_since_received("queue")
        is_busy = context.bot_data.is_busy()  # while many wait, an answer is enough
        return _ask_and_keep(context, message.chat_id, question, region, previous, with_courses=not is_busy)

    is_group = message.chat.type in GROUPS
    async with _typing(message, context.bot_data.is_busy):
        found = await context.ask(compute)
        answer = found.response.answer
        reply = _render(found, context, is_group=is_group)
        if found.has_picture:
            reply = add_page_button(reply, answer.hits[0].article.id, context.texts)
        with metrics.timing("send"):
            await say(message, context, reply)
    _record(answer, metrics, question if services.logs_questions else None)
    return answer.turn or previous


async def say(message: Message, context: Context, reply: Reply) -> None:
    """Send an answer to a message; where that was put right, in the place of the answer it had."""
    if context.replaces is not None:
        old, context.replaces = context.replaces, None
        await send_in_place(message, old, reply)
        return
    sent = await send_all(message, [reply], is_rich=context.bot_data.is_rich)
    context.bot_data.replies.note(message.chat_id, message.message_id, sent.message_id)


async def answer_on(message: Message, context: Context, given: GivenAnswer) -> None:
    """Send the stories that follow those of an answer that listed some."""
    services, first = context.services, given.hits[-1].rank if given.hits else 0

    def compute() -> tuple[Answer, str] | None:
        turn = given.turn
        answer = services.library.browse_on(turn, k=_K, first=first) if turn is not None and first else None
        if answer is None or not answer.hits:
            return None
        return answer, services.storage.keep_answer(message.chat_id, answer, given.previous)

    found = await context.ask(compute)
    reply = render_answer(*found, context.texts, context.links) if found else Reply(context.texts.no_more)
    await send_to(message, reply)


def _record(answer: Answer, metrics: Metrics, question: str | None) -> None:
    """Count an answer that was sent, and log it; its question only if that may be logged."""
    metrics.observe_since_received("total")
    metrics.stages.labels("encode").observe(answer.timings.encode / 1000)
    metrics.stages.labels("search").observe(answer.timings.search / 1000)
    metrics.questions.labels(answer.outcome.value).inc()
    extra: dict[str, object] = {"outcome": answer.outcome.value, "ms": round(answer.timings.total, 1)}
    if question is not None:
        extra["question"] = question
    said = "" if question is None else f": {question!r}"
    _log.info("answered %s in %.0f ms%s", answer.outcome.value, answer.timings.total, said, extra=extra)


def _ask_and_keep(
    context: Context,
    chat_id: int,
    question: str,
    region: str | None,
    previous: Turn | None,
    *,
    with_courses: bool,
) -> _Found:
    """Answer and remember, in one go of one thread."""
    services, home = context.services, context.preferences.home
    ask = partial(_ask, services.library, question, region, previous, home)
    response = respond(services.library, question, context.texts, ask, k=_K, region=region, home=home)
    answer = response.answer
    answer_id = services.storage.keep_answer(chat_id, answer, previous)
    is_told = response.course is not None or answer.outcome is not Outcome.FOUND or not answer.hits
    if is_told:
        return _Found(response, answer_id)
    has_picture = services.library.has_page_picture(answer.hits[0].article)
    if not with_courses:
        return _Found(response, answer_id, has_picture=has_picture)
    timeline = services.library.timeline_under(answer)
    has_timeline = timeline is not None and timeline.is_shown
    # what a reranker would have to read for is left to who presses: an answer does not wait for that
    has_story = services.library.story(answer.hits[0].article, reads=False).is_shown
    return _Found(
        response, answer_id, has_timeline=has_timeline, has_story=has_story, has_picture=has_picture
    )


def _ask(
    library: Library, question: str, region: str | None, previous: Turn | None, home: str | None
) -> Answer:
    """Answer a question; one without a place is first taken for the chat's home, if it has one."""
    if home and region is None and previous is None and not library.names_place(question):
        answer = library.ask(question, k=_K, region=home)
        if answer.outcome is Outcome.FOUND or (answer.outcome is Outcome.BROWSE and answer.hits):
            return answer
    return library.ask(question, k=_K, region=region, previous=previous)


def _render(found: _Found, context: Context, *, is_group: bool) -> Reply:
    response = found.response
    if response.look is not None:
        return render_week(response.look, context.texts, context.links)
    if response.course is not None:
        return render_story(response.course, found.answer_id, context.texts, context.links)
    return render_answer(
        response.answer,
        found.answer_id,
        context.texts,
        context.links,
        is_group=is_group,
        has_timeline=found.has_timeline,
        has_story=found.has_story,
    )


@contextlib.asynccontextmanager
async def _typing(message: Message, is_busy: Callable[[], bool]) -> AsyncIterator[None]:
    """Show that work goes on, if it takes its time and there is time for it; failing to matters to nobody."""

    async def show() -> None:
        await asyncio.sleep(_TYPING_AFTER_SECONDS)
        if is_busy():  # it costs as much as an answer
            return
        with contextlib.suppress(TelegramError):
            await message.chat.send_action(ChatAction.TYPING, message_thread_id=thread_of(message))

    showing = asyncio.create_task(show())
    try:
        yield
    finally:
        showing.cancel()
