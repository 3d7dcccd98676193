"""Handlers for the language that a chat is spoken to in: found out with every update, and chosen by /language."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import asdict, replace

from telegram import BotCommand, BotCommandScopeChat, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot import menus
from bot.context import Context
from bot.languages import Language, Texts, language_of_code, texts_of
from bot.preferences import Preferences
from bot.questions import send_to
from bot.replies import Reply
from bot.rights import may_change
from bot.subscribers import ChatState

PATTERN = r"^lang:"
"""The buttons that `choose` is for."""


async def recognise(update: Update, context: Context) -> None:
    """Find out how the chat wants to be spoken to, before anything is said in it.

    A chat that had been shut out and writes again is welcomed: its digests go on.
    """
    user, chat = update.effective_user, update.effective_chat
    said = language_of_code(user.language_code) if user and user.language_code else None
    if chat is None:  # an inline query
        context.preferences = Preferences(said)
        return
    services = context.services
    known, state = await asyncio.to_thread(services.preferences.look_up, chat.id)
    if said and chat.type == ChatType.PRIVATE and not known.is_chosen:
        if said is not (known.language or Language.SIMPLIFIED):
            await asyncio.to_thread(services.preferences.keep, chat.id, replace(known, language=said))
        known = replace(known, language=said)
    context.preferences = known
    if state == ChatState.BLOCKED and update.my_chat_member is None:
        if await asyncio.to_thread(services.subscribers.welcome_back, chat.id, services.clock()):
            await context.bot.send_message(chat.id, context.texts.welcome_back)


async def ask_language(update: Update, context: Context) -> None:
    """Show the languages."""
    message = update.effective_message
    if message is not None and await may_change(update, context, message):
        await send_to(message, menus.render_languages())


async def choose(update: Update, context: Context) -> None:
    """Speak the language of a button from now on, in the menu of commands too."""
    query = update.callback_query
    if query is None:
        return
    with contextlib.suppress(BadRequest):
        await query.answer()
    message, code = query.message, (query.data or "").partition(":")[2]
    if not isinstance(message, Message) or code not in list(Language):
        return
    if not await may_change(update, context, message):
        return
    context.preferences = replace(context.preferences, language=Language(code), is_chosen=True)
    await asyncio.to_thread(context.services.preferences.keep, message.chat_id, context.preferences)
    await send_to(message, Reply(context.texts.language_changed))
    with contextlib.suppress(TelegramError):  # the menu is a help; the language is changed without it
        scope = BotCommandScopeChat(message.chat_id)
        await context.bot.set_my_commands(list_commands(context.texts), scope=scope)


async def tell_commands(bot: ExtBot[None]) -> None:
    """Tell Telegram the commands: in English, and in 简体中文 to whose Telegram speaks Chinese.

    Telegram knows languages of menus by two letters alone, so 繁體中文 is had by choosing it.
    """
    await bot.set_my_commands(list_commands(texts_of(Language.ENGLISH)))
    await bot.set_my_commands(list_commands(texts_of(Language.SIMPLIFIED)), language_code="zh")


def list_commands(texts: Texts) -> list[BotCommand]:
    """The commands with what they do."""
    return [BotCommand(name, description) for name, description in asdict(texts.commands).items()]
