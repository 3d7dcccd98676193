"""The bot and its commands on a test's own home: within the test's process, or as processes of their own."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from commands import logged, run_command, settings_of
from processes import start
from stand_in import TOKEN, StandIn
from waiting import HANG_SECONDS

from bot.command_line.telegram_bot import prepared_bot
from bot.operations.home_lock import home_in_use
from bot.telegram.token_bucket import Rate

COMMAND = (sys.executable, "-m", "bot.command_line.main")
QUESTION = "库伦旗水稻种植面积"
"""The seed page answers it."""
_AT_ONCE = Rate(per_minute=60_000, burst=1000)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What the bot is run with: of this machine's settings none but the hashing model and the folder's home."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("YUNWEN", "TELEGRAM", "EMBED", "WEBHOOK"))
    }
    return kept | {
        "YUNWEN_HOME": str(folder / "home"),
        "EMBEDDING_MODEL": "hashing",
        "RERANKER_MODEL": "none",
        "USER_PER_MINUTE": "6000",  # one person plays all parts
        "USER_BURST": "100",
        "CHAT_PER_MINUTE": "6000",
        "CHAT_BURST": "100",
        **more,
    }


def yunwen(folder: Path, *arguments: str, **more: str) -> str:
    """Run a command; what it printed."""
    done = run_command([*arguments], environment(folder, **more))
    assert done.returncode == 0, done.stderr
    return done.stdout


def yunwen_process(folder: Path, *arguments: str, **more: str) -> str:
    """Run a command that has a loop of its own, as a process; what it printed."""
    process = start(
        [*COMMAND, *arguments], env=environment(folder, **more), stdout=subprocess.PIPE, encoding="utf-8"
    )
    output, _ = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 0
    return str(output)


class Bot:
    """The bot within the test's own process and loop, with a log of its own."""

    def __init__(self, server: StandIn, folder: Path, **more: str) -> None:
        self.log = folder / "bot.log"
        self._environment = _with_account(server, folder, more)
        self._run: asyncio.Task[None] | None = None
        _watch_inbox(server, folder, more)

    def start(self) -> None:
        self._stopping = asyncio.Event()
        self._run = asyncio.create_task(self._serve(self._stopping), name="bot")

    async def greeted(self, server: StandIn) -> None:
        """Return when it answers; raises what ended it before that."""
        assert self._run is not None
        greeting = asyncio.create_task(server.say("/start"))
        await asyncio.wait({greeting, self._run}, return_when=asyncio.FIRST_COMPLETED)
        if self._run.done():
            greeting.cancel()
            await self._run
        await greeting

    async def stop(self) -> int:
        assert self._run is not None
        self._stopping.set()
        await self._run
        return 0

    async def _serve(self, stopping: asyncio.Event) -> None:
        settings = settings_of(self._environment)
        with (
            logged(settings, self.log),
            _unpaced(),
            home_in_use(settings.home),
            prepared_bot(settings) as open_run,
        ):
            await open_run().run(stopping)


@contextmanager
def _unpaced() -> Iterator[None]:
    """Without the waits that keep the bot's pace: `test_pace.py` and `test_senders.py` try them against a clock of their own.

    Nor does a call that a slow machine is long about count as lost.
    """
    with (
        patch.multiple(
            "bot.telegram.client.connections", _CONNECT_SECONDS=HANG_SECONDS, _READ_SECONDS=HANG_SECONDS
        ),
        patch.multiple("bot.telegram.client.pace", PRIVATE=_AT_ONCE, GROUP=_AT_ONCE),
        patch("bot.telegram.client.sending._RETRY_SECONDS", (0.0,) * 7),
        patch("bot.telegram.updates.inbox._GATHER_SECONDS", 0.0),
        patch("bot.telegram.updates.polling._GATHER_SECONDS", 0.0),
        patch.multiple("bot.telegram.delivery.sender", TICK_SECONDS=0.1, _CHAT_SECONDS=0.0),
        patch("bot.telegram.delivery.standing_questions._REST", timedelta(0)),
    ):
        yield


class BotProcess:
    """The bot as a process of its own."""

    def __init__(self, server: StandIn, folder: Path, **more: str) -> None:
        self.log = folder / "bot.log"
        self._environment = _with_account(server, folder, more)
        self._process: subprocess.Popen[bytes] | None = None
        _watch_inbox(server, folder, more)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = start([*COMMAND, "bot"], env=self._environment, stdout=log, stderr=log)

    async def stop(self) -> int:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self._process.wait, HANG_SECONDS)

    async def kill(self) -> None:
        """End it at once, as a power cut does."""
        assert self._process is not None
        self._process.kill()
        await asyncio.to_thread(self._process.wait, HANG_SECONDS)


def _with_account(server: StandIn, folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    account = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE_URL": server.url, "YUNWEN_LOG_LEVEL": "DEBUG"}
    return environment(folder, **(account | dict(more)))


def _watch_inbox(server: StandIn, folder: Path, more: Mapping[str, str]) -> None:
    if "DATABASE_URL" not in more:
        server.is_open = lambda number: is_open(folder / "home" / "chats.db", number)


def is_open(chats: Path, number: int) -> bool:
    """Whether the bot has accepted the update of a number and is not done with it."""
    with closing(sqlite3.connect(chats)) as connection:
        query = "SELECT count(*) FROM inbox WHERE update_id = ? AND payload IS NOT NULL"
        return bool(connection.execute(query, (number,)).fetchone()[0])


@asynccontextmanager
async def running(server: StandIn, folder: Path, **more: str) -> AsyncIterator[Bot]:
    """The bot, greeted; at its end nothing must have gone wrong at either side."""
    bot = Bot(server, folder, **more)
    bot.start()
    try:
        await bot.greeted(server)
        yield bot
    finally:
        await bot.stop()
    log = bot.log.read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert server.refused == []
    assert server.unanswered == set()
