"""A stop while pages are read that cost their reader much: the bot ends, and does not wait for them."""

import fcntl
from pathlib import Path

from hostile import COSTLY
from running_bot import BotProcess
from stand_in import StandIn
from waiting import until


def is_ingesting(home: Path) -> bool:
    with (home / "ingest.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


async def test_an_ingest_that_takes_long_does_not_keep_the_bot_from_ending(
    server: StandIn, folder: Path
) -> None:
    pages = folder / "pages"
    pages.mkdir()
    for number in range(9):
        data = COSTLY["comments.xml"].replace(b"<!--" * 60_000, b"<!--" * 600_000)
        (pages / f"{number}.xml").write_bytes(data)
    bot = BotProcess(server, folder, YUNWEN_PAGES=str(pages), READING_SECONDS="60")
    bot.start()
    await server.say("/start")
    await until(lambda: is_ingesting(folder / "home"), "the ingest to begin")
    assert await bot.stop() == 0
    log = bot.log.read_text(encoding="utf-8", errors="replace")
    assert "skipped" not in log, "it was waited for"
    assert "Traceback" not in log
