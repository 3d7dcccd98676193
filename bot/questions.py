"""Handlers for questions and for the buttons below answers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot import menus, replies
from bot.context import Context, Library, Services
from bot.languages import Texts, typed
from bot.metrics import Metrics
from bot.presses import accept
from bot.replies import Button, Reply
from bot.storage import GivenAnswer, GivenHit
from bot.talking import GROUPS, argument_of, edit, send_to, thread_of
from retrieval import Answer, Outcome, Turn

_log = logging.getLogger(__name__)

_K = 8
"""Hits kept for 更多, two turns of it; the evidence of each is sought while the question waits."""
_NAMES_ANSWER = frozenset(["more", "hit", "place", "turn", "w", "wp", "fb"])
"""Buttons whose data begins with the id of the answer that they stand below."""
_TYPING_AFTER_SECONDS = 0.5
_SAMPLES = 3
_AT_MOST = 3
"""Questions of one message that are answered in turn."""


async def show_help(update: Update, context: Context) -> None:
    """Say what can be asked."""
    await greet(update, context, replies.help_text)


async def greet(
    update: Update, context: Context, render: Callable[[Texts, Sequence[tuple[str, str]]], Reply]
) -> None:
    """Send a text with sample questions below it."""
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
    """Answer a text, or the words below a picture; what has no words cannot be read."""
    message = update.effective_message
    if message is None:
        return
    text = message.text or message.caption
    await (answer_text(message, context, text) if text else send_to(message, Reply(context.texts.only_text)))


async def answer_text(message: Message, context: Context, text: str) -> None:
    """Answer what a message asks, a text of up to three questions, or do what a word typed for a button says."""
    last = await asyncio.to_thread(spoken_of, context.services, message)
    action = _WORDS.get(text.strip().rstrip(typed.SENTENCE_ENDS).lower())
    if action is not None:
        await (
            action(message, context, last.id)
            if last
            else send_to(message, Reply(context.texts.nothing_before))
        )
        return
    turn = last.turn if last else None
    for question in split_questions(text):
        turn = await _answer(message, context, question, previous=turn)


def spoken_of(services: Services, message: Message) -> GivenAnswer | None:
    """The answer that a message goes on from: the one it replies to, else in private the last one.

    In a group several people ask at once, so nothing but a reply says what somebody goes on from.
    """
    answer_id = answer_replied_to(message)
    if answer_id is not None:
        return services.storage.given_answer(answer_id, message.chat_id)
    if message.chat.type in GROUPS:
        return None
    return services.storage.last_answer(message.chat_id)


def answer_replied_to(message: Message) -> str | None:
    """The id of the answer that a message replies to, which the buttons below that answer carry."""
    before = message.reply_to_message
    if before is None or before.reply_markup is None or before.from_user is None:
        return None
    if before.from_user.id != message.get_bot().id:
        return None
    for row in before.reply_markup.inline_keyboard:
        for button in row:
            action, _, rest = str(button.callback_data or "").partition(":")
            if action in _NAMES_ANSWER:
                return rest.partition(":")[0]
    return None


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
    name = argument_of(message)
    if not name:
        await send_to(message, Reply(context.texts.which_place))
        return
    listing = await asyncio.to_thread(context.services.library.place, name)
    await send_to(
        message, menus.render_place(listing, context.texts) if listing else Reply(context.texts.no_place)
    )


async def _answer(
    message: Message, context: Context, question: str, region: str | None = None, previous: Turn | None = None
) -> Turn | None:
    """Answer a question; what the next one may refer to."""
    if not any(character.isalnum() for character in question):
        await send_to(message, Reply(context.texts.no_words))
        return previous
    services, home, metrics = context.services, context.preferences.home, context.bot_data.metrics
    async with _typing(message, context.bot_data.is_busy), context.bot_data.gate:
        metrics.observe_since_received("queue")
        answer, answer_id = await asyncio.to_thread(
            _ask_and_keep, services, message.chat_id, question, region, previous, home
        )
    with metrics.timing("send"):
        await send_to(message, replies.render_answer(answer, answer_id, context.texts, context.links))
    _record(answer, metrics, question if services.logs_questions else None)
    return answer.turn or previous


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
    services: Services,
    chat_id: int,
    question: str,
    region: str | None,
    previous: Turn | None,
    home: str | None,
) -> tuple[Answer, str]:
    """Answer and remember, in one go of one thread; the answer's id."""
    answer = _ask(services.library, question, region, previous, home)
    return answer, services.storage.keep_answer(chat_id, answer, previous)


