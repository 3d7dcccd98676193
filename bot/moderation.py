"""Handlers with which admins block chats and people, and answer them again."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from telegram import Update

from bot import replies
from bot.context import Context
from bot.questions import send_to
from bot.replies import Reply

_ID = re.compile(r"-?\d{1,18}")


async def block(update: Update, context: Context) -> None:
    """Answer a chat or a person no more, neither now nor after a restart."""
    await _change(update, context, context.services.blocks.block, replies.BLOCKED, replies.WAS_BLOCKED)


async def unblock(update: Update, context: Context) -> None:
    """Answer a chat or a person again."""
    await _change(update, context, context.services.blocks.unblock, replies.UNBLOCKED, replies.NOT_BLOCKED)


async def _change(
    update: Update, context: Context, change: Callable[[int], bool], done: str, nothing: str
) -> None:
    message, services = update.effective_message, context.services
    if message is None:
        return
    if not services.desk.is_admin(update):
        await send_to(message, Reply(replies.NOT_ADMIN))
        return
    word = (message.text or "").partition(" ")[2].strip()
    if not _ID.fullmatch(word):
        await send_to(message, Reply(replies.WHICH_CHAT))
        return
    if int(word) in services.desk.admins:
        await send_to(message, Reply(replies.ADMINS_STAY))
        return
    is_changed = await asyncio.to_thread(change, int(word))
    if context.bot_data.admission is not None:
        context.bot_data.admission.block(await asyncio.to_thread(services.blocks.all))
    await send_to(message, Reply((done if is_changed else nothing).format(id=word)))
