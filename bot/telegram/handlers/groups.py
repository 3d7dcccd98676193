"""What is meant for the bot in a group: mentions, replies to it and commands; everything else is let pass.

Whether Telegram's privacy mode is on or off makes no difference to what is answered: with it off the bot is
merely given more to pass over.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from telegram import Message, MessageEntity, Update
from telegram.constants import MessageEntityType
from telegram.ext import ApplicationHandlerStop

from bot.messages import menus
from bot.messages.reply import Reply
from bot.telegram.client.sending import GROUPS, argument_of, edit, send_to
from bot.telegram.context import Context
from bot.telegram.handlers.callbacks import accept, may_change
from bot.telegram.handlers.questions import answer_text

PATTERN = r"^set:"
"""The buttons that `change` is for."""


async def let_pass(update: Update, context: Context) -> None:
    """Let go by what is not meant for the bot, before anything is looked up for it."""
    message = update.message
    bot = context.bot
    if message is None:
        if update.edited_message is not None or update.edited_channel_post is not None:
            raise ApplicationHandlerStop  # what was answered stays answered
        return
    if message.via_bot is not None and message.via_bot.id == bot.id:
        raise ApplicationHandlerStop  # a passage of ours that somebody shared
    if message.is_automatic_forward:
        raise ApplicationHandlerStop  # a post of the group's channel: it was done there what it asks for
    if message.chat.type not in GROUPS or message.migrate_to_chat_id:
        return
    if not is_command(message, bot.username) and not is_addressed(message, bot.id, bot.username):
        raise ApplicationHandlerStop


async def ask_in_group(update: Update, context: Context) -> None:
    """Answer a mention or a reply, unless the group wants commands alone."""
    message = update.message
    if message is None or context.preferences.only_commands:
        return
    text = addressed_text(message, context.bot.id, context.bot.username)
    if text is not None:
        await (answer_text(message, context, text) if text else _say_how(message, context))


async def ask_by_command(update: Update, context: Context) -> None:
    """Answer what stands behind /ask."""
    message = update.effective_message
    if message is None or message.text is None:
        return
    text = argument_of(message)
    await (answer_text(message, context, text) if text else _say_how(message, context))


async def _say_how(message: Message, context: Context) -> None:
    await send_to(message, Reply(context.texts.ask_how.format(username=context.bot.username)))


def is_command(message: Message, username: str) -> bool:
    """Whether a message begins with a command that is not another bot's."""
    for entity, words in message.parse_entities([MessageEntityType.BOT_COMMAND]).items():
        if entity.offset == 0:
            return words.partition("@")[2].lower() in ("", username.lower())
    return False


def is_addressed(message: Message, bot_id: int, username: str) -> bool:
    """Whether a text or a file in a group mentions the bot or replies to it. Other bots never do."""
    is_from_bot = message.from_user is not None and message.from_user.is_bot
    if (
        is_from_bot and message.sender_chat is None
    ):  # an admin who stays anonymous comes as Telegram's own bot
        return False
    if message.text is None and message.caption is None and message.document is None:
        return False
    return bool(_mentions(message, bot_id, username)) or _is_reply(message, bot_id)


def addressed_text(message: Message, bot_id: int, username: str) -> str | None:
    """An addressed text or caption without the mentions of the bot; None for what is not meant for it."""
    text = message.text or message.caption
    if text is None or not is_addressed(message, bot_id, username):
        return None
    return " ".join(_without(text, _mentions(message, bot_id, username)).split())


def _mentions(message: Message, bot_id: int, username: str) -> list[MessageEntity]:
    entities = message.parse_entities() if message.text else message.parse_caption_entities()
    return [
        entity
        for entity, words in entities.items()
        if (entity.type == MessageEntityType.MENTION and words.lower() == f"@{username.lower()}")
        or (entity.type == MessageEntityType.TEXT_MENTION and entity.user and entity.user.id == bot_id)
    ]


def _is_reply(message: Message, bot_id: int) -> bool:
    """Whether a message replies to the bot; in a topic all messages reply to its first, which does not count."""
    before = message.reply_to_message
    if before is None or before.forum_topic_created is not None or before.from_user is None:
        return False
    return before.from_user.id == bot_id


def _without(text: str, entities: list[MessageEntity]) -> str:
    """The text without some stretches, which Telegram counts in UTF-16 units."""
    units = text.encode("utf-16-le")
    for entity in sorted(entities, key=lambda each: -each.offset):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        units = units[:start] + " ".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le")


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
