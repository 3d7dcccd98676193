"""Handlers for standing questions: set by a sentence, a command or the button under an answer, and given up."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from html import escape

from telegram import Message, Update
from telegram.ext import filters

from bot.chats.answers import GivenAnswer
from bot.chats.standing_questions import MOST_CHARS, MOST_STANDING, StandingQuery, sentence_fingerprint
from bot.chats.subscriptions import BACKLOG, TooMany
from bot.languages.watch_phrases import parse_wanted, wants_more_of_that
from bot.messages import menus
from bot.messages.answers import can_be_watched, explain_outcome
from bot.messages.reply import Button, Prompt, Reply
from bot.messages.unasked import ask_typed
from bot.telegram.client.sending import argument_of, edit, send_to, thread_of
from bot.telegram.context import Context
from bot.telegram.handlers.callbacks import accept, may_change
from bot.telegram.handlers.questions import spoken_of
from bot.telegram.prompts import ANSWERS_WATCH
from bot.telegram.registration import Handlers
from retrieval import Answer, Outcome, Turn

_K = 8
_COMMITTING = timedelta(minutes=2)
"""How long a page may have been on its way into the store when an answer was given."""


class _AsksToBeTold(filters.MessageFilter):
    """Texts that ask to be told when there is news."""

    def filter(self, message: Message) -> bool:
        return parse_wanted(_said(message)) is not None or wants_more_of_that(_said(message))


ASKS_TO_BE_TOLD = _AsksToBeTold()


async def watch(update: Update, context: Context) -> None:
    """Watch what is named behind the command, or what a sentence asks to be told of."""
    message = update.effective_message
    if message is None or (context.preferences.only_commands and not _said(message).startswith("/")):
        return
    if not await may_change(update, context, message):
        return
    text = _said(message)
    question = argument_of(message) if text.startswith("/") else parse_wanted(text)
    if ANSWERS_WATCH.filter(message):
        question = text
    question = parse_wanted(question or "") or question
    if not question and wants_more_of_that(text):
        last = await asyncio.to_thread(spoken_of, context.services, message)
        if last is not None:
            await send_to(message, await asyncio.to_thread(_press_watch, context, message, last.id))
            return
    if not question:
        texts = context.texts
        await send_to(message, Reply(texts.ask_watch, prompt=Prompt(texts.watch_example)))
        return
    await send_to(message, await context.ask(_watch, context, message, question))


def _said(message: Message) -> str:
    """A message's text without mentions, which in groups call the bot."""
    return re.sub(r"(?<![/\w])@\w+", " ", message.text or "").strip()


def _watch(context: Context, message: Message, question: str, region: str | None = None) -> Reply:
    """Ask now, so that what is known is not told as new, and the place is clear; then watch."""
    services, texts = context.services, context.texts
    known = services.writer.known_until() or services.clock()
    if len(question) > MOST_CHARS or not any(map(str.isalnum, question)):
        return Reply(texts.cannot_watch)
    answer = ask_typed(services.library, question, k=_K, region=region)
    answer_id = services.storage.keep_answer(message.chat_id, answer)
    if answer.candidates:
        return _which_place(answer, answer_id, context)
    if answer.browsed is not None:  # news of a place: that is what a subscription is
        code, name = answer.browsed.follow or ("", "")
        row = (Button(texts.subscribe_button.format(place=name), f"s:{code}"),)
        return Reply(texts.watch_place, (row,) if code else ())
    if not can_be_watched(answer) or answer.turn is None:
        return Reply(texts.cannot_watch)
    is_found = answer.outcome is Outcome.FOUND
    evidence = [(hit.article, hit.evidence[0]) for hit in answer.hits if is_found]
    told = [sentence_fingerprint(article, each.start, each.end) for article, each in evidence]
    query = _query_of(answer.turn)
    try:
        question_id, is_new = services.standing.put(
            message.chat_id, query, known, services.clock(), told=told, thread_id=thread_of(message)
        )
    except TooMany:
        return Reply(texts.too_many_watched.format(n=MOST_STANDING))
    present = f"hit:{answer_id}:1" if is_found else None
    return menus.render_watching(query, question_id, is_new, present, services.library.name_of, texts)


