"""What the bot leaves undone while much waits."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from stand_in import StandIn
from test_telegram import QUESTION, Bot, folder, server

__all__ = ["folder", "server"]


async def test_nobody_is_shown_that_the_bot_types_while_many_wait(server: StandIn, folder: Path) -> None:
    bot = Bot(server, folder)
    bot.start()
    chats = range(6001, 6061)
    try:
        await server.say("/start", timeout=60)
        for chat in chats:
            server.write(QUESTION, chat)
        with closing(sqlite3.connect(folder / "home" / "chats.db", isolation_level=None)) as database:
            accepted = "SELECT count(*) FROM inbox WHERE payload IS NOT NULL"
            end = time.monotonic() + 30
            while database.execute(accepted).fetchone()[0] < 30 and time.monotonic() < end:
                await asyncio.sleep(0.001)
            database.execute("BEGIN IMMEDIATE")  # no answer can be kept, so all wait
            await asyncio.sleep(1.0)
            n_waiting = len(chats) - len({each.chat_id for each in server.sent if each.chat_id in chats})
            database.execute("COMMIT")
        for chat in chats:
            await server.expect(chat, 0)
    finally:
        assert await bot.stop() == 0
    assert n_waiting > 20
    assert "sendChatAction" not in server.calls
