"""A sentence that is read for figures, with what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_BORDER = re.compile("[，,；;。！？：:\n]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`folded[start:end]`, in a whole text that is folded."""

    folded: str
    start: int
    end: int
    before: str
    """What a reader has read before it, folded: the title, and its paragraph up to it."""
    day: date
    """The issue date."""

    def clause_start(self, at: int) -> int:
        """Where the clause begins that goes up to `at`."""
        return clause_start(self.folded, self.start, at)

    def clause(self, at: int) -> str:
        """What its clause says before `at`."""
        return self.folded[self.clause_start(at) : at]


def clause_start(text: str, start: int, at: int) -> int:
    """Where the last clause of `text[start:at]` begins."""
    borders = [match.end() for match in _BORDER.finditer(text, start, at)]
    return borders[-1] if borders else start
