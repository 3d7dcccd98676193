"""What the benchmarks share: a set's store with stored vectors, timings in quantiles, the machine, results on disk."""

import ctypes
import gc
import json
import os
import platform
import resource
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from bot.composition import (
    open_ingester,
    open_resolver,
    open_settings_encoder,
    open_settings_reranker,
    open_tokenizer,
)
from bot.progress import TerminalProgress
from bot.settings import load_settings
from embeddings import Encoder
from retrieval import Answerer, LocalIndex, Resolver, Store, Tokenizer
from retrieval.evaluation import put_corpus

RESULTS = Path(__file__).parent / "results"


class Silent:
    """Takes progress and shows none."""

    def start(self, what: str, total: int) -> None: ...

    def advance(self, n: int) -> None: ...


@dataclass
class Parts:
    """The product's parts over one store."""

    store: Store
    index: LocalIndex
    encoder: Encoder
    tokenizer: Tokenizer
    resolver: Resolver
    answerer: Answerer


def open_encoder() -> Encoder:
    with TerminalProgress() as progress:
        return open_settings_encoder(load_settings(), progress)


def open_parts(folder: Path, encoder: Encoder | None = None, *, is_reading: bool = False) -> Parts:
    """The product over a store in a folder, as bot/composition.py opens it; with its reader if it is to read."""
    settings = load_settings()
    tokenizer = open_tokenizer(settings)
    resolver = open_resolver(settings, tokenizer)
    store = Store.open(f"sqlite:///{folder.absolute() / 'evaluation.db'}", resolver.gazetteer.names)
    encoder = encoder or open_encoder()
    index = LocalIndex(store, folder / "dense.index", encoder)
    reranker = None
    if is_reading:
        with TerminalProgress() as progress:
            reranker = open_settings_reranker(settings, progress)
    answerer = Answerer(store, index, encoder, tokenizer, resolver, reranker=reranker)
    return Parts(store, index, encoder, tokenizer, resolver, answerer)


def build_store(corpus: Path, vectors: Path, folder: Path, encoder: Encoder) -> dict[str, str]:
    """Read a corpus into a new store with the vectors of another; record ids by article id."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = load_settings()
    tokenizer = open_tokenizer(settings)
    resolver = open_resolver(settings, tokenizer)
    store = Store.open(f"sqlite:///{folder.absolute() / 'evaluation.db'}", resolver.gazetteer.names)
    if not store.encoder:
        copy_vectors(vectors, folder / "evaluation.db")
        store.set_encoder(encoder.fingerprint, encoder.name)
    ids = put_corpus(corpus, open_ingester(store, encoder, tokenizer, resolver), store, Silent())
    index = LocalIndex(store, folder / "dense.index", encoder)
    index.save()
    return ids


def copy_vectors(source: Path, target: Path) -> None:
    connection = sqlite3.connect(target)
    connection.execute("ATTACH ? AS other", (f"file:{source.absolute()}?mode=ro",))
    connection.execute("INSERT OR IGNORE INTO vectors SELECT digest, encoder, vector FROM other.vectors")
    connection.commit()
    connection.close()


def timed(calls: Iterable[Callable[[], object]]) -> list[float]:
    """Milliseconds of each call."""
    delays = []
    for call in calls:
        started = time.perf_counter()
        call()
        delays.append((time.perf_counter() - started) * 1000)
    return delays


def quantiles(delays: list[float]) -> dict[str, float]:
    return {f"p{q}": round(float(np.percentile(delays, q)), 2) for q in (50, 95, 99)}


def rss() -> float:
    """Resident memory in MB, what was freed given back first."""
    gc.collect()
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def machine() -> dict[str, Any]:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "versions": {name: version(name) for name in ("faiss-cpu", "onnxruntime", "torch", "numpy", "jieba")},
    }


def save_result(name: str, document: dict[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(document | {"machine": machine()}, ensure_ascii=False, indent=2) + "\n")
    print(f"written: bench/results/{name}.json")


def table(rows: list[list[object]]) -> str:
    """Columns aligned, the first to the left."""
    cells = [[f"{each:.3g}" if isinstance(each, float) else str(each) for each in row] for row in rows]
    widths = [max(len(row[n]) for row in cells) for n in range(len(cells[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    )
