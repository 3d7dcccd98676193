"""Whether the bot can answer: its databases, its index, its encoder, and Telegram within reach."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from telegram import Bot
from telegram.error import TelegramError

from bot.telegram.context import Services

_log = logging.getLogger(__name__)

OK = "ok"
_KEPT_SECONDS = 2.0
"""How long an answer holds, so that asking often costs little."""
_LATELY_SECONDS = 60.0
_PATIENCE_SECONDS = 5.0


class Reach:
    """When Telegram last answered."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: float | None = None

    def count(self, _method: str, result: str) -> None:
        """A call ended: anything but a broken connection means that Telegram is there."""
        if result not in ("NetworkError", "TimedOut"):
            self._last = self._clock()

    @property
    def is_recent(self) -> bool:
        """Whether Telegram answered within the last minute."""
        return self._last is not None and self._clock() - self._last < _LATELY_SECONDS


class Health:
    """Looks at each part; an answer is kept for two seconds."""

    def __init__(self, services: Services, bot: Bot, reach: Reach) -> None:
        self._services = services
        self._bot = bot
        self._reach = reach
        self._lock = asyncio.Lock()
        self._found: dict[str, str] = {}
        self._looked_at = float("-inf")

    async def look(self) -> dict[str, str]:
        """Each part and how it is: ok, or the class of what is wrong, never its words."""
        async with self._lock:
            if time.monotonic() - self._looked_at > _KEPT_SECONDS:
                self._found = await self._look()
                self._looked_at = time.monotonic()
            return self._found

    async def _look(self) -> dict[str, str]:
        library = self._services.library
        checks = {
            "database": library.check_store,
            "chats": self._services.storage.check,
            "index": library.check_index,
            "encoder": library.check_encoder,
        }
        found = {name: await _outcome(name, check) for name, check in checks.items()}
        return found | {"telegram": await self._telegram()}

    async def _telegram(self) -> str:
        if self._reach.is_recent:
            return OK
        try:  # in a quiet hour a webhook bot makes no calls
            await asyncio.wait_for(self._bot.get_me(), _PATIENCE_SECONDS)
        except (TelegramError, TimeoutError) as error:
            return type(error).__name__
        return OK


async def _outcome(name: str, check: Callable[[], None]) -> str:
    try:
        await asyncio.wait_for(asyncio.to_thread(check), _PATIENCE_SECONDS)
    except Exception as error:
        _log.warning("not ready: %s (%s: %s)", name, type(error).__name__, error)
        return type(error).__name__
    return OK
