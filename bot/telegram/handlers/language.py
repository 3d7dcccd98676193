"""Handlers for the language that a chat is spoken to in: found out with every update, and chosen by /language."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from telegram import Message, Update
from telegram.constants import ChatType

from bot.chats.preferences import Preferences
from bot.chats.subscriptions import ChatState
from bot.languages import DEFAULT, Language, language_of_code
from bot.languages.intent_table import Act
from bot.languages.intents import recognise_intent
from bot.messages import menus
from bot.messages.reply import Reply
from bot.telegram.client.sending import argument_of, send_to
from bot.telegram.commands import show_menu
from bot.telegram.context import Context, presume
from bot.telegram.handlers.callbacks import accept, may_change
from bot.telegram.registration import Handlers


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
        if said is not (known.language or DEFAULT):
            await asyncio.to_thread(services.preferences.keep, chat.id, replace(known, language=said))
            await _follow_telegram(context, chat.id, known.language, said)
        known = replace(known, language=said)
    context.preferences = known
    if state == ChatState.BLOCKED and update.my_chat_member is None:
        if await asyncio.to_thread(services.subscribers.welcome_back, chat.id, services.clock()):
            await context.bot.send_message(chat.id, context.texts.welcome_back)


async def ask_language(update: Update, context: Context) -> None:
    """Show the languages, or speak the one that is named behind the command."""
    message = update.effective_message
    if message is None or not await may_change(update, context, message):
        return
    named = argument_of(message)
    intent = recognise_intent(named)
    if intent is not None and intent.act is Act.LANGUAGE:
        named = intent.argument
    if named in list(Language):
        await _speak(message, context, Language(named))
    else:
        await send_to(message, menus.render_languages())


async def choose(update: Update, context: Context) -> None:
    """Speak the language of a button from now on, in the menu of commands too."""
    press = await accept(update, context, changes=("lang",))
    if press is None or press.rest not in list(Language):
        return
    await _speak(press.message, context, Language(press.rest))


async def _speak(message: Message, context: Context, language: Language) -> None:
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


HANDLERS = Handlers(commands_and_posts={"language": ask_language}, buttons={"lang": choose})
