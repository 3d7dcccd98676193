"""Handlers for what Telegram says of a chat: it has moved, shut the bot out, or let it in."""

from __future__ import annotations

import asyncio
import contextlib

from telegram import Update
from telegram.constants import ChatMemberStatus, ParseMode
from telegram.error import TelegramError

from bot.chats.subscriptions import ChatState
from bot.telegram.client.sending import GROUPS
from bot.telegram.context import Context


async def migrate_chat(update: Update, context: Context) -> None:
    """A group became a supergroup: take everything along."""
    message = update.effective_message
    if message is not None and message.migrate_to_chat_id:
        subscribers = context.services.subscribers
        await asyncio.to_thread(subscribers.move, message.chat_id, message.migrate_to_chat_id)


async def member_changed(update: Update, context: Context) -> None:
    """The bot was shut out of a chat, or let in again."""
    change = update.my_chat_member
    if change is None:
        return
    services, chat_id = context.services, change.chat.id
    gone = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    if change.new_chat_member.status in gone:
        await asyncio.to_thread(services.subscribers.set_state, chat_id, ChatState.BLOCKED, services.clock())
    elif await asyncio.to_thread(services.subscribers.welcome_back, chat_id, services.clock()):
        with contextlib.suppress(TelegramError):
            await context.bot.send_message(chat_id, context.texts.welcome_back)
    elif change.old_chat_member.status in gone and change.chat.type in GROUPS:
        with contextlib.suppress(TelegramError):  # it may be let in without leave to write
            text = context.texts.group_welcome.format(username=context.bot.username)
            await context.bot.send_message(chat_id, text, parse_mode=ParseMode.HTML)
