"""Fit how surely a passage answers that the judge has read: the `judgement` of retrieval/answering/ranking.json.

    python -m bench.judge.calibrate SETS QUESTIONS WORK

Asked are those of our questions that nothing was learnt from, over their articles and others, 4,500 in all, which are
taken in under WORK once (a few minutes). Each passage that the product would read is an example: it answers if the
sentences chosen from it hold the answer's words, and none answers a trap. The sum is then scaled so that a question's best score is
how often the best passage answers. The sets of docs/ranking.md are in none of them.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bench.judge.measure import is_own_held_out
from bench.judge.questions import SOURCES, Asked, ids_aside, read_lines, read_questions
from bot.composition import (
    compose_library,
    open_ingester,
    open_resolver,
    open_settings_encoder,
    open_store,
    open_tokenizer,
)
from bot.progress import TerminalProgress
from bot.settings import Settings, load_settings
from retrieval import Library
from retrieval.answering.judging import N_READ, N_WHOLE
from retrieval.answering.ranking import LEARNED

PARTS = ("relevance", "span", "order", "dense", "asked_kind", "region", "date", "wordless")
_N_ARTICLES = 4500
_SEED = 20
_UNDATED = date(2023, 8, 30)


def write_corpus(sets: Path, questions: Sequence[Asked], out: Path) -> None:
    """Write the questions' articles and others, as records."""
    aside = ids_aside(sets)
    records = {
        str(record["id"]): record
        for name in SOURCES
        for record in read_lines(sets / name / "corpus.jsonl")
        if record["id"] not in aside
    }
    needed = sorted({asked.article for asked in questions})
    others = sorted(records.keys() - set(needed))
    chance = random.Random(_SEED)
    chosen = needed + chance.sample(others, _N_ARTICLES - len(needed))
    chance.shuffle(chosen)
    out.write_text("".join(json.dumps(records[each], ensure_ascii=False) + "\n" for each in chosen), "utf-8")


def open_set(settings: Settings, corpus: Path) -> Library:
    """Return a library of the corpus, taken in if it is not yet there."""
    store, tokenizer = open_store(settings), open_tokenizer(settings)
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
        resolver = open_resolver(settings, tokenizer)
        open_ingester(store, encoder, tokenizer, resolver).ingest([corpus], progress)
    return compose_library(settings, store, encoder, tokenizer)


def examples(
    library: Library, questions: Sequence[Asked], records: dict[str, dict[str, str]]
) -> Iterator[list[tuple[list[float], bool]]]:
    """Yield the passages read for each question: what the judgement of each is made of, and whether it answers."""
    answerer, searcher = library.answerer, library.answerer._searcher
    model, judge = answerer._model, answerer._judge
    for asked in questions:
        record = records[asked.article]
        day = date.fromisoformat(record["date"][:10]) if record.get("date") else _UNDATED
        understood = answerer.understanding.understand(asked.question, day, None, None)
        if understood.query.is_empty:
            continue
        weights = searcher.weigh(understood.query)
        vector = partial(answerer.vectors.of, asked.question)
        query, regions = understood.query, understood.regions
        ranked = searcher.rank(query, regions, vector, weights, n_whole=N_WHOLE)
        answer = "" if asked.trap else record["text"][asked.start : asked.end]
        read = []
        for each in judge.read(ranked, query, N_READ):
            assert each.reading is not None
            known = model.judged_by(
                each.candidate.features, each.reading.relevance, each.reading.best_span_score
            )
            evidence = " ".join(part.text for part in judge.hit(each, understood, weights).evidence)
            read.append(([known[name] for name in PARTS], bool(answer) and answer in evidence))
        if read:
            yield read


def fit(questions: Sequence[list[tuple[list[float], bool]]]) -> tuple[dict[str, float], float]:
    """Return the weights of the parts, and the bias."""
    values = np.array([parts for read in questions for parts, _ in read])
    spreads = values.std(0) + 1e-9
    order = LogisticRegression(max_iter=2000).fit(
        values / spreads,
        [is_right for read in questions for _, is_right in read],
        sample_weight=[1 / len(read) for read in questions for _ in read],
    )
    weights = order.coef_[0] / spreads
    best = [max((float(np.dot(parts, weights)), is_right) for parts, is_right in read) for read in questions]
    scale = LogisticRegression(C=1e6).fit([[total] for total, _ in best], [is_right for _, is_right in best])
    factor, bias = float(scale.coef_[0][0]), float(scale.intercept_[0])
    named = {name: round(float(weight) * factor, 4) for name, weight in zip(PARTS, weights, strict=True)}
    return named, round(bias, 4)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.judge.calibrate")
    parser.add_argument("sets", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--most", type=int, help="of the questions, the first of a fixed shuffle")
    options = parser.parse_args()
    questions = [asked for asked in read_questions(options.questions) if is_own_held_out(asked.article)]
    random.Random(_SEED).shuffle(questions)
    options.work.mkdir(parents=True, exist_ok=True)
    corpus = options.work / "corpus.jsonl"
    if not corpus.exists():
        write_corpus(options.sets, questions, corpus)
    library = open_set(load_settings().model_copy(update={"home": options.work}), corpus)
    records = {record["id"]: record for record in read_lines(corpus)}
    rows = list(examples(library, questions[: options.most], records))
    weights, bias = fit(rows)
    document = json.loads(LEARNED.read_text(encoding="utf-8"))
    document |= {"judgement": weights, "judgement_bias": bias}
    LEARNED.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(
        f"{len(rows)} questions, {sum(map(len, rows))} passages, {sum(right for read in rows for _, right in read)} answer"
    )
    print(weights, bias)


if __name__ == "__main__":
    main()
