"""A text that a model cannot read whole, in overlapping parts that it can."""

from __future__ import annotations

from collections.abc import Sequence

_OVERLAP = 32
"""Tokens that neighbouring parts share."""


def windows(text: str, offsets: Sequence[tuple[int, int]], room: int) -> list[str]:
    """Parts of a text of at most `room` tokens each, in order; `offsets` are its tokens' beginnings and ends."""
    starts = range(0, max(1, len(offsets) - _OVERLAP), max(1, room - _OVERLAP))
    return [text[offsets[at][0] : offsets[min(at + room, len(offsets)) - 1][1]] for at in starts]
