"""Near-duplicate passages: the same story printed twice, told by shared words, place and figures."""

from __future__ import annotations

from retrieval.figures import bare_numbers
from retrieval.tokenization import fold

_SHINGLE = 4
_SAME = 0.6
"""Jaccard similarity of 4-character shingles from which two texts tell one story."""


def shingles(text: str) -> frozenset[str]:
    """The 4-character stretches of a text's letters and digits."""
    letters = "".join(character for character in fold(text) if character.isalnum())
    return frozenset(letters[i : i + _SHINGLE] for i in range(max(1, len(letters) - _SHINGLE + 1)))


def is_same_story(first: str, second: str) -> bool:
    """Whether two passages say the same with the same figures; never true where figures differ."""
    if bare_numbers(fold(first)) != bare_numbers(fold(second)):
        return False
    one, other = shingles(first), shingles(second)
    return len(one & other) >= _SAME * len(one | other)
