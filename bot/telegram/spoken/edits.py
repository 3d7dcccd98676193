"""Handlers for messages that people put right: what is answered anew takes the place of the answer they had."""

from __future__ import annotations

import asyncio

from telegram import Message, Update
from telegram.ext import filters

from bot.telegram.context import Context
from bot.telegram.registration import Handlers
from bot.telegram.spoken.commands import ASKED, WORDS, respond


async def answer_again(update: Update, context: Context) -> None:
    """Answer a message as it is now, in the place of its answer; what had none, or long ago, stays as it is."""
    message = update.edited_message
    if message is None:
        return
    context.replaces = await _reply_to(message, context)
    if context.replaces is not None:
        await respond(update, context)


async def _reply_to(message: Message, context: Context) -> int | None:
    recent = context.bot_data.replies.of(message.chat_id, message.message_id)
    if recent is not None:
        return recent
    return await asyncio.to_thread(context.services.replies.reply_to, message.chat_id, message.message_id)


HANDLERS = Handlers(
    messages=((filters.UpdateType.EDITED_MESSAGE & (WORDS | filters.Regex(ASKED)), answer_again),)
)
