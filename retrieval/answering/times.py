"""Which time a passage and a sentence tell of, and whether that is the time asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from retrieval.answering.query import Query
from retrieval.regions.places import AGREES, DIFFERS, UNASKED
from retrieval.text.dates import (
    Period,
    PeriodKind,
    contradicts,
    fits,
    names_day,
    names_period,
    told_periods,
)
from retrieval.text.tokenization import fold

_YEAR = 365
_SUMMED = (PeriodKind.CUMULATIVE, PeriodKind.AS_OF)


def passage_agreement(day: date | None, text: str, whole: str, query: Query) -> float:
    """AGREES if something in `text`, a passage with its head, folded, may be told of a period asked for.

    `day` is its article's issue date, `whole` its article's text, by which one without a date is judged.
    """
    if not query.periods:
        return UNASKED
    if day is None:
        return _undated(whole, query)
    if any(day in period and period.n_days >= _YEAR for period in query.periods):
        return AGREES
    told = told_periods(text, day)
    if _fits_any(told, query, day):
        return AGREES
    return AGREES if _is_of_then(day, told, query.periods) else DIFFERS


def sentence_time(sentence: str, before: str, day: date) -> tuple[Period, ...]:
    """The periods that a sentence tells of: those it names, else the last one named in what stands before it."""
    return told_periods(fold(sentence), day) or told_periods(fold(before), day)[-1:]


def sentence_time_agreement(day: date | None, sentence: str, before: str, whole: str, query: Query) -> float:
    """AGREES if a sentence is about a period asked for.

    It is about the periods that it names; one that names none, about the one named last in `before`, its
    title and what the passage says before it, else about the time when it was issued.
    """
    if not query.periods:
        return UNASKED
    if day is None:
        return _undated(sentence if names_day(fold(sentence)) else whole, query)
    own = told_periods(fold(sentence), day)
    if own:
        is_right = _fits_any(own, query, day) or _is_of_then(day, own, query.periods)
        return AGREES if is_right else DIFFERS
    inherited = told_periods(fold(before), day)[-1:]
    if _fits_any(inherited, query, day):
        return AGREES
    narrow = [each for each in inherited if each.n_days < _YEAR]
    asked = [each for each in query.periods if not narrow or each.n_days >= _YEAR]
    return AGREES if _is_of_then(day, (), asked) else DIFFERS


def _undated(whole: str, query: Query) -> float:
    return AGREES if any(names_period(fold(whole), period) for period in query.periods) else DIFFERS


def _fits_any(told: Sequence[Period], query: Query, day: date) -> bool:
    return any(fits(each, period, day) for period in query.periods for each in told)


def _is_of_then(day: date, told: Sequence[Period], asked: Sequence[Period]) -> bool:
    """Whether what is issued in a period asked for is about it: nothing told contradicts, and it is no sum, which has to be named."""
    return any(
        day in period and period.kind not in _SUMMED and not any(contradicts(each, period) for each in told)
        for period in asked
    )
