"""A question to an answer: search both sides, rescore, find the evidence, and judge what it is worth.

The data's way: question -> places and query -> candidates of both sides -> features -> scores -> hits with
evidence -> outcome. Nothing goes back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from embeddings import Encoder, Reranker
from retrieval.answer_types import Answer, Hit, Outcome, Timings, Turn
from retrieval.answering.agreement import Agreement
from retrieval.answering.arrivals import Arrivals
from retrieval.answering.cache import AnswerCache
from retrieval.answering.evidence import TermWeights, has_counted
from retrieval.answering.judging import N_READ, N_WHOLE, Judge, quote_both, reads_on
from retrieval.answering.query import clean
from retrieval.answering.question_vector import (
    QuestionVector,
    QuestionVectors,
    milliseconds_since,
    timed,
)
from retrieval.answering.ranking import Candidate, Model, describe, load_model
from retrieval.answering.searcher import Searcher
from retrieval.answering.stories import differing_first, distinct_stories
from retrieval.answering.understanding import Asked, Understanding
from retrieval.index.base import IndexStatus, PassageIndex
from retrieval.regions import Gazetteer, Resolver
from retrieval.store.store import Store
from retrieval.text.tokenization import Tokenizer
from retrieval.types import Filter, Passage, PassageScore, StoredArticle

HOME_ZONE = ZoneInfo("Asia/Shanghai")
_LONGEST_QUESTION = 1000
"""Characters of a question that are looked at; nobody asks longer, but people paste whole articles."""
_SPARE = 3
"""Hits looked at beyond those shown."""


def today_at_home() -> date:
    """Today in Asia/Shanghai."""
    return datetime.now(HOME_ZONE).date()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores, 0 to 1, that divide the outcomes; how they were chosen is in docs/ranking.md."""

    found: float = 0.15
    near: float = 0.05
    further: float = 0.05
    """What is still worth listing below an answer that was found."""


UNREAD = Thresholds(found=0.25, near=0.1, further=0.05)
"""Where no reranker has read the passages: words alone promise more than they hold."""


