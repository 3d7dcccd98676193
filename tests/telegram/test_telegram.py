"""The bot against a Bot API on loopback, as people use it."""

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from paths import ROOT
from running_bot import COMMAND, QUESTION, Bot, BotProcess, environment
from stand_in import TOKEN, Sent, StandIn
from waiting import HANG_SECONDS, until, until_asked

from bot.errors import BotError

SCENARIO, SCREENS = (Path(__file__).with_name(name) for name in ("scenario.json", "screens.json"))


async def test_a_conversation_with_faults_and_a_restart(server: StandIn, folder: Path) -> None:
    bot = BotProcess(server, folder)
    bot.start()
    try:
        (greeting,) = await server.say("/start")
        assert "云问" in greeting.text
        assert "您在哪个旗县" in greeting.text
        questions = [label for label in greeting.buttons if label.endswith("？")]
        assert questions
        for question in questions:
            (sample,) = await server.press(greeting, question)
            assert "截至2022年6月30日" in sample.text
        (place,) = await server.press(greeting, "库伦旗")
        assert (place.id, "库伦旗：2 篇" in place.text, "订阅库伦旗" in place.buttons) == (
            greeting.id,
            True,
            True,
        )
        (asked,) = await server.press(greeting, "📍 按位置找")
        assert asked.markup is not None
        assert asked.markup["keyboard"][0][0]["request_location"] is True
        n_before = len(server.sent)
        at = {"location": {"latitude": 42.6, "longitude": 121.7}}
        await server.mutter("", 1000, 1000, **at)
        (near,) = await server.expect(1000, n_before)
        assert "库伦旗：2 篇" in near.text
        (office,) = await server.press(greeting, "群里用、单位用")
        assert "/settings" in office.text

        (answer,) = await server.say(QUESTION)
        assert answer.text.index("3万余亩") < answer.text.index("水稻种植达3万余亩")
        assert "b" in answer.tags
        assert "blockquote expandable" not in answer.tags  # its article ends with the sentence
        assert "全文" in answer.buttons
        assert "更多" not in answer.buttons  # there is nothing more
        (full,) = await server.press(answer, "全文")
        assert full.text.endswith("(融媒体记者 薛一群 实习生 李多仁)")

        (place,) = await server.say("/place 通辽市")
        assert "库伦旗：2 篇" in place.text
        assert "奈曼旗：1 篇" in place.text
        (misspelt,) = await server.say("库轮旗水稻种植面积")
        (meant,) = await server.press(misspelt, "库伦旗")
        assert "3万余亩" in meant.text
        (typed,) = await server.say("全文")
        assert typed.text == full.text
        two = await server.say("蟹田大米亩产？和林格尔县选派了多少名驻村第一书记？", n=2)
        assert ["800余斤" in two[0].text, "41名" in two[1].text] == [True, True]
        (other,) = await server.say("蟹田大米亩产", chat_id=1001)
        assert "800余斤" in other.text
        assert "blockquote expandable" in other.tags
        (unclear,) = await server.say("朝阳区财政收入")
        (chosen,) = await server.press(unclear, "北京市 › 朝阳区")
        assert "没有找到" in chosen.text
        for odd in ("😀", "<b>x</b> & <i>", "长" * 4096, "\u202e库伦旗"):
            assert await server.say(odd)

        server.faults.append({"method": "sendMessage", "retry_after": 1})
        (late,) = await server.say("九原区大货车司机驿站什么时候投入使用")
        assert "4月29日" in late.text
        server.faults.append({"method": "sendMessage", "drop": True})
        (again,) = await server.say("和林格尔县选派了多少名驻村第一书记")
        assert "41名" in again.text

        assert await bot.stop() == 0
        bot.start()
        (old,) = await server.press(answer, "全文")
        assert old.text == full.text
        answer.buttons["更多"] = "more:ffffffff"
        (expired,) = await server.press(answer, "更多")
        assert "过期" in expired.text
    finally:
        status = await bot.stop()
    log = bot.log.read_text(encoding="utf-8")
    assert status == 0
    assert server.refused == []
    assert server.unanswered == set()
    assert "setMyCommands" in server.calls
    assert "Traceback" not in log
    assert TOKEN not in log
    assert TOKEN.partition(":")[2] not in log


async def asked_until(server: StandIn, question: str, is_wanted: Callable[[str], bool]) -> Sent:
    """Ask again until the answer is the wanted one."""

    async def ask() -> Sent | None:
        (reply,) = await server.say(question)
        return reply if is_wanted(reply.text) else None

    return await until_asked(ask, f"another answer to {question}")


def n_pages(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "home" / "yunwen.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM pages").fetchone()[0])


