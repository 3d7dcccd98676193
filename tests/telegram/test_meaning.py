"""Messages in words that no table knows, told by their meaning: with the bundled encoder."""

from pathlib import Path

import pytest
from paths import SEEDS
from running_bot import QUESTION, running, yunwen
from stand_in import Sent, StandIn

from bot.languages import Language, texts_of

CHAT = 7301
MODEL = {"EMBEDDING_MODEL": "multilingual-e5-small", "RERANKER_MODEL": "none"}
TEXTS = texts_of(Language.SIMPLIFIED)


async def one(server: StandIn, text: str) -> Sent:
    (reply,) = await server.say(text, chat_id=CHAT)
    return reply


@pytest.mark.model
async def test_what_is_said_in_words_of_ones_own_is_done_and_questions_are_answered(
    server: StandIn, tmp_path: Path, bundled: object
) -> None:
    yunwen(tmp_path, "ingest", str(SEEDS), **MODEL)
    async with running(server, tmp_path, **MODEL):
        assert "3万余亩" in (await one(server, QUESTION)).text
        author = await one(server, "刚才那篇稿子是哪位同志执笔的呀")
        assert "记者" in author.text or TEXTS.author_unknown in author.text
        news = await one(server, "通辽那一片这几天都出了些甚事情，给咱说道说道")
        assert "开鲁县" in news.text
        assert "订阅通辽市" in news.buttons
        followed = await one(server, "库伦旗那头的报，往后每天清早给咱捎一份呗")
        assert "已订阅：库伦旗" in followed.text
        watched = await one(server, "荞麦收购价要是见报了，记着吱我一声")
        assert "荞麦收购价" in watched.text
        assert TEXTS.paused in (await one(server, "最近先别往我这儿推东西了，手机老响")).text
        again = await one(server, "库伦旗种了多少亩水稻")
        assert "3万余亩" in again.text
