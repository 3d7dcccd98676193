"""A sizing model on paper: what a corpus and its subscribers need, each number from a measurement or a stated limit.

    python -m bench.sizing

Prints two tables in Markdown, which docs/scale.md holds. Nothing is measured here; change an input and print again.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Inputs:
    """Numbers with their sources."""

    sqlite_bytes: float = 745_226_240 / 65_986
    """A passage in SQLite with article, vector and terms: news20k's file (bench.peers's store)."""
    postgres_bytes: float = 119_980_547 / 16_421
    """The same in PostgreSQL 15: pg_database_size of 5,000 of its articles moved there (bench/tiers.py), vacuumed."""
    local_disk_bytes: float = (898_221_313 + 412_288_784) / 1_000_000
    """dense.index and .sparse.index of a million passages (bench/growth.py)."""
    local_memory_bytes: float = 1_366e6 / 1_000_000
    """Of the embedded index above the encoder at a million (bench/results/growth.json)."""
    process_bytes: float = 450e6
    """A bot that answers, before load (bench/results/load.json)."""
    milvus_dense_bytes: float = 384 * 4 + 2 * 16 * 4
    """A 32-bit vector and HNSW's links at M = 16, two for each at the ground level."""
    milvus_sparse_bytes: float = 190 * 8
    """190 terms a passage (news20k), an index and a weight of four bytes each."""
    milvus_overhead: float = 1.5
    """Loaded over raw: vendors' pages say 1.5 to 2 for HNSW."""
    query_node_bytes: float = 64e9 * 0.7
    """What a query node of 64 GB is filled with."""
    tokens_per_passage: float = 140
    tokens_per_second: float = 11_641
    """On two cores (bench/results/encode.json)."""
    questions_per_second: float = 50
    """Of one process on two cores with the embedded index (bench/results/load.json)."""
    messages_per_second: float = 30
    """Telegram's limit for a bot that does not pay for more (core.telegram.org/bots/faq)."""
    paid_per_second: float = 1000
    """With allow_paid_broadcast (Bot API, sendMessage)."""
    asking_in_the_peak_hour: float = 0.1
    """Share of the subscribers that ask one question in it: an assumption, to be replaced by one's own metrics."""
    build_per_second: float = 33_333 / 46
    """Digests written by one process, 500 new articles (docs/digest.md)."""


def human(n_bytes: float) -> str:
    for unit in ("MB", "GB", "TB"):
        n_bytes /= 1000 if unit != "MB" else 1e6
        if n_bytes < 1000 or unit == "TB":
            return f"{n_bytes:,.2g} {unit}" if n_bytes < 10 else f"{n_bytes:,.0f} {unit}"
    raise AssertionError


def span(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:,.0f} s"


def corpus_row(n: int, i: Inputs) -> list[object]:
    milvus = n * (i.milvus_dense_bytes + i.milvus_sparse_bytes) * i.milvus_overhead
    return [
        f"{n:,}",
        human(n * (i.sqlite_bytes + i.local_disk_bytes)),
        human(i.process_bytes + n * i.local_memory_bytes),
        human(n * i.postgres_bytes),
        human(milvus),
        math.ceil(milvus / i.query_node_bytes),
        span(n * i.tokens_per_passage / i.tokens_per_second),
    ]


def subscribers_row(n: int, i: Inputs) -> list[object]:
    at_peak = n * i.asking_in_the_peak_hour / 3600
    return [
        f"{n:,}",
        span(n / i.build_per_second),
        span(n / i.messages_per_second),
        span(n / i.paid_per_second),
        f"{at_peak:,.2g}",
        math.ceil(at_peak / i.questions_per_second),
    ]


def main() -> None:
    inputs = Inputs()
    head = [
        "passages",
        "disk, SQLite and index",
        "memory, one process",
        "PostgreSQL",
        "Milvus memory",
        "query nodes",
        "encoding",
    ]
    print(
        markdown(head, [corpus_row(n, inputs) for n in (20_000, 100_000, 1_000_000, 10_000_000, 100_000_000)])
    )
    head = [
        "subscribers",
        "writing digests",
        "sending at 30/s",
        "paid, 1,000/s",
        "questions/s at the peak",
        "workers",
    ]
    print(markdown(head, [subscribers_row(n, inputs) for n in (1_000, 10_000, 100_000, 1_000_000)]))


def markdown(head: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    main()
