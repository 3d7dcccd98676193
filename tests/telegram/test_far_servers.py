"""The bot as a process on PostgreSQL and Milvus, and what people hear while one of them is away."""

import asyncio
import time
from pathlib import Path

from milvus_servers import Milvus
from postgres import Postgres
from running_bot import QUESTION, Bot, yunwen
from stand_in import StandIn

AWAY = "暂时无法查询，请稍后再试。"


async def answered(server: StandIn) -> bool:
    """Whether the question is answered within half a minute of the server's return, without any restart."""
    for _ in range(30):
        (reply,) = await server.say(QUESTION, timeout=30)
        if "3万余亩" in reply.text:
            return True
        await asyncio.sleep(1)
    return False


async def fetched_all(server: StandIn) -> bool:
    """Whether the bot has accepted within ten seconds all that the stand-in keeps."""
    for _ in range(100):
        if not server.updates:
            return True
        await asyncio.sleep(0.1)
    return False


async def refuses_once_what_is_asked_and_leaves_the_rest_to_telegram(server: StandIn) -> None:
    """Check what becomes of a question behind a person's leaving while the database is away."""
    left = server.give(blocking(2000))
    (reply,) = await server.say(QUESTION, timeout=30)
    assert reply.text == AWAY
    n_sent = len(server.sent)
    await asyncio.sleep(4)  # the bot tries again every two seconds
    assert len(server.sent) == n_sent
    assert left in [each["update_id"] for each in server.updates]


def blocking(user_id: int) -> dict[str, object]:
    """What Telegram sends when a person blocks the bot."""
    person = {"id": user_id, "is_bot": False, "first_name": "Li"}
    robot = {"id": 1, "is_bot": True, "first_name": "bot"}
    change = {"chat": {"id": user_id, "type": "private", "first_name": "Li"}, "from": person, "date": 1}
    member = {"user": robot, "status": "member"}
    kicked = {"user": robot, "status": "kicked", "until_date": 0}
    return {"my_chat_member": change | {"old_chat_member": member, "new_chat_member": kicked}}


async def test_questions_are_answered_from_far_servers_and_hear_soon_that_one_is_away(
    server: StandIn,
    tmp_path: Path,
    postgres: Postgres,
    milvus_lite: Milvus,
) -> None:
    far = {"DATABASE_URL": postgres.new_database(), "INDEX_URL": milvus_lite.address}
    assert "18 articles" in await asyncio.to_thread(yunwen, tmp_path, "ingest", "seeds", **far)
    assert not (tmp_path / "home" / "yunwen.db").exists()
    assert not (tmp_path / "home" / "dense.index").exists()
    bot = Bot(server, tmp_path, **far)
    bot.start()
    try:
        await server.say("/start", timeout=90)
        assert await answered(server)
        for engine in (milvus_lite, postgres):
            engine.kill()
            started = time.monotonic()
            (reply,) = await server.say(QUESTION, timeout=30)
            assert reply.text == AWAY
            assert time.monotonic() - started < 5 + 1  # the stand-in's own looks
            if engine is postgres:
                await refuses_once_what_is_asked_and_leaves_the_rest_to_telegram(server)
            await asyncio.to_thread(engine.start)
            assert await answered(server)
        assert await fetched_all(server)
    finally:
        assert await bot.stop() == 0
    log = bot.log.read_text(encoding="utf-8")
    assert "a server is away: INDEX_URL=" in log
    assert "a server is away: postgresql" in log
