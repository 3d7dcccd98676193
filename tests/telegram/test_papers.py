"""A newspaper followed by the running bot: answered from, shown with its page, and told of when it is amiss."""

from pathlib import Path

from paper_site import PaperSite, put_classic_founder, put_newer_founder, sample_sheets, serving
from running_bot import running
from stand_in import StandIn
from waiting import until

from retrieval import today_at_home

ADMIN = 4200
QUESTION = "白城苏木夜校有多少牧民报名"


async def test_a_followed_newspaper_is_answered_from_and_its_page_is_sent(
    server: StandIn, folder: Path
) -> None:
    today = today_at_home()
    sound, bare = PaperSite(), PaperSite()
    put_classic_founder(sound, today, sample_sheets(today))
    put_newer_founder(bare, today, ())
    bare.put(
        f"/qhrb/pc/layout/{today:%Y%m/%d}/node_01.html",
        "<html><title>西河日报数字报</title><body>第01版：要闻</body></html>",
    )
    bare.put("/qhrb/pc/layout/index.html", f'<a href="{today:%Y%m/%d}/node_01.html">第01版：要闻</a>')
    with serving(sound), serving(bare):
        settings = {
            "PAPERS": f"{sound.url}/qhrb/paperindex.htm {bare.url}/qhrb/pc/layout/index.html",
            "PAPER_SECONDS": "0",
            "PAPER_DAYS": "0",
            "FETCH_PRIVATE": "True",
            "ADMIN_USER_IDS": str(ADMIN),
        }
        async with running(server, folder, **settings):
            await server.say("/start", chat_id=ADMIN)
            alarm = await until(
                lambda: next((each for each in server.sent if "西河日报" in each.text), None), "the alarm"
            )
            assert alarm.chat_id == ADMIN
            assert "一篇也没有读出来" in alarm.text
            (answer,) = await server.say(QUESTION)
            assert "名牧民报名学习会计" in answer.text
            label = next(label for label in answer.buttons if "版面" in label)
            (page,) = await server.press(answer, label)
            assert "青河日报" in page.text
            assert "第02版 旗县新闻" in page.text
            assert server.documents[-1][1].startswith(b"\xff\xd8")
            (refused,) = await server.say("/papers")
            assert "只有管理员" in refused.text
            (told,) = await server.say("/papers", chat_id=ADMIN)
            assert "青河日报" in told.text
            assert "4 篇读了 4 篇" in told.text
