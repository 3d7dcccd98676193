"""A question to its timeline: passages with its words, the figures in them, one point a time.

The data's way: question -> indicator -> passages that have all its words -> figures told of it -> those of the place
asked for -> one family of units -> one point for each time, with what contradicts it beside it.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from retrieval.answering.query import clean
from retrieval.answering.understanding import Asked, Understanding
from retrieval.index.base import PassageIndex
from retrieval.regions import Resolution, Resolver
from retrieval.store.store import Store
from retrieval.text.dates import Period
from retrieval.text.sentences import split_sentences
from retrieval.text.tokenization import Tokenizer, fold
from retrieval.timelines.choosing import Found, of_one_figure
from retrieval.timelines.figures import Glimpse, Reading, glimpse_figures, may_hold, read_figures
from retrieval.timelines.indicator import Indicator, parse_indicator, without_course
from retrieval.timelines.likelihood import bundled
from retrieval.timelines.places import NATION, is_abroad, place_of_figure
from retrieval.timelines.scales import common_unit, is_same, n_digits, printed_unit, told_in
from retrieval.timelines.values import Point, Sentence, Timeline
from retrieval.types import CandidateText, Filter, SpanKind, StoredArticle

DEPTH = 600
"""Passages looked at."""
_MOST_ARTICLES, _MOST_FIGURES = 150, 100
"""Articles looked through at most, those with the best passages, and figures of them that are read."""
_LONGEST_QUESTION = 200
_REPEATED = 62
"""Days within which a figure is repeated without saying of which time it is."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a question follows, and all figures that may be of it."""

    asked: Asked
    indicator: Indicator
    found: list[Found]


class Timelines:
    """Makes timelines over a store. Synchronous and safe for several threads."""

    def __init__(
        self,
        store: Store,
        index: PassageIndex,
        tokenizer: Tokenizer,
        resolver: Resolver,
        understanding: Understanding,
    ) -> None:
        self._store = store
        self._index = index
        self._tokenizer = tokenizer
        self._resolver = resolver
        self._understanding = understanding

    def of(
        self,
        question: str,
        *,
        today: date,
        region: str | None = None,
        is_limited: bool = True,
    ) -> Timeline:
        """The timeline of the figure that a question names.

        `region`, a division's code, decides an unclear place; with `is_limited` the times that the question names limit
        the points. Raises StoreError if the database fails.
        """
        started = time.perf_counter()
        gathered = self.gather(question, today, region)
        asked, indicator = gathered.asked, gathered.indicator
        found = of_one_figure(gathered.found, asked.regions, indicator, bundled())
        found = [each for each in found if not is_limited or _is_asked(each.reading, asked.query.periods)]
        unit, points = points_of(found)
        place = found[0].owner.code if found else (asked.regions[0] if asked.regions else NATION)
        return Timeline(
            question=clean(question)[:_LONGEST_QUESTION],
            indicator=indicator.text,
            place=place or None,
            unit=unit,
            points=points,
            took_ms=(time.perf_counter() - started) * 1000,
            narrowed=_narrowing(found),
        )

    def gather(self, question: str, today: date, region: str | None = None) -> Gathered:
        """All figures that may be of what a question follows, be they right or not."""
        question = clean(question)[:_LONGEST_QUESTION]
        plain = without_course(question)
        asked = self._understanding.understand(plain, today, region, None)
        folded = fold(plain)
        indicator = parse_indicator(
            folded,
            asked.query.topic_runs,
            self._tokenizer.cut,
            asked.query.asks_for,
            asked.query.unit,
            self._names(asked.regions),
        )
        if not indicator.words or asked.is_unclear:
            return Gathered(asked, indicator, [])
        return Gathered(asked, indicator, list(self._figures(asked, indicator, is_abroad(question))))

    def _names(self, codes: Sequence[str]) -> list[str]:
        gazetteer = self._resolver.gazetteer
        divisions = [gazetteer.get(code) for code in codes]
        divisions += [above for code in codes for above in gazetteer.ancestors(code)]
        found = [name for each in divisions if each for name in (each.name, each.short_name)]
        return sorted(map(fold, found), key=len, reverse=True)

    def _figures(self, asked: Asked, indicator: Indicator, asks_abroad: bool) -> Iterator[Found]:
        where = Filter(regions=asked.regions)
        terms = [
            *asked.query.topic_terms,
            *(term for like in indicator.same for term in self._tokenizer.terms(like)),
        ]
        scores = self._index.search_sparse(list(dict.fromkeys(terms)), DEPTH, where)
        score_of = {each.passage_id: each.score for each in scores}
        passages = [
            each
            for each in self._store.candidate_texts(list(score_of))
            if each.kind is SpanKind.BODY
            and each.units
            and may_hold(f"{each.head}\n{each.folded}", indicator)
        ]
        chosen = dict.fromkeys(
            each.article_id for each in sorted(passages, key=lambda one: -score_of[one.id])
        )
        articles = self._store.articles(set(list(chosen)[:_MOST_ARTICLES]))
        glimpsed: list[tuple[Glimpse, int]] = []
        places: list[tuple[StoredArticle, Sentence, float]] = []
        for article_id, group in _by_article(passages):
            article = articles.get(article_id)
            if article is None or article.date is None:  # nobody knows of which year its 今年 is
                continue
            relevance = max(score_of[each.id] for each in group) / scores[0].score
            for sentence in _sentences(article, article.date, group):
                glimpsed += (
                    (each, len(places)) for each in glimpse_figures(article.text, sentence, indicator)
                )
                places.append((article, sentence, relevance))
        glimpsed = sorted(glimpsed, key=lambda each: -each[0].score)[:_MOST_FIGURES]
        by_place: dict[int, list[Glimpse]] = defaultdict(list)
        for each, place in glimpsed:
            by_place[place].append(each)
        rarities = self._rarities(asked.query.topic_terms, indicator)
        resolutions: dict[str, Resolution] = {}
        for place in sorted(by_place):
            article, sentence, relevance = places[place]
            for reading in read_figures(sentence, by_place[place], indicator, rarities):
                if article.id not in resolutions:
                    resolutions[article.id] = self._resolver.resolve_article(article)
                owner = place_of_figure(
                    article,
                    resolutions[article.id],
                    (sentence.start, sentence.end),
                    reading.figure.start,
                    asked_abroad=asks_abroad,
                    asked=indicator.terms,
                )
                yield Found(reading, article, (sentence.start, sentence.end), owner, relevance)

    def _rarities(self, terms: Sequence[str], indicator: Indicator) -> list[float]:
        """How rare each of an indicator's words is in the library."""
        n, counts = self._index.n_passages, self._index.frequencies(terms)
        return [
            max(
                math.log((n + 1) / (counts.get(term, 0) + 0.5))
                for term in self._tokenizer.terms(word) or [word]
            )
            for word in indicator.terms
        ]


