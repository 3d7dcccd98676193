"""Hits that repeat or contradict each other: copies of one story grouped, differing figures side by side.

Hits tell one story if their articles were filed under one, or if their passages share most words, all
figures and the primary place, as a brief's does with its long form's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from retrieval.answer_types import Hit
from retrieval.answering.agreement import sentence_time, text_before
from retrieval.answering.query import Query
from retrieval.store.copies import shingles
from retrieval.text.dates import Period
from retrieval.text.figures import Kind, Value, find_figures, kind_of, numbers_told, value_of
from retrieval.text.tokenization import fold
from retrieval.types import RegionRole, StoredArticle

_SAME = 0.6
"""Jaccard similarity of 4-character shingles from which two passages tell one story."""
_YEAR = 365
_UNMEASURED = frozenset({Kind.DATE, Kind.ORDINAL})
"""Kinds of figure that do not contradict each other by being different."""


def is_same_story(first: str, second: str) -> bool:
    """Whether two passages say the same with the same figures; never true where figures differ."""
    if _numbers(first) != _numbers(second):
        return False
    one, other = shingles(first), shingles(second)
    return len(one & other) >= _SAME * len(one | other)


@lru_cache(maxsize=1024)
def _numbers(text: str) -> frozenset[Decimal]:
    """A passage is compared with each story before it, so its numbers are kept for a while."""
    return numbers_told(fold(text))


def primary_region(article: StoredArticle) -> str | None:
    """The code of the division that an article is about, or None."""
    return next((each.code for each in article.regions if each.role is RegionRole.PRIMARY), None)


def distinct_stories(hits: Sequence[Hit]) -> list[Hit]:
    """Hits of distinct stories: a later copy of the same story becomes a further source of the first."""
    stories: list[Hit] = []
    for hit in hits:
        for number, story in enumerate(stories):
            if _tell_one(story, hit):
                stories[number] = replace(story, also=(*story.also, hit.article))
                break
        else:
            stories.append(hit)
    return stories


def _tell_one(one: Hit, other: Hit) -> bool:
    if one.article.story == other.article.story:
        return True
    is_same_place = primary_region(one.article) == primary_region(other.article)
    return is_same_place and is_same_story(one.passage.text, other.passage.text)


def differing_first(
    hits: Sequence[Hit], query: Query, is_sure: Callable[[Hit], bool]
) -> tuple[int, list[Hit]]:
    """How many hits give differing figures for what the first one tells, and the hits with those in front.

    They are of the first hit's primary place, as sure, told of the same part of a year in the same way (a month's
    figure does not contradict the sum of several), and hold a figure of the unit asked for; the newest comes first.
    Where nothing differs the order stays and the number is 1 (0 without hits).
    """
    if not hits or not query.asks_for_figure or query.asks_for in _UNMEASURED:
        return min(1, len(hits)), list(hits)
    first = hits[0]
    group, told = [first], {_told(first, query)}
    for hit in hits[1:]:
        figures = _told(hit, query)
        is_there = primary_region(hit.article) == primary_region(first.article) and is_sure(hit)
        if (
            is_there
            and figures
            and figures not in told
            and _covers(hit, first)
            and _is_of_one_time(hit, first)
        ):
            group.append(hit)
            told.add(figures)
    if len(group) == 1 or not _told(first, query):
        return 1, list(hits)
    group.sort(key=lambda hit: hit.article.date or date.min, reverse=True)
    return len(group), [*group, *(hit for hit in hits if all(hit is not each for each in group))]


def _told(hit: Hit, query: Query) -> frozenset[Value]:
    """The values of the asked kind, of the asked unit where there is one, in a hit's first sentence."""
    figures = [each for each in find_figures(hit.evidence[0].text) if kind_of(each) is query.asks_for]
    exact = [each for each in figures if query.unit and each.unit == query.unit]
    values = (value_of(each) for each in exact or figures)
    return frozenset(value for value in values if value is not None)


def _is_of_one_time(one: Hit, other: Hit) -> bool:
    """Whether two hits may tell of the same stretch of a year, in the same way; one that names no time may."""
    times = [_time(each) for each in (one, other)]
    return not all(times) or bool(times[0] & times[1])


def _time(hit: Hit) -> frozenset[tuple[object, ...]]:
    day = hit.article.date
    told = sentence_time(hit.evidence[0].text, text_before(hit), day) if day else ()
    return frozenset(_part_of_year(each) for each in told)


def _part_of_year(period: Period) -> tuple[object, ...]:
    """The period without its year: reports of two years may differ, those of June and of half a year tell two things."""
    if period.n_days >= _YEAR:
        return (period.kind, period.last.year - period.first.year)
    first, last = period.first, period.last
    return (period.kind, first.month, first.day, last.month, last.day)


def _covers(hit: Hit, first: Hit) -> bool:
    """Whether a hit's first sentence has all the question's words that the first hit's has."""
    return _words(first) <= _words(hit)


def _words(hit: Hit) -> frozenset[str]:
    return frozenset(fold(hit.article.text[start:end]) for start, end in hit.evidence[0].matched)
