"""Rich messages where the server knows them, HTML where it does not or will not have them; what one person alone sees."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from digest_senders import Senders, prepare_chats
from running_bot import QUESTION, Bot, running, yunwen
from stand_in import Sent, StandIn
from waiting import HANG_SECONDS

from bot.languages import Language, texts_of

GROUP, ANN, BOB = -100800, 80, 81
CHATS = {8001: Language.SIMPLIFIED, 8002: Language.TRADITIONAL, 8003: Language.ENGLISH}
REFUSED = {"method": "sendRichMessage", "code": 400}
COURSE = {
    "2020.txt": "date: 2020-09-01\n## 库伦旗 畜牧业\n\n2020年，库伦旗肉牛存栏达50万头。\n",
    "2021.txt": "date: 2021-09-01\n## 库伦旗 养殖业\n\n2021年，库伦旗肉牛存栏达56.5万头。\n",
}


@pytest.fixture
async def new_server(server: StandIn) -> StandIn:
    """A server of the newest version."""
    server.knows_rich = True
    server.languages |= {chat: str(language) for chat, language in CHATS.items()}
    return server


@pytest.fixture
async def rich_bot(new_server: StandIn, folder: Path) -> AsyncIterator[Bot]:
    async with running(new_server, folder) as bot:
        yield bot


async def digest(server: StandIn, chat: int) -> Sent:
    await server.say("/subscribe 通辽市", chat_id=chat)
    return (await server.say("/digest", chat_id=chat))[0]


async def test_a_digest_is_one_rich_message_and_html_where_it_is_refused(
    new_server: StandIn, rich_bot: Bot
) -> None:
    server = new_server
    for chat, language in CHATS.items():
        texts = texts_of(language)
        said = await digest(server, chat)
        assert said.rich is not None
        assert said.rich.tags[0] == "h2"
        assert len(said.rich.folds) == 5
        assert texts.my_subscriptions_button in said.buttons
        assert any("start=a_" in link for link in said.links)
        (opened,) = await server.press(said, texts.my_subscriptions_button)
        assert "通辽市" in opened.text
        server.faults.append(REFUSED)
        again = await server.say("/digest", chat_id=chat)
        assert not any(each.rich for each in again)
        assert texts.my_subscriptions_button in again[-1].buttons


async def test_a_server_is_asked_once_by_all_that_send(new_server: StandIn, rich_bot: Bot) -> None:
    await digest(new_server, 8001)
    assert new_server.calls.count("deleteEphemeralMessage") == 1


async def test_a_server_of_before_and_who_does_not_want_it_get_html(server: StandIn, folder: Path) -> None:
    async with running(server, folder):
        assert not (await digest(server, 8010)).rich
    server.knows_rich = True
    async with running(server, folder, RICH_MESSAGES="false"):
        assert not (await digest(server, 8011)).rich
    assert "sendRichMessage" not in server.calls


async def test_a_full_text_in_a_group_is_for_who_pressed(new_server: StandIn, rich_bot: Bot) -> None:
    server, texts = new_server, texts_of(Language.SIMPLIFIED)
    (answer,) = await server.say(f"/ask {QUESTION}", GROUP, user_id=ANN)
    for person in (ANN, BOB):
        (full,) = await server.press(answer, "全文", user_id=person)
        assert full.text.endswith("(融媒体记者 薛一群 实习生 李多仁)")
        assert full.only_for == person
        assert await server.tap(answer, "全文", user_id=person) == [texts.full_stands_above]
    (alone,) = await server.say(QUESTION, chat_id=8001)
    (full,) = await server.press(alone, "全文")
    assert full.only_for is None


async def test_a_full_text_that_cannot_be_for_one_alone_is_for_all(
    new_server: StandIn, rich_bot: Bot
) -> None:
    (answer,) = await new_server.say(f"/ask {QUESTION}", GROUP, user_id=ANN)
    new_server.faults.append({"method": "sendMessage", "code": 400})
    (full,) = await new_server.press(answer, "全文", user_id=ANN)
    assert full.only_for is None
    assert "薛一群" in full.text


async def test_an_answer_is_copied_with_where_it_stands(new_server: StandIn, rich_bot: Bot) -> None:
    for chat in CHATS:
        (answer,) = await new_server.say(QUESTION, chat_id=chat)
        (copied,) = answer.copied
        assert "3万余亩" in copied
        assert copied.endswith("2022-06-30")
        styles = [each.get("style") for row in (answer.markup or {})["inline_keyboard"] for each in row]
        assert styles[0] == "primary"
        (menu,) = await new_server.say("/forget", chat_id=chat)
        assert (menu.markup or {})["inline_keyboard"][0][0]["style"] == "danger"


async def test_figures_over_time_are_a_table(new_server: StandIn, folder: Path) -> None:
    for name, text in COURSE.items():
        (folder / name).write_text(text, encoding="utf-8")
        yunwen(folder, "ingest", str(folder / name))
    async with running(new_server, folder):
        for chat, language in CHATS.items():
            (answer,) = await new_server.say("库伦旗肉牛存栏", chat_id=chat)
            _, said = await new_server.press(answer, texts_of(language).timeline_button)
            assert said.rich is not None
            assert said.rich.rows == ["2020 | 50万头 | 2020-09-01", "2021 | 56.5万头 | 2021-09-01"]


async def test_what_is_due_is_one_rich_message_and_html_where_that_is_refused(
    new_server: StandIn, seeded: Path, tmp_path: Path
) -> None:
    shutil.copytree(seeded, tmp_path / "home")
    prepare_chats(tmp_path / "home", 2)
    new_server.faults.append(REFUSED)
    senders = Senders(new_server, tmp_path)
    output, _ = await asyncio.to_thread(senders.start().communicate, timeout=HANG_SECONDS)
    assert json.loads(output)["sent"] == 2, senders.log.read_text(encoding="utf-8")
    received = [[each for each in new_server.sent if each.chat_id == chat] for chat in (1000, 1001)]
    (rich,), html = sorted(received, key=lambda each: not each[0].rich)
    assert rich.rich is not None
    assert len(rich.rich.folds) == len(set(rich.links)) > 5
    assert not any(each.rich for each in html)
    assert rich.buttons == html[-1].buttons
    assert set(rich.links) == {link for each in html for link in each.links}
