"""Handlers of admins: chats and people blocked and answered again, how followed newspapers stand."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from telegram import Update

from bot.messages.papers import compose_papers
from bot.messages.reply import Reply
from bot.telegram.client.sending import argument_of, send_to
from bot.telegram.context import Context, sender_id
from bot.telegram.registration import Handlers
from retrieval import PaperLedger

_ID = re.compile(r"-?\d{1,18}")


async def block(update: Update, context: Context) -> None:
    """Answer a chat or a person no more, neither now nor after a restart."""
    await _change(
        update, context, context.services.blocks.block, context.texts.blocked, context.texts.was_blocked
    )


async def unblock(update: Update, context: Context) -> None:
    """Answer a chat or a person again."""
    await _change(
        update, context, context.services.blocks.unblock, context.texts.unblocked, context.texts.not_blocked
    )


async def _change(
    update: Update, context: Context, change: Callable[[int], bool], done: str, nothing: str
) -> None:
    message, services = update.effective_message, context.services
    if message is None:
        return
    if not services.uploads.is_admin(sender_id(update)):
        await send_to(message, Reply(context.texts.only_operators))
        return
    word = argument_of(message)
    if not _ID.fullmatch(word):
        await send_to(message, Reply(context.texts.which_chat))
        return
    if int(word) in services.uploads.admins:
        await send_to(message, Reply(context.texts.admins_stay))
        return
    is_changed = await asyncio.to_thread(change, int(word))
    if context.bot_data.admission is not None:
        context.bot_data.admission.block(await asyncio.to_thread(services.blocks.all))
    await send_to(message, Reply((done if is_changed else nothing).format(id=word)))


async def list_papers(update: Update, context: Context) -> None:
    """Tell an admin of each followed newspaper its newest issues, expected and read."""
    message, services = update.effective_message, context.services
    if message is None:
        return
    if not services.uploads.is_admin(sender_id(update)):
        await send_to(message, Reply(context.texts.only_operators_see))
        return
    ledger = PaperLedger(services.library.store.engine)
    found = await asyncio.to_thread(lambda: [(row, ledger.sums(row.paper)) for row in ledger.papers()])
    await send_to(message, Reply(compose_papers(found, context.texts), is_html=False))


HANDLERS = Handlers(commands={"block": block, "unblock": unblock, "papers": list_papers})
