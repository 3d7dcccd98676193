"""Who may change what a chat follows and how it is set: anyone in private, admins in groups."""

from __future__ import annotations

from telegram import Chat, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.context import Context
from bot.questions import send_to
from bot.replies import Reply

_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def may_change(update: Update, context: Context, message: Message) -> bool:
    """Whether who did this may change the chat's wishes; says so if not, to a press without words."""
    if await _is_allowed(message.chat, update.effective_user, update):
        return True
    if update.callback_query is None:
        await send_to(message, Reply(context.texts.only_group_admins))
    return False


async def _is_allowed(chat: Chat, user: User | None, update: Update) -> bool:
    if chat.type == ChatType.PRIVATE or update.channel_post is not None:
        return True  # only a channel's admins can post in it
    sender = update.effective_message.sender_chat if update.effective_message else None
    if update.callback_query is None and sender is not None and sender.id == chat.id:
        return True  # an admin who writes as the group itself
    if user is None:
        return False
    return (await chat.get_member(user.id)).status in _ADMINS
