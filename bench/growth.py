"""How search grows with the corpus: speed, recall, memory and start-up at 10,000, 100,000 and 1,000,000 passages.

    python -m bench.growth SET BASE WORK [--sizes 10000 66000 100000 1000000] [--questions 200]

SET is a folder with queries.jsonl; BASE the folder in which `yunwen evaluate SET --work BASE` left its database; WORK is
where a home for each size is made (kept for the next time; 1,000,000 passages take 6 GB). Up to BASE's size the
passages are its own; what is missing is synthetic: the first half of one real passage with the second half of another,
their terms likewise, and a vector mean + cos(a) (v - mean) + sin(a) (w - mean) of the two real vectors with a random
angle, which keeps mean and covariance. Each size is measured in a process of its own; the encoder is timed beside each question, so
that a noisy minute falls on both.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench import setting
from bench.plot import draw_lines
from bot.composition import open_resolver, open_tokenizer
from bot.settings import load_settings
from retrieval import Answerer, Filter, LocalIndex, Store
from retrieval.answering.searcher import Searcher

ROOT = Path(__file__).parent.parent
_AT_ONCE = 2_000
_TABLES = ("articles", "article_regions", "passages", "passage_terms", "vectors")
FILTERS = {
    "a county": Filter(regions=("150524",)),
    "a province": Filter(regions=("110000",)),
    "four provinces": Filter(regions=("110000", "440000", "310000", "320000")),
    "most provinces": Filter(regions=tuple(f"{number}0000" for number in range(11, 66))),
    "a week": Filter(first_date=date(2023, 5, 1), last_date=date(2023, 5, 7)),
    "two months": Filter(first_date=date(2023, 5, 1), last_date=date(2023, 6, 30)),
    "whatever has a date": Filter(first_date=date(2020, 1, 1)),
}
"""From those that hardly anything passes to those that most does."""

# ------------------------------------------------------------------------------------------------- a home


def build(base: Path, home: Path, n: int) -> None:
    """A home of `n` passages: those of `base`, then made-up ones; nothing is done if it is there."""
    if (home / "done").exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    store = Store.open(f"sqlite:///{home.absolute() / 'yunwen.db'}")
    source = Store.open(f"sqlite:///{base.absolute() / 'evaluation.db'}")
    fingerprint, name = source.encoder or ("", "")
    store.set_encoder(fingerprint, name)
    source.engine.dispose()
    store.engine.dispose()
    connection = sqlite3.connect(home / "yunwen.db")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("ATTACH ? AS base", (str(base.absolute() / "evaluation.db"),))
    connection.execute("INSERT OR IGNORE INTO pages SELECT * FROM base.pages")
    chosen = f"SELECT id FROM base.passages ORDER BY id LIMIT {n}"
    of_articles = f"SELECT article_id FROM base.passages WHERE id IN ({chosen})"
    for table, condition in (
        ("articles", f"id IN ({of_articles})"),
        ("article_regions", f"article_id IN ({of_articles})"),
        ("passages", f"id IN ({chosen})"),
        ("passage_terms", f"passage_id IN ({chosen})"),
        ("vectors", f"digest IN (SELECT digest FROM base.passages WHERE id IN ({chosen}))"),
    ):
        columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA table_info({table})"))
        connection.execute(
            f"INSERT OR IGNORE INTO main.{table} ({columns}) SELECT {columns} FROM base.{table} WHERE {condition}"
        )
    connection.commit()
    n_real = connection.execute("SELECT count(*) FROM main.passages").fetchone()[0]
    if n > n_real:
        _make_up(connection, n - n_real, fingerprint)
    connection.execute("DETACH base")
    connection.close()
    (home / "done").touch()


def _make_up(connection: sqlite3.Connection, n: int, fingerprint: str) -> None:
    fields = (
        "t.article_id, t.kind, t.day, t.units, t.head, t.folded, t.title, t.body, a.title, a.date, v.vector"
    )
    real = connection.execute(
        f"SELECT {fields} FROM main.passage_terms t JOIN main.passages p ON p.id = t.passage_id "
        "JOIN main.articles a ON a.id = t.article_id JOIN main.vectors v ON v.digest = p.digest"
    ).fetchall()
    regions: dict[str, list[tuple[str, str]]] = {}
    for article_id, code, role in connection.execute(
        "SELECT article_id, code, role FROM main.article_regions"
    ):
        regions.setdefault(article_id, []).append((code, role))
    vectors = np.frombuffer(b"".join(row[-1] for row in real), "<f4").reshape(len(real), -1)
    mean = vectors.mean(axis=0)
    page = connection.execute("SELECT min(id) FROM main.pages").fetchone()[0]
    first = connection.execute("SELECT max(id) FROM main.passages").fetchone()[0] + 1
    chance = np.random.default_rng(7)
    for start in range(0, n, _AT_ONCE):
        size = min(_AT_ONCE, n - start)
        ones, others = chance.integers(0, len(real), (2, size))
        angles = chance.uniform(0, np.pi / 2, (size, 1))
        made = mean + np.cos(angles) * (vectors[ones] - mean) + np.sin(angles) * (vectors[others] - mean)
        made = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype("<f4")
        rows = [
            _mixture(first + start + k, page, real[a], real[b], made[k].tobytes(), fingerprint, regions)
            for k, (a, b) in enumerate(zip(ones.tolist(), others.tolist(), strict=True))
        ]
        for table in _TABLES:
            values = [row for each in rows for row in each[table]]
            if values:
                names = ", ".join(f'"{name}"' for name in values[0])
                marks = ", ".join(f":{name}" for name in values[0])
                connection.executemany(f"INSERT INTO main.{table} ({names}) VALUES ({marks})", values)
        connection.commit()


def _mixture(
    number: int, page: int, one: Any, other: Any, vector: bytes, fingerprint: str, regions: dict[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    article_id, digest = f"m{number:015d}", number.to_bytes(16, "big")
    text = one[5][: len(one[5]) // 2] + other[5][len(other[5]) // 2 :]
    words = [one[7].split(), other[7].split()]
    body = " ".join(words[0][: len(words[0]) // 2] + words[1][len(words[1]) // 2 :])
    head = one[4][: len(one[4]) // 2] + other[4][len(other[4]) // 2 :]
    titles = [one[6].split(), other[6].split()]
    title = " ".join(titles[0][: len(titles[0]) // 2] + titles[1][len(titles[1]) // 2 :])
    article = {
        "id": article_id, "page_id": page, "position": number, "title": head or "无题", "title_is_derived": 0,
        "kind": "article", "date": one[9], "date_basis": "front_matter" if one[9] else "none", "text": text,
        "spans": json.dumps([["body", 0, len(text)]]), "first_line": 1, "last_line": 1,
        "known_at": "2026-01-01 00:00:00.000000", "story": article_id,
    }  # fmt: skip
    passage = {"id": number, "article_id": article_id, "kind": "body", "start": 0, "end": len(text)}
    terms = {
        "passage_id": number, "article_id": article_id, "kind": "body", "start": 0, "end": len(text), "day": one[2],
        "is_first": 1, "units": other[3], "head": head, "folded": text, "title": title, "body": body,
    }  # fmt: skip
    return {
        "articles": [article],
        "article_regions": [
            {"article_id": article_id, "code": code, "role": role} for code, role in regions.get(one[0], ())
        ],
        "passages": [passage | {"position": 0, "digest": digest}],
        "passage_terms": [terms],
        "vectors": [{"digest": digest, "encoder": fingerprint, "vector": vector}],
    }


# ------------------------------------------------------------------------------------------------ measures


def measure(home: Path, questions: list[str]) -> dict[str, Any]:
    """All that is measured at one size, in this process."""
    encoder = setting.open_encoder()
    tokenizer = open_tokenizer(load_settings())
    resolver = open_resolver(load_settings(), tokenizer)
    encoder.encode_queries(["预热"])
    tokenizer.cut("预热")
    resolver.resolve_question("库伦旗")
    before = setting.rss()
    store = Store.open(f"sqlite:///{home.absolute() / 'yunwen.db'}", resolver.gazetteer.names)
    started = time.perf_counter()
    index = LocalIndex(store, home / "dense.index", encoder)
    index.save()
    opened = time.perf_counter() - started
    answerer = Answerer(store, index, encoder, tokenizer, resolver)
    for question in questions[:20]:  # asked otherwise, so that none of the answers is remembered
        answerer.ask(f"请问{question}")
    asking, encoding = [], []
    for question in questions:
        asking += setting.timed([lambda: answerer.ask(question)])  # noqa: B023
        encoding += setting.timed([lambda: encoder.encode_queries([question])])  # noqa: B023
    used = setting.rss() - before
    vectors = {question: encoder.encode_queries([question])[0] for question in questions}
    asked = {
        question: answerer.understanding.understand(question, date(2024, 1, 1), None, None)
        for question in questions
    }
    searcher: Searcher = answerer._searcher
    weights = {question: searcher.weigh(asked[question].query) for question in questions}
    ways = {
        "dense": lambda q: index.search_dense(vectors[q], 50),
        "sparse": lambda q: index.search_sparse(asked[q].query.terms, 50),
        "hybrid": lambda q: searcher.rank(asked[q].query, (), lambda: vectors[q], weights[q]),
    }
    times: dict[str, dict[str, float]] = {}
    for name, way in ways.items():
        times[name] = setting.quantiles(setting.timed([partial(way, question) for question in questions]))
    return {
        "passages": index.n_passages,
        "kind": index.status().kind,
        "opened_s": round(opened, 2),
        "rss_above_mb": round(used),
        "ask_ms": setting.quantiles(asking),
        "encoder_ms": setting.quantiles(encoding),
        "ask_over_encoder_p50": round(float(np.median(asking) / np.median(encoding)), 2),
        # against the encoder's median: its own p99 is the machine's noise
        "ask_p99_over_encoder_p50": round(float(np.percentile(asking, 99) / np.median(encoding)), 2),
        **{f"{name}_ms": figures for name, figures in times.items()},
        "filtered": filtered(index, vectors, asked),
        "recall_at_10": round(recall(store, index, encoder.fingerprint, vectors), 4),
    }


def filtered(index: LocalIndex, vectors: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """Each filter's searches beside the same ones without it; no question finds its filter's mask made."""
    found: dict[str, Any] = {}
    for name, where in FILTERS.items():
        plain: dict[str, list[float]] = {"dense": [], "sparse": []}
        limited: dict[str, list[float]] = {"dense": [], "sparse": []}
        for question, vector in vectors.items():
            terms = asked[question].query.terms
            index._dense._columns._masks.clear()
            plain["dense"] += setting.timed([lambda: index.search_dense(vector, 50)])  # noqa: B023
            limited["dense"] += setting.timed([lambda: index.search_dense(vector, 50, where)])  # noqa: B023
            plain["sparse"] += setting.timed([lambda: index.search_sparse(terms, 50)])  # noqa: B023
            limited["sparse"] += setting.timed([lambda: index.search_sparse(terms, 50, where)])  # noqa: B023
        both = [float(np.median(limited[side]) / np.median(plain[side])) for side in ("dense", "sparse")]
        whole = np.median(np.add(limited["dense"], limited["sparse"])) / np.median(
            np.add(plain["dense"], plain["sparse"])
        )
        found[name] = {
            "share": round(float(index._dense._columns.passing(where).mean()), 4),
            "dense_over_unfiltered": round(both[0], 2),
            "sparse_over_unfiltered": round(both[1], 2),
            "both_over_unfiltered": round(float(whole), 2),
        }
    return found


def recall(store: Store, index: LocalIndex, fingerprint: str, vectors: dict[str, Any]) -> float:
    """The share of the exact ten nearest, by 32-bit vectors, that the index finds among its ten."""
    queries = np.stack(list(vectors.values()))
    scores, ids = np.full((len(queries), 10), -2.0), np.zeros((len(queries), 10), np.int64)
    for batch_ids, rows in store.all_vectors(fingerprint)[1]:
        all_scores = np.hstack([scores, queries @ rows.T])
        all_ids = np.hstack([ids, np.broadcast_to(batch_ids, (len(queries), len(batch_ids)))])
        best = np.argpartition(-all_scores, 9, axis=1)[:, :10]
        scores = np.take_along_axis(all_scores, best, axis=1)
        ids = np.take_along_axis(all_ids, best, axis=1)
    shares = [
        len({each.passage_id for each in index.search_dense(vector, 10)} & set(exact.tolist())) / 10
        for vector, exact in zip(queries, ids, strict=True)
    ]
    return float(np.mean(shares))


def start_up(home: Path, rounds: int = 5) -> dict[str, float]:
    """Process start to first answer, beside importing sentence-transformers and loading the encoder with it."""
    from embeddings.bundled import prepare_bundled

    folder = prepare_bundled(load_settings().cache / "models")
    alone = (
        "from sentence_transformers import SentenceTransformer as S; "
        f"S({str(folder)!r}, device='cpu', local_files_only=True).encode(['query: 水稻'])"
    )
    ask = [sys.executable, "-m", "bot.command_line.main", "ask", "库伦旗水稻种植面积", "--json"]
    environment = os.environ | {"YUNWEN_HOME": str(home.absolute())}
    ours, theirs = list[float](), list[float]()
    for _ in range(rounds):
        for times, command in ((ours, ask), (theirs, [sys.executable, "-W", "ignore", "-c", alone])):
            started = time.perf_counter()
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
            times.append(time.perf_counter() - started)
    return {
        "first_answer_s": round(float(np.median(ours)), 2),
        "sentence_transformers_s": round(float(np.median(theirs)), 2),
        "first_answer_over_sentence_transformers": round(float(np.median(ours) / np.median(theirs)), 2),
    }


def read_questions(folder: Path, n: int) -> list[str]:
    lines: Iterator[str] = iter((folder / "queries.jsonl").read_text(encoding="utf-8").splitlines())
    return [json.loads(line)["text"] for line in lines][:n]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("set", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 66_000, 100_000])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    questions = read_questions(options.set, options.questions)
    if options.one:
        print(json.dumps(measure(options.work / str(options.one), questions)))
        return
    # so that the base's own database, which may be another version's, is left as it is
    results: dict[str, Any] = {}
    for n in options.sizes:
        home = options.work / str(n)
        build(options.base, home, n)
        command = [sys.executable, "-m", "bench.growth", *map(str, (options.set, options.base, options.work))]
        with tempfile.TemporaryFile("w+") as out:
            for _ in range(2):  # the first run builds the index; memory and opening are the second's
                out.seek(0)
                out.truncate()
                asked = ["--questions", str(options.questions), "--one", str(n)]
                subprocess.run([*command, *asked], cwd=ROOT, stdout=out, check=True)
            out.seek(0)
            results[str(n)] = json.loads(out.read().splitlines()[-1]) | start_up(home)
        print(n, json.dumps(results[str(n)], ensure_ascii=False), flush=True)
    report(results)


def report(results: dict[str, Any]) -> None:
    columns = ("ask_ms", "encoder_ms", "hybrid_ms", "dense_ms", "sparse_ms")
    rows: list[list[object]] = [
        ["passages", *(f"{name} p50/p99" for name in columns), "ask/enc", "p99/enc", "recall"]
    ]
    for each in results.values():
        rows.append(
            [
                each["passages"],
                *(f"{each[name]['p50']}/{each[name]['p99']}" for name in columns),
                *(
                    each[name]
                    for name in ("ask_over_encoder_p50", "ask_p99_over_encoder_p50", "recall_at_10")
                ),
            ]
        )
    print(setting.table(rows))
    ratios: dict[str, float] = {}
    for n, each in results.items():
        ratios |= {
            f"{n} ask over encoder": each["ask_over_encoder_p50"],
            f"{n} p99 of ask over encoder": each["ask_p99_over_encoder_p50"],
            f"{n} start over sentence-transformers": each["first_answer_over_sentence_transformers"],
            f"{n} slowest filter over none": max(
                f["both_over_unfiltered"] for f in each["filtered"].values()
            ),
            f"{n} slowest filter over none, dense": max(
                f["dense_over_unfiltered"] for f in each["filtered"].values()
            ),
        }
    setting.save_result("growth", {"sizes": results, "ratios": ratios})
    sizes = [each["passages"] for each in results.values()]
    lines = {
        name.removesuffix("_ms"): [each[name]["p50"] for each in results.values()]
        for name in ("ask_ms", "encoder_ms", "hybrid_ms", "dense_ms", "sparse_ms")
    }
    plot = ROOT / "docs" / "growth.svg"
    plot.write_text(draw_lines(sizes, lines, "passages", "median, ms"), encoding="utf-8")
    print(f"written: {plot.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
