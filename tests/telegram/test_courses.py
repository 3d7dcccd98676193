"""📈, 🧵, 后来怎么样了, /week and /month through a running bot."""

from pathlib import Path

from running_bot import running, yunwen
from stand_in import StandIn

PAGES = {
    "2020.txt": "date: 2020-09-01\n## 库伦旗 青龙湾水库开工\n\n青龙湾水库开工。2020年，库伦旗肉牛存栏达50万头。\n",
    "naiman.txt": "date: 2020-09-02\n## 奈曼旗 西瓜节开幕\n\n奈曼旗西瓜节开幕，吸引游客三千人。\n",
    "2021.txt": "date: 2021-09-01\n## 库伦旗 青龙湾水库完工\n\n青龙湾水库完工。2021年，库伦旗肉牛存栏达56.5万头。\n",
}


async def test_what_changed_is_shown_at_a_press(server: StandIn, folder: Path) -> None:
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")
        yunwen(folder, "ingest", str(folder / name))
    async with running(server, folder):
        (answer,) = await server.say("库伦旗肉牛存栏", chat_id=8301)
        assert {"📈 历次数字", "🧵 来龙去脉"} <= answer.buttons.keys()
        picture, said = await server.press(answer, "📈 历次数字")
        assert picture.text.startswith("库伦旗肉牛存栏：2 个数字（万头）")
        assert server.documents[-1][1].startswith(b"\x89PNG")
        assert "2020 50万头" in said.text
        assert "2021 56.5万头" in said.text
        (story,) = await server.press(answer, "🧵 来龙去脉")
        assert story.text.index("青龙湾水库开工") < story.text.index("青龙湾水库完工")
        (story,) = await server.say("后来怎么样了", chat_id=8301)
        assert story.text.index("青龙湾水库开工") < story.text.index("青龙湾水库完工")
        (story,) = await server.say("青龙湾水库后来怎么样了", chat_id=8301)
        assert "前后 2 篇" in story.text
        (week,) = await server.say("/week 库伦旗 2021-W35", chat_id=8301)
        assert "青龙湾水库完工" in week.text
        (month,) = await server.say("2021年9月库伦旗发生了什么", chat_id=8301)
        assert month.text.startswith("库伦旗（2021年9月1日")
        picture, month = await server.say("/month 通辽市 2020-09", chat_id=8301)
        assert "1 库伦旗（1）、2 奈曼旗（1）" in picture.text
        assert server.documents[-1][1].startswith(b"\x89PNG")
        assert "青龙湾水库开工" in month.text
