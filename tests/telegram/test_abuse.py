"""Hostile messages, forged and replayed buttons, bad file names: a sane reply or none, and the bot goes on."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from abuse import FILE_NAMES, TEXTS, forged_data
from running_bot import QUESTION, BotProcess
from stand_in import TOKEN, Sent, StandIn
from waiting import until

from bot.telegram.application import MODULES
from bot.telegram.registration import merge_buttons

pytestmark = pytest.mark.soak

ADMIN, VICTIM, ABUSER, GROUP = 4200, 900, 20_000, -100_300
SECRET = "库伦旗水稻种植面积与甲乙丙丁之秘密"
"""What the victim asked: it must appear nowhere else."""


@pytest.fixture
async def bot(server: StandIn, folder: Path) -> AsyncIterator[BotProcess]:
    # what the limits do is tested elsewhere; here every message and press is to be looked at
    free = dict.fromkeys(("USER_PER_MINUTE", "USER_BURST", "CHAT_PER_MINUTE", "CHAT_BURST"), "1000")
    bot = BotProcess(server, folder, ADMIN_USER_IDS=str(ADMIN), **free)
    bot.start()
    try:
        await server.say("/start")
        yield bot
        (after,) = await server.say(QUESTION, chat_id=1234)
        assert "3万余亩" in after.text, "the bot must answer after all that"
    finally:
        status = await bot.stop()
    log = bot.log.read_text(encoding="utf-8", errors="replace")
    assert status == 0
    assert "Traceback" not in log, log[log.index("Traceback") - 300 :][:3000]
    assert TOKEN not in log
    assert server.refused == []
    assert server.unanswered == set()


@pytest.fixture
async def victim(server: StandIn, bot: BotProcess, folder: Path) -> AsyncIterator[Sent]:
    """Somebody else's answer; whatever happens, their data stays theirs and as it was."""
    await server.say("/subscribe 通辽市", chat_id=VICTIM)
    await server.say(f"/watch {SECRET}", chat_id=VICTIM)
    (answer,) = await server.say(SECRET, chat_id=VICTIM)
    before, n_sent = kept(folder), len(server.sent)
    yield answer
    assert kept(folder) == before
    others = [each for each in (*server.sent[n_sent:], *server.edits) if each.chat_id != VICTIM]
    assert not [each for each in others if "秘密" in each.text or str(VICTIM) in each.text]
    assert not [each for each in server.sent[n_sent:] if each.chat_id == VICTIM]


