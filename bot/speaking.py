"""Handlers for the language that a chat is spoken to in: found out with every update, and chosen by /language."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import asdict, replace

from telegram import BotCommand, BotCommandScopeChat, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot import menus
from bot.context import Context
from bot.languages import Language, Texts, language_of_code, texts_of
from bot.preferences import PreferenceBook, Preferences
from bot.presses import accept
from bot.replies import Reply
from bot.rights import may_change
from bot.subscribers import ChatState
from bot.talking import send_to

PATTERN = r"^lang:"
"""The buttons that `choose` is for."""


def presume(update: Update, known: PreferenceBook) -> Language:
    """How an update's chat is spoken to as far as this process knows it without a query.

    Else as people's Telegram says, and in groups 简体中文. An inline query is spoken to as its person's private chat.
    """
    user, chat = update.effective_user, update.effective_chat
    chat_id = chat.id if chat else user.id if user else 0
    remembered = known.remembered(chat_id)
    if remembered is not None:
        return remembered
    if chat is not None and chat.type != ChatType.PRIVATE:
        return Language.SIMPLIFIED
    return language_of_code(user.language_code if user else None)


async def recognise(update: Update, context: Context) -> None:
    """Find out how the chat wants to be spoken to, before anything is said in it.

    A chat that had been shut out and writes again is welcomed: its digests go on.
    """
    user, chat = update.effective_user, update.effective_chat
    services = context.services
    if chat is None:  # an inline query
        context.preferences = Preferences(presume(update, services.preferences))
        return
    said = language_of_code(user.language_code) if user and user.language_code else None
    known, state = await asyncio.to_thread(services.preferences.look_up, chat.id)
    if said and chat.type == ChatType.PRIVATE and not known.is_chosen:
        if said is not (known.language or Language.SIMPLIFIED):
            await asyncio.to_thread(services.preferences.keep, chat.id, replace(known, language=said))
            await _follow_telegram(context, chat.id, known.language, said)
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
    press = await accept(update, context, changes=("lang",))
    if press is None or press.rest not in list(Language):
        return
    message, language = press.message, Language(press.rest)
    context.preferences = replace(context.preferences, language=language, is_chosen=True)
    await asyncio.to_thread(context.services.preferences.keep, message.chat_id, context.preferences)
    await send_to(message, Reply(context.texts.language_changed))
    await show_menu(context, message.chat_id, language)


async def _follow_telegram(context: Context, chat_id: int, before: Language | None, said: Language) -> None:
    """繁體中文 is the one language whose menu a chat must be given by itself: once, and taken back when it changes."""
    if said is Language.TRADITIONAL:
        await show_menu(context, chat_id, said)
    elif before is Language.TRADITIONAL:
        await show_menu(context, chat_id, None)


async def show_menu(context: Context, chat_id: int, language: Language | None) -> None:
    """Give a chat a menu of commands of its own; None: the one that its people's Telegram asks for."""
    scope = BotCommandScopeChat(chat_id)
    with contextlib.suppress(TelegramError):  # the menu is a help; all is done without it too
        if language is None:
            await context.bot.delete_my_commands(scope)
        else:
            await context.bot.set_my_commands(list_commands(texts_of(language)), scope=scope)


async def tell_commands(bot: ExtBot[None]) -> None:
    """Tell Telegram the commands: in English, and in 简体中文 to whose Telegram speaks Chinese.

    Telegram knows languages of menus by two letters alone, so a chat in 繁體中文 is given a menu of its own.
    """
    await bot.set_my_commands(list_commands(texts_of(Language.ENGLISH)))
    await bot.set_my_commands(list_commands(texts_of(Language.SIMPLIFIED)), language_code="zh")


def list_commands(texts: Texts) -> list[BotCommand]:
    """The commands with what they do."""
    return [BotCommand(name, description) for name, description in asdict(texts.commands).items()]
