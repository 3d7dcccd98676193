"""Candidates to hits: the best of the ranking are read with the question, and what is read orders and decides.

A hit's score says how probably its passage answers. With a reranker it is a logistic sum over what that made of the
passage and what the ranking knew of it; without one the ranking's own confidence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from embeddings import Reading, Reranker
from retrieval.answer_types import Evidence, Hit
from retrieval.answering.evidence import TermWeights, find_evidence
from retrieval.answering.query import Query
from retrieval.answering.ranking import Model, ScoredCandidate
from retrieval.answering.understanding import Asked
from retrieval.regions import Resolver
from retrieval.regions.aboutness import told_of
from retrieval.regions.places import governed_stretches, is_only_of_an_office, place_told
from retrieval.store.store import Store
from retrieval.text.passages import reading_header
from retrieval.types import ArticleRegion, CandidateText, Passage, RegionRole, StoredArticle

N_READ = 6
"""Passages of a question that are read: 8 gave no more answers (docs/reranker.md)."""
_N_FIRST = 4
"""Read at once; the others only if none of these is sure."""
_N_MORE = 4
"""Further passages of the article whose passage reads best: what is asked for may stand in another than what tells of it."""
N_WHOLE = 3
"""Articles of which all passages are ranked for that."""
_SURE = 0.7
"""Above which nothing more is read: of 390 questions none would be answered better (docs/reranker.md)."""
_UNSURE_TOLD, _UNSURE_NAMED = 0.75, 0.25
"""By how much likelier one of an article's passages has to answer, in logits, for the next not to be quoted with it."""
_MOST_QUOTED = 2
"""Sentences of a hit to which none of another passage is added."""
_RELEVANCE = "relevance"
_AT_ONCE = 8
"""Passages whose articles are loaded at a time."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with its article, what it was read as, and the score that follows."""

    candidate: ScoredCandidate
    article: StoredArticle
    reading: Reading | None
    score: float
    contributions: Mapping[str, float]


