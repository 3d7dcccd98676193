"""Handlers for questions and for the buttons below answers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from telegram import (
    Chat,
    Message,
    Update,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, NetworkError, TelegramError

from bot import menus, replies
from bot.context import Context, Library, Services
from bot.languages import Texts, typed
from bot.metrics import Metrics
from bot.replies import Button, Reply
from bot.sending import has_never_arrived, send_reply
from bot.storage import GivenAnswer, GivenHit
from retrieval import Answer, Outcome

_log = logging.getLogger(__name__)

_K = 8
_RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
_TYPING_AFTER_SECONDS = 0.5
_SAMPLES = 3
_AT_MOST = 3
"""Questions of one message that are answered in turn."""


async def start(update: Update, context: Context) -> None:
    """Greet, with sample questions; a link from an answer or a digest opens its article or place."""
    message = update.effective_message
    kind, _, name = ((message.text if message else None) or "").partition(" ")[2].strip().partition("_")
    if message is not None and kind == "a":
        await _press_full(message, context, f"{name}:0")
    elif message is not None and kind == "r":
        listing = await asyncio.to_thread(context.services.library.listing, name)
        await send_to(
            message,
            menus.render_listing(listing, 0, context.texts) if listing else Reply(context.texts.no_place),
        )
    else:
        await _greet(update, context, replies.welcome)


async def show_help(update: Update, context: Context) -> None:
    """Say what can be asked."""
    await _greet(update, context, replies.help_text)


async def _greet(
    update: Update, context: Context, render: Callable[[Texts, Sequence[tuple[str, str]]], Reply]
) -> None:
    if update.effective_message is not None:
        samples = await asyncio.to_thread(_sample_questions, context.services.library)
        await send_to(update.effective_message, render(context.texts, samples))


def _sample_questions(library: Library) -> list[tuple[str, str]]:
    """Questions that the newest articles answer, of different places where there are some."""
    chosen: dict[str, tuple[str, str]] = {}
    for article in library.newest_articles(50):
        place = replies.place_of(article)
        if place and not article.title_is_derived:
            chosen.setdefault(place, (replies.sample_question(article), article.id))
    return list(chosen.values())[:_SAMPLES]


async def ask(update: Update, context: Context) -> None:
    """Answer a text."""
    message = update.effective_message
    if message is None or message.text is None:
        return
    action = _WORDS.get(message.text.strip().rstrip(typed.SENTENCE_ENDS).lower())
    if action is not None:
        last = await asyncio.to_thread(context.services.storage.last_answer, message.chat_id)
        await (
            action(message, context, last.id)
            if last
            else send_to(message, Reply(context.texts.nothing_before))
        )
        return
    for question in split_questions(message.text):
        await _answer(message, context, question)


def split_questions(text: str) -> list[str]:
    """The questions of a message, up to three; a message of more is one question."""
    parts = [
        part
        for part in re.split(rf"(?<=[{typed.QUESTION_MARKS}])\s*|\n+", text)
        if any(map(str.isalnum, part))
    ]
    return parts if 1 < len(parts) <= _AT_MOST else [text]


async def show_place(update: Update, context: Context) -> None:
    """List a place's children and how many articles each has."""
    message = update.effective_message
    if message is None or message.text is None:
        return
    name = message.text.partition(" ")[2].strip()
    if not name:
        await send_to(message, Reply(context.texts.which_place))
        return
    listing = await asyncio.to_thread(context.services.library.place, name)
    await send_to(
        message, menus.render_place(listing, context.texts) if listing else Reply(context.texts.no_place)
    )


async def refuse_other(update: Update, context: Context) -> None:
    """Say that only texts are understood."""
    if update.effective_message is not None:
        await send_to(update.effective_message, Reply(context.texts.only_text))


async def _answer(message: Message, context: Context, question: str, region: str | None = None) -> None:
    if not any(character.isalnum() for character in question):
        await send_to(message, Reply(context.texts.no_words))
        return
    services, metrics = context.services, context.bot_data.metrics
    async with _typing(message.chat, context.bot_data.is_busy), context.bot_data.gate:
        metrics.observe_since_received("queue")
        answer, answer_id = await asyncio.to_thread(_ask, services, message.chat_id, question, region)
    with metrics.timing("send"):
        await send_to(message, replies.render_answer(answer, answer_id, context.texts))
    _record(answer, metrics, question if services.logs_questions else None)


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


def _ask(services: Services, chat_id: int, question: str, region: str | None) -> tuple[Answer, str]:
    """Answer and remember; what was talked of in the last minutes is understood."""
    turn = services.storage.last_turn(chat_id)
    answer = services.library.ask(question, k=_K, region=region, previous=turn)
    return answer, services.storage.keep_answer(chat_id, answer)


# ------------------------------------------------------------------------------------------------- buttons


async def press(update: Update, context: Context) -> None:
    """Do what a button says. The press is acknowledged first, whatever comes of it."""
    query = update.callback_query
    if query is None:
        return
    with contextlib.suppress(BadRequest):  # too old to acknowledge: the reply still comes
        await query.answer()
    message = query.message
    if not isinstance(message, Message):
        return
    action, _, rest = (query.data or "").partition(":")
    handler = _ACTIONS.get(action)
    if handler is None:
        await send_to(message, Reply(context.texts.too_old))
        return
    await handler(message, context, rest)


