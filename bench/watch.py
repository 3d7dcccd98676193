"""Measure how long questions wait while the bot takes in 1,000 articles from a watched folder.

    python -m bench.watch CORPUS.jsonl [N_RECORDS]

Asks twice a second, first with nothing else to do, then from the moment the file is written until its articles can be
asked about. Prints both runs' percentiles from sending a question to the answer's arrival.
"""

import asyncio
import itertools
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.lane import ASKER, QUESTIONS, ROOT, ask

from stand_in import TOKEN, StandIn  # isort: skip, which bench.lane makes importable


async def questions_while(server: StandIn, goes_on: Callable[[float], bool]) -> list[float]:
    waits, questions, began = [], itertools.cycle(QUESTIONS), time.monotonic()
    while goes_on(time.monotonic() - began):
        started = time.monotonic()
        await ask(server, next(questions))
        waits.append(time.monotonic() - started)
        await asyncio.sleep(max(0.0, 0.5 - waits[-1]))
    return waits


def report(name: str, waits: list[float]) -> float:
    cuts = statistics.quantiles(waits, n=100)
    figures = ", ".join(f"p{p} {cuts[p - 1] * 1000:.0f} ms" for p in (50, 95, 99))
    print(f"{name}: {len(waits)} questions, {figures}, slowest {max(waits) * 1000:.0f} ms", flush=True)
    return cuts[98]


async def measure(corpus: Path, n_records: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        home, pages = Path(name) / "home", Path(name) / "pages"
        pages.mkdir()
        server = StandIn()
        await server.start()
        environment = os.environ | {
            "YUNWEN_HOME": str(home),
            "YUNWEN_PAGES": str(pages),
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": server.url,
        }
        command = [sys.executable, "-m", "bot.command_line.main"]
        subprocess.run(
            [*command, "ingest", "seeds"], cwd=ROOT, env=environment, check=True, capture_output=True
        )
        with (Path(name) / "log").open("wb") as log:
            bot = subprocess.Popen([*command, "bot"], cwd=ROOT, env=environment, stderr=log)
        try:
            await server.say("/start", chat_id=ASKER)
            alone = report("alone", await questions_while(server, lambda seconds: seconds < 40))
            with corpus.open(encoding="utf-8") as lines:
                text = "".join(itertools.islice(lines, n_records))
            (pages / "new.jsonl").write_text(text, encoding="utf-8")
            began = time.monotonic()
            waits = await questions_while(server, lambda seconds: seconds < 400 and n_articles(home) < 19)
            busy = report("while ingesting", waits)
            print(
                f"{n_articles(home) - 18} articles after {time.monotonic() - began:.0f} s; p99 {busy / alone:.1f} times"
            )
        finally:
            bot.terminate()
            await asyncio.to_thread(bot.wait, 60)
            await server.stop()


def n_articles(home: Path) -> int:
    connection = sqlite3.connect(home / "yunwen.db")
    (n,) = connection.execute("SELECT count(*) FROM articles").fetchone()
    connection.close()
    return int(n)


if __name__ == "__main__":
    asyncio.run(measure(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000))
