"""A home that an earlier commit made and its bot used: this one opens it, answers, goes on talking, and sends."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from old_home import unpack
from running_bot import QUESTION, running, yunwen, yunwen_process
from stand_in import TOKEN, Sent, StandIn

READER, ENGLISH = 1000, 1001
GREETING, SUBSCRIBED, WATCHED, ANSWER, NEAR, PLACES, MENU, LANGUAGES, LIST = (
    "您好，我是",
    "已订阅：通",
    "好的。有新",
    "近年来,库",
    "没有找到库",
    "“朝阳区”",
    "内蒙古自治区：",
    "用哪种语言",
    "订阅 1 个",
)
"""How the old bot's messages begin."""
PRESSES = (
    (GREETING, "九原区获批国家农村产业融合发展示范园", "截至2022年"),
    (SUBSCRIBED, "我的订阅", "订阅 1 个"),
    (SUBSCRIBED, "马上看", "共 4 条"),
    (ANSWER, "全文", "(融媒体记者 薛一群 实习生 李多仁)"),
    (ANSWER, "👎", "数字不对"),
    (ANSWER, "🔔 有新消息告诉我", "有新的报道能回答“库伦旗水稻种植面积”时告诉您"),
    (ANSWER, "订阅库伦旗", "已订阅：库伦旗"),
    (NEAR, "第1条", "3万余亩"),
    (NEAR, "更多", "共 1 条"),
    (NEAR, "👍", "👍 ✓"),
    (PLACES, "北京市 › 朝阳区", "没有找到朝阳区的财政收入"),
    (MENU, "通辽市（5）", "库伦旗（2）"),
    (MENU, "下一页 ›", "‹ 上一页"),
    (MENU, "订阅内蒙古自治区（含下属）", "已订阅：内蒙古自治区"),
    (LANGUAGES, "繁體中文", "以後用繁體中文"),
    (LIST, "改：通辽市，除 开鲁县", "不要下属旗县"),
    (LIST, "🔔 库伦旗玉米种植面积", "不再关注"),
    (LIST, "时间", "几点发日报？"),
    (LIST, "免打扰", "22-7"),
    (LIST, "时区", "乌鲁木齐时间"),
    (LIST, "没有新消息也告诉我", "没有新消息就别发"),
    (LIST, "暂停", "已暂停"),
    (WATCHED, "看现有的回答", "3万余亩"),
    (WATCHED, "不再关注", "不再关注“库伦旗玉米种植面积”"),
)
"""A message, the label of a button below it, and what comes of pressing it."""
PAGE = "date: 2022-07-02\n## 库伦旗 玉米种植达70万亩\n\n库伦旗今年玉米种植面积达70万亩，长势良好。\n"


@pytest.fixture
def messages(tmp_path: Path) -> dict[str, Sent]:
    """What the old bot had sent, by how it begins; its home is in `tmp_path`."""
    sent = unpack(tmp_path)
    starts = (GREETING, SUBSCRIBED, WATCHED, ANSWER, NEAR, PLACES, MENU, LANGUAGES, LIST)
    return {start: next(each for each in sent if each.text.startswith(start)) for start in starts}


def test_commands_answer_from_the_old_home_and_need_no_page_of_it(
    tmp_path: Path, messages: dict[str, Sent]
) -> None:
    with closing(sqlite3.connect(tmp_path / "home" / "yunwen.db")) as connection:
        (path,) = connection.execute("SELECT path FROM pages").fetchone()
    assert not Path(path).exists()
    status = json.loads(yunwen(tmp_path, "status", "--json"))
    assert (status["pages"], status["articles"], status["briefs"], status["passages"]) == (1, 18, 10, 39)
    assert (status["index"]["passages"], status["index"]["behind"]) == (39, 0)
    answer = json.loads(yunwen(tmp_path, "ask", "--json", QUESTION))
    assert answer["outcome"] == "found"
    assert "3万余亩" in json.dumps(answer["hits"], ensure_ascii=False)
    verdicts = json.loads(yunwen(tmp_path, "feedback", "list", "--json"))["verdicts"]
    assert verdicts == {"good": 1, "bad": 0}


async def test_the_bot_goes_on_where_the_old_one_stopped(
    server: StandIn, tmp_path: Path, messages: dict[str, Sent]
) -> None:
    server.sent += messages.values()  # Telegram has them still
    async with running(server, tmp_path, BOT_SENDS="false"):
        (listed,) = await server.say("/subscriptions", READER)
        old = messages[LIST]
        assert (listed.text, listed.markup) == (old.text.replace("Asia/Shanghai", "北京时间"), old.markup)
        (english,) = await server.say("奈曼旗水稻种植面积", ENGLISH)
        assert english.text.startswith("Nothing found on")
        (about,) = await server.say("那奈曼旗呢", READER, reply_to=messages[ANSWER])
        assert about.text.startswith("没有找到奈曼旗的水稻种植面积")


async def test_every_button_of_then_does_what_it_did(
    server: StandIn, tmp_path: Path, messages: dict[str, Sent]
) -> None:
    server.sent += messages.values()
    pressed: set[str] = set()
    async with running(server, tmp_path, BOT_SENDS="false"):
        for start, label, said in PRESSES:
            message = messages[start]
            (reply,) = await server.press(message, label)
            assert said in "\n".join((reply.text, *reply.buttons)), label
            pressed.add(kind_of(message.buttons[label]))
    assert pressed == {kind_of(data) for each in messages.values() for data in each.buttons.values()}


def kind_of(data: str) -> str:
    return data.partition(":")[0]


async def test_what_was_due_is_sent_the_digest_and_what_is_new_for_the_standing_question(
    server: StandIn, tmp_path: Path, messages: dict[str, Sent]
) -> None:
    (tmp_path / "new.txt").write_text(PAGE, encoding="utf-8")
    yunwen(tmp_path, "ingest", str(tmp_path / "new.txt"))
    account = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE_URL": server.url}
    for n_sent in (2, 0):  # the second time there is nothing left
        output = await asyncio.to_thread(yunwen_process, tmp_path, "deliver", "--once", "--json", **account)
        assert json.loads(output)["sent"] == n_sent
    digest, told = sorted(server.sent, key=lambda sent: sent.text.startswith("🔔"))
    assert (digest.chat_id, told.chat_id) == (READER, READER)
    assert "共 5 条" in digest.text
    assert "玉米种植达70万亩" in digest.text
    assert "水稻种植达3万余亩" in digest.text
    assert "开鲁县" not in digest.text
    assert told.text.startswith("🔔 您关注的“库伦旗玉米种植面积”有新消息：\n\n库伦旗今年玉米种植面积达70万亩")
    assert server.refused == []
