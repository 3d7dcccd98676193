"""The pace of what is sent to each chat, and what a flood limit halts: that chat, or all if Telegram repeats it.

Replies to people have no limit for all chats together; python-telegram-bot's own limiter would hold every call,
typing included, to one rate, and would halt everybody for one chat's flood.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from telegram.error import (
    RetryAfter,
)
from telegram.ext import BaseRateLimiter

from bot.telegram.client.sending import seconds_to_wait
from bot.telegram.token_bucket import Buckets, Rate

_log = logging.getLogger(__name__)

PRIVATE = Rate(per_minute=60, burst=20)
"""About a message a second, with short bursts."""
GROUP = Rate(per_minute=20, burst=5)
_TRIES = 6
"""Times that a message is sent into a flood limit before it is given up."""
_SPARE_SECONDS = 0.1
_MOST_LANES = 5000
_UNPACED = frozenset({"sendChatAction"})


@dataclass(slots=True)
class _ChatState:
    """One chat's messages, one at a time."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    halted_until: float = 0.0


class ChatPace(BaseRateLimiter[Any]):
    """Paces messages and edits chat by chat, waits for flood limits and sends again."""

    def __init__(
        self,
        count: Callable[[str, str], None] = lambda _method, _result: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
    ) -> None:
        """`count` is told of every call: its method, and ok or the class of its error."""
        self._count = count
        self._clock = clock
        self._sleep = sleep
        self._private = Buckets(PRIVATE, clock)
        self._groups = Buckets(GROUP, clock)
        self._chats: dict[int, _ChatState] = {}
        self._all_halted_until = 0.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Any,  # noqa: ARG002
    ) -> Any:
        """The call's result, once its chat's turn has come; raises RetryAfter if the flood does not end."""

        async def call() -> Any:
            try:
                result = await callback(*args, **kwargs)
            except Exception as error:
                self._count(endpoint, type(error).__name__)
                raise
            self._count(endpoint, "ok")
            return result

        chat_id = data.get("chat_id")
        if not isinstance(chat_id, int) or endpoint in _UNPACED:
            return await call()
        chat = self._state_of(chat_id)
        async with chat.lock:
            return await self._send(chat_id, chat, call)

    async def _send(
        self, chat_id: int, chat: _ChatState, call: Callable[[], Coroutine[Any, Any, Any]]
    ) -> Any:
        for number in range(1, _TRIES + 1):
            await self._wait(chat_id, chat)
            try:
                return await call()
            except RetryAfter as error:
                if number == _TRIES:
                    raise
                self._halt(chat_id, chat, seconds_to_wait(error))
        raise AssertionError("the loop returns or raises")

    async def _wait(self, chat_id: int, chat: _ChatState) -> None:
        """Return when the chat may be sent a message."""
        buckets = self._private if chat_id > 0 else self._groups
        while True:
            until = max(chat.halted_until, self._all_halted_until)
            seconds = max(until - self._clock(), buckets.seconds_to_next(chat_id))
            if seconds <= 0:
                buckets.take(chat_id)
                return
            await self._sleep(seconds)

    def _halt(self, chat_id: int, chat: _ChatState, seconds: float) -> None:
        now = self._clock()
        until = now + seconds + _SPARE_SECONDS
        others = any(each.halted_until > now for each in self._chats.values() if each is not chat)
        chat.halted_until = until
        if others:  # it is not this chat that is too busy
            self._all_halted_until = max(self._all_halted_until, until)
        _log.warning(
            "flood limit: %s for %.0f s", "everything waits" if others else f"chat {chat_id} waits", seconds
        )

    def _state_of(self, chat_id: int) -> _ChatState:
        if len(self._chats) >= _MOST_LANES:
            now = self._clock()
            self._chats = {
                key: chat
                for key, chat in self._chats.items()
                if chat.lock.locked() or chat.halted_until > now
            }
        return self._chats.setdefault(chat_id, _ChatState())


class Pace:
    """So many messages a second, evenly; a flood limit halts them all."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._gap = 1.0 / per_second
        self._next = 0.0

    async def wait(self) -> None:
        """Return when the next message may go out."""
        while True:
            now = time.monotonic()
            if now >= self._next:
                self._next = now + self._gap
                return
            await asyncio.sleep(self._next - now)

    def halt(self, seconds: float) -> None:
        """Let nothing go out for so long."""
        self._next = max(self._next, time.monotonic() + seconds)
