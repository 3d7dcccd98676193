"""A question to an answer: search both sides, rescore, find the evidence, and judge what it is worth.

The data's way: question -> places and query -> candidates of both sides -> features -> scores -> hits with
evidence -> outcome. Nothing goes back.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from embeddings import Encoder
from retrieval.answering.arrivals import Arrivals
from retrieval.answering.cache import AnswerCache
from retrieval.answering.evidence import TermWeights
from retrieval.answering.query import Query, clean, parse_question, without_places
from retrieval.answering.question_vector import QuestionVector, milliseconds_since, timed
from retrieval.answering.ranking import Candidate, Model, describe, load_model
from retrieval.answering.searcher import Searcher
from retrieval.answering.stories import differing_first, distinct_stories, text_before
from retrieval.answering.times import sentence_time_agreement
from retrieval.index.base import PassageIndex
from retrieval.regions import Gazetteer, Resolution, Resolver
from retrieval.regions.places import AGREES, DIFFERS, asked_codes, sentence_agreement
from retrieval.store.store import Store
from retrieval.text.tokenization import Tokenizer
from retrieval.types import (
    Answer,
    Hit,
    Outcome,
    Passage,
    PassageScore,
    PlaceChoice,
    StoredArticle,
    Timings,
    Turn,
    Wanted,
)

HOME_ZONE = ZoneInfo("Asia/Shanghai")
_LONGEST_QUESTION = 1000
"""Characters of a question that are looked at; nobody asks longer, but people paste whole articles."""
_SPARE = 3
"""Hits looked at beyond those shown."""
_ENCODERS = 4
"""Questions encoded at the same time."""
_FOLLOW_UP = re.compile(r"(?:那么?|还有).{1,12}呢[？?]?")


def today_at_home() -> date:
    """Today in Asia/Shanghai."""
    return datetime.now(HOME_ZONE).date()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores, 0 to 1, that divide the outcomes; how they were chosen is in docs/ranking.md."""

    found: float = 0.25
    near: float = 0.1
    further: float = 0.05
    """What is still worth listing below an answer that was found."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question understood: what is looked for and where."""

    query: Query
    regions: tuple[str, ...]
    resolution: Resolution


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
        depth: int = 50,
        bars: Thresholds | None = None,
        model: Model | None = None,
        clock: Callable[[], date] = today_at_home,
    ) -> None:
        """`depth` passages are taken from each side; `clock` tells today where a question does not."""
        self._store = store
        self._index = index
        self.encoder = encoder
        self.tokenizer = tokenizer
        self._resolver = resolver
        self._gazetteer: Gazetteer = resolver.gazetteer
        self._depth = depth
        self._bars = bars or Thresholds()
        self._model = model or load_model()
        self._repeats = AnswerCache()
        self._searcher = Searcher(store, index, self._model, depth)
        self._encoders = ThreadPoolExecutor(_ENCODERS, thread_name_prefix="encode")
        self._clock = clock

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
        today = today or self._clock()
        key = (question, k, today, region, previous)
        question = self._corrected(clean(question)[:_LONGEST_QUESTION], region)
        # begun first: it goes on while the store's log and the words are looked at
        encoding = None if key in self._repeats else self._encoding(question)
        if self._index.refresh():
            self._repeats.forget()
        generation = self._repeats.generation
        repeated = self._repeats.get(key)
        if repeated is not None:
            return replace(
                repeated, timings=Timings(encode=0.0, search=0.0, total=milliseconds_since(started))
            )
        encoding = encoding or self._encoding(question)
        answer = self._answer(question, encoding, k, today, region, previous, started)
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
        started: float,
    ) -> Answer:
        asked = self._understand(question, today, region, previous)
        if asked.query.is_empty:
            return _without_hits(question, Outcome.NONE, started)
        if _is_unclear(asked):
            return self._which_place(question, asked, started)
        weights = self._searcher.weigh(asked.query)
        search_ms, ranked = timed(
            lambda: self._searcher.rank(asked.query, asked.regions, encoding.vector, weights)
        )
        hits = self._searcher.hits(ranked, asked.query, weights, self._bars.further)
        answer = self._judge(question, asked, hits, k)
        total = milliseconds_since(started)
        search_ms -= encoding.waited
        return replace(answer, timings=Timings(encode=encoding.took, search=search_ms, total=total))

    def rank(self, question: str, *, today: date | None = None) -> list[Hit]:
        """The best hits in order of score, without judging whether they answer; ranks are 1-based."""
        question = clean(question)[:_LONGEST_QUESTION]
        asked = self._understand(question, today or self._clock(), None, None)
        if asked.query.is_empty:
            return []
        weights = self._searcher.weigh(asked.query)
        ranked = self._searcher.rank(asked.query, asked.regions, self._encoding(question).vector, weights)
        hits = self._searcher.hits(ranked, asked.query, weights)
        return [replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1)]

    def search_side(self, question: str, *, is_dense: bool, depth: int) -> list[PassageScore]:
        """What one side of the index alone finds."""
        question = clean(question)[:_LONGEST_QUESTION]
        if is_dense:
            return self._index.search_dense(self.encoder.encode_queries([question])[0], depth)
        return self._index.search_sparse(
            self._understand(question, self._clock(), None, None).query.terms, depth
        )

    def arrivals(self, since: datetime, until: datetime) -> Arrivals:
        """What became known after `since`, up to and with `until` (aware), for `ask_among`."""
        if self._index.refresh():
            self._repeats.forget()
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
        question = self._corrected(clean(question)[:_LONGEST_QUESTION], region)
        asked = self._understand(question, today or self._clock(), region, previous)
        if asked.query.is_empty or asked.query.needs_counting or _is_unclear(asked):
            return None
        weights = self._searcher.weigh(asked.query)
        new = self._plausible(asked, arrivals, since, weights)
        if not new or self._meant(question, asked):
            return None
        encoding = self._encoding(question)
        ranked = self._searcher.rank(asked.query, asked.regions, encoding.vector, weights, new)
        hits = self._searcher.hits(ranked, asked.query, weights, self._bars.found)
        answer = self._judge(question, asked, (hit for hit in hits if not is_known(hit)), k)
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
        return [
            each for each, row in zip(new, rows, strict=True) if self._model.most(row) >= self._bars.found
        ]

    def _encoding(self, question: str) -> QuestionVector:
        return QuestionVector(self._encoders, self.encoder, question)

    # ----------------------------------------------------------------------------------- understanding

    def _understand(self, question: str, today: date, region: str | None, previous: Turn | None) -> Asked:
        context = previous.regions if previous else ()
        resolution = self._resolver.resolve_question(question, context)
        query = self._parse(question, today, resolution)
        has_place = bool(resolution.mentions or region)
        if previous and not query.topic_terms and (has_place or query.periods):
            # 那奈曼旗呢: a new place or time for the question before
            before = self._resolver.resolve_question(previous.question, ())
            topic = without_places(previous.question, before) if has_place else previous.question
            question = f"{question} {topic}"
            resolution = self._resolver.resolve_question(question, context)
            query = self._parse(question, today, resolution)
        regions = (region,) if region else asked_codes(self._gazetteer, resolution)
        if previous and not regions and not resolution.candidates and _FOLLOW_UP.fullmatch(question):
            regions = previous.regions  # 那产量呢: the place of the question before
        return Asked(query, regions, resolution)

    def _corrected(self, question: str, region: str | None) -> str:
        """The question with a slip in a place's name put right, once the person has said that it was one."""
        slip = self._resolver.suggest(question) if region else None
        return question.replace(slip[0], slip[1].name) if slip and slip[1].code == region else question

    def _parse(self, question: str, today: date, resolution: Resolution) -> Query:
        places = [(found.start, found.end) for found in resolution.mentions]
        places += [(found.start, found.end) for found in resolution.candidates]
        return parse_question(question, self.tokenizer, today, places)

    def _which_place(self, question: str, asked: Asked, started: float) -> Answer:
        choices = tuple(
            choice
            for candidate in asked.resolution.candidates
            for code in candidate.codes
            if (choice := self._choice(candidate.text, code))
        )
        answer = _without_hits(question, Outcome.WHICH_PLACE, started)
        return replace(answer, candidates=choices, wanted=self._wanted(asked))

    def _choice(self, text: str, code: str) -> PlaceChoice | None:
        division = self._gazetteer.get(code)
        if division is None:
            return None
        return PlaceChoice(text, code, division.name, self._gazetteer.path_name(code))

    # ------------------------------------------------------------------------------------------- judge

    def _judge(self, question: str, asked: Asked, found: Iterator[Hit], k: int) -> Answer:
        hits, agreeing = self._take(asked, found, k)
        best = agreeing[0].score if agreeing else 0.0
        meant = self._meant(question, asked)
        if best >= self._bars.found and not meant:
            outcome, shown = Outcome.FOUND, [hit for hit in agreeing if hit.score >= self._bars.further]
            if asked.query.wants_newest:
                shown.sort(key=lambda hit: hit.article.date or date.min, reverse=True)
        else:
            shown = [hit for hit in hits if hit.score >= self._bars.near]
            outcome = Outcome.NEAR if shown else Outcome.NONE
        if asked.query.needs_counting:
            outcome = Outcome.NEEDS_COUNTING
        grouped = distinct_stories(shown)
        n_differing = 0
        if outcome is Outcome.FOUND:
            sure = self._bars.found
            n_differing, grouped = differing_first(grouped, asked.query, lambda hit: hit.score >= sure)
        stories = _numbered(grouped, k)
        n_differing = min(n_differing, len(stories))
        return Answer(
            question=question,
            outcome=outcome,
            as_of=stories[0].article.date if stories else None,
            hits=stories,
            candidates=meant,
            turn=Turn(asked.query.question, asked.regions),
            differing=tuple(range(1, n_differing + 1)) if n_differing > 1 else (),
            wanted=self._wanted(asked),
            timings=Timings(0.0, 0.0, 0.0),
        )

    def _take(self, asked: Asked, found: Iterator[Hit], k: int) -> tuple[list[Hit], list[Hit]]:
        """As many hits as an answer of `k` stories may need, and those of them that agree with what is asked.

        All there are for what is newest; else a few more than `k`, as some may turn out to tell the same story.
        """
        hits: list[Hit] = []
        agreeing: list[Hit] = []
        for hit in found:
            hits.append(hit)
            if self._agrees(hit, asked):
                agreeing.append(hit)
            is_found = bool(agreeing) and agreeing[0].score >= self._bars.found
            counted = agreeing if is_found else hits
            if agreeing and not asked.query.wants_newest and len(counted) >= k + _SPARE:
                break
        return hits, agreeing

    def _agrees(self, hit: Hit, asked: Asked) -> bool:
        """Whether the hit's sentence is about the place and the time asked for."""
        article = hit.article
        told = (article.date, hit.evidence[0].text, text_before(hit), article.text)
        if sentence_time_agreement(*told, asked.query) == DIFFERS:
            return False
        if not asked.regions:
            return True
        resolution = self._resolver.resolve_article(hit.article)
        return any(
            sentence_agreement(self._gazetteer, hit.article, resolution, each.start, each.end, asked.regions)
            == AGREES
            for each in hit.evidence
        )

    def _meant(self, question: str, asked: Asked) -> tuple[PlaceChoice, ...]:
        """The place that a slip of the pen means, offered and never taken silently."""
        slip = None if asked.regions else self._resolver.suggest(question)
        if slip is None:
            return ()
        text, division = slip
        return (PlaceChoice(text, division.code, division.name, self._gazetteer.path_name(division.code)),)

    def _wanted(self, asked: Asked) -> Wanted:
        divisions = (self._gazetteer.get(code) for code in asked.regions)
        return Wanted(
            question=asked.query.question,
            places=tuple(division.name for division in divisions if division is not None),
            times=tuple(period.text for period in asked.query.periods),
            topic="".join(asked.query.topic_runs),
        )


def _is_unclear(asked: Asked) -> bool:
    """Whether the place is to be asked back."""
    return bool(asked.resolution.candidates) and not asked.regions


def _numbered(hits: Sequence[Hit], k: int) -> tuple[Hit, ...]:
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits[:k], start=1))


def _without_hits(question: str, outcome: Outcome, started: float) -> Answer:
    return Answer(
        question=question,
        outcome=outcome,
        as_of=None,
        hits=(),
        timings=Timings(0.0, 0.0, milliseconds_since(started)),
    )
