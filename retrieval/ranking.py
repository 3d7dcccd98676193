"""Candidates rescored by a readable model over features that can be explained to a person.

A feature is a number, mostly 0 to 1; larger speaks for the passage. The model turns them into one score.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from retrieval.evidence import Weights, kind_agreement
from retrieval.fusion import Candidate
from retrieval.query import Query
from retrieval.tokenization import fold
from retrieval.types import Passage, SpanKind, StoredArticle

_K1, _B, _MEAN_LENGTH = 1.2, 0.75, 200.0
_TITLE_WORTH = 2.0

LEARNED = Path(__file__).with_name("ranking.json")
"""The model that comes with the product."""

FEATURES = (
    "bm25",
    "bm25_lead",
    "coverage",
    "topic_coverage",
    "title_coverage",
    "word_coverage",
    "rarest_word",
    "longest_run",
    "dense",
    "dense_lead",
    "dense_rank",
    "sparse_rank",
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

    candidate: Candidate
    article: StoredArticle
    passage: Passage
    cosine: float
    region: float
    """1: of the place asked for; 0: none was asked for; -1: of another place."""
    date: float
    """1: of the time asked for; 0: none was asked for; -1: of another time."""


def describe(considered: Sequence[Considered], query: Query, weights: Weights) -> list[dict[str, float]]:
    """The features of each candidate, by the names in FEATURES; some are relative to the others."""
    rows = [_own_features(each, query, weights) for each in considered]
    cosines = [each.cosine for each in considered]
    mean = sum(cosines) / len(cosines) if cosines else 0.0
    spread = math.sqrt(sum((c - mean) ** 2 for c in cosines) / len(cosines)) if cosines else 0.0
    best_cosine = max(cosines, default=0.0)
    best_bm25 = max((row["bm25"] for row in rows), default=0.0)
    for row, cosine in zip(rows, cosines, strict=True):
        # cosines of one encoder crowd together, so only their place among the others tells anything
        row["dense"] = (cosine - mean) / spread / 3 if spread > 1e-6 else 0.0
        row["dense_lead"] = (cosine - best_cosine) * 10
        row["bm25_lead"] = row["bm25"] / best_bm25 if best_bm25 else 0.0
    return rows


def _own_features(each: Considered, query: Query, weights: Weights) -> dict[str, float]:
    body = fold(each.passage.text)
    head = fold(
        " ".join(part for part in (each.article.place, each.article.title, each.article.section) if part)
    )
    return {
        "bm25": _bm25(body, head, weights),
        "bm25_lead": 0.0,
        "coverage": weights.coverage(f"{head}\n{body}"),
        "topic_coverage": weights.topic_coverage(f"{head}\n{body}"),
        "title_coverage": weights.topic_coverage(head),
        "word_coverage": weights.word_coverage(f"{head}\n{body}"),
        "rarest_word": weights.has_rarest_word(f"{head}\n{body}"),
        "longest_run": longest_run(query, body),
        "dense": 0.0,
        "dense_lead": 0.0,
        "dense_rank": _reciprocal(each.candidate.dense_rank),
        "sparse_rank": _reciprocal(each.candidate.sparse_rank),
        "asked_kind": 0.0
        if each.passage.kind is SpanKind.CAPTION
        else kind_agreement(each.passage.text, query),
        "region": each.region,
        "date": each.date,
        "is_first": 1.0 if each.passage.start <= first_body(each.article) else 0.0,
        "is_caption": 1.0 if each.passage.kind is SpanKind.CAPTION else 0.0,
        "length": min(1.0, len(body) / _MEAN_LENGTH),
    }


def _reciprocal(rank: int | None) -> float:
    return 0.0 if rank is None else 1.0 / rank


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


class Model(Protocol):
    """Turns features into one score."""

    def contributions(self, features: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds, in the model's own units."""
        ...

    def score(self, features: Mapping[str, float]) -> float:
        """0 to 1, larger is better."""
        ...


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A weighted sum of features, squashed to 0..1 by the logistic function."""

    bias: float
    weights: Mapping[str, float]

    def contributions(self, features: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds before squashing."""
        return {name: weight * features[name] for name, weight in self.weights.items()}

    def score(self, features: Mapping[str, float]) -> float:
        """0 to 1, larger is better."""
        total = self.bias + sum(self.contributions(features).values())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree: goes left where the feature is at most the threshold; a leaf has no feature."""

    feature: str | None
    threshold: float
    left: int
    right: int
    value: float
    """What the tree says at this node; at a leaf, what it adds."""


@dataclass(frozen=True, slots=True)
class TreeModel:
    """Gradient-boosted trees (Friedman 2001) whose sum is calibrated to a probability by a logistic curve."""

    bias: float
    trees: tuple[tuple[Node, ...], ...]
    slope: float
    offset: float

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> TreeModel:
        """The model that bench/learn_ranking.py wrote."""
        names = document["features"]
        trees = tuple(
            tuple(Node(names[f] if f >= 0 else None, t, a, b, value) for f, t, a, b, value in tree)
            for tree in document["trees"]
        )
        return cls(document["bias"], trees, document["slope"], document["offset"])

    def output(self, features: Mapping[str, float]) -> float:
        """The sum of the trees, any number."""
        return self.bias + sum(self._leaf(tree, features).value for tree in self.trees)

    def score(self, features: Mapping[str, float]) -> float:
        """0 to 1: how probably the passage answers."""
        total = self.slope * self.output(features) + self.offset
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def contributions(self, features: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds to the output: the changes of value along each tree's path (Saabas 2014)."""
        added: dict[str, float] = dict.fromkeys(FEATURES, 0.0)
        for tree in self.trees:
            node = tree[0]
            while node.feature is not None:
                following = tree[node.left if features[node.feature] <= node.threshold else node.right]
                added[node.feature] += following.value - node.value
                node = following
        return added

    @staticmethod
    def _leaf(tree: Sequence[Node], features: Mapping[str, float]) -> Node:
        node = tree[0]
        while node.feature is not None:
            node = tree[node.left if features[node.feature] <= node.threshold else node.right]
        return node


def load_model(path: Path = LEARNED) -> Model:
    """The model in a file, as bench/learn_ranking.py writes it; one of weights instead of trees is linear."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if "weights" in document:
        return LinearModel(document["bias"], document["weights"])
    return TreeModel.from_document(document)


def rerank(rows: Sequence[Mapping[str, float]], model: Model) -> list[tuple[int, float]]:
    """Places in `rows` with their scores, larger first; equal scores stay in order."""
    scores = [(number, model.score(row)) for number, row in enumerate(rows)]
    return sorted(scores, key=lambda pair: (-pair[1], pair[0]))
