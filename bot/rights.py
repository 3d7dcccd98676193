"""Who may change what a chat follows and how it is set: anyone in private, admins in groups."""

from __future__ import annotations

from telegram import Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest

from bot.context import Context
from bot.replies import Reply
from bot.talking import send_to

_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def may_change(update: Update, context: Context, message: Message) -> bool:
    """Whether who wrote a message may change the chat's wishes; they are told if not."""
    if await is_allowed(update, message):
        return True
    await send_to(message, Reply(context.texts.only_group_admins))
    return False


async def is_allowed(update: Update, message: Message) -> bool:
    """Whether who wrote a message, or pressed a button below it, may change the chat's wishes."""
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
