"""Measure an ingest: against the encoder alone, a second time, and interrupted twice against uninterrupted.

    python -m bench.ingest CORPUS.jsonl [N_RECORDS]

Takes the first N_RECORDS (3,000) lines. Prints the ingest's share of the encoder's own tokens a second (same passages,
same batches, same run), what a second run costs, and whether a database whose ingest was killed with -9 twice and
then resumed has the same content as one that was left alone.
"""

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from bot.composition import open_ingester, open_resolver, open_settings_encoder, open_tokenizer
from bot.progress import TerminalProgress
from bot.settings import load_settings
from retrieval import Store
from retrieval.progress import Silence
from retrieval.reading import read_page
from retrieval.text.passages import chunk, passage_header

ROOT = Path(__file__).parent.parent
_BATCH = 512
_TIMES = {"known_at", "ingested_at"}


def share_of_encoder(page: Path) -> None:
    """The ingest and the encoder alone, over the same passages, in turns."""
    settings = load_settings()
    tokenizer = open_tokenizer(settings)
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
    resolver = open_resolver(settings, tokenizer)
    texts = []
    for article in read_page(page).articles:
        header = passage_header(article)
        bodies = (article.text[piece.start : piece.end] for piece in chunk(article))
        texts += [f"{header}\n{body}" if header else body for body in bodies]
    texts = sorted(set(texts), key=len)
    encoder.encode_passages(texts[:64])
    alone, whole = [], []
    for _ in range(2):
        started = time.perf_counter()
        for start in range(0, len(texts), _BATCH):
            encoder.encode_passages(texts[start : start + _BATCH])
        alone.append(time.perf_counter() - started)
        with tempfile.TemporaryDirectory() as folder:
            store = Store.open(f"sqlite:///{folder}/yunwen.db")
            started = time.perf_counter()
            open_ingester(store, encoder, tokenizer, resolver).ingest([page], Silence())
            whole.append(time.perf_counter() - started)
            store.engine.dispose()
    print(
        f"{len(texts)} passages: encoder alone {min(alone):.1f} s, ingest {min(whole):.1f} s: "
        f"{min(alone) / min(whole):.0%} of the encoder's tokens a second",
        flush=True,
    )


def command(home: Path, page: Path) -> tuple[list[str], dict[str, str]]:
    return [sys.executable, "-m", "bot.command_line.main", "ingest", str(page)], os.environ | {
        "YUNWEN_HOME": str(home)
    }


def interrupted(page: Path, folder: Path) -> None:
    chance = random.Random(7)
    arguments, environment = command(folder / "whole", page)
    started = time.perf_counter()
    subprocess.run(arguments, env=environment, cwd=ROOT, check=True, capture_output=True)
    first = time.perf_counter() - started
    started = time.perf_counter()
    subprocess.run(arguments, env=environment, cwd=ROOT, check=True, capture_output=True)
    second = time.perf_counter() - started
    print(f"first run {first:.1f} s, second {second:.1f} s: {second / first:.1%}", flush=True)
    arguments, environment = command(folder / "killed", page)
    for _ in range(2):
        process = subprocess.Popen(
            arguments, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(first * chance.uniform(0.3, 0.5))
        print("killed while running" if process.poll() is None else "it had ended already")
        process.kill()
        process.wait()
    started = time.perf_counter()
    subprocess.run(arguments, env=environment, cwd=ROOT, check=True, capture_output=True)
    print(f"resumed in {time.perf_counter() - started:.1f} s", flush=True)
    one, other = (content(folder / name / "yunwen.db") for name in ("whole", "killed"))
    same = [table for table in one if one[table] == other[table]]
    print(
        f"tables with the same content: {', '.join(same)}; different: {sorted(set(one) - set(same)) or 'none'}"
    )


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table's rows in order, without times and the database's own name."""
    tables = {}
    connection = sqlite3.connect(path)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    ).fetchall():
        if name.startswith("sqlite_") or name == "settings":
            continue
        columns = [
            row[1] for row in connection.execute(f"PRAGMA table_info('{name}')") if row[1] not in _TIMES
        ]
        listed = ", ".join(f'"{column}"' for column in columns)
        tables[name] = sorted(connection.execute(f'SELECT {listed} FROM "{name}"').fetchall(), key=repr)
    connection.close()
    return tables


def main(corpus: Path, n_records: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = folder / "slice.jsonl"
        with corpus.open(encoding="utf-8") as lines:
            page.write_text("".join(islice(lines, n_records)), encoding="utf-8")
        interrupted(page, folder)
        share_of_encoder(page)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3000)