def _which_place(answer: Answer, answer_id: str, context: Context) -> Reply:
    """A question whose place is unclear, with a button for each that it may mean."""
    rows = tuple((Button(each.path, f"wp:{answer_id}:{each.code}"),) for each in answer.candidates)
    return Reply(escape(explain_outcome(answer, context.texts) or ""), rows)


def _query_of(turn: Turn) -> StandingQuery:
    return StandingQuery(turn.question, turn.regions)


# ------------------------------------------------------------------------------------------------- buttons


async def press(update: Update, context: Context) -> None:
    """Do what a button says; what changes a chat's standing questions is for admins alone in groups."""
    pressed = await accept(update, context, _CHANGES)
    if pressed is None:
        return
    message = pressed.message
    run = context.ask if pressed.action in _ASKS else asyncio.to_thread
    reply = await run(_ACTIONS[pressed.action], context, message, pressed.rest)
    is_menu = pressed.action == "we" and reply.buttons
    await (edit(message, reply) if is_menu else send_to(message, reply))


def _press_watch(context: Context, message: Message, answer_id: str) -> Reply:
    """Watch the question of an answer that was given: what came since is told too."""
    services, texts = context.services, context.texts
    given = services.storage.given_answer(answer_id, message.chat_id)
    if given is None or given.turn is None or given.given_at is None:
        return Reply(texts.too_old)
    now = services.clock()
    since = max(given.given_at - _COMMITTING, now - BACKLOG)
    seen_until = min(since, services.writer.known_until() or now)
    query = _query_of(given.turn)
    try:
        question_id, is_new = services.standing.put(
            message.chat_id, query, seen_until, now, told=_shown(context, given), thread_id=thread_of(message)
        )
    except TooMany:
        return Reply(texts.too_many_watched.format(n=MOST_STANDING))
    return menus.render_watching(query, question_id, is_new, None, services.library.name_of, texts)


def _shown(context: Context, given: GivenAnswer) -> list[str]:
    """The sentences that an answer showed as such."""
    if given.outcome is not Outcome.FOUND:
        return []
    articles = [(context.services.library.article(hit.article_id), hit.evidence[0]) for hit in given.hits]
    return [sentence_fingerprint(article, each.start, each.end) for article, each in articles if article]


def _press_place(context: Context, message: Message, rest: str) -> Reply:
    answer_id, _, code = rest.partition(":")
    given = context.services.storage.given_answer(answer_id, message.chat_id)
    if given is None or not context.services.library.is_division(code):
        return Reply(context.texts.too_old)
    return _watch(context, message, given.question, code)


def _press_show(context: Context, message: Message, rest: str) -> Reply:
    for each in context.services.standing.of_chat(message.chat_id):
        if str(each.id) == rest:
            return menus.render_standing(each, context.texts)
    return Reply(context.texts.too_old)


def _press_unwatch(context: Context, message: Message, rest: str) -> Reply:
    standing = context.services.standing
    for each in standing.of_chat(message.chat_id):
        if str(each.id) == rest:
            standing.remove(message.chat_id, each.id)
            return Reply(context.texts.unwatched.format(question=escape(each.query.question)))
    return Reply(context.texts.too_old)


_ACTIONS: dict[str, Callable[[Context, Message, str], Reply]] = {
    "w": _press_watch,
    "wp": _press_place,
    "we": _press_show,
    "wd": _press_unwatch,
}
_CHANGES = frozenset(["w", "wp", "wd"])
"""Buttons that change a chat's standing questions."""
_ASKS = frozenset(["wp"])
"""Buttons for which a question is answered."""
HANDLERS = Handlers(
    commands_and_posts={"watch": watch},
    buttons=dict.fromkeys(_ACTIONS, press),
    messages=(
        (ANSWERS_WATCH, watch),
        (filters.UpdateType.MESSAGE & filters.TEXT & ~filters.COMMAND & ASKS_TO_BE_TOLD, watch),
    ),
)