class Answerer:
    """Answers questions over a store. Synchronous; safe for several threads."""

    def __init__(
        self,
        store: Store,
        index: PassageIndex,
        encoder: Encoder,
        tokenizer: Tokenizer,
        resolver: Resolver,
        *,
        reranker: Reranker | None = None,
        depth: int = 50,
        bars: Thresholds | None = None,
        model: Model | None = None,
        clock: Callable[[], date] = today_at_home,
    ) -> None:
        """`reranker` reads the best passages (None: their features alone decide); `depth` passages are taken from each side.

        `clock` tells today where a question does not.
        """
        self._store = store
        self._index = index
        self.encoder = encoder
        self.tokenizer = tokenizer
        self._resolver = resolver
        self._agreement = Agreement(resolver)
        self.understanding = Understanding(resolver, tokenizer, store.articles_within)
        self._gazetteer: Gazetteer = resolver.gazetteer
        self._depth = depth
        self._bars = bars
        self._model = model or load_model()
        self._repeats = AnswerCache()
        self._searcher = Searcher(store, index, self._model, depth)
        self.reranker = reranker
        self.passages_to_read: Callable[[], int] = lambda: N_READ
        """Asked before each question: who serves many may have fewer read, or none, while others wait."""
        self._judge = Judge(store, self._model, reranker, resolver)
        self.vectors = QuestionVectors(encoder)
        self.clock = clock

    @property
    def index(self) -> PassageIndex:
        """What it searches."""
        return self._index

    def article(self, article_id: str) -> StoredArticle | None:
        """The article, or None."""
        return self._store.article(article_id)

    def passage(self, passage_id: int) -> Passage | None:
        """The passage, or None."""
        return self._store.passage(passage_id)

    def ask(
        self,
        question: str,
        *,
        k: int = 5,
        today: date | None = None,
        region: str | None = None,
        previous: Turn | None = None,
    ) -> Answer:
        """The answer to a question, with at most `k` hits.

        `region`, a division's code, decides an unclear place; `previous` is what the question before
        this one in the conversation was about. What is asked again while nothing has changed is answered from memory.

        Raises ValueError if k is below 1, StoreError if the database fails.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        started = time.perf_counter()
        today = today or self.clock()
        n_read = self.passages_to_read()
        key = (question, k, today, region, previous, n_read)
        question = self.understanding.corrected(clean(question)[:_LONGEST_QUESTION], region)
        # begun first: it goes on while the store's log and the words are looked at
        encoding = None if key in self._repeats else self.vectors.begin(question)
        self.refresh()
        generation = self._repeats.generation
        repeated = self._repeats.get(key)
        if repeated is not None:
            return replace(
                repeated, timings=Timings(encode=0.0, search=0.0, total=milliseconds_since(started))
            )
        encoding = encoding or self.vectors.begin(question)
        answer = self._answer(question, encoding, k, today, region, previous, n_read, started)
        self._repeats.keep(key, answer, generation)
        return answer

    def _answer(
        self,
        question: str,
        encoding: QuestionVector,
        k: int,
        today: date,
        region: str | None,
        previous: Turn | None,
        n_read: int,
        started: float,
    ) -> Answer:
        asked = self.understanding.understand(question, today, region, previous)
        if asked.query.is_empty:
            return _without_hits(question, Outcome.NONE, started)
        if asked.is_unclear:
            return self._which_place(question, asked, started)
        if asked.query.question != question:  # it goes on from another: what is meant is not what was typed
            encoding = self.vectors.begin(asked.query.question)
        weights = self._searcher.weigh(asked.query)
        search_ms, ranked = timed(
            lambda: self._searcher.rank(
                asked.query, asked.regions, encoding.vector, weights, n_whole=self._n_whole(n_read)
            )
        )
        bars = self._bars_for(n_read)
        hits = self._judge.hits(ranked, asked, weights, bars.further, n_read)
        answer = self._decide(question, asked, hits, k, bars)
        total = milliseconds_since(started)
        search_ms -= encoding.waited
        return replace(answer, timings=Timings(encode=encoding.took, search=search_ms, total=total))

    def rank(self, question: str, *, today: date | None = None, k: int | None = None) -> list[Hit]:
        """The best hits in order of score, at most `k`, without judging whether they answer; ranks are 1-based."""
        question = clean(question)[:_LONGEST_QUESTION]
        self.refresh()
        asked = self.understanding.understand(question, today or self.clock(), None, None)
        if asked.query.is_empty:
            return []
        weights = self._searcher.weigh(asked.query)
        ranked = self._searcher.rank(
            asked.query,
            asked.regions,
            self.vectors.begin(question).vector,
            weights,
            n_whole=self._n_whole(N_READ),
        )
        best: dict[str, Hit] = {}
        for hit in self._judge.hits(ranked, asked, weights):
            best.setdefault(hit.article.id, hit)
            if len(best) == k:
                break
        return [replace(hit, rank=rank) for rank, hit in enumerate(best.values(), start=1)]

    def refresh(self, *, is_whole: bool = False) -> None:
        """Take in what changed in the store and forget the answers from before; nothing else may refresh the index.

        What changed is told once: an answer that was kept would outlive what another caller was told of.
        """
        if self._index.refresh(is_whole=is_whole):
            self._repeats.forget()

    def index_status(self) -> IndexStatus:
        """What the index holds and how far it is behind the store."""
        return self._index.status()

    def search_side(self, question: str, *, is_dense: bool, depth: int) -> list[PassageScore]:
        """What one side of the index alone finds."""
        question = clean(question)[:_LONGEST_QUESTION]
        if is_dense:
            return self._index.search_dense(self.vectors.of(question), depth)
        return self._index.search_sparse(
            self.understanding.understand(question, self.clock(), None, None).query.terms, depth
        )

    def search_words(self, terms: Sequence[str], depth: int, where: Filter) -> list[int]:
        """Ids of the passages that share most with some terms, the best first, among those that pass a filter."""
        self.refresh()
        return [each.passage_id for each in self._index.search_sparse(terms, depth, where)]

    def arrivals(self, since: datetime, until: datetime) -> Arrivals:
        """What became known after `since`, up to and with `until` (aware), for `ask_among`."""
        # what an index did not hold yet would be taken for what answers nothing, and is not asked about again
        self.refresh(is_whole=True)
        known = self._store.articles_known(since, until)
        return Arrivals(known, self._store.passages_of(article.id for article, _ in known), self._resolver)

    def ask_among(
        self,
        question: str,
        arrivals: Arrivals,
        since: datetime,
        *,
        k: int = 5,
        today: date | None = None,
        region: str | None = None,
        previous: Turn | None = None,
        is_known: Callable[[Hit], bool] = lambda _hit: False,
    ) -> Answer | None:
        """The answer that arrivals whose story became known after `since` give, found by the bars of `ask`; None if none.

        Hits that `is_known` are left out. A question that `ask` would ask back about, count for or not
        understand has none.
        """
        question = self.understanding.corrected(clean(question)[:_LONGEST_QUESTION], region)
        asked = self.understanding.understand(question, today or self.clock(), region, previous)
        if asked.query.is_empty or asked.query.needs_counting or asked.is_unclear:
            return None
        weights = self._searcher.weigh(asked.query)
        new = self._plausible(asked, arrivals, since, weights)
        if not new or self.understanding.meant(question, asked):
            return None
        encoding = self.vectors.begin(question)
        ranked = self._searcher.rank(asked.query, asked.regions, encoding.vector, weights, new)
        bars = self._bars_for(N_READ)
        hits = self._judge.hits(ranked, asked, weights, bars.found)
        answer = self._decide(question, asked, (hit for hit in hits if not is_known(hit)), k, bars)
        return answer if answer.outcome is Outcome.FOUND else None

    def _plausible(
        self, asked: Asked, arrivals: Arrivals, since: datetime, weights: TermWeights
    ) -> list[Candidate]:
        """Passages of arrivals that would be found if their vectors were the nearest."""
        articles = arrivals.may_answer(asked.query, asked.regions, since)
        if not articles:
            return []
        ids = [passage.id for article in articles for passage in arrivals.passages(article)]
        new = self._searcher.consider(ids, asked.query, asked.regions)
        rows = describe(new, asked.query, weights)
        # what will be read need only be worth it
        least = UNREAD.further if self.reranker else self._bars_for(0).found
        return [each for each, row in zip(new, rows, strict=True) if self._model.most(row) >= least]

    def _bars_for(self, n_read: int) -> Thresholds:
        return self._bars or (Thresholds() if self.reranker and n_read else UNREAD)

    def _n_whole(self, n_read: int) -> int:
        return N_WHOLE if self.reranker and reads_on(n_read) else 0

    # ----------------------------------------------------------------------------------- understanding

    def _which_place(self, question: str, asked: Asked, started: float) -> Answer:
        answer = _without_hits(question, Outcome.WHICH_PLACE, started)
        return replace(
            answer, candidates=self.understanding.choices(asked), wanted=self.understanding.wanted(asked)
        )

    # ----------------------------------------------------------------------------------------- deciding

    def _decide(self, question: str, asked: Asked, found: Iterator[Hit], k: int, bars: Thresholds) -> Answer:
        hits, agreeing = self._take(asked, found, k, bars)
        best = agreeing[0].score if agreeing else 0.0
        meant = self.understanding.meant(question, asked)
        if best >= bars.found and not meant:
            further = (hit for hit in agreeing[1:] if hit.score >= bars.further)
            shown = [agreeing[0], *(hit for hit in further if self._agreement.is_near(hit, asked))]
            outcome = Outcome.FOUND
            if asked.query.wants_newest:
                shown.sort(key=lambda hit: hit.article.date or date.min, reverse=True)
        else:
            near = (hit for hit in hits if hit.score >= bars.near)
            shown = [hit for hit in near if meant or self._agreement.is_near(hit, asked)]
            outcome = Outcome.NEAR if shown else Outcome.NONE
        if asked.query.needs_counting and not (
            outcome is Outcome.FOUND and has_counted(shown[0].evidence[0].text, asked.query)
        ):
            outcome = Outcome.NEEDS_COUNTING
        grouped = distinct_stories(shown)
        n_differing = 0
        if outcome is Outcome.FOUND:
            sure = bars.found
            n_differing, grouped = differing_first(grouped, asked.query, lambda hit: hit.score >= sure)
        stories = tuple(
            replace(self._judge.placed(hit, asked), rank=rank)
            for rank, hit in enumerate(grouped[:k], start=1)
        )
        # what would answer but for its time or place is said to be that
        is_otherwise = outcome is Outcome.NEAR and not meant
        n_differing = min(n_differing, len(stories))
        return Answer(
            question=question,
            outcome=outcome,
            as_of=stories[0].article.date if stories else None,
            hits=stories,
            candidates=meant,
            turn=Turn(asked.query.question, asked.regions),
            differing=tuple(range(1, n_differing + 1)) if n_differing > 1 else (),
            wanted=self.understanding.wanted(asked),
            instead=self._agreement.instead(stories[0], asked) if is_otherwise else None,
            timings=Timings(0.0, 0.0, 0.0),
        )

    def _take(
        self, asked: Asked, found: Iterator[Hit], k: int, bars: Thresholds
    ) -> tuple[list[Hit], list[Hit]]:
        """As many hits as an answer of `k` stories may need, and those of them that agree with what is asked.

        All there are for what is newest; else a few more than `k`, as some may turn out to tell the same story.
        """
        hits: dict[str, Hit] = {}
        agreeing: dict[str, Hit] = {}
        for hit in found:
            # of an article the best passage, and of those that agree the best
            hits.setdefault(hit.article.id, hit)
            if self._agreement.agrees(hit, asked):
                best = agreeing.setdefault(hit.article.id, hit)
                if best is not hit:
                    agreeing[hit.article.id] = quote_both(best, hit, asked.query)
            is_found = any(each.score >= bars.found for each in agreeing.values())
            counted = agreeing if is_found else hits
            if agreeing and not asked.query.wants_newest and len(counted) >= k + _SPARE:
                break
        return list(hits.values()), list(agreeing.values())


def _without_hits(question: str, outcome: Outcome, started: float) -> Answer:
    return Answer(
        question=question,
        outcome=outcome,
        as_of=None,
        hits=(),
        timings=Timings(0.0, 0.0, milliseconds_since(started)),
    )
