"""The bot as a fleet: PostgreSQL, milvus-lite's server, three webhook workers, two senders and an ingester, some of them killed.

    python -m bench.fleet [--questions 1000] [--digests 2000] [--articles 500] [--rate 8]

Everything runs on this machine, each part a process of its own; this one plays Telegram, the people and the balancer, which hands
an update to the next worker when one does not answer. While questions are asked, digests fall due and pages come into the folder, the
ingester, a sender and a worker are killed with -9 and started again some seconds later: the ingester when a fifth of the new
articles is in, the sender when a fifth of the digests has arrived, the worker when a third of the questions has been asked. How
far the work was at each kill is printed; one that came when all was done already is a fault of the run.

Ends with 1 if a question is not answered, a digest does not arrive, an article is missing or there twice, or more digests come
twice than senders were killed (each has one message under way). Answers that come twice are counted: what a killed worker had
sent and not yet marked is answered again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path += [str(Path(__file__).parent.parent.parent / "tests" / "support")]

from milvus_servers import running_milvus
from postgres import free_port, running_postgres
from stand_in import TOKEN, StandIn

from bench import setting
from bench.fleet.crowd import Crowd, fields, subscribe, write_pages
from bench.fleet.parts import ROOT, Balancer, Fleet
from retrieval import Store

_N_BEFORE = 300
"""Articles that are there when the run begins; the questions are about them."""
_DOWN_SECONDS = 4.0
_PATIENCE_SECONDS = 240.0
_SECRET = "secret-of-the-fleet"


async def asking(crowd: Crowd, server: StandIn, n: int, rate: float) -> None:
    begun = time.monotonic()
    for number in range(n):
        await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        while not crowd.idle:
            await asyncio.sleep(0.05)
        crowd.ask(server)


async def killing(fleet: Fleet, name: str, start: Any, done: Any, n_first: int, n_all: int) -> list[int]:
    """Kill a process once so much of its work is done, and start it again; how much was done by then, of how much."""
    while await asyncio.to_thread(done) < n_first:
        await asyncio.sleep(0.02)
    fleet.kill(name)
    n_done = await asyncio.to_thread(done)
    print(f"killed {name} at {n_done} of {n_all}", flush=True)
    await asyncio.sleep(_DOWN_SECONDS)
    start()
    return [n_done, n_all]


async def until(found: Any, seconds: float = _PATIENCE_SECONDS) -> bool:
    end = time.monotonic() + seconds
    while not found():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.25)
    return True


async def run(options: argparse.Namespace, folder: Path, database: str, index: str) -> dict[str, Any]:
    all_fields = fields(_N_BEFORE + options.articles)
    before, new = all_fields[:_N_BEFORE], all_fields[_N_BEFORE:]
    pages = folder / "pages"
    pages.mkdir()
    write_pages(pages, 0, before)
    crowd = Crowd(before, options.digests)
    server = StandIn(keeps_log=False, on_sent=crowd.on_sent)
    await server.start()
    ports = [free_port() for _ in range(3)]
    balancer = Balancer(ports)
    await balancer.start()
    fleet = Fleet(folder, {
        "DATABASE_URL": database, "INDEX_URL": index, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE_URL": server.url,
        "WEBHOOK_URL": f"http://127.0.0.1:{balancer.port}", "WEBHOOK_SECRET": _SECRET,
        "YUNWEN_PAGES": str(pages), "BOT_SENDS": "false", "BOT_INGESTS": "false", "YUNWEN_LOG_LEVEL": "INFO",
        "ANSWERS_AT_ONCE": "1",
    })  # fmt: skip

    def worker(number: int) -> None:
        fleet.start(f"worker{number}", "bot", WEBHOOK_LISTEN=f"127.0.0.1:{ports[number]}")

    def sender(number: int) -> None:
        fleet.start(f"sender{number}", "deliver")

    def ingester() -> None:
        fleet.start("ingester", "ingest", "--watch")

    store = Store.open(database)
    try:
        ingester()
        if not await until(lambda: store.counts().articles == _N_BEFORE, 120):
            raise SystemExit(f"the first articles did not come in: see {folder}")
        for number in range(3):
            worker(number)
        # the index on the server follows, and all workers are up, when each of these is answered
        for chat in range(2, 5):
            crowd.idle.insert(0, chat)
            crowd.ask(server)
            await until(lambda: not crowd.wanted, 120)
        crowd.n_asked, crowd.answered_at = 0, []
        begun = time.monotonic()
        await asyncio.to_thread(subscribe, database, options.digests)
        for number in range(2):
            sender(number)
        write_pages(pages, _N_BEFORE, new)
        n_new, n_chats, n_asked = len(new), options.digests, options.questions

        def taken_in() -> int:
            return store.counts().articles - _N_BEFORE

        killed = await asyncio.gather(
            killing(fleet, "ingester", ingester, taken_in, n_new // 5, n_new),
            killing(fleet, "sender0", lambda: sender(0), lambda: crowd.n_digested, n_chats // 5, n_chats),
            killing(fleet, "worker0", lambda: worker(0), lambda: crowd.n_asked, n_asked // 3, n_asked),
            asking(crowd, server, n_asked, options.rate),
        )
        is_answered = await until(lambda: not crowd.wanted)
        is_digested = await until(lambda: crowd.n_digested == options.digests)
        n_all = len(all_fields)
        is_ingested = await until(lambda: store.counts().articles >= n_all)
        took = time.monotonic() - begun
        n_answered = len(crowd.answered_at)
        titles = Counter((each.place, each.title) for each in store.newest_articles(10 * n_all))
        later = [each for each in new if new.index(each) % 25 == 0]
        crowd.known = later
        found_later = 0
        for each in later:  # what came in meanwhile is found on Milvus
            chat = crowd.idle.pop(0)
            crowd.wanted[chat], crowd.asked_at[chat] = each.figure, time.monotonic()
            server.write(each.question, chat)
            found_later += await until(lambda chat=chat: chat not in crowd.wanted, 30)
        status = subprocess.run(
            [sys.executable, "-m", "bot.command_line.main", "status", "--json"],
            cwd=ROOT, env=os.environ | fleet.settings | {"YUNWEN_HOME": str(folder / "status")},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    finally:
        fleet.stop()
        await balancer.stop()
        await server.stop()
        store.engine.dispose()
    logs = "".join(path.read_text(errors="replace") for path in folder.glob("*.log"))
    waits = sorted(crowd.answered_at[:n_answered])
    return {
        "questions": {
            "asked": crowd.n_asked, "answered": n_answered, "all": is_answered, "twice": crowd.n_twice,
            "other_messages": crowd.n_wrong, "p50_s": round(waits[len(waits) // 2], 2), "max_s": round(waits[-1], 2),
        },
        "digests": {
            "due": options.digests, "arrived": crowd.n_digested, "all": is_digested, "twice": crowd.n_digests_twice,
            "killed_senders": 1,
        },
        "articles": {
            "written": n_all, "titles": len(titles), "most_of_one": max(titles.values()),
            "in_store": json.loads(status.stdout)["articles"], "all": is_ingested,
            "asked_for": len(later), "found": found_later, "index": json.loads(status.stdout)["index"],
        },
        "killed_at": dict(zip(("ingester", "sender0", "worker0"), killed, strict=False)),
        "passed_over_by_the_balancer": balancer.n_passed_over,
        "traces_in_logs": logs.count("Traceback"),
        "refused_calls": server.refused[:5],
        "took_s": round(took),
    }  # fmt: skip


def faults(found: dict[str, Any]) -> list[str]:
    """What was lost, or came twice beyond what is stated."""
    questions, digests, articles = found["questions"], found["digests"], found["articles"]
    return [
        text
        for text, is_so in {
            "a question was not answered": questions["answered"] != questions["asked"]
            or not questions["all"],
            "a digest did not arrive": digests["arrived"] != digests["due"],
            "more digests came twice than senders were killed": digests["twice"] > digests["killed_senders"],
            "articles are missing or there twice": articles["in_store"] != articles["written"]
            or articles["titles"] != articles["written"]
            or articles["most_of_one"] != 1,
            "a process was killed when its work was done": any(
                n >= n_all for n, n_all in found["killed_at"].values()
            ),
            "an article was not found": articles["found"] != articles["asked_for"],
            "the index is behind": articles["index"]["behind"] != 0,
        }.items()
        if is_so
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--digests", type=int, default=2000)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--rate", type=float, default=8)
    parser.add_argument("--keep", type=Path, help="where the processes' logs stay")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="yunwen-fleet-"))
    folder.mkdir(parents=True, exist_ok=True)
    with running_postgres() as postgres, running_milvus(is_real=False) as milvus:
        if postgres is None or milvus is None:
            raise SystemExit("PostgreSQL's binaries or milvus-lite are not here: see docs/scale.md")
        found = asyncio.run(run(options, folder, postgres.new_database(), milvus.address))
    print(json.dumps(found, ensure_ascii=False, indent=1))
    wrong = faults(found)
    for each in wrong:
        print(f"NOT AS IT SHOULD BE: {each}")
    setting.save_result("fleet", found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
