"""The bot with its pages: a title in Telegram opens the article's page, and one stop ends both."""

import socket
from contextlib import closing
from pathlib import Path

import httpx
from running_bot import QUESTION, Bot
from stand_in import StandIn
from waiting import HANG_SECONDS


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])


async def test_a_title_leads_to_the_page_that_the_bot_itself_serves(server: StandIn, folder: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    bot = Bot(server, folder, WEB_LISTEN=address, WEB_URL=f"http://{address}/")
    bot.start()
    try:
        (answer,) = await server.say(QUESTION)
        (title, *_) = answer.links
        assert title.startswith(f"http://{address}/a/")
        async with httpx.AsyncClient(timeout=HANG_SECONDS) as client:
            opened = await client.get(title)
            assert (opened.status_code, "水稻种植达3万余亩" in opened.text) == (200, True)
            asked = await client.get(f"http://{address}/", params={"q": QUESTION})
            assert 'class="answer"' in asked.text
            assert (await client.get(f"http://{address}/metrics")).status_code == 404
    finally:
        assert await bot.stop() == 0
    assert "Traceback" not in bot.log.read_text(encoding="utf-8")
