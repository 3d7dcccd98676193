"""A reply to a chat: HTML with buttons, plain where Telegram cannot read the HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import NetworkError, RetryAfter

from bot.replies import Reply
from bot.requesting import NEVER_ARRIVED

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_TAG = re.compile(r"</?[a-z][^>]*>")


async def send_reply(
    bot: Bot, chat_id: int, reply: Reply, *, thread_id: int | None = None, reply_to: int | None = None
) -> None:
    """Send a reply, into a topic and as a reply to a message where these are given; raises TelegramError."""
    await bot.send_message(
        chat_id,
        reply.html,
        parse_mode=ParseMode.HTML if reply.is_html else None,
        reply_markup=build_markup(reply),
        link_preview_options=NO_PREVIEW,
        message_thread_id=thread_id,
        reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
    )


def has_never_arrived(error: NetworkError) -> bool:
    """Whether the request failed before it had left, so that sending again cannot send twice."""
    return isinstance(error.__cause__, NEVER_ARRIVED)


def seconds_to_wait(error: RetryAfter) -> float:
    """What a flood limit asks for; the library's public attribute changes its type and warns of it."""
    return error._retry_after.total_seconds()


def as_plain(reply: Reply) -> Reply:
    """The same words without formatting."""
    return replace(reply, html=unescape(_TAG.sub("", reply.html)), is_html=False)


def build_markup(reply: Reply) -> InlineKeyboardMarkup | None:
    """The reply's buttons, or None."""
    if not reply.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
            for row in reply.buttons
        ]
    )
