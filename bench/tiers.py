"""The same corpus and questions on both tiers: SQLite with the embedded index, PostgreSQL with Milvus over the network.

    python -m bench.tiers SET BASE WORK [--articles 5000] [--questions 300]

SET is a folder with corpus.jsonl, queries.jsonl and qrels.tsv; BASE the folder in which `yunwen evaluate SET --work
BASE` left its database. WORK gets a copy cut to the first articles (in whole pages of 500); it is moved to a PostgreSQL
of its own by what `yunwen migrate-to` does, and its index built on milvus-lite's server. Questions whose articles are in
the slice come first. The first article, the answer's first article and its outcome are compared, then each side's ten best:
how many both tiers have, and by how much the scores of one passage differ at most. Searches get five minutes in place of
four seconds, as milvus-lite, written in Python, looks at a filter's rows one by one.
Ends with 1 if fewer than 95 % have the same article first.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench import setting

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests" / "support"))

from milvus_servers import running_milvus  # noqa: E402
from postgres import running_postgres  # noqa: E402

from bot.composition import open_resolver, open_tokenizer  # noqa: E402
from bot.settings import load_settings  # noqa: E402
from retrieval import Answerer, LocalIndex, PassageScore, Store, load_questions, relocate_store  # noqa: E402
from retrieval.evaluation import corpus_day, put_corpus  # noqa: E402
from retrieval.index import milvus as milvus_index  # noqa: E402
from retrieval.index import milvus_server  # noqa: E402

_LEAST = 0.95
_DEPTH = 10
_PER_PAGE = 500


def cut(base: Path, work: Path, n_articles: int) -> Path:
    """A copy of BASE's database with its first articles alone."""
    path = work / f"first{n_articles}.db"
    if path.exists():
        return path
    work.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    source = sqlite3.connect(f"file:{(base / 'evaluation.db').absolute()}?mode=ro", uri=True)
    target = sqlite3.connect(part)
    source.backup(target)
    source.close()
    target.close()
    store = Store.open(f"sqlite:///{part.absolute()}")
    for page in store.page_states():
        if int(page.rpartition("#")[2]) >= n_articles // _PER_PAGE:
            store.remove_page(page)
    store.prune_vectors()
    store.engine.dispose()
    return part.rename(path)


def chosen_questions(folder: Path, ids: set[str], n: int) -> dict[str, str]:
    """Up to `n` questions, first those with a relevant record among `ids`."""
    questions = load_questions(folder)
    here = [i for i in questions.queries if questions.qrels.get(i, frozenset()) & ids]
    rest = [i for i in questions.queries if i not in set(here)]
    return {i: questions.queries[i] for i in [*here, *rest][:n]}


def first(answerer: Answerer, question: str, day: Any) -> dict[str, Any]:
    """What a person would see first, and how sure it is."""
    hits = answerer.rank(question, today=day)
    answer = answerer.ask(question, today=day)
    return {
        "ranked": hits[0].article.id if hits else None,
        "score": round(hits[0].score, 6) if hits else None,
        "answered": answer.hits[0].article.id if answer.hits else None,
        "outcome": answer.outcome.value,
    }


def compare(here: Sequence[PassageScore], there: Sequence[PassageScore]) -> tuple[float, float]:
    """The share of the passages that both have, and the largest difference of one's scores as a share of it."""
    scores = {each.passage_id: each.score for each in here}
    both = [each for each in there if each.passage_id in scores]
    gaps = [abs(each.score - scores[each.passage_id]) / abs(each.score) for each in both]
    return len(both) / max(len(here), len(there), 1), max(gaps, default=0.0)


