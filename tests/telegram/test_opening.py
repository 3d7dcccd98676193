"""Addresses that open articles and places, and long lists leafed through in place, also after a restart."""

import re
from pathlib import Path

import pytest
from running_bot import QUESTION, Bot, yunwen
from stand_in import Sent, StandIn

ADDRESS = re.compile(r"https://t\.me/yunwen_bot\?start=([A-Za-z0-9_-]{1,64})")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed page, 30 short articles about 根河市, one with an address of its own, and the newest about a far city."""
    folder = tmp_path_factory.mktemp("many")
    lines = ["date: 2026-11-20"]
    for n in range(1, 31):
        lines += [
            f"## 根河市 驯鹿文化节第{n}场活动开幕",
            "",
            f"根河市驯鹿文化节第{n}场活动吸引游客{n}00人次。",
            "",
        ]
    (folder / "pages").mkdir()
    (folder / "pages" / "page.txt").write_text("\n".join(lines))
    record = (
        '{"title": "根河市 冰雪节闭幕", "text": "根河市冰雪节接待游客5.6万人次。", "date": "2026-11-21", '
    )
    record += '"url": "https://paper.example/1?a=1&b=2"}\n'
    far = '{"title": "郑州市 新线开通", "text": "郑州市地铁新线开通，全长30.5公里。", "date": "2026-11-22"}\n'
    (folder / "pages" / "one.jsonl").write_text(record + far)
    yunwen(folder, "ingest", "seeds", str(folder / "pages"))
    return folder


def words(sent: Sent) -> list[str]:
    return [found[1] for link in sent.links if (found := ADDRESS.fullmatch(link))]


async def test_titles_and_places_are_addresses_and_lists_are_turned_in_place_also_after_a_restart(
    many: Path,
) -> None:
    server = StandIn()
    await server.start()
    bot = Bot(server, many)
    bot.start()
    try:
        (answer,) = await server.say(QUESTION)
        article, place = words(answer)[:2]
        assert place == "r_150524"
        (greeting,) = await server.say("/start")
        assert {"根河市", "库伦旗"} <= set(greeting.buttons)  # at home, although the newest is from elsewhere
        assert not {"郑州市", "内蒙古自治区"} & set(greeting.buttons)
        (opened,) = await server.say(f"/start {article}")
        assert opened.text.endswith("(融媒体记者 薛一群 实习生 李多仁)")
        (kulun,) = await server.say(f"/start {place}")
        assert "库伦旗：2 篇" in kulun.text
        assert article in words(kulun)
        (followed,) = await server.press(kulun, "订阅库伦旗")
        assert "已订阅：库伦旗" in followed.text

        (original,) = await server.say("根河市冰雪节接待游客多少人次")
        assert "https://paper.example/1?a=1&b=2" in original.links
        (genhe,) = await server.say("/start r_150785")
        assert "根河市：31 篇" in genhe.text
        assert "冰雪节闭幕（根河市，2026-11-21）" in genhe.text.splitlines()[3]
        assert (len(words(genhe)), "‹" in genhe.buttons) == (8, False)
        second = await turned(server, genhe, "›")
        assert "第 9 至 16 篇" in second.text
        assert not set(words(second)) & set(words(genhe))
        assert (await turned(server, second, "‹")).text == genhe.text

        offered = await server.ask_inline("根河市驯鹿文化节吸引游客多少人次")
        (first,) = server.inline.values()
        assert (len(offered), str(first["next_offset"])) == (10, "10")
        others = await server.ask_inline("根河市驯鹿文化节吸引游客多少人次", offset="10")
        assert others
        assert not {each["id"] for each in others} & {each["id"] for each in offered}
        assert await server.ask_inline("根河市驯鹿文化节吸引游客多少人次", offset="900") == []

        (events,) = await server.say("根河市驯鹿文化节吸引游客多少人次")
        (more,) = await server.press(events, "更多")
        assert more.id != events.id
        next_page = await turned(server, more, "›")

        assert await bot.stop() == 0
        bot.start()
        (again,) = await server.press(next_page, "‹")
        assert (again.id, again.text) == (more.id, more.text)
        last = again
        while "›" in last.buttons:
            last = await turned(server, last, "›")
        n_all = int(re.search(r"共 (\d+) 条", last.text)[1])
        assert f"至 {n_all} 条" in last.text

        await server.say("/subscribe 根河市")
        parts = await server.say("/digest")
        rest = next(label for label in parts[-1].buttons if label.startswith("还有"))
        (page,) = await server.press(parts[-1], rest)
        assert "第 21 至 28 条" in page.text
        behind = await turned(server, page, "›")
        assert "第 29 至" in behind.text
        assert (await turned(server, behind, "‹")).text == page.text
        for odd in ("a_zzzz", "r_999999", "x_1", "a_"):
            assert await server.say(f"/start {odd}")
    finally:
        assert await bot.stop() == 0
        await server.stop()
    assert server.refused == []
    assert server.unanswered == set()
    assert "Traceback" not in bot.log.read_text(encoding="utf-8")


async def turned(server: StandIn, message: Sent, label: str) -> Sent:
    """What a message becomes at the press of a button: itself, with other words."""
    n_sent = len(server.sent)
    (page,) = await server.press(message, label)
    assert page.id == message.id
    assert len(server.sent) == n_sent
    assert all(len(data.encode()) <= 64 for data in page.buttons.values())
    return page
