"""Pages sent to the bot by an operator, and by somebody else."""

from dataclasses import replace
from pathlib import Path

import pytest
from hostile import COSTLY, table_of
from running_bot import Bot, running
from stand_in import StandIn

from bot.ingest.uploads import safe_name

ADMIN = 4200
PAGE = "date: 2026-11-20\n## 根河市 驯鹿文化节\n\n根河市驯鹿文化节吸引游客3200人次。\n"
QUESTION = "根河市驯鹿文化节吸引了多少游客"


async def test_a_page_is_looked_at_taken_in_and_removed(server: StandIn, folder: Path) -> None:
    bot = Bot(server, folder, ADMIN_USER_IDS=f"1, {ADMIN}")
    bot.start()
    try:
        await server.say("/start", chat_id=ADMIN)
        (refused,) = await server.send_file("page.txt", PAGE.encode(), chat_id=4300)
        assert "只有管理员" in refused.text
        for command in ("/remove page.txt", "/reread"):
            (no,) = await server.say(command, chat_id=4300)
            assert "只有管理员" in no.text
        (kind,) = await server.send_file("page.exe", b"MZ", chat_id=ADMIN)
        assert "只收这些格式" in kind.text
        (empty,) = await server.send_file("empty.txt", b"\n", chat_id=ADMIN)
        assert empty.text == "读不了这个文件：里面没有内容"

        (preview,) = await server.send_file("../../page.txt", PAGE.encode(), chat_id=ADMIN)
        assert "1 篇" in preview.text
        assert "2026-11-20（1）" in preview.text
        assert "根河市（1）" in preview.text
        (foreign,) = await server.say(QUESTION, chat_id=ADMIN)
        assert "没有找到" in foreign.text
        (taken,) = await server.press(preview, "收录")
        assert "新 1 版" in taken.text
        assert (taken.id, taken.buttons) == (preview.id, {})  # the preview stays, its buttons go
        (answer,) = await server.say(QUESTION, chat_id=ADMIN)
        assert "3200人次" in answer.text
        assert (folder / "home" / "uploads" / "page.txt").read_text() == PAGE
        (again,) = await server.press(preview, "收录")
        assert "处理过" in again.text

        (second,) = await server.send_file("other.txt", PAGE.encode(), chat_id=ADMIN)
        (dropped,) = await server.press(second, "放弃")
        assert "没有收录" in dropped.text
        (reread,) = await server.say("/reread", chat_id=ADMIN)
        assert "不变 1 版" in reread.text
        undated = PAGE.partition("\n")[2].replace("驯鹿", "白桦").encode()
        (third,) = await server.send_file("undated.txt", undated, chat_id=ADMIN)
        assert "没有读到日期" in third.text
        day = next(data for data in third.buttons.values() if data.count(":") == 2).rpartition(":")[2]
        await server.press(third, next(label for label in third.buttons if label not in ("收录", "放弃")))
        (dated,) = await server.say("根河市白桦文化节吸引了多少游客", chat_id=ADMIN)
        assert f"截至{int(day[:4])}年{int(day[5:7])}月{int(day[8:])}日" in dated.text
        (gone,) = await server.say("/remove undated.txt", chat_id=ADMIN)
        assert "删 1 版" in gone.text
        assert not list((folder / "home" / "uploads").glob("undated*"))
        (which,) = await server.say("/remove", chat_id=ADMIN)
        assert "page.txt" in which.text
        (removed,) = await server.say("/remove page.txt", chat_id=ADMIN)
        assert "删 1 版" in removed.text
        (gone,) = await server.say(QUESTION, chat_id=ADMIN)
        assert "没有找到" in gone.text
    finally:
        assert await bot.stop() == 0
    assert "Traceback" not in bot.log.read_text(encoding="utf-8")
    assert server.refused == []


async def test_of_an_album_each_file_is_looked_at_and_the_bad_ones_keep_no_good_one_out(
    server: StandIn, folder: Path
) -> None:
    """Ten at once, as Telegram sends them: an update each, under one number of their album."""
    good = {f"{number}.txt": PAGE.replace("驯鹿", f"白桦{number}").encode() for number in range(4)}
    bad = {
        "a.docx": COSTLY["tall.docx"],
        "b.docx": table_of('<w:gridSpan w:val="abc"/>'),
        "c.zip": b"PK",
        "d.pdf": b"%PDF-1.7\n%%EOF",
        "e.exe": b"MZ",
        "页" * 120 + ".txt": b"\n",
    }
    mixed = dict(sorted((good | bad).items(), key=lambda each: each[0][::-1]))
    async with running(server, folder, ADMIN_USER_IDS=str(ADMIN), READING_SECONDS="1") as bot:
        replies = await server.send_album(mixed, chat_id=ADMIN)
        offered = [each for each in replies if "收录" in each.buttons]
        assert (len(replies), len(offered)) == (10, 4)
        assert not [each.text for each in replies if "编号" in each.text]
        (others,) = await server.say("库伦旗水稻种植面积", chat_id=4300)
        assert "3万余亩" in others.text
        taken = [await server.press(each, "收录") for each in offered]
        assert ["新 1 版" in each.text for (each,) in taken] == [True] * 4
        pictures = [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}]
        for number in range(3):  # a picture is no page, with whatever it comes
            await server.mutter("", ADMIN, ADMIN, photo=pictures, media_group_id="7", caption=PAGE * number)
    assert "Traceback" not in bot.log.read_text(encoding="utf-8")


async def test_a_page_that_waits_is_decided_by_admins_alone(server: StandIn, folder: Path) -> None:
    async with running(server, folder, ADMIN_USER_IDS=str(ADMIN)) as bot:
        (preview,) = await server.send_file("waits.txt", PAGE.encode(), chat_id=ADMIN)
        pressed = replace(preview, chat_id=4300)  # its data, sent by somebody who got to know it
        for label in ("收录", "放弃"):
            assert await server.tap(pressed, label) == ["只有管理员能上传或删除版面。"]
        assert not (folder / "home" / "uploads" / "waits.txt").exists()
        (taken,) = await server.press(preview, "收录")
        assert "新 1 版" in taken.text
    assert "Traceback" not in bot.log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("页面 一.txt", "页面_一.txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.txt", "x.txt"),
        (".hidden.txt", "hidden.txt"),
        ("a\nb\x00.txt", "a_b_.txt"),
        (None, "page.txt"),
        ("..", "page.txt"),
        ("x" * 300 + ".txt", "x" * 96 + ".txt"),
        ("页" * 300 + ".txt", "页" * 65 + ".txt"),
        ("甲" + "." * 200 + "txt", "txt"),
    ],
)
def test_a_name_from_outside_leads_nowhere_else(name: str | None, safe: str) -> None:
    assert safe_name(name) == safe
