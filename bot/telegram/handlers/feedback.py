"""The 👍 and 👎 under answers: kept at once, a 👎 asks why in place, and both can be changed."""

from __future__ import annotations

import asyncio
import contextlib

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest

from bot.chats.feedback import Reason, Verdict
from bot.languages import Texts
from bot.telegram.context import Context
from bot.telegram.handlers.callbacks import acknowledge
from bot.telegram.registration import Handlers
from bot.telegram.rendering import verdict_row

_CHOSEN = " ✓"


async def press(update: Update, context: Context) -> None:
    """Keep a verdict of the chat, and show it on the buttons; the others stay as they are."""
    query = update.callback_query
    if query is None:
        return
    message = query.message
    _, answer_id, said = (*(query.data or "").split(":"), "", "")[:3]
    verdict, reason = parse_said(said)
    is_kept, said_back = False, None
    try:
        if verdict is not None and isinstance(message, Message):
            services = context.services
            is_kept = await asyncio.to_thread(
                services.feedback.judge, message.chat_id, answer_id, verdict, reason, services.clock()
            )
        said_back = context.texts.verdict_thanks if is_kept else context.texts.too_old
    finally:
        await acknowledge(query, said_back)
    if is_kept and verdict is not None and isinstance(message, Message) and message.reply_markup:
        rows = rows_after(message.reply_markup, answer_id, verdict, reason, context.texts)
        markup = InlineKeyboardMarkup(rows)
        if markup != message.reply_markup:  # else it was pressed twice
            with contextlib.suppress(BadRequest):  # the message is gone
                await message.edit_reply_markup(markup)


def parse_said(said: str) -> tuple[Verdict | None, Reason | None]:
    """What a button says: a verdict, or a reason why an answer is bad; None where it is neither."""
    if said in list(Verdict):
        return Verdict(said), None
    return (Verdict.BAD, Reason(said)) if said in list(Reason) else (None, None)


def rows_after(
    markup: InlineKeyboardMarkup, answer_id: str, verdict: Verdict, reason: Reason | None, texts: Texts
) -> list[list[InlineKeyboardButton]]:
    """The message's buttons with those of the verdict changed: a reason is asked for, or the choice is marked."""
    others = [list(row) for row in markup.inline_keyboard if not _is_verdict(row)]
    why = {
        Reason.PLACE: texts.why_place_button,
        Reason.FIGURE: texts.why_figure_button,
        Reason.OUTDATED: texts.why_outdated_button,
        Reason.OTHER: texts.why_other_button,
    }
    if verdict is Verdict.BAD and reason is None:
        asked = [_button(label, answer_id, each.value) for each, label in why.items()]
        return [*others, asked[:2], asked[2:]]
    good, bad = (each.label for each in verdict_row(answer_id))
    if verdict is Verdict.GOOD:
        good += _CHOSEN
    elif reason is not None:
        bad += f" {why[reason]}{_CHOSEN}"
    chosen = [_button(good, answer_id, Verdict.GOOD), _button(bad, answer_id, Verdict.BAD)]
    return [*others, chosen]


def _button(label: str, answer_id: str, said: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"fb:{answer_id}:{said}")


def _is_verdict(row: tuple[InlineKeyboardButton, ...]) -> bool:
    return all(isinstance(each.callback_data, str) and each.callback_data.startswith("fb:") for each in row)


HANDLERS = Handlers(buttons={"fb": press})
