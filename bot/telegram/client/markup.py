"""Buttons and prompts as Telegram takes them."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import (
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    WebAppInfo,
)

from bot.messages.reply import Button, Reply


def build_markup(reply: Reply) -> InlineKeyboardMarkup | ForceReply | ReplyKeyboardMarkup | None:
    """The reply's buttons or its prompt, or None."""
    if reply.prompt is not None and reply.prompt.is_location:
        button = KeyboardButton(reply.prompt.label, request_location=True)
        return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
    if reply.prompt is not None:
        return ForceReply(selective=True, input_field_placeholder=reply.prompt.label)
    return InlineKeyboardMarkup(build_buttons(reply.buttons)) if reply.buttons else None


def build_buttons(rows: Sequence[Sequence[Button]]) -> list[list[InlineKeyboardButton]]:
    """Rows of buttons as Telegram takes them."""
    return [[_build_button(each) for each in row] for row in rows]


def _build_button(button: Button) -> InlineKeyboardButton:
    """One of data, one that copies words, or one that opens a Mini App, which an address says."""
    if button.copies:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copies))
    if button.data.startswith("https://"):
        return InlineKeyboardButton(button.label, web_app=WebAppInfo(button.data))
    return InlineKeyboardButton(button.label, callback_data=button.data, style=button.style)
