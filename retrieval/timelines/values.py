"""What a timeline is made of: sentences that are read for figures, and points, each one figure of a quoted and dated one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from retrieval.types import StoredArticle

_BORDER = re.compile("[，,；;。！？：:\n]")
Day: TypeAlias = date
"""The type's name where a field is called date."""


class PointKind(StrEnum):
    """How a figure relates to its time; figures of two kinds are never compared."""

    ACTUAL = "actual"
    """It was so, or happened, then."""
    PLANNED = "planned"
    """It is an aim: 计划, 目标, 力争."""
    CUMULATIVE = "cumulative"
    """It is a sum since the year's beginning or over several years: 1至6月, 上半年, 累计."""
    FORECAST = "forecast"
    """It is expected: 预计, 有望, 将达."""


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a timeline."""

    first: date
    last: date
    """The days that the figure is told of, both included; the issue's where the sentence names no time."""
    date: str
    """`last` as exactly as the sentence says it: 2021, 2022-06 or 2022-06-30."""
    value: Decimal
    """In the timeline's unit; the lower end of a range."""
    most: Decimal
    """The upper end of a range, else `value`."""
    unit: str
    kind: PointKind
    is_from_text: bool
    """Whether the text names the time; else it is the issue's."""
    bound: int
    """1 where it is told as the least (超, 以上), -1 as the most (近, 不到), else 0."""
    figure: tuple[int, int]
    """Where the figure stands in the article's text."""
    sentence: tuple[int, int]
    article: StoredArticle
    also: tuple[StoredArticle, ...] = ()
    """Further articles with the same figure for the same time."""

    @property
    def sentence_text(self) -> str:
        """The sentence as it was printed."""
        return self.article.text[slice(*self.sentence)]

    @property
    def figure_text(self) -> str:
        """The figure as it was printed: 3万余亩."""
        return self.article.text[slice(*self.figure)]

    @property
    def stretch(self) -> tuple[Day, Day, PointKind]:
        """What two figures have in common that contradict each other if they differ."""
        return self.first, self.last, self.kind


@dataclass(frozen=True, slots=True)
class Timeline:
    """The points of one figure, the earliest first; () where the articles tell of none."""

    question: str
    indicator: str
    """What is followed, in the question's words: 水稻种植面积."""
    place: str | None
    """The code of the division whose figures they are; None for the whole country or where no place is named."""
    unit: str
    points: tuple[Point, ...]
    took_ms: float
    narrowed: str = ""
    """What narrows all points down, where the articles give no figure without it: 交通 of 交通固定资产投资."""

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to compare: points of two times at least."""
        return len({point.last for point in self.points}) > 1


@dataclass(frozen=True, slots=True)
class Sentence:
    """`folded[start:end]`, in a whole text that is folded."""

    folded: str
    start: int
    end: int
    before: str
    """What a reader has read before it, folded: the title, and its paragraph up to it."""
    day: Day
    """The issue date."""

    def clause_start(self, at: int) -> int:
        """Where the clause begins that goes up to `at`."""
        return max((each.end() for each in _BORDER.finditer(self.folded, self.start, at)), default=self.start)

    def clause(self, at: int) -> str:
        """What its clause says before `at`."""
        return self.folded[self.clause_start(at) : at]
