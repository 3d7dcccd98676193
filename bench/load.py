"""Offer questions to the real bot over the stand-in Bot API and see what becomes of them.

    python -m bench.load QUESTIONS [--rate 50] [--seconds 60] [--users 500] [--webhook] [--json FILE]

YUNWEN_HOME and the other settings are taken from the environment, as the bot takes them. QUESTIONS is a file with
a question a line, or JSONL with `question` or `text`. Arrivals are Poisson; askers are drawn from those that wait
for no answer, where there are any. A process of its own plays Telegram and the people; the bot is a third one.

lost: no answer, no notice and not declined by the bot's own count, a minute after the load has ended.
answered_within_2_s: of those that were accepted, by the bot's own count from an update's arrival; under overload the
people cannot tell which of their questions was declined in silence, so their latencies say more than they waited.
recovered_s: from the end of the load until a newcomer's question is answered within a second.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import multiprocessing
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter, defaultdict, deque
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests" / "support"))

_PATIENCE_SECONDS = 60.0
_FIRST_CHAT = 1_000_000
_PROBE_SECONDS = 1.0
_NOTICES = ("没能回答", "发得有点快")


class People:
    """Asks, and measures when what comes back."""

    def __init__(self, questions: list[str], users: int, seed: int) -> None:
        self.random = random.Random(seed)
        # one after the other, so that none comes again while its answer is remembered
        self.questions = itertools.cycle(self.random.sample(questions, len(questions)))
        self.idle = list(range(_FIRST_CHAT, _FIRST_CHAT + users))
        self.waiting: dict[int, deque[float]] = defaultdict(deque)
        self.latencies: list[float] = []
        self.n_asked = 0
        self.notices: Counter[int] = Counter()

    def ask(self, server: Any) -> None:
        if self.idle:
            at = self.random.randrange(len(self.idle))
            self.idle[at], self.idle[-1] = self.idle[-1], self.idle[at]
            chat = self.idle.pop()
        else:
            chat = self.random.choice(list(self.waiting))
        self.put(server, chat)
        self.n_asked += 1

    def put(self, server: Any, chat: int) -> None:
        self.waiting[chat].append(time.perf_counter())
        server.write(next(self.questions), chat)

    def on_sent(self, sent: Any) -> None:
        waiting = self.waiting.get(sent.chat_id)
        if not waiting:
            return
        if any(sign in sent.text for sign in _NOTICES):
            waiting.pop()
            self.notices[sent.chat_id] += 1
        else:
            self.latencies.append(time.perf_counter() - waiting.popleft())
        if not waiting:
            del self.waiting[sent.chat_id]
            self.idle.append(sent.chat_id)


def telegram(pipe: Any, questions: list[str], options: argparse.Namespace) -> None:
    """The process that plays Telegram and the people."""
    from stand_in import StandIn

    async def run() -> None:
        people = People(questions, options.users, options.seed)
        server = StandIn(keeps_log=False, on_sent=people.on_sent)
        await server.start()
        pipe.send(server.url)
        people.put(server, 1)  # the bot is up when this is answered
        while not people.latencies:
            await asyncio.sleep(0.05)
        people.latencies.clear()
        people.idle.remove(1) if 1 in people.idle else None
        pipe.send("up")
        await offer(people, server, options)
        ended = time.perf_counter()
        recovered = await recovery(people, server, ended)
        while people.waiting and time.perf_counter() - ended < _PATIENCE_SECONDS and not pipe.poll():
            await asyncio.sleep(0.1)
        pipe.send(
            {
                "offered": people.n_asked,
                "answered": len(people.latencies),
                "notices": people.notices.total(),
                "most_notices_to_a_chat": max(people.notices.values(), default=0),
                "latencies": people.latencies,
                "recovered_s": recovered,
                "refused_calls": server.refused[:5],
                "webhook_statuses": dict(server.webhook_statuses),
            }
        )
        await asyncio.to_thread(pipe.recv)  # the bot ends before its Telegram does
        await server.stop()

    asyncio.run(run())


async def offer(people: People, server: Any, options: argparse.Namespace) -> None:
    begun = time.perf_counter()
    due = begun
    while (due := due + people.random.expovariate(options.rate)) < begun + options.seconds:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        people.ask(server)


async def recovery(people: People, server: Any, ended: float) -> float | None:
    """Seconds until a newcomer is answered within one; None: not within a minute."""
    for chat in range(2, 200):
        asked = time.perf_counter()
        if asked - ended > _PATIENCE_SECONDS:
            return None
        before = server.on_sent
        answered = asyncio.Event()

        def watch(sent: Any, before: Any = before, chat: int = chat, answered: Any = answered) -> None:
            if sent.chat_id == chat and not any(sign in sent.text for sign in _NOTICES):
                answered.set()
            before(sent)

        server.on_sent = watch
        people.put(server, chat)
        people.n_asked += 1
        try:
            await asyncio.wait_for(answered.wait(), _PROBE_SECONDS)
        except TimeoutError:
            continue
        finally:
            server.on_sent = before
        return round(time.perf_counter() - ended, 2)
    return None


def read_questions(path: Path) -> list[str]:
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("{"):
            record = json.loads(line)
            found.append(str(record.get("question") or record["text"]))
        elif line.strip():
            found.append(line.strip())
    return found


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def peak_rss(pid: int) -> int:
    """Megabytes of a process and what it started, at their largest."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024  # type: ignore[index]


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def metrics(port: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as response:
        text = response.read().decode()
    return {name: float(v) for name, v in re.findall(r"^(yunwen_\S+) (\S+)$", text, flags=re.MULTILINE)}


def percentile(values: list[float], part: float) -> float | None:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * part))], 3) if values else None


