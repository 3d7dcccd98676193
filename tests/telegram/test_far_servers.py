"""The bot as a process on PostgreSQL and Milvus, and what people hear while one of them is away."""

import asyncio
from pathlib import Path

import pytest
from milvus_servers import Milvus
from postgres import Postgres
from running_bot import QUESTION, BotProcess, yunwen
from stand_in import StandIn
from waiting import until, until_asked

AWAY = "暂时无法查询，请稍后再试。"


async def answered(server: StandIn) -> None:
    """Ask until the question is answered: a server that has come back is found without any restart."""

    async def is_answered() -> bool:
        return "3万余亩" in (await server.say(QUESTION))[0].text

    await until_asked(is_answered, "the answer")


async def refuses_once_what_is_asked_and_leaves_the_rest_to_telegram(server: StandIn) -> None:
    """Check what becomes of a question behind a person's leaving while the database is away."""
    left = server.give(blocking(2000))
    (reply,) = await server.say(QUESTION)
    assert reply.text == AWAY
    n_sent, n_fetched = len(server.sent), server.calls.count("getUpdates")
    await until(lambda: server.calls.count("getUpdates") >= n_fetched + 2, "the bot to try twice more")
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


@pytest.mark.soak
async def test_questions_are_answered_from_far_servers_and_it_is_said_that_one_is_away(
    server: StandIn,
    tmp_path: Path,
    postgres: Postgres,
    milvus_lite: Milvus,
) -> None:
    far = {"DATABASE_URL": postgres.new_database(), "INDEX_URL": milvus_lite.address}
    assert "18 articles" in yunwen(tmp_path, "ingest", "seeds", **far)
    assert not (tmp_path / "home" / "yunwen.db").exists()
    assert not (tmp_path / "home" / "dense.index").exists()
    bot = BotProcess(server, tmp_path, **far)
    bot.start()
    try:
        await server.say("/start")
        await answered(server)
        for engine in (milvus_lite, postgres):
            engine.kill()
            (reply,) = await server.say(QUESTION)
            assert reply.text == AWAY
            if engine is postgres:
                await refuses_once_what_is_asked_and_leaves_the_rest_to_telegram(server)
            await asyncio.to_thread(engine.start)
            await answered(server)
        await until(lambda: not server.updates, "the bot to fetch what Telegram kept")
    finally:
        assert await bot.stop() == 0
    log = bot.log.read_text(encoding="utf-8")
    assert "a server is away: INDEX_URL=" in log
    assert "a server is away: postgresql" in log
