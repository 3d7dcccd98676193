"""The gate that every question from the web passes: so many a visitor, so many waiting, so many computed at a time."""

from __future__ import annotations

import asyncio
import ipaddress
import math
from collections.abc import Callable
from typing import TypeVar

from bot.telegram.admission import MAX_QUESTION_CHARS
from bot.telegram.token_bucket import Buckets, Rate

_T = TypeVar("_T")
_WAIT_SECONDS = 30.0
"""For one's turn: who asked has gone by then."""


class Refused(Exception):
    """A question is not answered now; nothing was computed for it."""

    def __init__(self, status: int, retry_after: int | None = None) -> None:
        """`status` is HTTP's: 413 too long, 429 too many from this visitor, 503 too many from all together."""
        super().__init__(str(status))
        self.status = status
        self.retry_after = retry_after


class Gate:
    """Admits questions and runs what answers them in threads, in the order in which they came."""

    def __init__(
        self, answering: asyncio.Semaphore, rate: Rate, queue_limit: int, clock: Callable[[], float]
    ) -> None:
        """`answering` lets so many be computed at a time and may be shared with the bot; `clock` gives monotonic seconds."""
        self._answering = answering
        self._visitors = Buckets(rate, clock)
        self._queue_limit = queue_limit
        self.n_waiting = 0
        """Admitted and not yet answered."""

    async def ask(self, visitor: str, question: str, compute: Callable[[], _T]) -> _T:
        """Admit a question and run `compute` in a thread when its turn comes. Raises Refused."""
        self.admit(visitor, question)
        return await self.run(compute)

    async def run(self, compute: Callable[[], _T]) -> _T:
        """Run what computes the answer to a question that was admitted, in a thread when its turn comes. Raises Refused."""
        self.n_waiting += 1
        try:
            await self._take_turn()
            try:
                return await asyncio.to_thread(compute)
            finally:
                self._answering.release()
        finally:
            self.n_waiting -= 1

    def admit(self, visitor: str, question: str = "", buckets: Buckets | None = None) -> None:
        """Take one of what the visitor may ask, from `buckets` or those of all visitors. Raises Refused."""
        if len(question) > MAX_QUESTION_CHARS:
            raise Refused(413)
        key, buckets = hash(visitor), self._visitors if buckets is None else buckets
        if not buckets.has(key):
            raise Refused(429, math.ceil(buckets.seconds_to_next(key)))
        if self.n_waiting >= self._queue_limit:
            raise Refused(503, 10)
        buckets.take(key)

    async def _take_turn(self) -> None:
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._answering.acquire()
        except TimeoutError:
            raise Refused(503, 10) from None


def visitor_at(host: str | None) -> str:
    """Return who counts as one visitor: an IPv4 address, or the /64 that one customer has of IPv6."""
    try:
        address = ipaddress.ip_address((host or "").partition("%")[0])
    except ValueError:
        return host or ""
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)
