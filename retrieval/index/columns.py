"""What passages are filtered by on the dense side: their articles' dates and regions, as columns in memory."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.regions.codes import code_range
from retrieval.types import Filter, IndexedPassage

_DIGITS = 12
"""Of a code as a number: 150524 counts as 150524000000, so that a division and all within it are one range."""
_LOOSE = 20_000
"""Regions that came since the last sorting; more of them are sorted in."""
_MASKS = 16
"""Filters whose masks are kept: a byte a row each."""


class Columns:
    """Dates and regions by row. Not safe for use by several threads at once while it changes."""

    def __init__(self) -> None:
        self._days = np.empty(0, np.int32)
        """Proleptic ordinals; 0: no date."""
        self._codes = np.empty(0, np.int64)
        """Of all rows' regions: ascending up to `_n_sorted`, then as they came; `_rows` has the row of each (64 bits:
        numpy marks rows by narrower numbers at half the speed)."""
        self._rows = np.empty(0, np.int64)
        self._is_primary = np.empty(0, np.bool_)
        self._n_sorted = 0
        self._masks: dict[Filter, NDArray[np.bool_]] = {}
        """Of the last filters asked for, while nothing changes: a question asks for its own on both sides, and a paper's
        readers ask for the same few places."""

    def __len__(self) -> int:
        """How many rows it has."""
        return len(self._days)

    def append(self, passages: Sequence[IndexedPassage]) -> None:
        """Add a row for each passage."""
        self._masks.clear()
        first = len(self)
        days = np.array([_ordinal(each.day) for each in passages], np.int32)
        self._days = np.concatenate([self._days, days])
        self._add_regions(range(first, first + len(passages)), passages)

    def update(self, rows: Sequence[int], passages: Sequence[IndexedPassage]) -> None:
        """Give rows other dates and regions."""
        if not rows:
            return
        self._masks.clear()
        self._days[list(rows)] = [_ordinal(each.day) for each in passages]
        kept = ~np.isin(self._rows, rows)
        self._n_sorted = int(np.count_nonzero(kept[: self._n_sorted]))
        self._codes, self._rows = self._codes[kept], self._rows[kept]
        self._is_primary = self._is_primary[kept]
        self._add_regions(rows, passages)

    def _add_regions(self, rows: Sequence[int], passages: Sequence[IndexedPassage]) -> None:
        found = [
            (_number(code), row, is_primary)
            for row, each in zip(rows, passages, strict=True)
            for code, is_primary in each.regions
        ]
        codes, owners, primaries = zip(*found, strict=True) if found else ((), (), ())
        self._codes = np.concatenate([self._codes, np.array(codes, np.int64)])
        self._rows = np.concatenate([self._rows, np.array(owners, np.int64)])
        self._is_primary = np.concatenate([self._is_primary, np.array(primaries, np.bool_)])
        if len(self._codes) - self._n_sorted > _LOOSE:
            self._sort()

    def _sort(self) -> None:
        order = np.argsort(self._codes, kind="stable")
        self._codes, self._rows = self._codes[order], self._rows[order]
        self._is_primary = self._is_primary[order]
        self._n_sorted = len(order)

    def passing(self, where: Filter) -> NDArray[np.bool_]:
        """Whether each row passes a filter; not to be changed."""
        known = self._masks.get(where)
        if known is not None:
            return known
        if len(self._masks) >= _MASKS:
            del self._masks[next(iter(self._masks))]
        self._masks[where] = self._mask(where)
        return self._masks[where]

    def _mask(self, where: Filter) -> NDArray[np.bool_]:
        mask = np.ones(len(self), np.bool_)
        if where.regions:
            mask[:] = False
            for low, high in _ranges(where.regions):
                mask[self._owned(low, high, where.primary_only)] = True
        if where.first_date:
            mask &= self._days >= where.first_date.toordinal()
        if where.last_date:
            mask &= (self._days <= where.last_date.toordinal()) & (self._days > 0)
        return mask

    def _owned(self, low: int, high: int, primary_only: bool) -> NDArray[np.int64]:
        first, last = np.searchsorted(self._codes[: self._n_sorted], [low, high])
        rows, is_primary = self._rows[first:last], self._is_primary[first:last]
        if self._n_sorted < len(self._codes):
            loose = self._codes[self._n_sorted :]
            also = self._n_sorted + np.flatnonzero((loose >= low) & (loose < high))
            rows = np.concatenate([rows, self._rows[also]])
            is_primary = np.concatenate([is_primary, self._is_primary[also]])
        return rows[is_primary] if primary_only else rows

    def dump(self) -> bytes:
        """All of it as bytes."""
        self._sort()
        file = io.BytesIO()
        np.savez(file, days=self._days, codes=self._codes, rows=self._rows, is_primary=self._is_primary)
        return file.getvalue()

    @classmethod
    def parse(cls, content: bytes) -> Columns:
        """What `dump` wrote; raises ValueError, KeyError or OSError for anything else."""
        columns = cls()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            columns._days, columns._codes = arrays["days"], arrays["codes"]
            columns._rows, columns._is_primary = arrays["rows"], arrays["is_primary"]
        columns._n_sorted = len(columns._codes)
        return columns


def _ranges(codes: Sequence[str]) -> list[tuple[int, int]]:
    """The divisions' ranges of numbers, half open, ascending, those that touch joined."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted((_number(low), _number(high)) for low, high in map(code_range, codes)):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


@lru_cache(maxsize=8192)
def _number(code: str) -> int:
    """A code, or a prefix of codes, as a number; the character behind 9, where a range ends, counts as ten."""
    digits = [ord(character) - ord("0") for character in code.ljust(_DIGITS, "0")]
    return sum(digit * 10 ** (_DIGITS - 1 - place) for place, digit in enumerate(digits))
