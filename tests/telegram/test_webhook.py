"""The bot behind a webhook: who may deliver, health, metrics, and stopping with questions under way."""

import io
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import ClientSession
from postgres import free_port
from running_bot import QUESTION, Bot, BotProcess
from stand_in import TOKEN, StandIn
from waiting import until, until_asked

SECRET = "a_secret-of-the-webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = {
    "update_id": 1,
    "message": {
        "message_id": 1,
        "date": 1700000000,
        "chat": {"id": 77, "type": "private", "first_name": "Ann"},
        "from": {"id": 77, "is_bot": False, "first_name": "Ann"},
        "text": QUESTION,
    },
}


def webhook(port: int, health: int | None = None, **more: str) -> dict[str, str]:
    told = {} if health is None else {"HTTP_LISTEN": f"127.0.0.1:{health}"}
    return {
        **told,
        "WEBHOOK_URL": f"http://127.0.0.1:{port}",
        "WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        "WEBHOOK_SECRET": SECRET,
        **more,
    }


async def get(url: str) -> tuple[int, str]:
    async with ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


async def readiness(url: str, wanted: int) -> str:
    """What is said of readiness once it has this status: it is looked at anew now and then."""

    async def look() -> str:
        status, text = await get(f"{url}/readyz")
        return text if status == wanted else ""

    return await until_asked(look, f"{url}/readyz to be {wanted}")


async def post(url: str, update: object, secret: str | None) -> int:
    headers = {} if secret is None else {HEADER: secret}
    body = io.BytesIO(update if isinstance(update, bytes) else json.dumps(update).encode())
    async with ClientSession() as session, session.post(url, data=body, headers=headers) as response:
        return response.status


async def measured(port: int) -> dict[str, float]:
    _, text = await get(f"http://127.0.0.1:{port}/metrics")
    return {
        name: float(value) for name, value in re.findall(r"^(yunwen_\S+) (\S+)$", text, flags=re.MULTILINE)
    }


async def test_only_who_knows_the_secret_delivers_and_health_and_metrics_tell_the_truth(
    server: StandIn,
    folder: Path,
) -> None:
    port, health = free_port(), free_port()
    url, told = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{health}"
    bot = Bot(server, folder, **webhook(port, health, LOG_FORMAT="json"))
    bot.start()
    try:
        (answer,) = await server.say(QUESTION)
        assert "3万余亩" in answer.text
        assert server.webhook["url"] == f"{url}/telegram"
        assert server.webhook["secret_token"] == SECRET
        assert await server.press(answer, "全文")

        wrong = [
            await post(f"{url}/telegram", UPDATE, secret) for secret in (None, "", "wrong", SECRET + "x")
        ]
        assert wrong == [403] * 4
        for no_update in ({"no": "update"}, UPDATE | {"update_id": 2**70}, b"[" * 100_000, b"\xff"):
            assert await post(f"{url}/telegram", no_update, SECRET) == 400
        assert await post(f"{url}/telegram", {"update_id": 5, "x": "x" * 1_100_000}, SECRET) == 413
        assert not [each for each in server.sent if each.chat_id == 77]
        assert [await post(f"{url}/telegram", UPDATE, SECRET) for _ in range(2)] == [200, 200]
        assert len(await server.expect(77, 0)) == 1  # what comes twice is answered once

        assert await get(f"{told}/healthz") == (200, "alive\n")
        status, ready = await get(f"{told}/readyz")
        assert (status, ready.count('"ok"')) == (200, 5)

        await server.say("奈曼旗水稻种植面积")
        found = await measured(health)
        assert found['yunwen_questions_total{outcome="found"}'] == 2
        assert found['yunwen_stage_seconds_count{stage="total"}'] == 3
        assert found['yunwen_stage_seconds_count{stage="send"}'] == 3
        assert found['yunwen_telegram_calls_total{method="sendMessage",result="ok"}'] == len(server.sent)
        assert found['yunwen_stored{kind="articles"}'] > 10
        assert found["yunwen_queue_length"] == 0
        assert found['yunwen_updates_total{verdict="accepted"}'] == 5

        home = folder / "home"
        (home / "chats.db").rename(home / "away.db")
        try:
            assert '"chats":"StoreError"' in await readiness(told, 503)
        finally:
            (home / "away.db").rename(home / "chats.db")
        assert await readiness(told, 200)
    finally:
        assert await bot.stop() == 0
    log = bot.log.read_text(encoding="utf-8")
    assert SECRET not in log
    assert TOKEN.partition(":")[2] not in log
    assert QUESTION not in log
    assert '"outcome": "found"' in log


