"""Digests sent by processes of their own against a Bot API on loopback that misbehaves."""

import asyncio
import json
import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from digest_senders import Senders, prepare_chats
from stand_in import StandIn
from waiting import HANG_SECONDS

from bot.chats.subscriptions import ChatState

N_CHATS, N_KILLS = 2000, 10


@pytest.mark.soak
async def test_ten_kills_floods_blocks_and_lost_answers_lose_no_digest(seeded: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    shutil.copytree(seeded, tmp_path / "home")
    subscribers = prepare_chats(tmp_path / "home", N_CHATS)
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
            await senders.kill_after(process, len(server.sent) + chance.randint(20, 120))
            n_kills += 1
        process = senders.start()
        output, _ = await asyncio.to_thread(process.communicate, timeout=HANG_SECONDS)
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
    asked_again = shut_out.total() - len(shut_out)  # of a process killed before it wrote down the refusal
    assert doubles + asked_again <= len(dropped) + n_kills
    assert "Traceback" not in log
    assert len(shut_out) == N_CHATS - len(reachable)
    blocked = subscribers.get_many(sorted(shut_out))
    assert {each.state for each in blocked.values()} == {ChatState.BLOCKED}


async def test_two_processes_at_once_send_nothing_twice(seeded: Path, tmp_path: Path) -> None:
    shutil.copytree(seeded, tmp_path / "home")
    prepare_chats(tmp_path / "home", 300)
    server = StandIn()
    workers: set[str] = set()

    def until_both_send(_chat_id: int) -> str | None:
        if len(workers) < 2:
            workers.update(who_sends(tmp_path / "home"))
        return None if len(workers) == 2 else "flood"

    server.chaos = until_both_send  # else the first may be done before the second has begun
    await server.start()
    senders = Senders(server, tmp_path)
    try:
        processes = [senders.start(), senders.start()]
        outputs = await asyncio.gather(
            *(asyncio.to_thread(each.communicate, timeout=HANG_SECONDS) for each in processes)
        )
    finally:
        await server.stop()
    received = Counter((sent.chat_id, sent.text) for sent in server.sent)
    assert len({chat for chat, _ in received}) == 300
    assert set(received.values()) == {1}
    sent = [json.loads(output)["sent"] for output, _ in outputs]
    assert sum(sent) == 300
    assert min(sent) > 0


def who_sends(home: Path) -> set[str]:
    """Return the processes that have taken digests to send."""
    with closing(sqlite3.connect(home / "chats.db")) as connection:
        rows = connection.execute("SELECT DISTINCT worker FROM deliveries WHERE worker IS NOT NULL")
        return {str(worker) for (worker,) in rows}
