"""The running bot's tables refuse what comes; at the lowest level its log tells why, and not what people wrote."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from running_bot import QUESTION, Bot
from stand_in import TOKEN, StandIn
from waiting import HANG_SECONDS, until

WRITTEN, NAME = "甲乙丙丁问的话", "戊己庚辛的名字"
SAID = {
    "answers": f"{WRITTEN}水稻种植面积",
    "chats": f"/subscribe 库伦旗 含 {WRITTEN}",
    "subscriptions": f"/subscribe 奈曼旗 含 {WRITTEN}",
    "standing": f"/watch 库伦旗{WRITTEN}水稻种植面积",
    "inbox": f"{WRITTEN}养老院",
}


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "home" / "chats.db", timeout=HANG_SECONDS)) as connection:
        connection.execute(statement)
        connection.commit()


def has_logged(bot: Bot, words: str) -> bool:
    return words in bot.log.read_text(encoding="utf-8", errors="replace")


def said(server: StandIn, text: str, chat_id: int) -> dict[str, object]:
    message = server._message(chat_id, text)
    message["from"] = {"id": chat_id, "is_bot": False, "first_name": NAME}
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return {"message": message}


async def test_what_people_wrote_is_in_no_log_when_rows_are_refused(server: StandIn, folder: Path) -> None:
    bot = Bot(server, folder)
    bot.start()
    try:
        await server.say(QUESTION)
        for number, (table, text) in enumerate(SAID.items()):
            refused = f"refused {table}"
            change(
                folder,
                f"CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, '{refused}'); END",
            )
            server.give(said(server, text, 6000 + number))
            await until(partial(has_logged, bot, refused), f"{refused!r} in the log")
            change(folder, "DROP TRIGGER refuse")
        (after,) = await server.say(QUESTION, chat_id=6100)
        assert "3万余亩" in after.text
    finally:
        await bot.stop()
    log = bot.log.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" in log
    for secret in (WRITTEN, NAME, TOKEN):
        assert secret not in log
        assert secret.encode("unicode_escape").decode() not in log
