"""What was worked out of the library, kept until the library changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

_T = TypeVar("_T")
_MOST = 300
"""The largest are feeds, of some 200 kB."""
_FRESH_SECONDS = 1.0
"""For so long nobody asks whether the library has changed."""


class Memory:
    """Remembers results by key; the longest unused go first. Safe for several threads."""

    def __init__(
        self, version: Callable[[], Hashable], clock: Callable[[], float], most: int = _MOST
    ) -> None:
        """`version` differs whenever the library does; `clock` gives monotonic seconds."""
        self._version = version
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._known: Hashable = None
        self._asked_at = float("-inf")

    def get(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        """Return what is kept under a key, else compute it; two threads may do so at a time.

        Never within `Store.at_once`: what is read of an earlier moment would be kept as if it were of now.
        """
        generation = self._look()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                kept: _T = self._kept[key]
                return kept
        found = compute()
        with self._lock:
            if generation == self._known:
                self._kept[key] = found
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return found

    def _look(self) -> Hashable:
        now = self._clock()
        if now - self._asked_at >= _FRESH_SECONDS:
            version = self._version()
            with self._lock:
                if version != self._known:
                    self._kept.clear()
                    self._known = version
                self._asked_at = now
        return self._known
