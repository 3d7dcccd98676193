"""How many points of a timeline are right, and how many of those that reading finds are there.

    python -m bench.timelines.measure CORPUS.jsonl WORK [POINTS.jsonl]

CORPUS.jsonl is the set of dated broadcasts (docs/timelines.md); its first 14,700 records are read into WORK once, with the
hashing encoder, as the words of a passage alone decide. `points.jsonl` holds questions of our own with what reading found:
time, kind and amount of each point, and the id of the record that says it. `points_local.jsonl` holds such questions over
the set of local news; `points_blind.jsonl` and `points_blind2.jsonl` to `points_blind7.jsonl` over the broadcasts, each
drawn before anything was made with it in view. `points_read.jsonl`, `points_read2.jsonl` and `points_local_read.jsonl` are
the figures judged right among those that were found, read to learn from: how many are found of them says nothing. The
model has learned from all of them but the seventh draw; learn.py tells how one does without each.
"""

import json
import sys
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from statistics import median

from embeddings import HashingEncoder
from retrieval import (
    Answerer,
    Gazetteer,
    Ingester,
    Library,
    LocalIndex,
    Resolver,
    Store,
    Tokenizer,
    divisions_of,
)
from retrieval.timelines.scales import base_amount

N_RECORDS = 14_700
TODAY = date(2026, 7, 31)
POINTS = Path(__file__).with_name("points.jsonl")
Told = tuple[str, str, str]


def open_library(corpus: Path, work: Path) -> Library:
    """The set's library, read where it is not there yet."""
    work.mkdir(parents=True, exist_ok=True)
    gazetteer, tokenizer, encoder = Gazetteer.load(), Tokenizer(), HashingEncoder()
    resolver = Resolver(gazetteer, cuts_word=tokenizer.cuts_word)
    store = Store.open(f"sqlite:///{work / 'yunwen.db'}", gazetteer.names)
    if store.counts().articles == 0:
        with (
            corpus.open(encoding="utf-8") as file,
            (work / "records.jsonl").open("w", encoding="utf-8") as kept,
        ):
            kept.writelines(islice(file, N_RECORDS))
        Ingester(store, encoder, tokenizer, lambda each: divisions_of(each, resolver)).ingest(
            [work / "records.jsonl"]
        )
    index = LocalIndex(store, work / "x.index", encoder)
    return Library(store, Answerer(store, index, encoder, tokenizer, resolver), resolver)


def read_points(path: Path) -> Iterator[tuple[str, set[Told]]]:
    """Each question with its points: time, kind and amount in the base unit."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            told = {
                (last_day(day), kind, base_amount(value, record["unit"]))
                for day, kind, value, _ in record["points"]
            }
            yield record["question"], told


def last_day(told: str) -> str:
    """The last day of a year or month: the state at the end of 2023 is told as 2023 or as 2023-12-31."""
    year, month, day = (*map(int, told.split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1]).isoformat()


def main() -> None:
    library = open_library(Path(sys.argv[1]), Path(sys.argv[2]))
    n_right = n_told = n_known = 0
    times = []
    library.timeline("全国粮食产量", today=TODAY)  # the tables are loaded once
    points = Path(sys.argv[3]) if len(sys.argv) > 3 else POINTS
    for question, known in read_points(points):
        timeline = library.timeline(question, today=TODAY)
        times.append(timeline.took_ms)
        told = {(last_day(p.date), p.kind.value, base_amount(str(p.value), p.unit)) for p in timeline.points}
        right = told & known
        n_right, n_told, n_known = n_right + len(right), n_told + len(told), n_known + len(known)
        wrong = sorted(told - known)
        print(f"{question}: {len(right)} of {len(known)}", *(f"wrong {each}" for each in wrong), sep="  ")
    print(
        f"precision {n_right / n_told:.3f} ({n_right} of {n_told})  recall {n_right / n_known:.3f} (of {n_known})"
    )
    print(
        f"{library.counts()['passages']} passages, milliseconds: median {median(times):.0f}, most {max(times):.0f}"
    )


if __name__ == "__main__":
    main()
