"""Handlers for questions and for the buttons below answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

from telegram import Message, Update
from telegram.ext import filters

from bot.chats.answers import GivenAnswer
from bot.languages import keywords
from bot.messages.reply import Reply
from bot.telegram.client.sending import GROUPS, send_to
from bot.telegram.context import Context, Services
from bot.telegram.handlers.answer_buttons import find_given_answer, press_more, send_full
from bot.telegram.handlers.answering import answer
from bot.telegram.registration import Handlers

_NAMES_ANSWER = frozenset(["more", "hit", "place", "turn", "w", "wp", "fb"])
"""Buttons whose data begins with the id of the answer that they stand below."""
_AT_MOST = 3
"""Questions of one message that are answered in turn."""


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
    action = _WORDS.get(text.strip().rstrip(keywords.SENTENCE_ENDS).lower())
    if action is not None:
        await (
            action(message, context, last.id)
            if last
            else send_to(message, Reply(context.texts.nothing_before))
        )
        return
    turn = last.turn if last else None
    for question in split_questions(text):
        turn = await answer(message, context, question, previous=turn)


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
        for part in re.split(rf"(?<=[{keywords.QUESTION_MARKS}])\s*|\n+", text)
        if any(map(str.isalnum, part))
    ]
    return parts if 1 < len(parts) <= _AT_MOST else [text]


# ------------------------------------------------------------------------------------------------- buttons


async def _say_full(message: Message, context: Context, answer_id: str) -> None:
    """全文, typed: the article of the last answer."""
    given = await find_given_answer(message, context, answer_id)
    if given is not None and given.hits:
        await send_full(message, context, f"{given.hits[0].article_id}:0")
    elif given is not None:
        await send_to(message, Reply(context.texts.no_more))


_WORDS: dict[str, Callable[[Message, Context, str], Awaitable[None]]] = {
    **dict.fromkeys(keywords.FULL_WORDS, _say_full),
    **dict.fromkeys(keywords.MORE_WORDS, press_more),
}
"""What a person may type instead of pressing a button of the last answer."""
HANDLERS = Handlers(
    messages=((filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, ask),)
)
