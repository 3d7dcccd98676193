"""Handlers for groups and channels: questions asked there, their settings, and what becomes of the bot in them."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace

from telegram import Message, Update
from telegram.constants import ChatMemberStatus, ParseMode
from telegram.error import TelegramError
from telegram.ext import ChatMemberHandler, filters

from bot.chats.subscriptions import ChatState
from bot.messages import menus
from bot.messages.reply import Reply
from bot.telegram.client.sending import GROUPS, argument_of, edit, send_to
from bot.telegram.context import Context
from bot.telegram.handlers.callbacks import accept, may_change
from bot.telegram.registration import Handlers


async def say_how(message: Message, context: Context) -> None:
    """Say how the bot is asked in a group."""
    await send_to(message, Reply(context.texts.ask_how.format(username=context.bot.username)))


# ------------------------------------------------------------------------------------------------ settings


async def show_settings(update: Update, context: Context) -> None:
    """Show how the chat is set; a place behind the command becomes the group's home."""
    message = update.effective_message
    if message is None or not await may_change(update, context, message):
        return
    name = argument_of(message)
    is_group = message.chat.type in GROUPS
    if name and is_group:
        found = await asyncio.to_thread(context.services.library.find_place, name)
        if found.code is None:
            await send_to(message, Reply(context.texts.no_place))
            return
        await _keep(message, context, home=found.code)
    await send_to(message, _settings(context, is_group))


async def change(update: Update, context: Context) -> None:
    """Change a setting by its button; the message changes in place."""
    press = await accept(update, context, changes=("set",))
    if press is None:
        return
    message, what = press.message, press.rest
    if what == "commands":
        await _keep(message, context, only_commands=True)
    elif what == "all":
        await _keep(message, context, only_commands=False)
    elif what == "nowhere":
        await _keep(message, context, home=None)
    await edit(message, _settings(context, message.chat.type in GROUPS))


async def _keep(message: Message, context: Context, **changes: str | bool | None) -> None:
    context.preferences = replace(context.preferences, **changes)  # type: ignore[arg-type]
    await asyncio.to_thread(context.services.preferences.keep, message.chat_id, context.preferences)


def _settings(context: Context, is_group: bool) -> Reply:
    home = context.preferences.home
    name = context.services.library.name_of(home) if home else None
    return menus.render_settings(context.preferences, context.language, name, is_group, context.texts)


# ---------------------------------------------------------------------------------------------- membership


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


HANDLERS = Handlers(
    commands_and_posts={"settings": show_settings},
    buttons={"set": change},
    messages=((filters.StatusUpdate.MIGRATE, migrate_chat),),
    others=(ChatMemberHandler(member_changed, ChatMemberHandler.MY_CHAT_MEMBER),),
)