def _ask(
    library: Library, question: str, region: str | None, previous: Turn | None, home: str | None
) -> Answer:
    """Answer a question; one without a place is first taken for the chat's home, if it has one."""
    if home and region is None and previous is None and not library.names_place(question):
        answer = library.ask(question, k=_K, region=home)
        if answer.outcome is Outcome.FOUND:
            return answer
    return library.ask(question, k=_K, region=region, previous=previous)


# ------------------------------------------------------------------------------------------------- buttons


async def press(update: Update, context: Context) -> None:
    """Do what a button says. The press is acknowledged first, whatever comes of it."""
    pressed = await accept(update, context)
    if pressed is None:
        return
    handler = _ACTIONS.get(pressed.action)
    if handler is None:
        await send_to(pressed.message, Reply(context.texts.too_old))
        return
    await handler(pressed.message, context, pressed.rest)


async def _press_sample(message: Message, context: Context, article_id: str) -> None:
    article = await asyncio.to_thread(context.services.library.article, article_id)
    if article is None:
        await send_to(message, Reply(context.texts.gone))
        return
    await _answer(message, context, replies.sample_question(article))


async def send_full(message: Message, context: Context, rest: str) -> None:
    """Send a whole article, or its parts from one on: `ID:PART`."""
    article_id, _, part = rest.partition(":")
    article = await asyncio.to_thread(context.services.library.article, article_id)
    if article is None or not part.isascii() or not part.isdigit():
        await send_to(message, Reply(context.texts.gone if article is None else context.texts.too_old))
        return
    parts = replies.render_full(article, int(part), context.texts, context.links)
    for reply in parts or [Reply(context.texts.no_more)]:
        await send_to(message, reply)


async def _press_more(message: Message, context: Context, answer_id: str) -> None:
    given = await _given(message, context, answer_id)
    if given is not None:
        await send_to(message, await asyncio.to_thread(_more, context, given, 0))


async def _press_turn(message: Message, context: Context, rest: str) -> None:
    answer_id, _, page = rest.partition(":")
    given = await _given(message, context, answer_id)
    if given is not None and page.isascii() and page.isdigit() and len(page) < 4:
        await edit(message, await asyncio.to_thread(_more, context, given, int(page)))


def _more(context: Context, given: GivenAnswer, page: int) -> Reply:
    """A page of an answer's hits, without the one that was the answer itself."""
    hits = given.hits[1:] if given.outcome is Outcome.FOUND else given.hits
    first = page * replies.MORE_PER_PAGE
    shown = [
        replies.Shown(hit.rank, article, hit.evidence)
        for hit in hits[first : first + replies.MORE_PER_PAGE]
        if (article := context.services.library.article(hit.article_id)) is not None
    ]
    if not shown:
        return Reply(context.texts.no_more)
    return replies.render_more(shown, page, len(hits), given.id, context.texts, context.links)


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
        await _answer(message, context, given.question, region=code, previous=given.previous)


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
    html = replies.render_found(article, passage, hit.evidence, context.texts, context.links)
    return Reply(html, ((button,),))


_ACTIONS: dict[str, Callable[[Message, Context, str], Awaitable[None]]] = {
    "sample": _press_sample,
    "full": send_full,
    "more": _press_more,
    "turn": _press_turn,
    "hit": _press_hit,
    "place": _press_place,
}


async def _say_full(message: Message, context: Context, answer_id: str) -> None:
    """全文, typed: the article of the last answer."""
    given = await _given(message, context, answer_id)
    if given is not None and given.hits:
        await send_full(message, context, f"{given.hits[0].article_id}:0")
    elif given is not None:
        await send_to(message, Reply(context.texts.no_more))


_WORDS: dict[str, Callable[[Message, Context, str], Awaitable[None]]] = {
    **dict.fromkeys(typed.FULL_WORDS, _say_full),
    **dict.fromkeys(typed.MORE_WORDS, _press_more),
}
"""What a person may type instead of pressing a button of the last answer."""


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
