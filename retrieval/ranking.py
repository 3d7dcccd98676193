"""Candidates rescored by a readable model over features that can be explained to a person.

A feature is a number, mostly 0 to 1. None depends on how large the corpus is, so that what was learned on many
thousand articles holds for one page.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.evidence import Weights, kind_agreement
from retrieval.query import Query
from retrieval.tokenization import fold
from retrieval.types import Passage, SpanKind, StoredArticle

_K1, _B, _MEAN_LENGTH = 1.2, 0.75, 200.0
_TITLE_WORTH = 2.0
MOST_DENSE = 2.0
"""The `dense` feature is within plus and minus this: six spreads from the mean, which a cosine hardly ever is."""

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
    "asked_kind",
    "region",
    "date",
    "is_first",
    "is_caption",
    "length",
)


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate with all that its features need."""

    article: StoredArticle
    passage: Passage
    cosine: float
    region: float
    """1: of the place asked for; 0: none was asked for; -1: of another place."""
    date: float
    """1: of the time asked for; 0: none was asked for; -1: of another time."""


def describe(considered: Sequence[Considered], query: Query, weights: Weights) -> list[dict[str, float]]:
    """The features of each candidate, by the names in FEATURES; `dense` is relative to the others."""
    rows = [_own_features(each, query, weights) for each in considered]
    cosines = [each.cosine for each in considered]
    mean = sum(cosines) / len(cosines) if cosines else 0.0
    spread = math.sqrt(sum((c - mean) ** 2 for c in cosines) / len(cosines)) if cosines else 0.0
    for row, cosine in zip(rows, cosines, strict=True):
        # cosines of one encoder crowd together, so only their place among the others tells anything
        standing = (cosine - mean) / spread / 3 if spread > 1e-6 else 0.0
        row["dense"] = max(-MOST_DENSE, min(MOST_DENSE, standing))
    return rows


def _own_features(each: Considered, query: Query, weights: Weights) -> dict[str, float]:
    body = fold(each.passage.text)
    head = fold(
        " ".join(part for part in (each.article.place, each.article.title, each.article.section) if part)
    )
    whole = f"{head}\n{body}"
    return {
        "bm25": _bm25(body, head, weights),
        "coverage": weights.coverage(whole),
        "topic_coverage": weights.topic_coverage(whole),
        "title_coverage": weights.topic_coverage(head),
        "word_coverage": weights.word_coverage(whole),
        "rarest_word": weights.has_rarest_word(whole),
        "longest_run": longest_run(query, body),
        "dense": 0.0,
        "asked_kind": 0.0
        if each.passage.kind is SpanKind.CAPTION
        else kind_agreement(each.passage.text, query),
        "region": each.region,
        "date": each.date,
        "is_first": 1.0 if each.passage.start <= first_body(each.article) else 0.0,
        "is_caption": 1.0 if each.passage.kind is SpanKind.CAPTION else 0.0,
        "length": min(1.0, len(body) / _MEAN_LENGTH),
    }


def _bm25(body: str, head: str, weights: Weights) -> float:
    """BM25 as a share of the most that a text could have, 0 to 1; a title's word counts double."""
    norm = _K1 * (1 - _B + _B * len(body) / _MEAN_LENGTH)
    total = most = 0.0
    for term, idf in weights.idf.items():
        count = body.count(term) + _TITLE_WORTH * head.count(term)
        total += idf * count * (_K1 + 1) / (count + norm)
        most += idf * (_K1 + 1)
    return total / most if most else 0.0


def longest_run(query: Query, folded: str) -> float:
    """The longest stretch of the question's words that stands unbroken in a text, as a share of them all."""
    total = sum(map(len, query.runs))
    longest = 0
    for run in query.runs:
        for start in range(len(run)):
            while start + longest < len(run) and run[start : start + longest + 1] in folded:
                longest += 1
    return longest / total if total else 0.0


def first_body(article: StoredArticle) -> int:
    """Where the report itself begins."""
    return next((span.start for span in article.spans if span.kind is SpanKind.BODY), 0)


@dataclass(frozen=True, slots=True)
class Model:
    """Two weighted sums over the features: one orders passages, the other says how sure an answer is.

    They differ because what tells the better of two passages (nearness to the question's vector) does not
    tell whether the best of them answers at all.
    """

    order: Mapping[str, float]
    confidence: Mapping[str, float]
    bias: float
    """Of the confidence."""

    def contributions(self, features: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds to the sum that orders."""
        return {name: weight * features[name] for name, weight in self.order.items()}

    def output(self, features: Mapping[str, float]) -> float:
        """The sum that orders: any number, larger is better."""
        return sum(self.contributions(features).values())

    def score(self, features: Mapping[str, float]) -> float:
        """How probably the passage answers, 0 to 1, by the logistic function; 0 if no word of the topic is there.

        Without that, 镶黄旗旗长是谁 is answered by any sentence about a person of that banner.
        """
        if features["word_coverage"] == 0:
            return 0.0
        total = self.bias + sum(weight * features[name] for name, weight in self.confidence.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def most(self, features: Mapping[str, float]) -> float:
        """The highest score that a passage with these features has, however near its vector is."""
        is_gain = self.confidence.get("dense", 0.0) > 0
        return self.score({**features, "dense": MOST_DENSE if is_gain else -MOST_DENSE})


def load_model(path: Path = LEARNED) -> Model:
    """The model in a file, as bench/learn_ranking.py writes it."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return Model(document["order"], document["confidence"], document["bias"])


def rerank(rows: Sequence[Mapping[str, float]], model: Model) -> list[int]:
    """Places in `rows`, the best first; equal ones stay in order."""
    outputs = [model.output(row) for row in rows]
    return sorted(range(len(rows)), key=lambda number: (-outputs[number], number))
