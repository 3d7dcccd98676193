"""Updates of every shape, fetched or sent to the webhook: each is met or passed over, and the next question answered."""

from pathlib import Path

import pytest
from damaged_updates import damaged_updates
from postgres import free_port
from running_bot import QUESTION, Bot
from stand_in import StandIn
from strange_updates import strange_messages, unreadable_updates
from waiting import until

STRANGER = 30_000


@pytest.fixture(params=["fetched", "webhook"])
def settings(request: pytest.FixtureRequest) -> dict[str, str]:
    if request.param == "fetched":
        return {}
    port = free_port()
    return {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}",
        "WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        "WEBHOOK_SECRET": "a_secret-of-the-webhook",
    }


async def test_no_update_stops_the_bot_or_has_its_words_logged(
    server: StandIn, folder: Path, settings: dict[str, str]
) -> None:
    bot = Bot(server, folder, **settings)
    bot.start()
    await bot.greeted(server)
    given = []
    for number, parts in enumerate(strange_messages(STRANGER)):
        message = server._message(STRANGER + number, "") | {"from": server._user(STRANGER + number)}
        del message["text"]
        given.append(server.give({"message": message | parts}))
        given.append(server.give({"edited_message": message | parts | {"edit_date": 1}}))
        post = {"chat": {"id": -(10**12) - number, "type": "channel", "title": "x"}}
        given.append(server.give({"channel_post": message | parts | post}))
    for content in unreadable_updates():
        server.give(content)
    (answer,) = await server.say(QUESTION, chat_id=1234)
    assert "3万余亩" in answer.text
    await until(lambda: not any(map(server.is_open, given)), "the bot to be done with the messages")
    assert await bot.stop() == 0
    log = bot.log.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in log, log[log.index("Traceback") - 300 :][:6000]
    assert "私语" not in log
    assert [each for each in server.refused if not each.startswith("getFile")] == []
    assert not [each.text for each in server.sent if "编号" in each.text], "an apology is no sane reply"


async def test_updates_of_which_a_part_is_missing_or_odd_keep_nothing_else_out(
    server: StandIn, folder: Path
) -> None:
    freely = dict.fromkeys(("USER_PER_MINUTE", "USER_BURST", "CHAT_PER_MINUTE", "CHAT_BURST"), "100000")
    bot = Bot(server, folder, QUEUE_LIMIT="10000", **freely)
    bot.start()
    await bot.greeted(server)
    given = [server.give(content) for content in damaged_updates(first_chat=40_000)]
    assert len(given) > 500
    (answer,) = await server.say(QUESTION, chat_id=1234)
    assert "3万余亩" in answer.text
    await until(lambda: not any(map(server.is_open, given)), "the bot to be done with the updates")
    assert await bot.stop() == 0
    assert "私语" not in bot.log.read_text(encoding="utf-8", errors="replace")
