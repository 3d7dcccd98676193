"""Whether what a passage, a sentence or a hit tells is of the time and the place asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from retrieval.answer_types import Evidence, Hit, Instead
from retrieval.answering.evidence import can_answer
from retrieval.answering.query import Query
from retrieval.answering.understanding import Asked
from retrieval.regions import Resolver
from retrieval.regions.places import AGREES, DIFFERS, UNASKED, governed_stretches, governing_codes, place_told
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

_YEAR, _MONTH = 365, 31
_PROVINCE_DIGITS = 2
_LEAST_OF_TOPIC = 0.2
"""The share of the topic's terms that a near hit of the place asked for has: below it, only the place is the same."""
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


class Agreement:
    """Whether hits are of the place and the time asked for."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._gazetteer = resolver.gazetteer

    def agrees(self, hit: Hit, asked: Asked) -> bool:
        """Whether the hit's sentence holds what is asked for, of the place and the time asked for."""
        return (
            _is_of_its_time(hit, asked.query) and _can_answer(hit, asked.query) and self._is_there(hit, asked)
        )

    def is_near(self, hit: Hit, asked: Asked) -> bool:
        """Whether a hit that does not answer is worth showing to who asked.

        It tells something of the topic there where it was asked about, or what happened there just then, or all of the topic
        of another place in the same province; who holds a post, only of the place itself.
        """
        told, query = fold(f"{hit.article.title}\n{hit.passage.text}"), asked.query
        if not (self._is_there(hit, asked) or self._names_place(hit, asked)):
            is_told = bool(query.topic_words) and all(word in told for word in query.topic_words)
            return is_told and query.post is None and self._is_in_province(self._place_told(hit), asked)
        if query.post is not None:
            return query.post.search(told) is not None
        if any(period.n_days <= _MONTH for period in query.periods) and _is_of_its_time(hit, query):
            return True
        n_told = sum(term in told for term in query.topic_terms)
        is_named = any(word in told for word in query.topic_words)
        return is_named or n_told >= _LEAST_OF_TOPIC * len(query.topic_terms)

    def instead(self, hit: Hit, asked: Asked) -> Instead | None:
        """Return of which other time or place the hit tells what is asked for; None where more than that is amiss."""
        is_then, is_there = _is_of_its_time(hit, asked.query), self._is_there(hit, asked)
        if is_then == is_there or not (_can_answer(hit, asked.query) and _tells_topic(hit, asked.query)):
            return None
        if is_there:
            told = _time_told(hit)
            if told is None:
                return None
            return Instead(days=(told.first, told.last), said=None if told.is_relative else told.text)
        code = self._place_told(hit)
        division = self._gazetteer.get(code) if code else None
        if division is None or any(self._gazetteer.is_within(each, division.code) for each in asked.regions):
            return None  # what holds the place asked for is no other place
        return Instead(place=division.name) if self._is_in_province(code, asked) else None

    def _place_told(self, hit: Hit) -> str | None:
        first = _answering(hit)[0]
        resolution = self._resolver.resolve_article(hit.article)
        return place_told(self._gazetteer, hit.article, resolution, first.start, first.end)

    def _names_place(self, hit: Hit, asked: Asked) -> bool:
        labels = hit.article.regions
        return any(
            self._gazetteer.is_within(each.code, region) for each in labels for region in asked.regions
        )

    def _is_in_province(self, code: str | None, asked: Asked) -> bool:
        """Whether a division is in the province of a place asked for: who asks of 包头 is not helped by a county in 湖南."""
        return code is not None and any(
            each[:_PROVINCE_DIGITS] == code[:_PROVINCE_DIGITS] for each in asked.regions
        )

    def _is_there(self, hit: Hit, asked: Asked) -> bool:
        if not asked.regions:
            return True
        resolution = self._resolver.resolve_article(hit.article)
        if not asked.is_of_its_place:
            codes = governing_codes(hit.article, resolution, hit.passage.start, hit.passage.end)
            codes += (resolution.primary,) if resolution.primary else ()
            return any(self._gazetteer.is_within(code, region) for code in codes for region in asked.regions)
        return any(
            each.answer is None or (start <= each.answer[0] and each.answer[1] <= end)
            for each in hit.evidence
            for start, end in governed_stretches(
                self._gazetteer, hit.article, resolution, each.start, each.end, asked.regions
            )
        )


def text_before(hit: Hit) -> str:
    """What a reader of a hit's first sentence has read before it: the title and the passage's beginning."""
    return f"{hit.article.title}\n{hit.article.text[hit.passage.start : hit.evidence[0].start]}"


def _answering(hit: Hit) -> Sequence[Evidence]:
    """Return the sentences in which the answer's words stand, all where none is known."""
    return [each for each in hit.evidence if each.answer] or hit.evidence


def _is_of_its_time(hit: Hit, query: Query) -> bool:
    before, article = text_before(hit), hit.article
    return any(
        sentence_time_agreement(article.date, each.text, before, article.text, query) != DIFFERS
        for each in _answering(hit)
    )


def _can_answer(hit: Hit, query: Query) -> bool:
    return any(can_answer(each.text, query) for each in hit.evidence)


def _tells_topic(hit: Hit, query: Query) -> bool:
    """Whether the sentences and their title have every word of the topic: else it is not the same thing."""
    told = fold("\n".join([hit.article.title, *(each.text for each in hit.evidence)]))
    return bool(query.topic_words) and all(word in told for word in query.topic_words)


def _time_told(hit: Hit) -> Period | None:
    """Return the one time that the answering sentence names as its own; None where it names several or none."""
    day = hit.article.date
    told = told_periods(fold(_answering(hit)[0].text), day) if day else ()
    return told[0] if len(told) == 1 and told[0].kind is not PeriodKind.PLANNED else None


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
