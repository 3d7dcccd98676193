"""What a message asks: its questions, each going on from the answer before."""

from __future__ import annotations

import asyncio

from telegram import Message

from bot.chats.answers import GivenAnswer
from bot.languages.intents import without_courtesy
from bot.languages.typed import put_right, question_in, split_questions
from bot.telegram.client.sending import GROUPS
from bot.telegram.context import Context, Services
from bot.telegram.handlers.answering import answer, say
from bot.telegram.rendering import render_passed_on
from retrieval import StoredArticle, Turn

_NAMES_ANSWER = frozenset(["more", "hit", "place", "turn", "w", "wp", "fb"])
"""Buttons whose data begins with the id of the answer that they stand below."""


async def answer_text(message: Message, context: Context, text: str) -> None:
    """Answer what a message asks: a text of up to three questions, or an article that somebody passes on."""
    asked = question_in(text, is_forwarded=message.forward_origin is not None)
    if asked is None:
        story = await asyncio.to_thread(_take_up, context.services, message.chat_id, text)
        await say(message, context, render_passed_on(story, context.texts, context.links))
        return
    questions, turn = await asyncio.to_thread(_read, context.services, message, without_courtesy(asked))
    for question in questions:
        turn = await answer(message, context, question, previous=turn)


def _read(services: Services, message: Message, asked: str) -> tuple[list[str], Turn | None]:
    """The questions of a message, and what the first goes on from; in one go of one thread."""
    library, last = services.library, spoken_of(services, message)
    turn = last.turn if last else None
    if turn is not None:
        asked = put_right(asked, library.stands_alone, library.is_place_name)
    return split_questions(asked, library.stands_alone), turn


def _take_up(services: Services, chat_id: int, text: str) -> StoredArticle | None:
    """The library's article that a text repeats, of which the talk is from now on; None if it has none."""
    story = services.library.same_story(text)
    if story is not None:
        services.storage.keep_answer(chat_id, services.library.told(story))
    return story


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
