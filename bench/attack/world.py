"""The bot under attack, Telegram beside it, and the people whose answers no attack may keep back."""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.load import metrics

ROOT = Path(__file__).parent.parent.parent
sys.path.append(str(ROOT / "tests" / "support"))

QUESTIONS = ("库伦旗水稻种植面积", "库伦旗种了多少水稻", "水稻种植面积是多少", "库伦旗的水稻")
ATTACKER, N_ATTACKERS = 100, 5
"""The first chat of the attackers, and how many there are."""
LONGEST_SECONDS = 300.0
_FIRST_ONLOOKER, _N_ONLOOKERS = 5000, 40
_EVERY_SECONDS, _LATEST_SECONDS = 0.5, 15.0


@dataclass
class World:
    """The bot under attack, Telegram beside it, and who looks on."""

    server: Any
    folder: Path
    webhook: str
    http: int
    web: int
    bot: subprocess.Popen[bytes]
    waiting: dict[int, float] = field(default_factory=dict)
    """Since when each of the onlookers waits."""
    latencies: list[float] = field(default_factory=list)
    n_to: dict[int, int] = field(default_factory=dict)
    """Messages that each chat got."""
    newest: int = 10_000

    def on_sent(self, sent: Any) -> None:
        self.n_to[sent.chat_id] = self.n_to.get(sent.chat_id, 0) + 1
        if sent.chat_id in self.waiting:
            self.latencies.append(time.perf_counter() - self.waiting.pop(sent.chat_id))

    async def look_on(self) -> None:
        """Ask again and again, in turn as one of many people."""
        for number in itertools.count():
            chat = _FIRST_ONLOOKER + number % _N_ONLOOKERS
            self.waiting.setdefault(chat, time.perf_counter())
            # what is added keeps the answer from being remembered
            self.server.write(f"{QUESTIONS[number % len(QUESTIONS)]}{'？' * (number % 5)}", chat)
            await asyncio.sleep(_EVERY_SECONDS)

    async def handled(self) -> None:
        """Return when the bot has taken every update and is done with those of the attackers."""
        await until(lambda: not self.server.updates, "the bot to take the updates")
        self.newest += 1  # somebody new, whom no limit keeps from an answer
        self.server.write(QUESTIONS[0], self.newest)
        await until(lambda: self.n_to.get(self.newest), "an answer to a newcomer")

    async def declined(self) -> int:
        """Return how many of the onlookers' questions had no answer, having waited for those that come."""
        asked = set(self.waiting)
        given_up = time.perf_counter() + _LATEST_SECONDS
        while asked & self.waiting.keys() and time.perf_counter() < given_up:
            await asyncio.sleep(_EVERY_SECONDS / 10)
        left = asked & self.waiting.keys()
        for chat in left:
            del self.waiting[chat]
        return len(left)

    def verdicts(self, verdict: str) -> float:
        return metrics(self.http).get(f'yunwen_updates_total{{verdict="{verdict}"}}', 0.0)


Attack = Callable[[World], Awaitable[str]]
"""Raises AssertionError where something was not kept out; else says what was tried."""


async def until(event: Callable[[], Any], what: str) -> None:
    given_up = time.perf_counter() + LONGEST_SECONDS
    while not event():
        if time.perf_counter() > given_up:
            raise TimeoutError(f"waited {LONGEST_SECONDS:.0f} s for {what}")
        await asyncio.sleep(0.05)


def status_of(url: str, data: bytes | None, headers: dict[str, str]) -> int:
    request = urllib.request.Request(url, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=LONGEST_SECONDS) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 400  # it closed on us, which refuses too