def _by_article(passages: Iterable[CandidateText]) -> list[tuple[str, list[CandidateText]]]:
    groups: dict[str, list[CandidateText]] = defaultdict(list)
    for each in passages:
        groups[each.article_id].append(each)
    return sorted(groups.items())


def _sentences(article: StoredArticle, day: date, passages: Sequence[CandidateText]) -> Iterator[Sentence]:
    """The article's whole sentences that passages touch, each once."""
    stretches = [(each.start, each.end) for each in passages]
    folded, title = fold(article.text), fold(article.title)
    for span in article.spans:
        if span.kind is not SpanKind.BODY or not any(
            span.start < last and span.end > first for first, last in stretches
        ):
            continue
        for start, end in split_sentences(article.text, span.start, span.end):
            if any(start < last and end > first for first, last in stretches):
                paragraph = folded.rfind("\n", 0, start) + 1
                yield Sentence(folded, start, end, f"{title}\n{folded[paragraph:start]}", day)


def _narrowing(found: Sequence[Found]) -> str:
    """What narrows all of the figures down; "" where they are not all narrowed down by one thing."""
    narrowed = {each.reading.narrowed for each in found}
    return narrowed.pop() if len(narrowed) == 1 else ""


def _is_asked(reading: Reading, periods: Sequence[Period]) -> bool:
    return not periods or any(
        reading.moment.last >= period.first and reading.moment.first <= period.last for period in periods
    )


def points_of(found: Sequence[Found]) -> tuple[str, tuple[Point, ...]]:
    """The unit and the points: figures of one time that agree are one, those that differ all stay."""
    points: list[Point] = []
    for each in sorted(found, key=lambda one: (one.article.date or date.max, one.article.id, one.sentence)):
        point = _point(each)
        for number, other in enumerate(points):
            if _tell_one(other, point):
                points[number] = _joined(other, point)
                break
        else:
            points.append(point)
    points = [each for each in points if each.is_from_text or not _is_told_with_time(each, points)]
    unit = common_unit([printed_unit(each.figure_text, each.unit) for each in points])
    order = sorted(points, key=lambda point: (point.last, point.first, point.kind, point.value))
    return unit, tuple(told_in(each, unit) for each in order)


def _tell_one(one: Point, other: Point) -> bool:
    if one.stretch == other.stretch:
        return is_same(one, other)
    is_then = one.last == other.last and one.kind is other.kind
    return is_then and (one.value, one.most) == (other.value, other.most)


def _is_told_with_time(point: Point, points: Sequence[Point]) -> bool:
    """Whether a figure without a time repeats one whose time is told, shortly before or at the same time."""
    return any(
        each.is_from_text
        and is_same(each, point)
        and each.article.date is not None
        and abs((point.last - each.article.date).days) <= _REPEATED
        for each in points
    )


def _point(found: Found) -> Point:
    reading = found.reading
    return Point(
        first=reading.moment.first,
        last=reading.moment.last,
        date=reading.moment.exactly,
        value=reading.value.least,
        most=reading.value.most,
        unit=reading.figure.unit,
        kind=reading.point_kind,
        is_from_text=reading.moment.is_from_text,
        bound=reading.bound,
        figure=(reading.figure.start, reading.figure.end),
        sentence=found.sentence,
        article=found.article,
    )


def _joined(first: Point, other: Point) -> Point:
    """One point of two that agree: the one told more exactly, the articles of both."""
    exact, rough = (other, first) if _exactness(other) > _exactness(first) else (first, other)
    also = [each for each in (*first.also, *other.also, rough.article) if each.id != exact.article.id]
    return replace(exact, also=tuple({each.id: each for each in also}.values()))


def _exactness(point: Point) -> tuple[bool, int]:
    return not point.bound, n_digits(point.figure_text)
