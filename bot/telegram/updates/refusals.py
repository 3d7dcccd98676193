"""Why something is not answered: a sentence to the chat, a line for who pressed a button, nothing for an inline query.

A press is always acknowledged, as Telegram shows a waiting sign until then. All of it is cheap and bounded, so
that telling people never costs more than answering them.
"""

from __future__ import annotations

import asyncio
import logging

from telegram import Update
from telegram.error import TelegramError

from bot.chats.preferences import PreferenceStore
from bot.languages import Texts, texts_of
from bot.messages.reply import Reply
from bot.telegram.admission import AdmissionResult, Decision
from bot.telegram.client.sending import GROUPS, send_reply, thread_of
from bot.telegram.context import presume

_log = logging.getLogger(__name__)

_AT_ONCE = 8
"""Calls under way: they share the connections with answers."""
_MOST_WAITING = 500
"""Beyond so many nothing is said: by its turn Telegram would have given the press up."""
_CACHE_SECONDS = 2
"""How long Telegram's app answers the same press itself."""


class Notices:
    """Says why there is no answer, beside the answers that are given."""

    def __init__(self, preferences: PreferenceStore) -> None:
        self._preferences = preferences
        self._under_way: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def refuse(self, update: Update, decision: Decision) -> None:
        """Have it said, and return at once. Who is blocked is met with silence."""
        is_waiting = update.callback_query is not None or update.inline_query is not None
        if decision.result is AdmissionResult.BLOCKED or not (decision.is_told or is_waiting):
            return
        if len(self._under_way) < _MOST_WAITING:
            task = asyncio.create_task(self.say(update, _notice(decision, self.texts_for(update))))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    def texts_for(self, update: Update) -> Texts:
        """What the bot says, in the language of the update's chat as far as that costs no look-up."""
        return texts_of(presume(update, self._preferences))

    async def say(self, update: Update, text: str) -> None:
        """Say it to who sent the update; failing to say so matters to nobody."""
        try:
            async with self._slots:
                await _say(update, text)
        except TelegramError as error:
            _log.info("a notice could not be sent (%s)", type(error).__name__)

    async def stop(self, seconds: float) -> None:
        """Let what is being said be said for so long."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)
        for task in self._under_way:
            task.cancel()


async def _say(update: Update, text: str) -> None:
    message, chat = update.effective_message, update.effective_chat
    if update.callback_query is not None:
        await update.callback_query.answer(text, cache_time=_CACHE_SECONDS)
    elif update.inline_query is not None:
        await update.inline_query.answer([], cache_time=0, is_personal=True)
    elif chat is not None:
        await send_reply(
            update.get_bot(),
            chat.id,
            Reply(text, is_html=False),
            thread_id=thread_of(message) if message else None,
            reply_to=message.message_id if message and chat.type in GROUPS else None,
        )


def _notice(decision: Decision, texts: Texts) -> str:
    notices = {
        AdmissionResult.LIMITED: texts.notice_limited.format(n=decision.wait_seconds),
        AdmissionResult.OVERLOADED: texts.notice_overloaded,
        AdmissionResult.TOO_LONG: texts.notice_too_long,
        AdmissionResult.NOT_ALLOWED: texts.notice_not_allowed,
    }
    return notices[decision.result]
