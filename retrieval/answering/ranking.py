"""Candidates rescored by a readable model over features that can be explained to a person.

A feature is a number, mostly 0 to 1. None depends on how large the corpus is, so that what was learned on many
thousand articles holds for one page.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from pathlib import Path
from typing import NamedTuple

from retrieval.answering.evidence import TermWeights, kind_agreement
from retrieval.answering.query import Query
from retrieval.types import CandidateText, SpanKind

_K1, _B, _MEAN_LENGTH = 1.2, 0.75, 200.0
_TITLE_WORTH = 2.0
MOST_DENSE = 2.0
"""The `dense` feature is within plus and minus this: six spreads from the mean, which a cosine hardly ever is."""

_USUAL_DENSE = 1.0
"""What the best of many candidates usually has."""

_USUAL_SPAN, _LEAST_SPAN = 6.0, -10.0
"""What the best span of a passage is worth where the reranker knows none, and at least."""

LEARNED = Path(__file__).with_name("ranking.json")
"""The model that comes with the product."""

FEATURES = (
    "bm25",
    "coverage",
    "topic_coverage",
    "title_coverage",
    "word_coverage",
    "rarest_word",
    "longest_run",
    "dense",
    "unplaced",
    "asked_kind",
    "region",
    "date",
    "is_first",
    "is_caption",
    "length",
)


Features = Mapping[str, float]
"""By the names in FEATURES."""


class Candidate(NamedTuple):
    """A passage beside a question, before the question's vector is known."""

    passage: CandidateText
    region: float
    """1: of the place asked for; 0: none was asked for; -1: of another place."""
    date: float
    """1: of the time asked for; 0: none was asked for; -1: of another time."""


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A passage with what its features are worth."""

    passage: CandidateText
    features: Features
    score: float
    """How probably it answers, 0 to 1, by its features alone."""


def describe(considered: Sequence[Candidate], query: Query, weights: TermWeights) -> list[Features]:
    """The features of each candidate but `dense`, which `Placing` adds: it is relative to the others."""
    worth = _Worth.of(weights)
    return [_own_features(each, query, worth) for each in considered]


@dataclass(frozen=True, slots=True)
class _Worth:
    """What a question's terms and words are worth, reckoned once for all candidates."""

    terms: tuple[tuple[str, float, bool], ...]
    """Each term with its inverse document frequency and whether it is of the topic (all are if there is none)."""
    of_terms: float
    of_topic: float
    words: tuple[tuple[str, float, bool], ...]
    """Each word of the topic with its inverse document frequency and whether it is the rarest."""
    of_words: float

    @classmethod
    def of(cls, weights: TermWeights) -> _Worth:
        topic = weights.topic or weights.idf.keys()
        terms = tuple((term, idf, term in topic) for term, idf in weights.idf.items())
        rarest = max(weights.words.values(), default=0.0)
        return cls(
            terms=terms,
            of_terms=sum(weights.idf.values()),
            of_topic=sum(idf for _, idf, is_topic in terms if is_topic),
            words=tuple((word, idf, idf > rarest - 1e-9) for word, idf in weights.words.items()),
            of_words=sum(weights.words.values()),
        )


@dataclass(frozen=True, slots=True)
class Placing:
    """Where cosines of one question stand: they crowd together, so only their place among the others tells anything."""

    mean: float
    scale: float
    unplaced: float

    @classmethod
    def among(cls, cosines: Sequence[float]) -> Placing:
        """Return the places among a question's candidates."""
        if not cosines:
            return cls(0.0, 0.0, _USUAL_DENSE)
        mean = sum(cosines) / len(cosines)
        spread = math.sqrt(sum((cosine - mean) ** 2 for cosine in cosines) / len(cosines))
        # of n values none is further than sqrt(n - 1) spreads from their mean: among a few none can stand out
        unplaced = max(0.0, _USUAL_DENSE - math.sqrt(len(cosines) - 1) / 3)
        return cls(mean, 1 / spread / 3 if spread > 1e-6 else 0.0, unplaced)

    def place(self, row: Features, cosine: float) -> Features:
        """Return the row with `dense` and `unplaced`.

        `dense` is how far above the candidates' mean the cosine is, in standard deviations / 3; `unplaced` is what too few
        candidates keep it from having.
        """
        dense = max(-MOST_DENSE, min(MOST_DENSE, (cosine - self.mean) * self.scale))
        return {**row, "unplaced": self.unplaced, "dense": dense}