async def test_fetching_and_a_webhook_take_over_from_each_other_and_lose_nothing(
    server: StandIn,
    folder: Path,
) -> None:
    port = free_port()
    first = Bot(server, folder, **webhook(port, WEBHOOK_SECRET="", HTTP_LISTEN=f"127.0.0.1:{free_port()}"))
    first.start()
    await server.say(QUESTION)
    kept = folder / "home" / "webhook-secret"
    assert kept.read_text() == server.webhook["secret_token"]
    assert kept.stat().st_mode & 0o777 == 0o600
    assert (await get(f"http://127.0.0.1:{port}/metrics"))[0] == 404  # they have an address of their own
    assert await first.stop() == 0
    server.write(QUESTION, 2001)  # while no bot runs
    n_before = len(server.sent)
    second = Bot(server, folder)
    second.start()
    try:
        (late,) = await server.expect(2001, n_before)
        assert "3万余亩" in late.text
        assert server.webhook == {}
    finally:
        assert await second.stop() == 0


@pytest.mark.parametrize(
    ("is_webhook", "n_chats"),
    [(True, 20), *(pytest.param(each, 100, marks=pytest.mark.soak) for each in (False, True))],
)
async def test_questions_under_way_at_sigterm_are_answered_before_it_or_after_the_restart(
    server: StandIn, folder: Path, is_webhook: bool, n_chats: int
) -> None:
    settings = webhook(free_port()) if is_webhook else {}
    bot = BotProcess(server, folder, **settings)
    bot.start()
    await server.say("/start")
    chats, late = range(3001, 3001 + n_chats), range(3201, 3206)
    for chat in chats:
        server.write(QUESTION, chat)
    await until(lambda: len(server.sent) >= n_chats // 5, "a fifth of the answers")
    assert await bot.stop() == 0
    for chat in late:  # nobody is there to take them
        server.write(QUESTION, chat)
    bot.start()
    for chat in (*chats, *late):
        await server.expect(chat, 0)
    assert await bot.stop() == 0
    answers = Counter(each.chat_id for each in server.sent if "3万余亩" in each.text)
    assert answers == Counter([*chats, *late])
    assert server.refused == []


@pytest.mark.parametrize("n_chats", [30, pytest.param(60, marks=pytest.mark.soak)])
async def test_what_was_accepted_before_a_kill_is_answered_after_the_restart(
    server: StandIn, folder: Path, n_chats: int
) -> None:
    bot = BotProcess(server, folder, **webhook(free_port()))
    bot.start()
    await server.say("/start")
    chats = range(4001, 4001 + n_chats)
    for chat in chats:
        server.write(QUESTION, chat)
    await until(lambda: len(server.sent) >= n_chats // 6, "a sixth of the answers")
    await bot.kill()
    n_before = len(server.sent)
    bot.start()
    for chat in chats:
        await server.expect(chat, 0)
    assert await bot.stop() == 0
    assert len(server.sent) > n_before
    twice = Counter(each.chat_id for each in server.sent if each.chat_id in chats)
    assert sum(twice.values()) - len(chats) < 20  # what was sent and not yet marked may come again


async def test_bursts_lists_and_long_texts_are_met_before_any_work(
    server: StandIn,
    folder: Path,
) -> None:
    never = "0.0001"  # a minute, by the clock: on a slow machine a test takes longer
    limits = {"USER_PER_MINUTE": never, "USER_BURST": "3", "BLOCK_CHATS": "666", "ADMIN_USER_IDS": "5000"}
    bot = Bot(server, folder, **limits)
    bot.start()
    try:
        await server.say(QUESTION, chat_id=5001)
        for _ in range(6):
            server.write(QUESTION, 5001)
        server.write(QUESTION, 666)
        (other,) = await server.say(QUESTION, chat_id=5002)
        assert "3万余亩" in other.text
        told = "发得有点快"

        def texts() -> list[str]:
            return [each.text for each in server.sent if each.chat_id == 5001]

        mine = await until(
            lambda: texts() if len(texts()) >= 4 else [], "answers, and the word to who asks too much"
        )
        assert ["3万余亩" in text for text in mine].count(True) == 3
        assert len(mine) == 4
        assert any(told in text for text in mine)
        assert not [each for each in server.sent if each.chat_id == 666]
        (long,) = await server.say("/ask " + "长" * 1001, chat_id=5003)
        assert "太长" in long.text

        (done,) = await server.say("/block 5002", chat_id=5000)
        assert "已屏蔽 5002" in done.text
        server.write(QUESTION, 5002)
        (refused,) = await server.say("/block 5000", chat_id=5004)
        assert "屏蔽" not in refused.text
        assert len([each for each in server.sent if each.chat_id == 5002]) == 1
        await server.say("/unblock 5002", chat_id=5000)
        assert await server.say(QUESTION, chat_id=5002)
    finally:
        assert await bot.stop() == 0
    with closing(sqlite3.connect(folder / "home" / "chats.db")) as connection:
        assert connection.execute("SELECT count(*) FROM inbox WHERE payload IS NOT NULL").fetchone() == (0,)
