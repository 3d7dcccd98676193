"""Which programs may ask, and how often: with a key by its name, without one as any visitor."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.telegram.token_bucket import Buckets, Rate
from bot.web.gate import Gate
from bot.web.keys import KeyRing

KEY_RATE = Rate(60.0, 40)


class KeyRefused(Exception):
    """A key is missing where one is needed, or is nobody's."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and from whose tokens it is taken."""

    name: str
    buckets: Buckets | None = None
    """None: a visitor like any other."""

    def admit(self, gate: Gate, question: str = "") -> None:
        """Take one of what the asker may ask. Raises Refused."""
        gate.admit(self.name, question, self.buckets)


class Programs:
    """Tells askers apart."""

    def __init__(
        self,
        keys: str | None = None,
        rate: Rate = KEY_RATE,
        *,
        needs_key: bool = False,
        origins: tuple[str, ...] = (),
        hosts: tuple[str, ...] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`keys` are the entries of API_KEYS; `origins` the sites whose scripts may ask; `hosts` what this server is called."""
        self._ring = KeyRing(keys)
        self._buckets = Buckets(rate, clock)
        self.needs_key = needs_key
        self.origins = origins
        self.hosts = hosts

    def asker(self, authorization: str | None, visitor: str) -> Asker:
        """Return who asks, by the header Authorization and the address. Raises KeyRefused."""
        if authorization is None:
            if self.needs_key:
                raise KeyRefused
            return Asker(visitor)
        scheme, _, key = authorization.partition(" ")
        name = self._ring.name_of(key.strip()) if scheme.lower() == "bearer" else None
        if name is None:
            raise KeyRefused
        return Asker(f"key {name}", self._buckets)