class Judge:
    """Reads candidates and makes hits of them. Safe for several threads."""

    def __init__(self, store: Store, model: Model, reranker: Reranker | None, resolver: Resolver) -> None:
        self._store = store
        self._resolver = resolver
        self._model = model
        self._reranker = reranker

    def hits(
        self,
        ranked: Sequence[ScoredCandidate],
        asked: Asked,
        weights: TermWeights,
        least: float = 0.0,
        n_read: int = N_READ,
    ) -> Iterator[Hit]:
        """Yield hits, the best first, without those whose score is below `least`; an article may have several.

        The first `n_read` are read, and come first: no other has a score above theirs. What was not read is loaded as it
        is taken.
        """
        judged = self.read(ranked, asked.query, n_read) if self._reranker is not None else []
        given = {each.candidate.passage.id for each in judged}
        lowest = min((each.score for each in judged), default=1.0)
        # what is below the bar is not even loaded
        rest = [each for each in ranked if each.passage.id not in given and min(lowest, each.score) >= least]
        read = sorted((each for each in judged if each.score >= least), key=lambda each: -each.score)
        for each in chain(read, self._unread(rest, lowest)):
            yield self.hit(each, asked, weights)

    def read(self, ranked: Sequence[ScoredCandidate], query: Query, n_read: int) -> list[Judged]:
        """Return candidates read, as many as it takes; those whose articles are gone are left out.

        They are the first, `n_read` at most, and, where none of them is sure, more of the article whose passage reads best.
        """
        articles = self._store.articles({each.passage.article_id for each in ranked[:n_read]})
        there = [each for each in ranked[:n_read] if each.passage.article_id in articles]
        judged = self._read_some(there[:_N_FIRST], articles, query)
        if any(each.score >= _SURE for each in judged):
            return judged
        judged += self._read_some(there[_N_FIRST:], articles, query)
        if not judged or not reads_on(n_read):
            return judged
        best = max(judged, key=lambda each: each.score).article.id
        given = {each.candidate.passage.id for each in judged}
        more = [each for each in ranked if each.passage.article_id == best and each.passage.id not in given]
        return judged + self._read_some(more[:_N_MORE], articles, query)

    def _read_some(
        self, some: Sequence[ScoredCandidate], articles: Mapping[str, StoredArticle], query: Query
    ) -> list[Judged]:
        assert self._reranker is not None
        texts = [passage_read(each.passage, articles[each.passage.article_id]) for each in some]
        judged: list[Judged] = []
        for each, reading in zip(some, self._reranker.read(query.question, texts), strict=True):
            score, parts = self._model.judge(each.features, reading.relevance, reading.best_span_score)
            judged.append(Judged(each, articles[each.passage.article_id], reading, score, parts))
        return judged

    def _unread(self, ranked: Sequence[ScoredCandidate], most: float) -> Iterator[Judged]:
        left = iter(ranked)
        articles: dict[str, StoredArticle] = {}
        while batch := list(islice(left, _AT_ONCE)):
            # what many of the passages belong to is long, and loaded once
            articles |= self._store.articles({each.passage.article_id for each in batch} - articles.keys())
            for each in batch:
                article = articles.get(each.passage.article_id)
                if article is not None:
                    parts = self._model.contributions(each.features)
                    yield Judged(each, article, None, min(most, each.score), parts)

    def hit(self, judged: Judged, asked: Asked, weights: TermWeights) -> Hit:
        """Return a hit with its evidence; `placed` adds the place that tells of."""
        found, article = judged.candidate.passage, judged.article
        passage = Passage(
            id=found.id,
            article_id=article.id,
            kind=found.kind,
            start=found.start,
            end=found.end,
            text=article.text[found.start : found.end],
        )
        evidence = find_evidence(
            article, passage, asked.query, weights, judged.reading, self._parts(article, asked)
        )
        return Hit(
            rank=1,
            score=judged.score,
            article=article,
            passage=passage,
            evidence=evidence,
            contributions=judged.contributions,
        )

    def placed(self, hit: Hit, asked: Asked) -> Hit:
        """Return a hit with the division that its evidence tells of, which the source line names.

        Of several sentences the first that tells of a place asked for counts, else the first of all. Where that does not say
        itself that it is of the article's own place, one that only names somebody of an office of the place asked for counts not.
        """
        return replace(hit, place=self._place(hit.article, hit.evidence, asked))

    def _place(
        self, article: StoredArticle, evidence: Sequence[Evidence], asked: Asked
    ) -> ArticleRegion | None:
        gazetteer = self._resolver.gazetteer
        resolution = self._resolver.resolve_article(article)
        told = [
            place_told(gazetteer, article, resolution, each.start, each.end, asked.regions)
            for each in evidence
        ]
        first = evidence[0]
        is_unsaid = told[0] == resolution.primary and not told_of(
            article.text, resolution.between(first.start, first.end)
        )
        there = (
            code
            for code, each in zip(told, evidence, strict=True)
            if code
            and any(gazetteer.is_within(code, region) for region in asked.regions)
            and not (
                is_unsaid and is_only_of_an_office(article.text, resolution.between(each.start, each.end)[:1])
            )
        )
        code = next(there, told[0])
        division = gazetteer.get(code) if code else None
        if division is None:
            return None
        role = next((each.role for each in article.regions if each.code == code), RegionRole.MENTIONED)
        return ArticleRegion(division.code, division.name, role)

    def _parts(self, article: StoredArticle, asked: Asked) -> Callable[[int, int], Sequence[tuple[int, int]]]:
        """Return what gives the stretches of a sentence that may answer: all where no figure of a place is asked for."""
        if not asked.regions or not asked.is_of_its_place:
            return lambda start, end: [(start, end)]
        resolution = self._resolver.resolve_article(article)
        gazetteer = self._resolver.gazetteer
        return lambda start, end: governed_stretches(
            gazetteer, article, resolution, start, end, asked.regions
        )


def quote_both(first: Hit, second: Hit, query: Query) -> Hit:
    """Return the likelier of two hits in one article, with the other's sentence too where it is unsure which of them answers.

    Only what was read is compared: what an unread passage is worth is no more than a guess.
    """
    if len(first.evidence) >= _MOST_QUOTED or not (_is_read(first) and _is_read(second)):
        return first
    other = second.evidence[0]
    if any(each.start == other.start for each in first.evidence):
        return first
    unsure = _UNSURE_TOLD if query.is_told else _UNSURE_NAMED
    if _logit(first.score) - _logit(second.score) > unsure:
        return first
    return replace(first, evidence=(*first.evidence, other))


def _is_read(hit: Hit) -> bool:
    return _RELEVANCE in hit.contributions


def _logit(score: float) -> float:
    return math.log(score / (1 - score))


def reads_on(n_read: int) -> bool:
    """Whether there is time to read on in the best article: not while others wait, when fewer are read."""
    return n_read >= N_READ


def passage_read(passage: CandidateText, article: StoredArticle) -> tuple[str, str]:
    """Return a passage as a reranker reads it: what stands over it, and its text."""
    return reading_header(article), article.text[passage.start : passage.end]
