"""Presses of buttons: acknowledged whatever comes of them, as Telegram shows a waiting sign until then."""

from __future__ import annotations

import logging
from collections.abc import Callable, Container
from dataclasses import dataclass, replace

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, TelegramError

from bot.messages.reply import Reply
from bot.telegram.client.sending import send_to
from bot.telegram.context import Context

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed, and the message that it stands below."""

    message: Message
    action: str
    """What stands before the first colon of its data."""
    rest: str
    is_acknowledged: bool = True
    """Whether Telegram took the acknowledgement; if not, who pressed may well press again."""


async def accept(
    update: Update,
    context: Context,
    changes: Container[str] = (),
    refuse: Callable[[Press], str | None] = lambda _press: None,
) -> Press | None:
    """The press, acknowledged; None if nothing is to be done for it, and who pressed has been told why.

    Actions among `changes` are for a group's admins alone; `refuse` says why a press needs nothing more.
    """
    query = update.callback_query
    if query is None:
        return None
    action, _, rest = (query.data or "").partition(":")
    message = query.message
    if not isinstance(message, Message):  # it stands in no chat of ours
        await acknowledge(query, context.texts.too_old)
        return None
    try:
        is_barred = action in changes and not await is_allowed(update, message)
    except TelegramError:
        await acknowledge(query)
        raise
    press = Press(message, action, rest)
    refusal = context.texts.only_group_admins if is_barred else refuse(press)
    is_acknowledged = await acknowledge(query, refusal)
    return None if refusal else replace(press, is_acknowledged=is_acknowledged)


async def acknowledge(query: CallbackQuery, text: str | None = None) -> bool:
    """Take the waiting sign away, with a line of text for who pressed. Return whether that arrived.

    What is done for the press comes either way.
    """
    try:
        await query.answer(text)
    except BadRequest:
        return True  # too old to acknowledge
    except TelegramError as error:
        _log.info("a press could not be acknowledged (%s)", type(error).__name__)
        return False
    return True


_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def may_change(update: Update, context: Context, message: Message) -> bool:
    """Whether who wrote a message may change the chat's settings; they are told if not."""
    if await is_allowed(update, message):
        return True
    await send_to(message, Reply(context.texts.only_group_admins))
    return False


async def is_allowed(update: Update, message: Message) -> bool:
    """Whether who wrote a message, or pressed a button below it, may change the chat's settings."""
    chat, user = message.chat, update.effective_user
    if chat.type == ChatType.PRIVATE or update.channel_post is not None:
        return True  # only a channel's admins can post in it
    if update.callback_query is None and message.sender_chat is not None:
        return message.sender_chat.id == chat.id  # an admin who writes as the group; no other channel is one
    if user is None:
        return False
    try:
        return (await chat.get_member(user.id)).status in _ADMINS
    except BadRequest:  # who left, or whom Telegram does not name
        return False
