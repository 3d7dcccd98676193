"""Alarms about followed newspapers, told to each admin in chat once, whichever process raised them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from telegram import Bot
from telegram.error import NetworkError, TelegramError

from bot.chats.preferences import PreferenceStore
from bot.languages import DEFAULT, Language, texts_of
from bot.messages.papers import compose_alarm
from bot.messages.reply import Reply
from bot.telegram.client.sending import send_reply
from bot.telegram.delivery.sender import open_sending_bot, utc_now
from retrieval import PaperAlarm, PaperLedger, RetrievalError, Store

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 5.0


class PaperAlarmTeller:
    """Tells alarms until it is told to stop. An alarm that reaches nobody for want of a network is told later."""

    def __init__(
        self,
        bot: Bot,
        ledger: PaperLedger,
        language_of: Callable[[int], Language | None],
        admins: Iterable[int],
        *,
        seconds: float = _LOOK_SECONDS,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """The ledger is looked at every so many `seconds`."""
        self._bot = bot
        self._ledger = ledger
        self._language_of = language_of
        self._admins = sorted(admins)
        self._seconds = seconds
        self._clock = clock
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End when the alarm under way is told."""
        self._stopping.set()

    async def run(self) -> None:
        """Tell what is raised until told to stop."""
        is_ready = False
        try:
            while not self._stopping.is_set():
                try:
                    if not is_ready:
                        await self._bot.initialize()
                        is_ready = True
                    await self.tell_all()
                except NetworkError as error:
                    _log.warning("alarms wait: Telegram cannot be reached (%s)", type(error).__name__)
                except RetrievalError:
                    _log.exception("the ledger of newspapers cannot be reached; trying again")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), self._seconds)
        finally:
            await self._bot.shutdown()

    async def tell_all(self) -> None:
        """Tell each alarm that nobody has been told of. Raises NetworkError if one reaches nobody."""
        for alarm in await asyncio.to_thread(self._ledger.untold_alarms):
            if await asyncio.to_thread(self._ledger.mark_told, alarm, self._clock()):
                await self._tell(alarm)

    async def _tell(self, alarm: PaperAlarm) -> None:
        row = await asyncio.to_thread(self._ledger.paper, alarm.paper)
        failure: NetworkError | None = None
        n_told = 0
        for admin in self._admins:
            language = await asyncio.to_thread(self._language_of, admin)
            text = compose_alarm(alarm, row, texts_of(language or DEFAULT))
            try:
                await send_reply(self._bot, admin, Reply(text, is_html=False))
                n_told += 1
            except NetworkError as error:
                failure = error
            except TelegramError as error:  # an admin who never began a chat with the bot
                _log.warning("an alarm did not reach admin %d (%s)", admin, type(error).__name__)
        if failure is not None and not n_told:
            await asyncio.to_thread(self._ledger.mark_untold, alarm)
            raise failure


def open_alarm_teller(
    token: str, api: str, store: Store, preferences: PreferenceStore, admins: Iterable[int]
) -> PaperAlarmTeller:
    """A teller with connections of its own to the Bot API server at `api`."""

    def language_of(admin: int) -> Language | None:
        return preferences.look_up(admin)[0].language

    bot = open_sending_bot(token, api, at_once=1)
    return PaperAlarmTeller(bot, PaperLedger(store.engine), language_of, admins)
