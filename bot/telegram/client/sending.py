"""Replying in a chat: command arguments, sending with retries, editing in place."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.messages.reply import Reply, whole
from bot.messages.splitting import plain_text
from bot.telegram.client.connections import NEVER_ARRIVED
from bot.telegram.client.markup import build_buttons, build_markup
from bot.telegram.client.rich import Receiver, send_rich

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def send_reply(
    bot: Bot,
    chat_id: int,
    reply: Reply,
    *,
    thread_id: int | None = None,
    reply_to: int | None = None,
    only_for: Receiver | None = None,
) -> Message:
    """Send a reply, into a topic and as a reply to a message where these are given; raises TelegramError."""
    return await bot.send_message(
        chat_id,
        reply.html,
        parse_mode=ParseMode.HTML if reply.is_html else None,
        reply_markup=build_markup(reply),
        link_preview_options=NO_PREVIEW,
        message_thread_id=thread_id,
        reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
        api_kwargs=only_for.parameters() if only_for else None,
    )


def has_never_arrived(error: NetworkError) -> bool:
    """Whether the request failed before it had left, so that sending again cannot send twice."""
    return isinstance(error.__cause__, NEVER_ARRIVED)


def was_refused(error: NetworkError) -> bool:
    """Whether the server answered that it failed, as with status 500, so that it most likely did nothing."""
    return not isinstance(error, TimedOut) and error.__cause__ is None


def seconds_to_wait(error: RetryAfter) -> float:
    """What a flood limit asks for; the library's public attribute changes its type and warns of it."""
    return error._retry_after.total_seconds()


def as_plain(reply: Reply) -> Reply:
    """The same words without formatting."""
    return replace(reply, html=plain_text(reply.html), is_html=False, rich="")


_log = logging.getLogger(__name__)
_Given = TypeVar("_Given")

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)


def argument_of(message: Message) -> str:
    """What stands behind a message's first word, its command."""
    return " ".join((message.text or "").split(maxsplit=1)[1:]).strip()


def thread_of(message: Message) -> int | None:
    """The topic that a message stands in, None outside of topics."""
    return message.message_thread_id if message.is_topic_message else None


async def edit(message: Message, reply: Reply) -> None:
    """Change a message in place; one that cannot be changed any more is followed by a new one."""
    await send_in_place(message, message.message_id, reply)


async def send_in_place(message: Message, old: int, reply: Reply) -> None:
    """Put a reply in the place of an older one, the bot's message `old` in the same chat; a new one if that is gone."""

    async def change() -> None:
        await message.get_bot().edit_message_text(
            reply.html,
            message.chat_id,
            old,
            parse_mode=ParseMode.HTML if reply.is_html else None,
            reply_markup=InlineKeyboardMarkup(build_buttons(reply.buttons)) if reply.buttons else None,
            link_preview_options=NO_PREVIEW,
        )

    try:
        await _try_on(change)
    except BadRequest as error:
        if "not modified" not in error.message.lower():
            await send_to(message, reply)


async def send_to(message: Message, reply: Reply, *, is_rich: bool = False) -> Message:
    """Send a reply to the message's chat and topic, in groups as a reply to it. Return what was sent.

    With `is_rich` its rich message is sent. What certainly did not arrive is tried for about a minute;
    what may have arrived is tried once more: a message twice is better than none.
    """
    is_group = message.chat.type in GROUPS
    reply_to = message.message_id if is_group else None
    bot, thread_id = message.get_bot(), thread_of(message)
    send = send_rich if is_rich else send_reply
    return await _try_on(lambda: send(bot, message.chat_id, reply, thread_id=thread_id, reply_to=reply_to))


async def send_all(message: Message, parts: Sequence[Reply], *, is_rich: bool) -> Message:
    """Send messages as `send_to`; with `is_rich` the one rich message for all of them, if there is one. Return the first."""
    if is_rich and parts[0].rich:
        try:
            return await send_to(message, whole(parts), is_rich=True)
        except BadRequest as error:
            _log.warning("Telegram refused a rich message (%s): HTML is sent", error.message)
    sent = [await send_to(message, each) for each in parts]
    return sent[0]


async def send_only_to(message: Message, reply: Reply, only_for: Receiver) -> None:
    """Send a reply that one person of a group sees; to all where the server will not have that."""
    bot, thread_id = message.get_bot(), thread_of(message)
    try:
        await _try_on(lambda: send_reply(bot, message.chat_id, reply, thread_id=thread_id, only_for=only_for))
    except BadRequest as error:
        _log.info("a message to one person alone was refused (%s): all see it", error.message)
        await send_to(message, reply)


async def _try_on(call: Callable[[], Awaitable[_Given]]) -> _Given:
    """Make a call until it has been taken, for about a minute; one that may have been taken once more. Return what it gave."""
    waits = iter(_RETRY_SECONDS)
    n_unsure = 0
    while True:
        try:
            return await call()
        except BadRequest:
            raise
        except NetworkError as error:
            n_unsure += not (has_never_arrived(error) or was_refused(error))
            wait = next(waits, None)
            if wait is None or n_unsure > 1:
                raise
            _log.warning("sending again after %s", type(error).__name__)
            await asyncio.sleep(wait)


async def send_photo_to(message: Message, photo: InputFile, caption: str) -> None:
    """Send a picture to the message's chat and topic, in groups as a reply to it; raises TelegramError."""
    is_group = message.chat.type in GROUPS
    await message.get_bot().send_photo(
        message.chat_id,
        photo,
        caption=caption,
        message_thread_id=thread_of(message),
        reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True)
        if is_group
        else None,
    )
