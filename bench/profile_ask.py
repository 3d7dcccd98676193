"""Where the time of Answerer.ask goes.

    python -m bench.profile_ask WORK SET [questions]

WORK is a folder with evaluation.db and dense.index (bench.peers --work leaves one), SET has queries.jsonl.
Prints a table of the stages, timed without a profiler, then cProfile's forty most expensive functions.
"""

import cProfile
import pstats
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench import setting
from retrieval.answering import judging
from retrieval.answering import searcher as searching
from retrieval.answering.judging import Judge
from retrieval.answering.question_vector import QuestionVector
from retrieval.answering.searcher import Searcher
from retrieval.answering.understanding import Understanding
from retrieval.evaluation import load_questions


def main(work: Path, folder: Path, n: int) -> None:
    parts = setting.open_parts(work)
    texts = list(load_questions(folder).queries.values())[:n]
    for text in texts[:20]:
        parts.answerer.ask(text)
    spent: dict[str, list[float]] = defaultdict(list)
    parts.answerer._repeats.forget()
    whole = np.array(setting.timed(partial(parts.answerer.ask, text) for text in texts))
    encoding = np.array(setting.timed(partial(parts.encoder.encode_queries, [text]) for text in texts))
    undo = [watch(owner, name, spent) for owner, name in stages(parts)]
    parts.answerer._repeats.forget()
    for text in texts:
        for times in spent.values():
            times.append(0.0)
        parts.answerer.ask(text)
    for put_back in undo:
        put_back()
    print(
        f"{len(parts.index._dense)} passages, {len(texts)} questions; ask p50 {np.median(whole):.2f} ms, "
        f"p99 {np.percentile(whole, 99):.2f}; encoder p50 {np.median(encoding):.2f} ms"
    )
    rows: list[list[object]] = [["stage", "mean ms", "p99", "share"]]
    total = float(whole.mean())
    for name, times in sorted(spent.items(), key=lambda item: -sum(item[1])):
        mean = sum(times) / len(texts)
        rows.append([name, f"{mean:.2f}", f"{np.percentile(times, 99):.2f}", f"{100 * mean / total:.0f} %"])
    print(setting.table(rows))
    parts.answerer._repeats.forget()
    profiler = cProfile.Profile()
    profiler.enable()
    for text in texts:
        parts.answerer.ask(text)
    profiler.disable()
    for order in ("tottime", "cumtime"):
        pstats.Stats(profiler).strip_dirs().sort_stats(order).print_stats(40)


def stages(parts: setting.Parts) -> list[tuple[Any, str]]:
    """What is timed; several lie within others, and the encoder beside what comes before its vector."""
    index, store = parts.index, parts.store
    return [
        (index, "refresh"),
        (Understanding, "understand"),
        (parts.encoder, "encode_queries"),
        (QuestionVector, "vector"),
        (Searcher, "weigh"),
        (Searcher, "rank"),
        (index, "search_dense"),
        (index, "search_sparse"),
        (index, "similarities"),
        (store, "candidate_texts"),
        (Searcher, "_date_agreements"),
        (searching, "describe"),
        (Judge, "read"),
        (Judge, "hit"),
        (store, "articles"),
        (judging, "find_evidence"),
    ]


def watch(owner: Any, name: str, spent: dict[str, list[float]]) -> Callable[[], None]:
    original = getattr(owner, name)
    label = f"{getattr(owner, '__name__', type(owner).__name__).rsplit('.', 1)[-1]}.{name}"
    _ = spent[label]

    def timed(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return original(*arguments, **named)
        finally:
            if spent[label]:
                spent[label][-1] += (time.perf_counter() - started) * 1000

    setattr(owner, name, timed)
    return lambda: setattr(owner, name, original)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 200)
