"""Digests sent by processes of their own against a Bot API on loopback that misbehaves."""

import asyncio
import json
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from stand_in import TOKEN, StandIn
from test_telegram import ROOT, environment

from bot.chats.database import open_chats
from bot.chats.subscriptions import ChatState, SubscriptionStore

N_CHATS, N_KILLS = 2000, 10


def prepare(folder: Path, n_chats: int) -> SubscriptionStore:
    """A store with the seed page, and chats that follow 内蒙古自治区 whose digest is due."""
    subprocess.run(
        [sys.executable, "-m", "bot.command_line.main", "ingest", "seeds"],
        cwd=ROOT,
        env=environment(folder),
        check=True,
        capture_output=True,
    )
    return prepare_chats(folder / "home", n_chats)


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
        self._environment = environment(
            folder,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_BASE_URL=server.url,
            DIGEST_PER_SECOND="200",
            YUNWEN_LOG_LEVEL="WARNING",
        )
        self.log = folder / "senders.log"

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "bot.command_line.main", "deliver", "--once", "--json"],
                cwd=ROOT,
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=log,
            )


async def test_ten_kills_floods_blocks_and_lost_answers_lose_no_digest(tmp_path: Path) -> None:
    chance = random.Random(7)
    subscribers = await asyncio.to_thread(prepare, tmp_path, N_CHATS)
    server = StandIn()
    dropped: list[int] = []
    shut_out: Counter[int] = Counter()

    def chaos(chat_id: int) -> str | None:
        if chat_id % 100 == 0:
            shut_out[chat_id] += 1
            return "forbidden"
        number = chance.random()
        if number < 0.02:
            return "flood"
        if number < 0.03:
            dropped.append(chat_id)
            return "drop"
        return None

    server.chaos = chaos
    await server.start()
    senders = Senders(server, tmp_path)
    try:
        n_kills = 0
        while n_kills < N_KILLS:
            process = senders.start()
            n_before = len(server.sent)
            target = n_before + chance.randint(20, 120)
            for _ in range(600):
                if len(server.sent) >= target or process.poll() is not None:
                    break
                await asyncio.sleep(0.05)
            assert process.poll() is None, senders.log.read_text(encoding="utf-8")
            process.kill()
            await asyncio.to_thread(process.communicate)  # it is dead: this closes its pipe
            n_kills += 1
        process = senders.start()
        output, _ = await asyncio.wait_for(asyncio.to_thread(process.communicate), 400)
        assert process.returncode == 0
    finally:
        await server.stop()
    log = senders.log.read_text(encoding="utf-8")
    received = Counter((sent.chat_id, sent.text) for sent in server.sent)
    parts = {message for _, message in received}
    reachable = [1000 + n for n in range(N_CHATS) if (1000 + n) % 100]
    missing = [(chat, part) for chat in reachable for part in parts if not received[chat, part]]
    doubles = sum(n - 1 for n in received.values())
    print(
        f"{len(reachable)} reachable chats, {len(parts)} parts each, {len(server.sent)} messages, "
        f"{n_kills} kills, {len(dropped)} answers lost, {doubles} doubles, {len(shut_out)} chats shut out, "
        f"last process: {output.decode().strip()}"
    )
    assert missing == []
    assert doubles <= len(dropped) + n_kills
    assert "Traceback" not in log
    assert set(shut_out.values()) == {1}
    blocked = subscribers.get_many(sorted(shut_out))
    assert {each.state for each in blocked.values()} == {ChatState.BLOCKED}


async def test_two_processes_at_once_send_nothing_twice(tmp_path: Path) -> None:
    await asyncio.to_thread(prepare, tmp_path, 300)
    server = StandIn()
    await server.start()
    senders = Senders(server, tmp_path)
    try:
        processes = [senders.start(), senders.start()]
        outputs = await asyncio.gather(
            *(asyncio.wait_for(asyncio.to_thread(each.communicate), 120) for each in processes)
        )
    finally:
        await server.stop()
    received = Counter((sent.chat_id, sent.text) for sent in server.sent)
    assert len({chat for chat, _ in received}) == 300
    assert set(received.values()) == {1}
    sent = [json.loads(output)["sent"] for output, _ in outputs]
    assert sum(sent) == 300
    assert min(sent) > 0
