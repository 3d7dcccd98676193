"""Chats whose digest is due, and processes of their own that send what is due."""

import asyncio
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from processes import start
from running_bot import COMMAND, environment
from sqlalchemy import text
from stand_in import TOKEN, StandIn
from waiting import until

from bot.chats.database import open_chats
from bot.chats.subscriptions import SubscriptionStore


def prepare_chats(home: Path, n_chats: int) -> SubscriptionStore:
    """Chats that follow 内蒙古自治区 and whose digest is due."""
    engine = open_chats(f"sqlite:///{home / 'chats.db'}")
    subscribers = SubscriptionStore(engine)
    now = datetime.now(UTC)
    with engine.begin() as connection:
        chat = {"state": "active", "hour": 8, "zone": "Asia/Shanghai", "wants_empty": False}
        chat |= {"seen_until": now - timedelta(days=7), "next_at": now - timedelta(minutes=1)}
        names = ", ".join(["chat_id", *chat])
        values = ", ".join(f":{name}" for name in ["chat_id", *chat])
        connection.execute(
            text(f"INSERT INTO chats ({names}) VALUES ({values})"),
            [
                {"chat_id": 1000 + n} | {k: str(v) if isinstance(v, datetime) else v for k, v in chat.items()}
                for n in range(n_chats)
            ],
        )
        connection.execute(
            text(
                "INSERT INTO subscriptions (chat_id, code, with_descendants, excluded, must, must_not) "
                "VALUES (:chat_id, '150000', 1, '[]', '[]', '[]')"
            ),
            [{"chat_id": 1000 + n} for n in range(n_chats)],
        )
    return subscribers


class Senders:
    """Processes that send what is due."""

    def __init__(self, server: StandIn, folder: Path) -> None:
        self._server = server
        self._environment = environment(
            folder,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_BASE_URL=server.url,
            DIGEST_PER_SECOND="200",
            YUNWEN_LOG_LEVEL="WARNING",
        )
        self.log = folder / "senders.log"

    def start(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return start(
                [*COMMAND, "deliver", "--once", "--json"],
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=log,
            )

    async def kill_after(self, process: "subprocess.Popen[bytes]", n_sent: int) -> None:
        """Kill a process once the stand-in has seen so many messages; it must still be at work then."""

        def is_time() -> bool:
            return len(self._server.sent) >= n_sent or process.poll() is not None

        await until(is_time, f"{n_sent} messages")
        assert process.poll() is None, self.log.read_text(encoding="utf-8")
        process.kill()
        await asyncio.to_thread(process.communicate)  # it is dead: this closes its pipe
