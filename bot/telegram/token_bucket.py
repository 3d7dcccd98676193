"""Token buckets: how much each key may do in a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a minute, and so many at once."""

    per_minute: float
    burst: int


class Buckets:
    """A token bucket for each key: full at first, refilled evenly."""

    def __init__(self, rate: Rate, clock: Callable[[], float], most: int = MOST_REMEMBERED) -> None:
        """`clock` gives monotonic seconds."""
        self._rate = rate
        self._clock = clock
        self._most = most
        self._levels: OrderedDict[int, tuple[float, float]] = OrderedDict()  # tokens, when

    def __len__(self) -> int:
        return len(self._levels)

    def has(self, key: int) -> bool:
        """Whether there is a token; it is not taken."""
        return self._level(key) >= 1

    def take(self, key: int) -> bool:
        """Take a token. Return whether there was one."""
        level = self._level(key)
        is_there = level >= 1
        self._levels[key] = (level - is_there, self._clock())
        self._levels.move_to_end(key)
        if len(self._levels) > self._most:
            self._levels.popitem(last=False)
        return is_there

    def seconds_to_next(self, key: int) -> float:
        """How long until there is a token; 0 if there is one."""
        return max(0.0, (1 - self._level(key)) * 60 / self._rate.per_minute)

    def _level(self, key: int) -> float:
        level, since = self._levels.get(key, (float(self._rate.burst), self._clock()))
        return min(float(self._rate.burst), level + (self._clock() - since) * self._rate.per_minute / 60)