def summed_up(found: Sequence[tuple[float, float]]) -> dict[str, float]:
    shares, gaps = zip(*found, strict=True)
    return {
        "in_common": round(sum(shares) / len(shares), 4),
        "all_in_common": round(sum(each == 1 for each in shares) / len(shares), 4),
        "largest_gap": round(max(gaps), 4),
    }


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def measure(options: argparse.Namespace, url: str, address: str) -> dict[str, Any]:
    milvus_server._ASK_SECONDS = 300.0
    settings = load_settings()
    tokenizer = open_tokenizer(settings)
    resolver = open_resolver(settings, tokenizer)
    names = resolver.gazetteer.names
    encoder = setting.open_encoder()
    path = cut(options.base, options.work, options.articles)
    local = Store.open(f"sqlite:///{path.absolute()}", names)
    far = Store.open(url, names)
    moved_s, moved = timed(lambda: relocate_store(local, far, setting.Silent()))
    print(f"moved to PostgreSQL: {sum(each.n_rows for each in moved)} rows in {moved_s:.0f} s", flush=True)
    embedded = LocalIndex(local, path.with_suffix(".index"), encoder)
    built_s, server = timed(lambda: milvus_index.MilvusIndex(far, address, encoder))
    server._server._connected().flush(server._collection)  # what is not in segments is searched row by row
    print(f"built on Milvus: {server.status().n_passages} passages in {built_s:.0f} s", flush=True)
    worker = milvus_index.MilvusIndex(far, address, encoder, follows=False)  # as the bot's workers search
    tiers = {
        "embedded": Answerer(local, embedded, encoder, tokenizer, resolver),
        "far": Answerer(far, worker, encoder, tokenizer, resolver),
    }
    records = record_ids(options.set, local)
    questions = chosen_questions(options.set, set(records.values()), options.questions)
    day = corpus_day(local)
    differing, agreed = [], {"ranked": 0, "answered": 0, "outcome": 0}
    sides: dict[str, list[tuple[float, float]]] = {"dense": [], "sparse": []}
    delays: dict[str, list[float]] = {name: [] for name in tiers}
    for question_id, question in questions.items():
        found = {}
        for name, answerer in tiers.items():
            seconds, found[name] = timed(partial(first, answerer, question, day))
            delays[name].append(seconds * 1000 / 2)
        for name in agreed:
            agreed[name] += found["embedded"][name] == found["far"][name]
        for side, results in sides.items():
            both = [
                each.search_side(question, is_dense=side == "dense", depth=_DEPTH) for each in tiers.values()
            ]
            results.append(compare(*both))
        if found["embedded"]["ranked"] != found["far"]["ranked"]:
            differing.append(
                {"question": question_id}
                | {f"{tier}_{key}": each[key] for tier, each in found.items() for key in ("ranked", "score")}
            )
    n = len(questions)
    return {
        "articles": local.counts().articles,
        "passages": local.counts().passages,
        "index": {"embedded": embedded.status().kind, "far": server.status().kind},
        "questions": n,
        "same_first": {name: round(value / n, 4) for name, value in agreed.items()},
        "sides": {side: summed_up(results) for side, results in sides.items()},
        "ask_ms": {name: setting.quantiles(each) for name, each in delays.items()},
        "differing": differing,
    }


def record_ids(folder: Path, store: Store) -> dict[str, str]:
    """Record ids by article id, of what the store has of a set."""

    class Nothing:
        def put(self, *_: Any) -> None: ...

    with tempfile.TemporaryDirectory() as name:
        part = Path(name) / folder.name / "corpus.jsonl"
        part.parent.mkdir()
        n = store.counts().articles
        with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
            part.write_text("".join(line for line, _ in zip(lines, range(n), strict=False)), encoding="utf-8")
        return put_corpus(part, Nothing(), store, setting.Silent())  # type: ignore[arg-type]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("set", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--questions", type=int, default=300)
    options = parser.parse_args()
    with running_postgres() as postgres, running_milvus(is_real=False) as milvus:
        if postgres is None or milvus is None:
            raise SystemExit("PostgreSQL's binaries or milvus-lite are not here: see docs/scale.md")
        document = measure(options, postgres.new_database(), milvus.address)
    same = document["same_first"]
    rows: list[list[object]] = [["", "embedded = far"]]
    rows += [[f"same {name}", f"{100 * value:.1f} %"] for name, value in same.items()]
    rows += [[f"{side}: ten best", str(each)] for side, each in document["sides"].items()]
    rows += [[f"ms a question, {tier}", str(each)] for tier, each in document["ask_ms"].items()]
    print(setting.table(rows))
    for each in document["differing"]:
        print(each)
    setting.save_result("tiers", document)
    return 0 if same["ranked"] >= _LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
