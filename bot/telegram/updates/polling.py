"""Updates fetched from Telegram, one long request after the other; confirmed only once they are safe."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.telegram.client.sending import seconds_to_wait
from bot.telegram.updates.reception import NoRoom, ReceivedUpdate, UpdateReceiver
from retrieval import RetrievalError

_log = logging.getLogger(__name__)

_LONG_SECONDS = 30
_ANSWER_SECONDS = 5
"""For the way there and back."""
_FULL_SECONDS = 0.1
_GATHER_SECONDS = 0.05
"""Between two requests while updates wait: what comes meanwhile is fetched and kept together."""
_WAITS = (1.0, 2.0, 5.0, 10.0, 30.0)
"""After failures one behind the other."""


class Polling:
    """Asks Telegram for updates until it is told to stop."""

    def __init__(
        self,
        bot: Bot,
        receiver: UpdateReceiver,
        updates: Sequence[str],
        count: Callable[[str, str], None] = lambda _method, _result: None,
    ) -> None:
        """`updates` are the kinds wanted; `count` is told of every call and how it ended."""
        self._bot = bot
        self._receiver = receiver
        self._updates = list(updates)
        self._count = count
        self._stopping = asyncio.Event()
        self._offset: int | None = None
        self._n_failures = 0

    async def start(self) -> None:
        """Let Telegram keep updates for requests; those that waited for a webhook are kept."""
        await self._bot.delete_webhook(drop_pending_updates=False)

    def stop(self) -> None:
        """Fetch nothing more."""
        self._stopping.set()

    async def run(self) -> None:
        """Fetch until told to stop; then confirm what was accepted."""
        while not self._stopping.is_set():
            if not self._receiver.has_room:
                await self._pause(_FULL_SECONDS)
                continue
            found = await self._fetched()
            if found:
                await self._hand_over(found)
                if self._receiver.n_waiting > 1:
                    await self._pause(_GATHER_SECONDS)
        if self._offset is not None:
            with suppress(TelegramError):
                await self._call(limit=1, timeout=0)

    async def _call(self, **parameters: Any) -> Sequence[Any]:
        """What Telegram has, as it came; the library's own method logs all of it where it cannot read a part."""
        asked = {"offset": self._offset, "allowed_updates": self._updates, **parameters}
        seconds = parameters["timeout"] + _ANSWER_SECONDS
        found = await self._bot._post("getUpdates", asked, read_timeout=seconds)
        return found if isinstance(found, list) else ()

    async def _fetched(self) -> Sequence[Any]:
        """What Telegram has; () after a failure, or if told to stop meanwhile."""
        request = asyncio.create_task(self._call(timeout=_LONG_SECONDS))
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({request, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not request.done():
            request.cancel()
            with suppress(asyncio.CancelledError):
                await request
            return ()
        try:
            found = request.result()
        except TelegramError as error:
            self._count("getUpdates", type(error).__name__)
            await self._wait_after(error)
            return ()
        self._count("getUpdates", "ok")
        self._n_failures = 0
        return found

    async def _wait_after(self, error: TelegramError) -> None:
        if isinstance(error, Conflict):
            _log.error(
                "another process fetches this bot's updates, or set a webhook (%s): stop it", error.message
            )
        elif isinstance(error, InvalidToken):
            _log.error("Telegram does not know the token any more: set a new TELEGRAM_BOT_TOKEN and restart")
        else:
            _log.warning("Telegram cannot be reached (%s); trying on", type(error).__name__)
        wait = _WAITS[min(self._n_failures, len(_WAITS) - 1)]
        self._n_failures += 1
        if isinstance(error, RetryAfter):
            wait = max(wait, seconds_to_wait(error))
        await self._pause(wait)

    async def _hand_over(self, found: Sequence[Any]) -> None:
        """Accept what was fetched; what could not be accepted is not confirmed, so it comes again."""
        try:
            await self._receiver.receive(list(self._updates_among(found)))
        except NoRoom:
            await self._pause(_FULL_SECONDS)
        except RetrievalError:
            _log.exception("updates cannot be kept; trying again")
            await self._pause(_WAITS[1])
        else:
            self._offset = found[-1]["update_id"] + 1

    def _updates_among(self, found: Sequence[Any]) -> Iterator[ReceivedUpdate]:
        for each in found:
            try:
                update = self._receiver.decode(each)
            except ValueError:
                _log.error("Telegram sent what is no update: it is passed over")
            else:
                if update is not None:
                    yield update

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
