"""Ranked retrieval measured: qrels and run to hit@k and MRR@10; answer strings in the passages found.

A set is a folder with corpus.jsonl, queries.jsonl, qrels.tsv and, where known, answers.jsonl.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from retrieval.answering.answerer import Answerer
from retrieval.errors import ReadingError
from retrieval.ingestion import Ingester
from retrieval.progress import Progress
from retrieval.reading import read_records
from retrieval.store.store import Store
from retrieval.text.tokenization import fold
from retrieval.types import Article, DateBasis, Page

_PER_PAGE = 500
"""Records stored in one transaction."""
_DEPTH = 100


class Side(StrEnum):
    """Which part of the product is measured."""

    DENSE = "dense"
    SPARSE = "sparse"
    HYBRID = "hybrid"
    """The product's own ranking."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was found for one query, best first: record ids, each once, and the passages' texts."""

    ids: tuple[str, ...]
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Queries by id, relevant record ids by query id, and answer strings by query id."""

    queries: Mapping[str, str]
    qrels: Mapping[str, frozenset[str]]
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over the queries that have qrels, or answers; None where no query has."""

    n_queries: int
    hit_at_1: float | None
    hit_at_5: float | None
    mrr_at_10: float | None
    answer_at_1: float | None
    answer_at_3: float | None


def hit_at(k: int, ids: Sequence[str], relevant: frozenset[str]) -> float:
    """1 if any of the first k ids is relevant, else 0."""
    return 1.0 if relevant.intersection(ids[:k]) else 0.0


def reciprocal_rank(k: int, ids: Sequence[str], relevant: frozenset[str]) -> float:
    """1 / rank of the first relevant id among the first k, else 0."""
    return next((1.0 / rank for rank, i in enumerate(ids[:k], start=1) if i in relevant), 0.0)


def answer_at(k: int, passages: Sequence[str], answers: Sequence[str]) -> float:
    """1 if any of the first k passages holds any answer, white space and width aside, else 0."""
    wanted = [_bare(answer) for answer in answers]
    return 1.0 if any(answer and answer in _bare(text) for text in passages[:k] for answer in wanted) else 0.0


def _bare(text: str) -> str:
    return "".join(fold(text).split())


def measure(question_set: QuestionSet, run: Mapping[str, Retrieved]) -> Scores:
    """The metrics of a run; a query that the run lacks counts as nothing found."""
    nothing = Retrieved((), ())
    judged = [
        (run.get(i, nothing).ids, question_set.qrels[i])
        for i in question_set.queries
        if i in question_set.qrels
    ]
    answered = [
        (run.get(i, nothing).passages, question_set.answers[i])
        for i in question_set.queries
        if question_set.answers.get(i)
    ]
    return Scores(
        n_queries=len(question_set.queries),
        hit_at_1=_mean([hit_at(1, ids, relevant) for ids, relevant in judged]),
        hit_at_5=_mean([hit_at(5, ids, relevant) for ids, relevant in judged]),
        mrr_at_10=_mean([reciprocal_rank(10, ids, relevant) for ids, relevant in judged]),
        answer_at_1=_mean([answer_at(1, passages, answers) for passages, answers in answered]),
        answer_at_3=_mean([answer_at(3, passages, answers) for passages, answers in answered]),
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def load_questions(folder: Path) -> QuestionSet:
    """Read queries.jsonl, qrels.tsv and answers.jsonl; raises ReadingError for a file that is not as it should."""
    queries = {
        str(record["id"]): str(record["text"]) for record in _records(folder / "queries.jsonl", "id", "text")
    }
    qrels: dict[str, set[str]] = {}
    path = folder / "qrels.tsv"
    for number, line in enumerate(_lines(path), start=1):
        fields = line.split("\t")
        if len(fields) != 3 or not fields[2].lstrip("-").isdigit():
            raise ReadingError(path, "a line should be: query id, tab, record id, tab, grade", number)
        if int(fields[2]) > 0:
            qrels.setdefault(fields[0], set()).add(fields[1])
    answers: dict[str, tuple[str, ...]] = {}
    if (folder / "answers.jsonl").exists():
        for record in _records(folder / "answers.jsonl", "id", "answers"):
            answers[str(record["id"])] = tuple(str(answer) for answer in record["answers"])
    return QuestionSet(queries, {i: frozenset(ids) for i, ids in qrels.items()}, answers)


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for line in file:
                yield line.rstrip("\r\n")
    except OSError as error:
        raise ReadingError(path, f"cannot be read ({error.strerror}): a set needs this file") from error
    except UnicodeDecodeError:
        raise ReadingError(path, "is not UTF-8: save it as UTF-8") from None


def _records(path: Path, *keys: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise ReadingError(path, f"is not JSON ({error.msg}): one object a line", number) from None
        if not isinstance(record, dict) or any(key not in record for key in keys):
            raise ReadingError(path, f"each line needs {' and '.join(keys)}", number)
        yield record


def put_corpus(corpus: Path, ingester: Ingester, store: Store, progress: Progress) -> dict[str, str]:
    """Store a corpus.jsonl, what is stored already left as it is; record ids by article id."""
    records = read_records(corpus)
    states = store.page_states()
    record_ids: dict[str, str] = {}
    number = 0
    while batch := list(islice(records, _PER_PAGE)):
        # named by the set alone, so that its index serves wherever the folder is reached from
        path = Path(corpus.resolve().parent.name, f"{corpus.name}#{number}")
        checksum = sha256(
            "\0".join(f"{i}\0{each.title}\0{each.text}" for i, each in batch).encode()
        ).hexdigest()
        if states.get(str(path), ("", 0))[0] != checksum:
            ingester.put(_page(path, checksum, [article for _, article in batch]), progress)
        progress.advance(len(batch))
        record_ids.update(zip(store.page_articles(str(path)), (i for i, _ in batch), strict=True))
        number += 1
    return record_ids


def _page(path: Path, checksum: str, articles: Sequence[Article]) -> Page:
    return Page(
        path=path,
        sha256=checksum,
        encoding="utf-8",
        date=None,
        date_basis=DateBasis.NONE,
        source=None,
        url=None,
        articles=tuple(articles),
    )


Search = Callable[[str], Retrieved]
"""One query searched."""


def run_queries(question_set: QuestionSet, search: Search, progress: Progress) -> dict[str, Retrieved]:
    """What is found for each query."""
    run: dict[str, Retrieved] = {}
    for query_id, text in question_set.queries.items():
        run[query_id] = search(text)
        progress.advance(1)
    return run


def corpus_day(store: Store) -> date | None:
    """The newest issue date of a corpus: what 今年 in its questions is seen from; None if no article has a date."""
    return next((article.date for article in store.newest_articles(1)), None)


def side_search(side: Side, answerer: Answerer, store: Store, record_ids: Mapping[str, str]) -> Search:
    """How to search with one side of the product, or with all of it."""
    today = corpus_day(store)

    def search(text: str) -> Retrieved:
        if side is Side.HYBRID:
            hits = answerer.rank(text, today=today)
            return Retrieved(
                tuple(record_ids[hit.article.id] for hit in hits), tuple(hit.passage.text for hit in hits)
            )
        scored = answerer.search_side(text, is_dense=side is Side.DENSE, depth=_DEPTH)
        passages = store.passages([each.passage_id for each in scored])
        found = [passages[each.passage_id] for each in scored if each.passage_id in passages]
        ids = dict.fromkeys(record_ids[passage.article_id] for passage in found)
        return Retrieved(tuple(ids), tuple(passage.text for passage in found))

    return search