def kept(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What is stored of the victim."""
    found = {}
    with closing(sqlite3.connect(folder / "home" / "chats.db")) as connection:
        columns = {"standing": "id, chat_id, question, regions"}  # the rest changes as it is asked
        for table in (
            "answers",
            "chats",
            "subscriptions",
            "deliveries",
            "preferences",
            "feedback",
            "standing",
        ):
            query = f"SELECT {columns.get(table, '*')} FROM {table} WHERE chat_id = ?"
            found[table] = connection.execute(query, (VICTIM,)).fetchall()
    return found


async def settle(server: StandIn, numbers: list[int]) -> None:
    """Return when the bot is done with these updates and has acknowledged every press; forget the numbers."""
    await until(lambda: not server.updates and not server.unanswered, "the bot to take what it was given")
    await until(lambda: not any(map(server.is_open, numbers)), "the bot to be done")
    numbers.clear()


def actions() -> list[str]:
    """The prefix of every button that the bot knows."""
    return sorted(merge_buttons(MODULES))


def callback(server: StandIn, data: str, chat_id: int, user_id: int | None = None) -> dict[str, object]:
    query_id = str(server._next_id())
    server.unanswered.add(query_id)
    return {
        "callback_query": {
            "id": query_id,
            "from": {"id": user_id or chat_id, "is_bot": False, "first_name": "<b>\u202e"},
            "chat_instance": "1",
            "message": server._message(chat_id, "old"),
            "data": data,
        }
    }


async def test_a_hundred_hostile_messages_get_a_sane_reply_or_none(
    server: StandIn,
    bot: BotProcess,
    victim: Sent,
) -> None:
    texts = (*TEXTS, *(f"{SECRET[:3]}{mark}" for mark in "\"*-^(){}:'"))
    assert len(texts) >= 100
    given: list[int] = []
    for number, text in enumerate(texts):
        chat_id = ABUSER + number  # each a chat of its own: it is not the limits that are tried here
        message = server._message(chat_id, text) | {
            "from": {"id": chat_id, "is_bot": False, "first_name": text[:64]}
        }
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        given.append(server.give({"message": message}))
        if number % 10 == 9:
            await settle(server, given)
    await settle(server, given)
    replies = {each.chat_id: each.text for each in server.sent if each.chat_id >= ABUSER}
    silent = [text[:40] for number, text in enumerate(texts) if ABUSER + number not in replies]
    assert set(silent) <= {"/start@other_bot"}, "only what is said to another bot may stay without a reply"
    assert not [text for text in replies.values() if "编号" in text], "an apology is no sane reply"


async def test_forged_buttons_of_every_action_do_nothing_to_others(
    server: StandIn,
    bot: BotProcess,
    victim: Sent,
) -> None:
    foreign = next(data for data in victim.buttons.values() if data.startswith("fb:")).split(":")[1]
    (public,) = await server.say(QUESTION, chat_id=1235)
    article = public.buttons["全文"].split(":")[1]
    given: list[int] = []
    for number, data in enumerate(forged_data(actions(), foreign, article)):
        assert len(data.encode()) <= 64
        given.append(server.give(callback(server, data, ABUSER + number)))
        if number % 20 == 19:
            await settle(server, given)
    await settle(server, given)
    texts = [each.text for each in (*server.sent, *server.edits) if each.chat_id >= ABUSER]
    assert not [text for text in texts if "编号" in text]


async def test_old_buttons_pressed_again_and_after_forgetting_are_harmless(
    server: StandIn,
    bot: BotProcess,
    victim: Sent,
) -> None:
    (answer,) = await server.say(QUESTION, chat_id=ABUSER)
    (asked,) = await server.say("/forget", chat_id=ABUSER)
    pressed = [*answer.buttons.values(), *asked.buttons.values(), *answer.buttons.values()]
    for data in pressed * 3:
        await settle(server, [server.give(callback(server, data, ABUSER))])


async def test_a_member_cannot_press_what_is_for_a_groups_admins(
    server: StandIn,
    bot: BotProcess,
    folder: Path,
    victim: Sent,
) -> None:
    server.admins = {ADMIN}
    await server.say("/subscribe 库伦旗", chat_id=GROUP, user_id=ADMIN)
    with closing(sqlite3.connect(folder / "home" / "chats.db")) as connection:
        query = "SELECT id, code FROM subscriptions WHERE chat_id = ?"
        mine = connection.execute(query, (GROUP,)).fetchall()
        (theirs,) = connection.execute("SELECT id FROM subscriptions WHERE chat_id = ?", (VICTIM,)).fetchone()
        given: list[int] = []
        for data in (
            f"d:{mine[0][0]}",
            "forget",
            "forget:",
            "p:",
            "n:",
            "h:3",
            "q:1-2",
            "s:150000",
            f"t:{mine[0][0]}",
        ):
            given.append(server.give(callback(server, data, GROUP, user_id=51)))
        for data in (f"d:{theirs}", f"e:{theirs}", f"t:{theirs}"):  # an admin, but of another chat
            given.append(server.give(callback(server, data, GROUP, user_id=ADMIN)))
        await settle(server, given)
        assert connection.execute(query, (GROUP,)).fetchall() == mine


async def test_file_names_lead_nowhere_else(server: StandIn, bot: BotProcess, folder: Path) -> None:
    page = "date: 2026-11-20\n## 根河市 驯鹿文化节\n\n根河市驯鹿文化节吸引游客3200人次。\n".encode()
    before = {path for path in folder.rglob("*") if "uploads" not in path.parts}
    for name in FILE_NAMES:
        (reply, *_) = await server.send_file(name, page, chat_id=ADMIN)
        assert "编号" not in reply.text
        if "收录" in reply.buttons:
            assert await server.press(reply, "收录")
    uploads = folder / "home" / "uploads"
    assert all(uploads in path.resolve().parents for path in uploads.rglob("*"))
    grown = {path for path in folder.rglob("*") if "uploads" not in path.parts} - before
    assert not [path for path in grown if path.suffix in (".txt", ".exe", ".json") or "evil" in path.name]
    assert not Path("/tmp/evil.txt").exists()