def stages(found: dict[str, float]) -> dict[str, float]:
    """Mean milliseconds by stage."""
    means = {}
    for stage in ("queue", "encode", "search", "send", "total"):
        n = found.get(f'yunwen_stage_seconds_count{{stage="{stage}"}}', 0)
        total = found.get(f'yunwen_stage_seconds_sum{{stage="{stage}"}}', 0)
        means[stage] = round(1000 * total / n, 1) if n else 0.0
    return means


def share_within_two_seconds(before: dict[str, float], after: dict[str, float]) -> float:
    """Of the answers between two looks at the metrics."""
    names = (
        'yunwen_stage_seconds_bucket{le="2.0",stage="total"}',
        'yunwen_stage_seconds_count{stage="total"}',
    )
    quick, all_of_them = (after[name] - before[name] for name in names)
    return round(quick / max(1.0, all_of_them), 4)


def run(options: argparse.Namespace) -> dict[str, Any]:
    from stand_in import TOKEN

    context = multiprocessing.get_context("spawn")
    pipe, theirs = context.Pipe()
    world = context.Process(target=telegram, args=(theirs, read_questions(options.questions), options))
    world.start()
    port, http = free_port(), free_port()
    settings = os.environ | {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": pipe.recv(),
        "HTTP_LISTEN": f"127.0.0.1:{http}",
    }
    if options.webhook:
        settings |= {"WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEBHOOK_LISTEN": f"127.0.0.1:{port}"}
    bot = subprocess.Popen([sys.executable, "-m", "bot.command_line.main", "bot"], cwd=ROOT, env=settings)
    try:
        while not pipe.poll(0.5):
            if bot.poll() is not None:
                world.terminate()
                raise SystemExit(f"the bot ended with {bot.returncode}")
        pipe.recv()
        rss_before = peak_rss(bot.pid)
        before = metrics(http)
        assert world.pid is not None
        cpu_before, cpu_of_world = cpu_seconds(bot.pid), cpu_seconds(world.pid)
        found: dict[str, Any] = pipe.recv()
        after = metrics(http)
        rss = peak_rss(bot.pid)
        cpu = cpu_seconds(bot.pid) - cpu_before
        cpu_of_world = cpu_seconds(world.pid) - cpu_of_world
    finally:
        if bot.poll() is None:
            bot.send_signal(signal.SIGTERM)
            bot.wait(30)
        pipe.send("over")
    world.join()
    latencies = found.pop("latencies")
    declined = sum(
        after.get(name, 0) - before.get(name, 0)
        for verdict in ("limited", "overloaded")
        if (name := f'yunwen_updates_total{{verdict="{verdict}"}}')
    )
    found |= {
        "declined": int(declined),
        "lost": max(0, found["offered"] - found["answered"] - int(declined)),
        "p50_s": percentile(latencies, 0.5),
        "p95_s": percentile(latencies, 0.95),
        "p99_s": percentile(latencies, 0.99),
        "max_s": percentile(latencies, 1.0),
        "peak_rss_mb": rss,
        "rss_before_mb": rss_before,
        "cpu_ms_per_answer": round(1000 * cpu / max(1, len(latencies)), 1),
        "cpu_ms_of_the_stand_in_per_question": round(1000 * cpu_of_world / max(1, found["offered"]), 1),
        "answered_within_2_s": share_within_two_seconds(before, after),
        "stage_ms": stages(after),
        "rate": options.rate,
        "seconds": options.seconds,
        "users": options.users,
        "mode": "webhook" if options.webhook else "polling",
    }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--webhook", action="store_true")
    parser.add_argument("--json", type=Path, help="where the result is written too")
    options = parser.parse_args()
    result = run(options)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
