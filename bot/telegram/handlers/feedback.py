"""The 👍 and 👎 under answers and digests: opened, kept at once, a 👎 asks why in place, and all can be changed."""

from __future__ import annotations

import asyncio
import contextlib

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest

from bot.chats.answers import GivenAnswer
from bot.chats.feedback import Reason, Verdict, is_digest
from bot.messages.keyboards import ASK, verdict_rows
from bot.messages.reply import Button, Reply
from bot.telegram.client.markup import build_buttons
from bot.telegram.client.sending import send_to
from bot.telegram.context import Context
from bot.telegram.handlers.callbacks import acknowledge
from bot.telegram.registration import Handlers


async def press(update: Update, context: Context) -> None:
    """Keep a verdict of the chat, and show it on the buttons; the others stay as they are."""
    query = update.callback_query
    if query is None:
        return
    message = query.message
    _, answer_id, said = (*(query.data or "").split(":"), "", "")[:3]
    verdict, reason = parse_said(said)
    rows: list[list[Button]] | None = None
    said_back = None
    try:
        if isinstance(message, Message) and said == ASK:
            rows = verdict_rows(answer_id, None, None, None, context.texts)
        elif isinstance(message, Message) and verdict is not None and is_digest(answer_id):
            services = context.services
            judge = services.feedback.judge_digest
            if await asyncio.to_thread(judge, message.chat_id, answer_id, verdict, services.clock()):
                rows = verdict_rows(answer_id, verdict, None, None, context.texts)
                said_back = context.texts.verdict_thanks
        elif isinstance(message, Message) and verdict is not None:
            services = context.services
            outcome = await asyncio.to_thread(
                services.feedback.judge, message.chat_id, answer_id, verdict, reason, services.clock()
            )
            if outcome is not None:
                rows = verdict_rows(answer_id, verdict, reason, outcome, context.texts)
                said_back = context.texts.verdict_thanks
        if rows is None:
            said_back = context.texts.too_old
    finally:
        await acknowledge(query, said_back)
    if rows is not None and isinstance(message, Message) and message.reply_markup:
        markup = InlineKeyboardMarkup([*_others(message.reply_markup), *build_buttons(rows)])
        if markup != message.reply_markup:  # else it was pressed twice
            with contextlib.suppress(BadRequest):  # the message is gone
                await message.edit_reply_markup(markup)


async def ask_why(message: Message, context: Context, given: GivenAnswer) -> None:
    """Keep that an answer was said to be wrong, and ask why by buttons."""
    services, texts = context.services, context.texts
    outcome = await asyncio.to_thread(
        services.feedback.judge, message.chat_id, given.id, Verdict.BAD, None, services.clock()
    )
    rows = verdict_rows(given.id, Verdict.BAD, None, outcome, texts) if outcome is not None else []
    await send_to(message, Reply(texts.said_wrong, tuple(map(tuple, rows))))


def parse_said(said: str) -> tuple[Verdict | None, Reason | None]:
    """What a button says: a verdict, or a reason why an answer is bad; None where it is neither."""
    if said in list(Verdict):
        return Verdict(said), None
    return (Verdict.BAD, Reason(said)) if said in list(Reason) else (None, None)


def _others(markup: InlineKeyboardMarkup) -> list[list[InlineKeyboardButton]]:
    """The message's buttons without those of the verdict."""
    rows = [[each for each in row if not _is_verdict(each)] for row in markup.inline_keyboard]
    return [row for row in rows if row]


def _is_verdict(button: InlineKeyboardButton) -> bool:
    return isinstance(button.callback_data, str) and button.callback_data.startswith("fb:")


HANDLERS = Handlers(buttons={"fb": press})
