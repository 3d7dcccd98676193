"""The bot's commands as Telegram's menu shows them."""

from __future__ import annotations

import contextlib
from dataclasses import asdict

from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.languages import Language, Texts, menu_code_of, texts_of
from bot.telegram.context import Context


async def show_menu(context: Context, chat_id: int, language: Language | None) -> None:
    """Give a chat a menu of commands of its own; None: the one that its people's Telegram asks for."""
    scope = BotCommandScopeChat(chat_id)
    with contextlib.suppress(TelegramError):  # the menu is a help; all is done without it too
        if language is None:
            await context.bot.delete_my_commands(scope)
        else:
            await context.bot.set_my_commands(list_commands(texts_of(language)), scope=scope)


async def tell_commands(bot: ExtBot[None]) -> None:
    """Tell Telegram the commands, and what the bot is, in each language that it knows a menu for.

    Telegram knows languages of menus by two letters alone, so a chat in 繁體中文 is given a menu of its own.
    """
    for language in Language:
        code = menu_code_of(language)
        if code is not None:
            await bot.set_my_commands(list_commands(texts_of(language)), language_code=code or None)
            with contextlib.suppress(TelegramError):  # what a profile says is a help too
                texts = texts_of(language)
                await bot.set_my_description(texts.description, language_code=code or None)
                await bot.set_my_short_description(texts.short_description, language_code=code or None)


def list_commands(texts: Texts) -> list[BotCommand]:
    """The commands with what they do."""
    return [BotCommand(name, description) for name, description in asdict(texts.commands).items()]
