"""Open pages of the real server, each address once, and see how long it takes.

    python -m bench.web [--rate 100] [--seconds 60] [--questions FILE --question-rate 0] [--json FILE]

YUNWEN_HOME and the other settings are taken from the environment, as the server takes them. Addresses are drawn from the
library: articles, places, days and feeds, none twice, so that nothing has them yet; arrivals are Poisson. Questions, from
a file with one a line or JSONL with `text`, are asked beside them where a rate is given. The server is a process of its
own; this one plays the visitors on the same machine.

lost: neither a page nor a refusal came back within a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from bench.setting import machine
from bot.composition import open_store
from bot.settings import load_settings
from retrieval import Archive, Gazetteer

_PATIENCE_SECONDS = 60.0
_START_SECONDS = 120.0
_MIX = {"article": 0.6, "place": 0.2, "day": 0.15, "feed": 0.05}


def addresses(n: int, seed: int) -> list[tuple[str, str]]:
    """As many different addresses as are wanted, or as there are, each with its kind, in random order."""
    store = open_store(load_settings())
    archive, chosen = Archive(store), random.Random(seed)
    last, ids = "", []
    while found := archive.ids(last, 5000):
        ids += found
        last = found[-1]
    codes = [each.code for each in Gazetteer.load()]
    counts = store.articles_within(codes)
    places = [code for code in codes if counts[code]]
    day, days = archive.last_day(None), list[date]()
    while day is not None and len(days) < n:
        days.append(day)
        day = archive.last_day(None, day)
    pools = {
        "article": [f"/a/{each}" for each in ids],
        "place": [
            f"/r/{code}?page={page}" for code in places for page in range(1, 1 + -(-counts[code] // 20))
        ],
        "day": [f"/d/{code}/{day}" for day in days for code in ("all", *places[:5])],
        "feed": [f"/r/{code}.{form}" for code in places for form in ("atom", "json")],
    }
    taken = [
        (kind, path)
        for kind, share in _MIX.items()
        for path in chosen.sample(pools[kind], min(len(pools[kind]), round(n * share)))
    ]
    chosen.shuffle(taken)
    return taken


class Visitors:
    """Open addresses, and note what comes back."""

    def __init__(self, base: str) -> None:
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=100)
        self.client = httpx.AsyncClient(base_url=base, limits=limits, timeout=_PATIENCE_SECONDS)
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[int] = Counter()
        self.largest = 0
        self.lost = 0

    async def open(self, kind: str, path: str) -> None:
        started = time.perf_counter()
        try:
            response = await self.client.get(path)
        except httpx.HTTPError:
            self.lost += 1
            return
        self.seconds[kind].append(time.perf_counter() - started)
        self.statuses[response.status_code] += 1
        self.largest = max(
            self.largest, len(response.content) if "html" in response.headers["content-type"] else 0
        )

    async def arrive(
        self, kind_and_paths: list[tuple[str, str]], rate: float, seconds: float, seed: int
    ) -> None:
        """Open one address after the other as people come by, and wait until all have been answered."""
        chosen, until, tasks = random.Random(seed), time.perf_counter() + seconds, []
        at = time.perf_counter()
        for kind, path in kind_and_paths:
            at += chosen.expovariate(rate)
            if at > until:
                break
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            tasks.append(asyncio.create_task(self.open(kind, path)))
        await asyncio.gather(*tasks)

    def report(self) -> dict[str, Any]:
        pages = [each for kind, found in self.seconds.items() if kind != "question" for each in found]
        kinds = {**self.seconds, "all pages": pages}
        return {
            "statuses": {str(status): n for status, n in sorted(self.statuses.items())},
            "lost": self.lost,
            "largest_page_bytes": self.largest,
            "milliseconds": {kind: quantiles(found) for kind, found in sorted(kinds.items()) if found},
        }


def quantiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "n": len(ordered),
        **{
            name: round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * part))], 1)
            for name, part in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0))
        },
    }


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])


async def until_it_answers(base: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    async with httpx.AsyncClient() as client:
        while time.monotonic() < until and server.poll() is None:
            try:
                await client.get(f"{base}/healthz")
            except httpx.HTTPError:
                await asyncio.sleep(0.2)
            else:
                return
    sys.exit("the server did not come up")


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    paths = addresses(round(options.rate * options.seconds * 1.2), options.seed)
    questions = []
    if options.question_rate:
        lines = options.questions.read_text(encoding="utf-8").splitlines()
        texts = [json.loads(line)["text"] if line.startswith("{") else line for line in lines if line.strip()]
        questions = [("question", str(httpx.URL("/", params={"q": text}))) for text in texts]
        random.Random(options.seed).shuffle(questions)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "bot.command_line.main", "web", "--listen", f"127.0.0.1:{port}"]
    # these visitors have one address, real ones have many
    limits = {"USER_PER_MINUTE": "1000000", "USER_BURST": "1000000"}
    server = subprocess.Popen(command, env=os.environ | limits)
    try:
        await until_it_answers(base, server)
        visitors = Visitors(base)
        coming = [visitors.arrive(paths, options.rate, options.seconds, options.seed)]
        if questions:
            coming.append(
                visitors.arrive(questions, options.question_rate, options.seconds, options.seed + 1)
            )
        await asyncio.gather(*coming)
        await visitors.client.aclose()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    n = sum(visitors.statuses.values())
    return {
        "rate": options.rate,
        "seconds": options.seconds,
        "question_rate": options.question_rate,
        "different_addresses": len(paths),
        **visitors.report(),
        "server_processor_ms_a_request": round(1000 * (used.ru_utime + used.ru_stime) / max(1, n), 1),
        "server_exit": server.returncode,
        "machine": machine(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--question-rate", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = asyncio.run(measure(options))
    print(json.dumps(found, ensure_ascii=False, indent=2))
    if options.json:
        options.json.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
