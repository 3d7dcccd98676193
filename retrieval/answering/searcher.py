"""A query to ranked passages: candidates of both sides, described and scored.

What a question has to wait for is done as late as it can be: the sparse side and all features that need no vector
come while the question is being encoded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.agreement import passage_agreement
from retrieval.answering.evidence import TermWeights, weigh
from retrieval.answering.query import Query
from retrieval.answering.ranking import (
    Candidate,
    Features,
    Model,
    Placing,
    ScoredCandidate,
    describe,
    rerank,
)
from retrieval.index.base import EVERYTHING, PassageIndex
from retrieval.regions.places import AGREES, DIFFERS, UNASKED
from retrieval.store.store import Store
from retrieval.types import CandidateText, Filter, PassageScore

_CANDIDATES = 80
"""Passages of both sides together that are rescored."""
_RESCORED = 30
"""Of these, passages that may become hits."""
_MOST_OF_ARTICLES = 100
"""Further passages of the best articles that are rescored, the nearest: an article may be as long as a book."""

Vector = Callable[[], NDArray[np.float32]]
"""Gives the question's vector, of shape (dimension,); waits for it if need be."""


class Searcher:
    """Ranks passages of a store for a query. Safe for several threads."""

    def __init__(self, store: Store, index: PassageIndex, model: Model, depth: int) -> None:
        """`depth` passages are taken from each side."""
        self._store = store
        self._index = index
        self._model = model
        self._depth = depth

    def weigh(self, query: Query) -> TermWeights:
        """What the query's terms are worth in this corpus."""
        frequencies = self._index.frequencies([*query.terms, *query.topic_words])
        return weigh(query, frequencies, self._index.n_passages)

    def rank(
        self,
        query: Query,
        regions: Sequence[str],
        vector: Vector,
        weights: TermWeights,
        among: Sequence[Candidate] | None = None,
        *,
        n_whole: int = 0,
    ) -> list[ScoredCandidate]:
        """The best passages, the best first, and with them the other passages of the first `n_whole` articles.

        With `among` they are those alone, each judged beside what the index finds.
        """
        found, placing = self._candidates(query, regions, vector, weights, among or ())
        ranked = self._ordered(found)
        if among is not None:
            given = {each.passage.id for each in among}
            chosen = [each for each in ranked if each[0].id in given]
        else:
            chosen = ranked[:_RESCORED]
            if n_whole:
                rest = self._rest(chosen, found, n_whole, query, regions, weights, vector, placing)
                chosen = self._ordered([*chosen, *rest])
        return [ScoredCandidate(text, features, self._model.score(features)) for text, features in chosen]

    def _ordered(
        self, found: Sequence[tuple[CandidateText, Features]]
    ) -> list[tuple[CandidateText, Features]]:
        return [found[number] for number in rerank([features for _, features in found], self._model)]

    def _rest(
        self,
        chosen: Sequence[tuple[CandidateText, Features]],
        found: Sequence[tuple[CandidateText, Features]],
        n_articles: int,
        query: Query,
        regions: Sequence[str],
        weights: TermWeights,
        vector: Vector,
        placing: Placing,
    ) -> list[tuple[CandidateText, Features]]:
        """Return what the first articles have beside the chosen: the words asked for may stand elsewhere in one."""
        articles = list(dict.fromkeys(text.article_id for text, _ in chosen))[:n_articles]
        given, known = {text.id for text, _ in chosen}, {text.id for text, _ in found}
        rest = [each for each in found if each[0].article_id in articles and each[0].id not in given]
        unknown = [each for each in self._store.passage_ids_of(articles) if each not in known]
        cosines = self._index.similarities(vector(), unknown)
        unknown = sorted(unknown, key=lambda each: -cosines.get(each, 0.0))[:_MOST_OF_ARTICLES]
        described = self._describe(unknown, query, regions, weights)
        return rest + [(text, placing.place(row, cosines.get(i, 0.0))) for i, (text, row) in described]

    def candidates(
        self,
        query: Query,
        regions: Sequence[str],
        vector: Vector,
        weights: TermWeights,
        besides: Sequence[Candidate] = (),
    ) -> list[tuple[CandidateText, Features]]:
        """What both sides find, and `besides`, with all features, in no order."""
        return self._candidates(query, regions, vector, weights, besides)[0]

    def _candidates(
        self,
        query: Query,
        regions: Sequence[str],
        vector: Vector,
        weights: TermWeights,
        besides: Sequence[Candidate],
    ) -> tuple[list[tuple[CandidateText, Features]], Placing]:
        filters = [Filter(regions=tuple(regions)), EVERYTHING] if regions else [EVERYTHING]
        sparse = [self._index.search_sparse(query.terms, self._depth, where) for where in filters]
        described = dict(
            self._describe([each.passage_id for found in sparse for each in found], query, regions, weights)
        )
        question = vector()
        chosen: dict[int, None] = {}
        cosines: dict[int, float] = {}
        for where, found in zip(filters, sparse, strict=True):
            dense = self._index.search_dense(question, self._depth, where)
            cosines |= {each.passage_id: each.score for each in dense}
            chosen |= dict.fromkeys(each.passage_id for each in fuse(dense, found)[:_CANDIDATES])
        chosen |= dict.fromkeys(each.passage.id for each in besides)
        missing = [i for i in chosen if i not in described]
        described |= dict(self._describe(missing, query, regions, weights))
        found_ids = [i for i in chosen if i in described]
        cosines |= self._index.similarities(question, [i for i in found_ids if i not in cosines])
        placing = Placing.among([cosines.get(i, 0.0) for i in found_ids])
        return [
            (described[i][0], placing.place(described[i][1], cosines.get(i, 0.0))) for i in found_ids
        ], placing

    def consider(self, passage_ids: Sequence[int], query: Query, regions: Sequence[str]) -> list[Candidate]:
        """Stored passages beside a query; unknown ids are left out."""
        ids = list(dict.fromkeys(passage_ids))
        passages = self._store.candidate_texts(ids)
        within = self._index.passing(ids, Filter(regions=tuple(regions))) if regions else frozenset()
        dates = self._date_agreements(passages, query)
        return [
            Candidate(
                passage=passage,
                region=UNASKED if not regions else AGREES if passage.id in within else DIFFERS,
                date=agreement,
            )
            for passage, agreement in zip(passages, dates, strict=True)
        ]

    def _describe(
        self, passage_ids: Sequence[int], query: Query, regions: Sequence[str], weights: TermWeights
    ) -> Iterator[tuple[int, tuple[CandidateText, Features]]]:
        considered = self.consider(passage_ids, query, regions)
        for each, features in zip(considered, describe(considered, query, weights), strict=True):
            yield each.passage.id, (each.passage, features)

    def _date_agreements(self, passages: Sequence[CandidateText], query: Query) -> list[float]:
        if not query.periods:
            return [UNASKED] * len(passages)
        undated = {each.article_id for each in passages if each.day is None}
        # by its whole text, so once for all of its passages
        of_undated = {
            i: passage_agreement(None, "", article.text, query)
            for i, article in self._store.articles(undated).items()
        }
        return [
            of_undated.get(each.article_id, DIFFERS)
            if each.day is None
            else passage_agreement(each.day, f"{each.head}\n{each.folded}", "", query)
            for each in passages
        ]


RRF_K = 60
"""The constant of reciprocal rank fusion (Cormack et al. 2009)."""


def fuse(*lists: Sequence[PassageScore]) -> list[PassageScore]:
    """Every passage of the lists once, scored by reciprocal rank fusion, larger first, ties by id."""
    sums: dict[int, float] = {}
    for found in lists:
        for rank, each in enumerate(found, start=1):
            sums[each.passage_id] = sums.get(each.passage_id, 0.0) + 1.0 / (RRF_K + rank)
    return [PassageScore(i, worth) for i, worth in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))]
