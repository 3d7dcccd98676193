"""The bot and its commands as processes of their own, on a test's own home."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from paths import ROOT
from processes import start
from stand_in import TOKEN, StandIn
from waiting import HANG_SECONDS

COMMAND = (sys.executable, "-m", "bot.command_line.main")
QUESTION = "库伦旗水稻种植面积"
"""The seed page answers it."""


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a process is run with: of this machine's settings none but the hashing model and the folder's home."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("YUNWEN", "TELEGRAM", "EMBED", "WEBHOOK"))
    }
    return kept | {
        "YUNWEN_HOME": str(folder / "home"),
        "YUNWEN_CACHE": str(folder / "cache"),
        "EMBEDDING_MODEL": "hashing",
        "RERANKER_MODEL": "none",
        "USER_PER_MINUTE": "6000",  # one person plays all parts
        "USER_BURST": "100",
        "CHAT_PER_MINUTE": "6000",
        "CHAT_BURST": "100",
        **more,
    }


def yunwen(folder: Path, *arguments: str, **more: str) -> str:
    """Run a command and wait for it; what it printed."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=environment(folder, **more),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=HANG_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class Bot:
    """The process under test."""

    def __init__(self, server: StandIn, folder: Path, **more: str) -> None:
        self.log = folder / "bot.log"
        self._environment = environment(
            folder,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_BASE_URL=server.url,
            YUNWEN_LOG_LEVEL="DEBUG",
            **more,
        )
        self._process: subprocess.Popen[bytes] | None = None
        if "DATABASE_URL" not in more:
            server.is_open = lambda number: is_open(folder / "home" / "chats.db", number)

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
        await server.say("/start")
        yield bot
    finally:
        await bot.stop()
    log = bot.log.read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert server.refused == []
    assert server.unanswered == set()