async def test_a_page_put_into_a_watched_folder_is_answered_from_and_a_removed_one_is_not(
    server: StandIn, folder: Path, tmp_path: Path
) -> None:
    bot = BotProcess(server, folder, YUNWEN_PAGES=str(tmp_path))
    bot.start()
    question = "阿尔山市冰雪节接待游客多少人次"
    try:
        (before,) = await server.say(question)
        assert "没有找到" in before.text
        page = tmp_path / "page.txt"
        page.write_text("date: 2026-11-23\n## 阿尔山市 冰雪节开幕\n\n阿尔山市冰雪节接待游客5.6万人次。\n")
        await until(lambda: n_pages(folder) == 2, "the page to be taken in")
        after = await asked_until(server, question, lambda text: "5.6万人次" in text)
        assert "截至2026年11月23日" in after.text
        page.unlink()
        await until(lambda: n_pages(folder) == 1, "the page to be removed")
        await asked_until(server, question, lambda text: "5.6万人次" not in text)
    finally:
        assert await bot.stop() == 0
    assert "Traceback" not in bot.log.read_text(encoding="utf-8")


async def test_a_failure_is_an_apology_with_a_code_that_the_log_has(server: StandIn, folder: Path) -> None:
    bot = Bot(server, folder)
    bot.start()
    try:
        await server.say("/start")
        with closing(sqlite3.connect(folder / "home" / "chats.db")) as connection:
            connection.execute("ALTER TABLE answers RENAME TO away")
            (reply,) = await server.say(QUESTION)
            connection.execute("ALTER TABLE away RENAME TO answers")
        (after,) = await server.say(QUESTION)
    finally:
        await bot.stop()
    assert "3万余亩" in after.text
    code = reply.text.partition("编号 ")[2][:6]
    assert len(code) == 6
    log = bot.log.read_text(encoding="utf-8")
    assert f"error {code}" in log
    assert "no such table: answers" in log
    assert TOKEN not in log


async def test_a_token_that_telegram_refuses_ends_the_bot_with_a_sentence(
    server: StandIn, folder: Path
) -> None:
    bot = Bot(server, folder, TELEGRAM_BOT_TOKEN="1:wrong-secret")
    bot.start()
    with pytest.raises(BotError, match="TELEGRAM_BOT_TOKEN") as refusal:
        await bot.greeted(server)
    assert "wrong-secret" not in str(refusal.value) + bot.log.read_text(encoding="utf-8")


@pytest.mark.soak
@pytest.mark.model
def test_the_shared_driver_finds_no_fault(shared: Path, tmp_path: Path, bundled: object) -> None:
    for module in ("tdjson", "jsonschema"):
        pytest.importorskip(module, reason="the shared driver needs it")
    settings = {
        "YUNWEN_HOME": str(tmp_path / "home"),
        "EMBEDDING_MODEL": "multilingual-e5-small",
        "RICH_MESSAGES": "false",  # the driver reads texts; test_rich.py holds the others to the fields
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("YUNWEN", "TELEGRAM", "EMBED", "WEBHOOK"))
    }
    subprocess.run(
        [*COMMAND, "ingest", "seeds"],
        cwd=ROOT,
        env=kept | settings,
        check=True,
        capture_output=True,
    )
    command = [
        *(sys.executable, str(shared / "tools" / "telegram" / "tgdrive.py")),
        *("--cmd", shlex.join([*COMMAND, "bot"]), "--cwd", str(ROOT), "--timeout", str(HANG_SECONDS)),
        *("--scenario", str(SCENARIO), "--out", str(tmp_path / "report.json")),
        *(part for name, value in settings.items() for part in ("--env", f"{name}={value}")),
    ]
    done = subprocess.run(command, env=kept, capture_output=True, text=True, check=False)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (done.returncode, report["failed"]) == (0, [])
    assert report["summary"]["violations"] == []
    assert report["summary"]["unanswered_callbacks"] == []
    assert report["bot"]["tracebacks"] == 0


@pytest.mark.soak
def test_the_screens_hold_in_three_languages(shared: Path, folder: Path, tmp_path: Path) -> None:
    for module in ("tdjson", "jsonschema"):
        pytest.importorskip(module, reason="the shared driver needs it")
    driver, report = shared / "tools" / "telegram" / "tgplus.py", tmp_path / "report.json"
    if not driver.exists():
        pytest.skip("the shared driver knows no replies and no places")
    settings = {
        name: value
        for name, value in environment(folder, RICH_MESSAGES="false").items()
        if name.startswith(("YUNWEN", "EMBED", "RERANKER", "USER", "CHAT", "RICH"))
    }
    command = [
        *(sys.executable, str(driver), str(SCREENS), str(report), str(folder / "home")),
        *("--cmd", shlex.join([*COMMAND, "bot"]), "--timeout", str(HANG_SECONDS)),
        *(part for name, value in settings.items() for part in ("--env", f"{name}={value}")),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = json.loads(report.read_text(encoding="utf-8"))
    assert (done.returncode, said["failed"]) == (0, [])
    assert said["summary"]["violations"] == []
    assert said["summary"]["unanswered_callbacks"] == []
    assert said["bot"]["tracebacks"] == 0
