"""What a period is, and when what is told of one answers a question about another."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache


class PeriodKind(StrEnum):
    """How what is told relates to the period's days."""

    SINGLE = "single"
    """It is, or happens, in them: 6月, 第三季度, 上半年."""
    CUMULATIVE = "cumulative"
    """It is the sum over several months, quarters or years: 1至6月, 前三季度, 近三年."""
    AS_OF = "as_of"
    """It is the state reached on the last day: 截至6月底."""
    PLANNED = "planned"
    """It is still to come as the words are written: 到2025年底将."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included, and the words that named it."""

    text: str
    start: int
    end: int
    first: date
    last: date
    is_relative: bool
    """It means another day when read on another day: 今年, 6月30日 without a year."""
    kind: PeriodKind = PeriodKind.SINGLE
    lacks_year: bool = False
    """It is a part of some year, and only the day it is read on says of which: 6月30日, 上半年."""

    def __contains__(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day <= self.last

    @property
    def n_days(self) -> int:
        """How long it is."""
        return (self.last - self.first).days + 1


_THIRD_OF_MONTH = 11
_MONTH = 31
_YEAR = 365


def fits(told: Period, asked: Period, issued: date | None) -> bool:
    """Whether what a report issued on that day tells of one period answers a question about another.

    Only what is told of the very same days and in the same way does: a month is not answered by the months up
    to it, nor three quarters by the last of them. A year is also answered by its parts, which are all that is
    known of it so far, and a shorter time by a day in it, on which something happened. What was still to come
    when it was written is no answer about a time that is over, but for a day that was announced.
    """
    is_same = (told.first, told.last) == (asked.first, asked.last)
    is_within = asked.first <= told.first and told.last <= asked.last
    if asked.kind is PeriodKind.PLANNED:
        is_part = is_within and (asked.n_days >= _YEAR or told.n_days <= _THIRD_OF_MONTH)
        return is_same or is_part or (told.kind is PeriodKind.PLANNED and told.last == asked.last)
    if told.kind is PeriodKind.PLANNED:
        is_announced = is_same and asked.kind is PeriodKind.SINGLE and asked.n_days <= _MONTH
        return is_announced or (issued is not None and issued in asked and is_within)
    if asked.kind is PeriodKind.AS_OF:
        is_moment = told.kind is PeriodKind.AS_OF or told.n_days <= _THIRD_OF_MONTH
        return is_moment and told.last == asked.last
    if asked.n_days >= _YEAR:
        return is_within
    if is_same:
        return told.kind is not PeriodKind.AS_OF or asked.n_days == 1
    if asked.kind is PeriodKind.CUMULATIVE or told.kind is PeriodKind.AS_OF:
        return False
    return is_within and told.n_days <= _THIRD_OF_MONTH


def contradicts(told: Period, asked: Period) -> bool:
    """Whether a sentence told of one period cannot be about another, its report being of that other.

    A year is contradicted by another year alone, something shorter by everything but a longer time around it.
    """
    is_apart = told.last < asked.first or told.first > asked.last
    return is_apart or (asked.n_days < _YEAR and told.n_days < _YEAR)


@lru_cache(maxsize=4096)
def months(year: int, first: int, last: int) -> tuple[date, date]:
    """The first day of one month and the last of another, of the same year."""
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def years_before(day: date, n_years: int) -> date:
    """The day some years before, the last of February for its 29th."""
    last = months(day.year - n_years, day.month, day.month)[1]
    return last.replace(day=min(day.day, last.day))


def months_before(day: date, n_months: int) -> tuple[date, date]:
    """The first and last day of the month so many before that of `day`, after it if negative."""
    count = day.year * 12 + day.month - 1 - n_months
    return months(count // 12, count % 12 + 1, count % 12 + 1)


def week_before(day: date, n_weeks: int) -> tuple[date, date]:
    """Monday and Sunday of the week so many before that of `day`, after it if negative."""
    monday = day - timedelta(days=day.weekday(), weeks=n_weeks)
    return monday, monday + timedelta(days=6)
