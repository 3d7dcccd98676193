"""Handlers for messages that people put right: what is answered anew takes the place of the answer they had."""

from __future__ import annotations

from telegram import Update
from telegram.ext import filters

from bot.telegram.context import Context
from bot.telegram.registration import Handlers
from bot.telegram.spoken.commands import respond


async def answer_again(update: Update, context: Context) -> None:
    """Answer a message as it is now, in the place of its answer; what had none, or long ago, stays as it is."""
    message = update.edited_message
    if message is None:
        return
    context.replaces = context.bot_data.replies.of(message.chat_id, message.message_id)
    if context.replaces is not None:
        await respond(update, context)


HANDLERS = Handlers(
    messages=((filters.UpdateType.EDITED_MESSAGE & filters.TEXT & ~filters.COMMAND, answer_again),)
)
