"""Queues of updates: one update of a chat at a time, chats beside each other, a gate before the encoder.

A chat's next update begins when its last one is done and then goes to the end of the gate's line, so a burst
from one chat delays the others by one turn of it, never by the burst.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

_log = logging.getLogger(__name__)
_Item = TypeVar("_Item")


class ChatQueues(Generic[_Item]):
    """Hands items to `handle`, each key's own in their order, or in the one that `pick` gives. Runs in one event loop."""

    def __init__(
        self,
        handle: Callable[[_Item], Awaitable[None]],
        pick: Callable[[Sequence[_Item]], int] = lambda _waiting: 0,
    ) -> None:
        """`pick` says which of a key's waiting items is the next one."""
        self._handle = handle
        self._pick = pick
        self._waiting: dict[int, deque[_Item]] = {}
        self._runs: set[asyncio.Task[None]] = set()
        self._n_waiting = 0
        self._is_open = True

    @property
    def n_waiting(self) -> int:
        """Items that have been put and are not yet done."""
        return self._n_waiting

    def put(self, key: int, item: _Item) -> None:
        """Let an item wait for its key's turn."""
        self._n_waiting += 1
        if key in self._waiting:
            self._waiting[key].append(item)
            return
        self._waiting[key] = deque([item])
        run = asyncio.create_task(self._serve(key))
        self._runs.add(run)
        run.add_done_callback(self._runs.discard)

    async def _serve(self, key: int) -> None:
        waiting = self._waiting[key]
        try:
            while waiting and self._is_open:
                number = self._pick(waiting)
                item = waiting[number]
                del waiting[number]
                try:
                    await self._handle(item)
                except Exception:
                    _log.exception("an update was not handled")
                finally:
                    self._n_waiting -= 1
        finally:
            self._n_waiting -= len(waiting)
            del self._waiting[key]

    async def stop(self, seconds: float, grace: float) -> int:
        """Let running work finish for `seconds`, then cancel it after `grace` more. Return how many chats were cancelled."""
        if self._runs:
            await asyncio.wait(self._runs, timeout=seconds)
        self._is_open = False
        if self._runs:
            await asyncio.wait(self._runs, timeout=grace)
        left = list(self._runs)
        for run in left:
            run.cancel()
        for run in left:
            with suppress(asyncio.CancelledError):
                await run
        return len(left)
