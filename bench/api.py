"""What the interface for programs carries, side by side with the library called directly.

    python -m bench.api QUESTIONS [questions a round] [rounds]

QUESTIONS is JSONL with `text`; YUNWEN_HOME holds the articles. `yunwen web` runs as a process of its own on loopback, and
as many ask at a time as answers are computed at a time. Rounds of both alternate, each with questions of its own, so that
nothing is answered from memory and both meet the same machine.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from bench import setting
from bot.composition import open_library
from bot.settings import load_settings
from retrieval import Library

_AT_ONCE = {"ask": 2, "article": 8}
FREELY = {"USER_PER_MINUTE": "1e9", "USER_BURST": "1000000000", "QUEUE_LIMIT": "10000"}


def main(questions: Path, n: int = 100, rounds: int = 3) -> None:
    lines = questions.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines if line.strip()]
    library = open_library(load_settings())
    ids = [article.id for article in library.newest_articles(n * rounds)]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bot.command_line.main", "web", "--listen", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, env=os.environ | FREELY, stderr=subprocess.DEVNULL)
    delays: dict[str, list[tuple[float, list[float]]]] = {}
    try:
        wait_for(port)
        for number in range(-1, rounds):  # the first warms both and is not counted
            first = max(number, 0) * n
            some = texts[-20:] if number < 0 else texts[first : first + n]
            for name, measured in both(library, port, some, ids[first : first + n]).items():
                if number >= 0:
                    delays.setdefault(name, []).append(measured)
    finally:
        server.terminate()
        server.wait()
    told: dict[str, dict[str, float]] = {}
    rows: list[list[object]] = [["", "a second", "p50 ms", "p95", "p99"]]
    for name, measurements in delays.items():
        every = [delay for _, round_delays in measurements for delay in round_delays]
        rate = float(np.median([len(each) / seconds for seconds, each in measurements]))
        told[name] = {"per_second": round(rate, 1)} | setting.quantiles(every)
        rows.append([name, told[name]["per_second"], *setting.quantiles(every).values()])
    print(setting.table(rows))
    counts = library.counts()
    setting.save_result("api", {"questions": n * rounds, "rounds": rounds, "stored": counts, "ways": told})


def both(
    library: Library, port: int, texts: Sequence[str], ids: Sequence[str]
) -> dict[str, tuple[float, list[float]]]:
    """Seconds of a round and milliseconds of each of its requests, for each way."""
    paths = {
        "ask": [f"/api/ask?q={quote(text)}" for text in texts],
        "article": [f"/api/article/{i}" for i in ids],
    }
    return {
        "library.ask": directly(library.ask, texts, _AT_ONCE["ask"]),
        "/api/ask": asyncio.run(over_http(port, paths["ask"], _AT_ONCE["ask"])),
        "library.article": directly(library.article, ids, _AT_ONCE["article"]),
        "/api/article": asyncio.run(over_http(port, paths["article"], _AT_ONCE["article"])),
    }


def directly(
    function: Callable[[str], object], given: Sequence[str], at_once: int
) -> tuple[float, list[float]]:
    def call(each: str) -> float:
        begun = time.perf_counter()
        function(each)
        return (time.perf_counter() - begun) * 1000

    with ThreadPoolExecutor(at_once) as pool:
        started = time.perf_counter()
        delays = list(pool.map(call, given))
    return time.perf_counter() - started, delays


async def over_http(port: int, paths: Sequence[str], at_once: int) -> tuple[float, list[float]]:
    left, delays = list(reversed(paths)), []

    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while left:
            path = left.pop()
            begun = time.perf_counter()
            await get(reader, writer, path)
            delays.append((time.perf_counter() - begun) * 1000)
        writer.close()

    started = time.perf_counter()
    askers: list[Awaitable[Any]] = [ask() for _ in range(at_once)]
    await asyncio.gather(*askers)
    return time.perf_counter() - started, delays


async def get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> bytes:
    """The body at a path. Raises RuntimeError if it is not answered."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    body = await reader.readexactly(length)
    if " 200 " not in head.partition("\r\n")[0]:
        raise RuntimeError(f"{path}: {head.partition(chr(13))[0]}")
    return body


def wait_for(port: int, seconds: float = 120) -> None:
    """Wait until the server listens."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not come up")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(each) for each in sys.argv[2:]))