def _own_features(each: Candidate, query: Query, worth: _Worth) -> Features:
    """One pass over the terms and one over the words: this is done for every candidate while a person waits."""
    passage = each.passage
    body, head = passage.folded, passage.head
    whole = f"{head}\n{body}"  # a line break is in no term: most terms of most candidates are in neither
    norm = _K1 * (1 - _B + _B * len(body) / _MEAN_LENGTH)
    bm25 = found = topic_found = title_found = words_found = 0.0
    for term, idf, is_topic in worth.terms:
        if term in whole:
            n_head = head.count(term)
            count = body.count(term) + _TITLE_WORTH * n_head
            # BM25 as a share of the most that a text could have; a title's word counts double
            bm25 += idf * count / (count + norm)
            found += idf
            if is_topic:
                topic_found += idf
                title_found += idf if n_head else 0.0
    has_rarest = not worth.words
    for word, idf, is_rarest in worth.words:
        if word in whole:
            words_found += idf
            has_rarest = has_rarest or is_rarest
    is_caption = passage.kind is SpanKind.CAPTION
    return {
        "bm25": bm25 / worth.of_terms if worth.of_terms else 0.0,
        "coverage": found / worth.of_terms if worth.of_terms else 0.0,
        "topic_coverage": topic_found / worth.of_topic if worth.of_topic else 0.0,
        "title_coverage": title_found / worth.of_topic if worth.of_topic else 0.0,
        "word_coverage": words_found / worth.of_words if worth.of_words else float(not worth.words),
        "rarest_word": float(has_rarest),  # without it the subject is another
        "longest_run": longest_run(query, body),
        "asked_kind": 0.0 if is_caption else kind_agreement(body, query, passage.units),
        "region": each.region,
        "date": each.date,
        "is_first": 1.0 if passage.is_first else 0.0,
        "is_caption": 1.0 if is_caption else 0.0,
        "length": min(1.0, len(body) / _MEAN_LENGTH),
    }


def longest_run(query: Query, folded: str) -> float:
    """The longest stretch of the question's words that stands unbroken in a text, as a share of them all."""
    total = sum(map(len, query.runs))
    longest = 0
    for run in query.runs:
        start = 0
        while start + longest < len(run):
            if run[start : start + longest + 1] in folded:
                longest += 1
            else:
                start += 1
    return longest / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Model:
    """Weighted sums over the features: one orders passages, the others say how surely one answers.

    They differ because what tells the better of two passages (nearness to the question's vector) does not
    tell whether the best of them answers at all.
    """

    order: Mapping[str, float]
    confidence: Mapping[str, float]
    """Of a passage that was not read."""
    bias: float
    """Of the confidence."""
    judgement: Mapping[str, float]
    """Of a passage that a reranker has read: its `relevance`, its best `span`, the `order` sum, and features."""
    judgement_bias: float

    def contributions(self, features: Features) -> dict[str, float]:
        """What each feature adds to the sum that orders."""
        return {name: weight * features[name] for name, weight in self.order.items()}

    def output(self, features: Features) -> float:
        """The sum that orders: any number, larger is better."""
        return _weighted(self.order, features)

    def score(self, features: Features) -> float:
        """How probably the passage answers, 0 to 1, by the logistic function; 0 if no word of the topic is there.

        Without that, 镶黄旗旗长是谁 is answered by any sentence about a person of that banner.
        """
        if features["word_coverage"] == 0:
            return 0.0
        return _logistic(self.bias + _weighted(self.confidence, features))

    def judged_by(self, features: Features, relevance: float, span: float | None) -> dict[str, float]:
        """Return what a passage that was read is judged by; `wordless`: no word of the topic stands in it or its title."""
        dense = features["dense"] + features["unplaced"]
        span = _USUAL_SPAN if span is None else max(_LEAST_SPAN, span)
        return {
            **features,
            "dense": dense,
            "relevance": relevance,
            "span": span,
            "order": self.output(features),
            "wordless": float(features["word_coverage"] == 0),
        }

    def judge(
        self, features: Features, relevance: float, span: float | None
    ) -> tuple[float, dict[str, float]]:
        """Return how probably a passage that was read answers, 0 to 1, and what each part adds to the sum behind that.

        `relevance` is the reranker's logit, `span` the score of its likeliest span, None where it knows none.
        """
        known = self.judged_by(features, relevance, span)
        parts = {name: weight * known[name] for name, weight in self.judgement.items()}
        return _logistic(self.judgement_bias + sum(parts.values())), parts

    def most(self, features: Features) -> float:
        """The highest score that a passage with these features has, however near its vector is."""
        is_gain = self.confidence.get("dense", 0.0) > 0
        return self.score({**features, "dense": MOST_DENSE if is_gain else -MOST_DENSE})


def _weighted(weights: Mapping[str, float], features: Features) -> float:
    """Return a weighted sum of features; without a loop of Python's own, as it is made of every candidate."""
    total: float = sum(map(mul, weights.values(), map(features.__getitem__, weights)))
    return total


def _logistic(total: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def load_model(path: Path = LEARNED) -> Model:
    """The model in a file, as bench/learn_ranking.py and bench/judge/calibrate.py write it."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return Model(
        document["order"],
        document["confidence"],
        document["bias"],
        document["judgement"],
        document["judgement_bias"],
    )


def rerank(rows: Sequence[Features], model: Model) -> list[int]:
    """Places in `rows`, the best first; equal ones stay in order."""
    outputs = [model.output(row) for row in rows]
    return sorted(range(len(rows)), key=lambda number: (-outputs[number], number))
