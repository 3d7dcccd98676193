"""What a reranker is: a question and passages in, what it makes of each passage out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_LONGEST_ANSWER = 24
"""Tokens."""


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """Where an answer may stand in a passage: characters `start` to `end`."""

    start: int
    end: int
    score: float
    """The sum of two logits."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cross-encoder makes of one passage."""

    relevance: float
    """A logit: the larger, the more surely the passage answers."""
    offsets: NDArray[np.int32]
    """Where the passage's tokens stand in its text, of shape (n, 2); n is 0 where the model knows no spans."""
    logits: NDArray[np.float32]
    """Of each of these tokens, that an answer begins and that one ends with it, of shape (n, 2)."""

    def best_span(self, start: int, end: int) -> AnswerSpan | None:
        """Return the likeliest span within characters `start` to `end` of the passage; None if no token was read there."""
        inside = np.flatnonzero((self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= end))
        if not inside.size:
            return None
        first, last = int(inside[0]), int(inside[-1]) + 1
        sums = self.logits[first:last, 0][:, None] + self.logits[first:last, 1][None, :]
        lengths = np.arange(last - first)[None, :] - np.arange(last - first)[:, None]
        sums[(lengths < 0) | (lengths >= _LONGEST_ANSWER)] = -np.inf
        begin, finish = divmod(int(sums.argmax()), last - first)
        return AnswerSpan(
            int(self.offsets[first + begin, 0]),
            int(self.offsets[first + finish, 1]),
            float(sums[begin, finish]),
        )

    @property
    def best_span_score(self) -> float | None:
        """Return the score of the likeliest span of all; None where no spans are known."""
        span = self.best_span(0, int(self.offsets[:, 1].max(initial=0)))
        return None if span is None else span.score


class Reranker(Protocol):
    """Reads a question and passages together. Synchronous and safe for several threads."""

    @property
    def name(self) -> str:
        """The name or folder under which a person asked for it (the value of RERANKER_MODEL)."""
        ...

    @property
    def fingerprint(self) -> str:
        """Equal for two rerankers exactly when they read alike."""
        ...

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Return what it makes of each passage, given as what stands over it (date, place, title) and its text."""
        ...
