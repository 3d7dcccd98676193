"""One system in a process of its own: built, asked slice by slice, scored."""

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from bench import setting
from bench.peers.systems import PACKAGES, PEERS, READING, Passages, Vectors, cut, open_langchain
from bot.settings import load_settings
from embeddings import open_encoder
from retrieval import Outcome, Store, Tokenizer
from retrieval.evaluation import Retrieved, answer_at, load_questions, measure

_WARM_UP = 20
SLICE = 50
"""Questions that one system is asked before the next one's turn: a noisy minute falls on all."""

Take = Callable[[Callable[[str], Any], Any], dict[str, Any]]
"""Ask a system all questions, beside the encoder alone."""


def run_peer(name: str, work: Path, take: Take) -> dict[str, Any]:
    name, _, variant = name.partition("+")
    encoder = open_encoder(cache=load_settings().cache / "models", backend="torch" if variant else None)
    encoder.encode_queries(["预热"])
    tokenizer = Tokenizer(load_settings().cache / "jieba")
    words = cut(tokenizer)
    words("预热")
    before = setting.rss()
    passages = Passages(work, encoder.fingerprint)
    vectors = Vectors(encoder)
    vectors.stored = dict(zip(passages.texts, passages.vectors, strict=True))
    started = time.perf_counter()
    if variant == READING:
        from bench.peers.cross_encoder import write_cross_encoder  # torch, which no other system needs here

        write_cross_encoder(work / "cross-encoder")
        search = open_langchain(passages, vectors, words, work / "cross-encoder")
    else:
        search = PEERS[name](passages, vectors, words)
    built = time.perf_counter() - started
    vectors.stored = {}
    del passages
    raw = take(search, encoder)
    return raw | {"build": built, "rss": setting.rss() - before}


def run_yunwen(options: argparse.Namespace, take: Take, *, is_reading: bool) -> dict[str, Any]:
    encoder = setting.open_encoder()
    encoder.encode_queries(["预热"])
    tokenizer = Tokenizer(load_settings().cache / "jieba")
    tokenizer.cut("预热")
    before = setting.rss()
    with tempfile.TemporaryDirectory() as built_in:
        started = time.perf_counter()
        if options.store is None:
            corpus = options.folder / "corpus.jsonl"
            setting.build_store(corpus, options.vectors, Path(built_in), encoder)
        built = time.perf_counter() - started
        parts = setting.open_parts(options.store or Path(built_in), encoder, is_reading=is_reading)
        raw = take(parts.answerer.ask, encoder)
        used = setting.rss() - before
        answers = raw.pop("found")
        ranked = [parts.answerer.rank(answer.question) for answer in answers]
    return raw | {
        "build": built,
        "rss": used,
        "hits": [[(hit.article.id, hit.passage.text) for hit in answer.hits] for answer in answers],
        "ranked": [[(hit.article.id, hit.passage.text) for hit in hits] for hits in ranked],
        "outcomes": {each.value: sum(answer.outcome is each for answer in answers) for each in Outcome},
    }


def ask_in_turn(
    texts: list[str], search: Callable[[str], Any], encoder: Any, seconds: float
) -> dict[str, Any]:
    """Ask slice by slice, whenever a line comes on stdin; the encoder alone is timed behind each question.

    A system that has spent its seconds is asked no more; the table says how many questions it got.
    """
    for text in texts[:_WARM_UP]:  # asked otherwise, so that nobody remembers an answer
        search(f"请问{text}")
    print("ready", flush=True)
    found: list[Any] = []
    delays: list[float] = []
    encoding: list[float] = []
    while len(found) < len(texts) and sum(delays) < seconds * 1000:
        sys.stdin.readline()
        for text in texts[len(found) : len(found) + SLICE]:
            delays += setting.timed([lambda: found.append(search(text))])  # noqa: B023
            encoding += setting.timed([lambda: encoder.encode_queries([text])])  # noqa: B023
        print("ready", flush=True)
    return {"found": found, "delays": delays, "encoding": encoding}


def run_system(name: str, options: argparse.Namespace) -> None:
    logging.disable(logging.WARNING)
    questions = load_questions(options.folder)
    chosen = dict(list(questions.queries.items())[: options.questions])
    questions = type(questions)(chosen, questions.qrels, questions.answers)
    texts = list(chosen.values())
    records = json.loads((options.work / "records.json").read_text())

    def take(search: Callable[[str], Any], encoder: Any) -> dict[str, Any]:
        return ask_in_turn(texts, search, encoder, options.seconds)

    product, _, variant = name.partition("+")
    if product == "yunwen":
        raw = run_yunwen(options, take, is_reading=variant == READING)
        hits = raw["hits"]
    else:
        folder = options.store or options.work
        raw = run_peer(name, folder, take)
        store = Store.open(f"sqlite:///{folder.absolute() / 'evaluation.db'}")
        by_id = store.passages({i for found in raw["found"] for i in found})
        hits = [[(by_id[i].article_id, by_id[i].text) for i in found] for found in raw["found"]]
    chosen = dict(list(chosen.items())[: len(hits)])
    questions = type(questions)(chosen, questions.qrels, questions.answers)
    result = {
        "questions": len(hits),
        "version": version(PACKAGES[product]),
        "build_s": round(raw["build"], 1),
        "rss_mb": round(raw["rss"]),
        "ms": setting.quantiles(raw["delays"]),
        "encoder_ms": setting.quantiles(raw["encoding"]),
        "over_encoder": round(float(np.median(raw["delays"]) / np.median(raw["encoding"])), 2),
    } | score(questions, chosen, hits, records)
    if product == "yunwen":
        result["ranking_alone"] = score(questions, chosen, raw["ranked"], records)
        result["outcomes"] = raw["outcomes"]
    options.out.write_text(json.dumps(result))
    sys.stdout.flush()
    os._exit(0)  # not what is measured: some peers take long to let go of their memory


def score(questions: Any, chosen: dict[str, str], hits: list[Any], records: dict[str, str]) -> dict[str, Any]:
    run = {
        i: Retrieved(
            tuple(dict.fromkeys(records.get(article, article) for article, _ in found)),
            tuple(text for _, text in found),
        )
        for i, found in zip(chosen, hits, strict=True)
    }
    metrics = measure(questions, run)
    whole = [answer_at(1, run[i].passages, questions.answers[i]) for i in chosen if questions.answers.get(i)]
    return {
        "hit_at_1": round(metrics.hit_at_1 or 0.0, 4),
        "hit_at_5": round(metrics.hit_at_5 or 0.0, 4),
        "answer_at_1": round(float(np.mean(whole)), 4) if whole else None,
        "answer_at_3": round(metrics.answer_at_3 or 0.0, 4),
    }
