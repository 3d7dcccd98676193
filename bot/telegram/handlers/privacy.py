"""Handlers for what is stored of a chat: told, sent as a file, taken back from one, forgotten."""

from __future__ import annotations

import asyncio
import io

from telegram import InputFile, Update
from telegram.ext import filters

from bot.chats.export import MAX_IMPORT_BYTES, export_subscriptions, parse_import
from bot.chats.subscription_text import SubscriptionError
from bot.messages import menus
from bot.messages.reply import Reply
from bot.telegram.client.files import FileNotGiven, FileTooLarge, fetch_document
from bot.telegram.client.sending import edit, send_to, thread_of
from bot.telegram.commands import show_menu
from bot.telegram.context import Context
from bot.telegram.handlers.callbacks import accept, may_change
from bot.telegram.handlers.subscriptions import list_subscriptions
from bot.telegram.registration import MESSAGE_OR_POST, Handlers

_FILE_NAME = "yunwen-subscriptions.json"


async def export(update: Update, context: Context) -> None:
    """Send the chat's subscriptions as a small file."""
    message = update.effective_message
    if message is None:
        return
    subscriber = await asyncio.to_thread(context.services.subscribers.get, message.chat_id)
    if subscriber is None:
        await send_to(message, Reply(context.texts.no_subscriptions))
        return
    standing = await asyncio.to_thread(context.services.standing.of_chat, message.chat_id)
    data = export_subscriptions(subscriber, [each.query for each in standing])
    document = InputFile(io.BytesIO(data), filename=_FILE_NAME)
    await context.bot.send_document(
        message.chat_id,
        document,
        caption=context.texts.export_caption,
        message_thread_id=thread_of(message),
    )


async def import_file(update: Update, context: Context) -> None:
    """Take a file of subscriptions sent in the chat; a bad one changes nothing."""
    message = update.effective_message
    if message is None or message.document is None or not await may_change(update, context, message):
        return
    try:
        data = await fetch_document(message.document, MAX_IMPORT_BYTES)
    except FileTooLarge:
        await send_to(message, Reply(context.texts.import_too_large))
        return
    except FileNotGiven:
        await send_to(message, Reply(context.texts.file_not_given))
        return
    await send_to(message, await context.run_slowly(_import, context, message.chat_id, data))


def _import(context: Context, chat_id: int, data: bytes) -> Reply:
    services = context.services
    try:
        imported = parse_import(data, services.library.is_division, context.texts)
    except SubscriptionError as error:
        return Reply(str(error), is_html=False)
    services.subscribers.replace_all(
        chat_id, imported.choices, imported.hours, imported.wants_empty, services.clock()
    )
    if imported.standing is not None:
        seen_until = services.writer.known_until() or services.clock()
        services.standing.replace_all(chat_id, imported.standing, seen_until, services.clock())
    return list_subscriptions(context, chat_id)


async def ask_to_forget(update: Update, context: Context) -> None:
    """Ask before everything about the chat is deleted."""
    if update.effective_message is not None and await may_change(update, context, update.effective_message):
        await send_to(update.effective_message, menus.render_forget(context.texts))


async def show_privacy(update: Update, context: Context) -> None:
    """Say what is stored."""
    if update.effective_message is not None:
        await send_to(update.effective_message, Reply(context.texts.privacy))


async def forget(update: Update, context: Context) -> None:
    """Delete everything about the chat, its own menu of commands too."""
    pressed = await accept(update, context, changes=("forget",))
    if pressed is None:
        return
    message = pressed.message
    await asyncio.to_thread(context.services.subscribers.forget, message.chat_id)
    context.services.preferences.drop(message.chat_id)
    await edit(message, Reply(context.texts.forgotten))
    await show_menu(context, message.chat_id, None)


HANDLERS = Handlers(
    commands_and_posts={"export": export, "forget": ask_to_forget, "privacy": show_privacy},
    buttons={"forget": forget},
    messages=((filters.Document.FileExtension("json") & MESSAGE_OR_POST, import_file),),
)