async def _press_sample(message: Message, context: Context, article_id: str) -> None:
    article = await asyncio.to_thread(context.services.library.article, article_id)
    if article is None:
        await send_to(message, Reply(context.texts.gone))
        return
    await _answer(message, context, replies.sample_question(article))


async def _press_full(message: Message, context: Context, rest: str) -> None:
    article_id, _, part = rest.partition(":")
    article = await asyncio.to_thread(context.services.library.article, article_id)
    if article is None or not part.isascii() or not part.isdigit():
        await send_to(message, Reply(context.texts.gone if article is None else context.texts.too_old))
        return
    parts = replies.render_full(article, int(part), context.texts)
    for reply in parts or [Reply(context.texts.no_more)]:
        await send_to(message, reply)


async def _press_more(message: Message, context: Context, answer_id: str) -> None:
    given = await _given(message, context, answer_id)
    if given is None:
        return
    first = 3 if given.outcome is Outcome.FOUND else 2
    hits = given.hits[first:] or given.hits[1:first]
    rendered = [await _render_given(context, hit) for hit in hits[:_K]]
    shown = [reply for reply in rendered if reply is not None]
    for reply in shown or [Reply(context.texts.no_more)]:
        await send_to(message, reply)


async def _press_hit(message: Message, context: Context, rest: str) -> None:
    answer_id, _, rank = rest.partition(":")
    given = await _given(message, context, answer_id)
    if given is None:
        return
    hit = next((each for each in given.hits if str(each.rank) == rank), None)
    reply = await _render_given(context, hit) if hit else None
    await send_to(message, reply or Reply(context.texts.gone))


async def _press_place(message: Message, context: Context, rest: str) -> None:
    answer_id, _, code = rest.partition(":")
    given = await _given(message, context, answer_id)
    if given is not None:
        await _answer(message, context, given.question, region=code)


async def _given(message: Message, context: Context, answer_id: str) -> GivenAnswer | None:
    given = await asyncio.to_thread(context.services.storage.given_answer, answer_id, message.chat_id)
    if given is None:
        await send_to(message, Reply(context.texts.too_old))
    return given


async def _render_given(context: Context, hit: GivenHit) -> Reply | None:
    library = context.services.library
    article = await asyncio.to_thread(library.article, hit.article_id)
    passage = await asyncio.to_thread(library.passage, hit.passage_id)
    if article is None or passage is None:
        return None
    button = Button(context.texts.full_button, f"full:{article.id}:0")
    return Reply(replies.render_found(article, passage, hit.evidence, context.texts), ((button,),))


_ACTIONS: dict[str, Callable[[Message, Context, str], Awaitable[None]]] = {
    "sample": _press_sample,
    "full": _press_full,
    "more": _press_more,
    "hit": _press_hit,
    "place": _press_place,
}


async def _say_full(message: Message, context: Context, answer_id: str) -> None:
    """全文, typed: the article of the last answer."""
    given = await _given(message, context, answer_id)
    if given is not None and given.hits:
        await _press_full(message, context, f"{given.hits[0].article_id}:0")
    elif given is not None:
        await send_to(message, Reply(context.texts.no_more))


_WORDS: dict[str, Callable[[Message, Context, str], Awaitable[None]]] = {
    **dict.fromkeys(typed.FULL_WORDS, _say_full),
    **dict.fromkeys(typed.MORE_WORDS, _press_more),
}
"""What a person may type instead of pressing a button of the last answer."""


# ------------------------------------------------------------------------------------------------- sending


@contextlib.asynccontextmanager
async def _typing(chat: Chat, is_busy: Callable[[], bool]) -> AsyncIterator[None]:
    """Show that work goes on, if it takes its time and there is time for it; failing to matters to nobody."""

    async def show() -> None:
        await asyncio.sleep(_TYPING_AFTER_SECONDS)
        if is_busy():  # it costs as much as an answer
            return
        with contextlib.suppress(TelegramError):
            await chat.send_action(ChatAction.TYPING)

    showing = asyncio.create_task(show())
    try:
        yield
    finally:
        showing.cancel()


async def send_to(message: Message, reply: Reply) -> None:
    """Send a reply to the message's chat; what certainly did not arrive is tried for about a minute.

    What may have arrived is tried once more: a message twice is better than none.
    """
    thread_id = message.message_thread_id if message.is_topic_message else None
    waits = iter(_RETRY_SECONDS)
    n_unsure = 0
    while True:
        try:
            await send_reply(message.get_bot(), message.chat_id, reply, thread_id=thread_id)
        except BadRequest:
            raise
        except NetworkError as error:
            n_unsure += not has_never_arrived(error)
            wait = next(waits, None)
            if wait is None or n_unsure > 1:
                raise
            _log.warning("sending again after %s", type(error).__name__)
            await asyncio.sleep(wait)
        else:
            return
