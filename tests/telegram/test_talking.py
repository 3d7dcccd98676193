"""What people say beside questions: news, commands in words, courtesy, corrections, articles passed on."""

from pathlib import Path

import pytest
from running_bot import QUESTION, Bot, running
from stand_in import Sent, StandIn

from bot.languages import Language, texts_of

HANS, HANT, EN = 7001, 7002, 7003
LANGUAGES = {HANS: "zh-hans", HANT: "zh-hant", EN: "en"}
GROUP, ADMIN, MEMBER = -100700, 70, 71


@pytest.fixture(autouse=True)
def languages(server: StandIn) -> None:
    """A chat and others of its language."""
    server.languages |= {
        n: language for chat, language in LANGUAGES.items() for n in range(chat, chat + 1000, 10)
    }


async def one(server: StandIn, text: str, chat_id: int) -> Sent:
    (reply,) = await server.say(text, chat_id=chat_id)
    return reply


LISTED = [
    (HANS, "今天有什么新闻", "最新消息", "今天的报纸还没到，最近一期是2022年6月30日"),
    (HANT, "今天有什麼新聞", "最新消息", "最近一期是2022年6月30日"),
    (EN, "What's the news today?", "Latest news", "the newest issue is of 30 June 2022"),
    (HANS, "2022年6月30日通辽有什么新闻", "通辽市 · 2022年6月30日", ""),
    (HANT, "通遼最近有啥新聞", "通辽市", ""),
    (EN, "news from Tongliao", "通辽市", ""),
]


async def check_listed(server: StandIn, chat: int, asked: str, heading: str, note: str) -> None:
    reply = await one(server, asked, chat)
    assert reply.text.startswith(heading)
    assert note in reply.text
    assert "start=a_" in " ".join(reply.links)
    is_tongliao = "通" in asked or "Tongliao" in asked
    assert ("开鲁县" in reply.text, "镶黄旗" in reply.text) == (True, not is_tongliao)
    labels = {HANS: "订阅", HANT: "訂閱", EN: "Follow "}
    assert labels[chat] + ("通辽市" if is_tongliao else "内蒙古自治区") in reply.buttons


async def check_pages(server: StandIn) -> None:
    chat = HANS + 10
    first = await one(server, "最新消息", chat)
    assert "更多" in first.buttons
    second = await one(server, "还有吗", chat)
    third = await one(server, "还有别的新闻吗", chat)
    pages = [set(each.links) for each in (first, second, third)]
    assert not pages[0] & pages[1]
    assert not pages[1] & pages[2]
    assert "更多" not in third.buttons
    assert (await one(server, "更多", chat)).text == "没有更多了。"
    (pressed,) = await server.press(first, "更多")
    assert pressed.links == second.links


async def check_places(server: StandIn) -> None:
    chat = HANS + 20
    place = await one(server, "库伦旗", chat)
    assert "水稻种植达3万余亩" in place.text
    (followed,) = await server.press(place, "订阅库伦旗")
    assert "已订阅：库伦旗" in followed.text
    other = await one(server, "那奈曼旗呢", chat)
    assert other.text.startswith("奈曼旗")
    assert "养老" in other.text
    unclear = await one(server, "朝阳区有什么新闻", chat)
    (chosen,) = await server.press(unclear, "北京市 › 朝阳区")
    assert "还没有朝阳区的报道。资料库里最新的一期是2022年6月30日。" in chosen.text
    answer = await one(server, QUESTION, chat)
    assert "3万余亩" in answer.text
    behind = await one(server, "最新消息", chat)
    assert behind.text.startswith("库伦旗")
    author = await one(server, "谁写的", chat)
    assert "库伦旗" in author.text or "记者" in author.text or "没有写明" in author.text
    who = await one(server, "谁报道了库伦旗水稻", chat)
    assert "薛一群" in who.text


SAID = {
    HANS: ("订阅库伦旗", "我的订阅", "每天早上7点给我发通辽市的新闻", "日报", "别再发了", "继续发", "取消订阅库伦旗", "帮助"),
    HANT: ("訂閱庫倫旗", "我的訂閱", "每天早上7點給我發通遼市的新聞", "日報", "別再發了", "繼續發", "取消訂閱庫倫旗", "幫助"),
    EN: (
        "subscribe to 库伦旗",
        "my subscriptions",
        "send me news of 通辽市 every day at 7",
        "digest",
        "stop sending me news",
        "resume",
        "unsubscribe from 库伦旗",
        "help",
    ),
}  # fmt: skip


async def check_commands(server: StandIn, chat: int) -> None:
    texts, chat = texts_of(Language(LANGUAGES[chat])), chat + 30
    said = SAID[chat - 30]
    replies = [await one(server, each, chat) for each in said]
    assert "库伦旗" in replies[0].text
    assert "8:00" in replies[0].text
    assert texts.my_subscriptions_button in replies[0].buttons
    assert "库伦旗" in replies[1].text
    assert ("通辽市" in replies[2].text, "7:00" in replies[2].text) == (True, True)
    assert replies[3].text.startswith(("云问日报", "雲問日報"))
    assert [replies[4].text, replies[5].text] == [texts.paused, texts.resumed]
    assert replies[6].text == texts.unsubscribed.format(place="库伦旗")
    assert texts.commands.help[:2] in replies[7].text or "/subscribe" in replies[7].text
    left = await one(server, said[1], chat)
    assert ("库伦旗" in left.text, "通辽市" in left.text) == (False, True)


async def check_language(server: StandIn) -> None:
    chat = HANS + 50
    assert "English from now on" in (await one(server, "换成英文", chat)).text
    assert "繁體中文" in (await one(server, "switch to traditional Chinese", chat)).text
    assert "简体中文" in (await one(server, "換成簡體中文", chat)).text


POLITE = [
    (HANS, ("你好", "谢谢！", "你是谁", "好的", "再见", "你真笨", "给我讲个笑话")),
    (HANT, ("您好", "謝謝你", "你是誰", "好的", "再見", "你真笨", "翻譯成英文")),
    (EN, ("hello", "thanks!", "who are you?", "ok", "bye", "you are stupid", "https://example.org/a")),
]


async def check_courtesy(server: StandIn, chat: int, said: tuple[str, ...]) -> None:
    texts, chat = texts_of(Language(LANGUAGES[chat])), chat + 40
    await server.say(QUESTION, chat_id=chat)
    lines = [
        texts.said_greeting,
        texts.said_thanks,
        texts.said_who,
        texts.said_assent,
        texts.said_farewell,
        texts.said_abuse,
        texts.said_beyond,
    ]
    assert [(await one(server, each, chat)).text for each in said] == lines
    assert "15000余吨" in (await one(server, "那產量呢" if said[0] == "您好" else "那产量呢", chat)).text


async def check_questions(server: StandIn) -> None:
    for said in ("谢谢信是谁写的", "订阅报刊的人数是多少", "今天新闻发布会说了什么", "换成电动车补贴多少"):
        assert "没有找到" in (await one(server, said, HANS + 60)).text, said


async def check_edits(server: StandIn) -> None:
    wrong = server._said("奈曼旗水稻种植面积", HANS + 70, None, None, None)
    n_before = len(server.sent)
    await server.tell({"message": wrong})
    (answer,) = await server.expect(HANS + 70, n_before)
    assert "没有找到" in answer.text
    await server.tell({"edited_message": wrong | {"text": QUESTION, "edit_date": 2}})
    assert len(server.sent) == n_before + 1
    assert server.edits[-1].id == answer.id
    assert "3万余亩" in server.edits[-1].text
    (full,) = await server.press(server.edits[-1], "全文")
    assert full.text.endswith("(融媒体记者 薛一群 实习生 李多仁)")
    # what was never answered is not answered because it was put right
    n_before = len(server.sent)
    unanswered = server._said(QUESTION, HANS + 70, None, None, None)
    await server.tell({"edited_message": unanswered | {"edit_date": 2}})
    await one(server, "谢谢", HANS + 70)
    assert len(server.sent) == n_before + 1


async def check_lines(server: StandIn) -> None:
    assert "3万余亩" in (await one(server, "请问库伦旗\n水稻种植面积\n是多少", HANS + 80)).text
    two = await server.say("1. 库伦旗水稻种植面积\n2. 蟹田大米亩产多少", chat_id=HANS + 80, n=2)
    assert ["3万余亩" in two[0].text, "800余斤" in two[1].text] == [True, True]


async def check_articles(server: StandIn) -> None:
    strange = "近日，某地举办了一场别开生面的活动，吸引了众多群众前来参观。" * 30
    assert (await one(server, strange, HANS + 90)).text == texts_of(Language.SIMPLIFIED).passed_on
    (full,) = await server.say(f"{QUESTION}", chat_id=HANS + 90)
    (article,) = await server.press(full, "全文")
    known = await one(server, article.text[:990], HANS + 90)
    assert "资料库里有" in known.text
    assert "全文" in known.buttons
    assert "薛一群" in (await one(server, "谁写的", HANS + 90)).text
    longer = f"{article.text}\n{strange}"[:4000]
    assert "资料库里有" in (await one(server, longer, HANS + 90)).text
    assert (await one(server, (strange * 3)[:4096], HANS + 90)).text == (
        texts_of(Language.SIMPLIFIED).passed_on
    )
    brief = server._said(article.text[:120], HANS + 90, None, None, None)
    origin = {"type": "hidden_user", "sender_user_name": "甲", "date": 1}
    n_before = len(server.sent)
    await server.tell({"message": brief | {"forward_origin": origin}})
    (passed_on,) = await server.expect(HANS + 90, n_before)
    assert passed_on.text.startswith(("资料库里有", "您转来一篇报道"))
    asked = await one(server, f"{strange}\n库伦旗水稻种植面积多少？", HANS + 90)
    assert "3万余亩" in asked.text


async def check_asked_by_command(server: StandIn) -> None:
    texts = texts_of(Language.SIMPLIFIED)
    assert (await one(server, "/ask 谢谢", HANS + 110)).text == texts.said_thanks
    assert "3万余亩" in (await one(server, f"/ask {QUESTION}，谢谢", HANS + 110)).text
    wrong = server._said("/ask 奈曼旗水稻种植面积", HANS + 110, None, None, None)
    n_before = len(server.sent)
    await server.tell({"message": wrong})
    (answer,) = await server.expect(HANS + 110, n_before)
    await server.tell({"edited_message": wrong | {"text": f"/ask {QUESTION}", "edit_date": 2}})
    assert (server.edits[-1].id, "3万余亩" in server.edits[-1].text) == (answer.id, True)
    picture = {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]}
    seen = server._said("", HANS + 110, None, None, None) | picture
    asks_of_it = ("这是哪的羊", texts.only_text)
    for said, expected in (("谢谢", texts.said_thanks), (QUESTION, "3万余亩"), asks_of_it):
        n_before = len(server.sent)
        await server.tell({"message": {k: v for k, v in seen.items() if k != "text"} | {"caption": said}})
        (reply,) = await server.expect(HANS + 110, n_before)
        assert expected in reply.text


async def check_weekly(server: StandIn) -> None:
    weekly = await one(server, "每周日早上9点给我发通辽市的新闻", HANS + 130)
    assert "每周日 9:00" in weekly.text
    assert (await one(server, "日报", HANS + 130)).text.startswith("云问周报")
    menu = await one(server, "/hour", HANS + 130)
    (changed,) = await server.press(menu, "周六")
    assert "每周六 9:00" in changed.text
    assert "每天 7:00" in (await one(server, "改成每天7点发", HANS + 130)).text
    assert (await one(server, "日报", HANS + 130)).text.startswith("云问日报")
    assert "每周六 7:00" in (await one(server, "/hour 周六", HANS + 130)).text
    assert (await one(server, "赤峰的不要了", HANS + 130)).text == texts_of(Language.SIMPLIFIED).not_followed
    assert "通辽市" in (await one(server, "通辽市的不要了", HANS + 130)).text


async def check_several_places(server: StandIn) -> None:
    several = await one(server, "订阅通辽市、开鲁县和奈曼旗", HANS + 150)
    assert several.text.startswith("已订阅：通辽市、开鲁县、奈曼旗\n")
    replies = await server.say("订阅开鲁县、库伦旗", chat_id=HANS + 150, n=2)
    assert [each.text.partition("\n")[0] for each in replies] == ["已订阅：库伦旗", "早就订阅了：开鲁县"]
    assert (
        "已订阅：呼和浩特市" in (await one(server, "subscribe to Hohhot every morning at 7", HANS + 150)).text
    )


async def check_nothing_followed(server: StandIn) -> None:
    texts = texts_of(Language.SIMPLIFIED)
    await one(server, QUESTION, HANS + 140)
    none = await one(server, "后来怎么样了", HANS + 140)
    assert (none.text, texts.watch_button in none.buttons) == (texts.story_none, True)
    (watched,) = await server.press(none, texts.watch_button)
    assert QUESTION in watched.text
    assert "@yunwen_bot" in (await one(server, "怎么把你拉进工作群", HANS + 140)).text


async def check_watching(server: StandIn) -> None:
    summed = await one(server, "/watch 库伦旗和奈曼旗水稻面积一共多少", HANS + 100)
    assert summed.text == texts_of(Language.SIMPLIFIED).cannot_watch
    news = await one(server, "/watch 库伦旗的新闻", HANS + 100)
    assert "订阅库伦旗" in news.buttons


async def test_in_a_group_only_what_is_said_to_the_bot_counts(server: StandIn, bot: Bot) -> None:
    server.admins = {ADMIN}
    n_before = len(server.sent)
    for said in ("订阅库伦旗", "谢谢", "今天有什么新闻", "帮助"):
        await server.mutter(said, GROUP, MEMBER)
    (news,) = await server.say("@yunwen_bot 今天有什么新闻", GROUP, user_id=MEMBER)
    assert server.sent[n_before:] == [news]
    (refused,) = await server.say("@yunwen_bot 订阅库伦旗", GROUP, user_id=MEMBER)
    assert "管理员" in refused.text
    (done,) = await server.say("@yunwen_bot 订阅库伦旗", GROUP, user_id=ADMIN)
    assert "已订阅：库伦旗" in done.text
    (more,) = await server.say("还有吗", GROUP, user_id=MEMBER, reply_to=news)
    assert not set(more.links) & set(news.links)


# one run of the bot for many conversations, each in chats of its own: to start it takes longer than to talk


async def test_news_that_is_asked_for_is_listed_page_by_page(server: StandIn, bot: Bot) -> None:
    for each in LISTED:
        await check_listed(server, *each)
    await check_pages(server)
    await check_places(server)


async def test_commands_and_courtesies_in_words_are_understood_in_three_languages(
    server: StandIn, bot: Bot
) -> None:
    for chat in SAID:
        await check_commands(server, chat)
    await check_weekly(server)
    for chat, said in POLITE:
        await check_courtesy(server, chat, said)
    await check_language(server)
    await check_questions(server)


async def test_messages_as_people_write_them_are_answered(server: StandIn, bot: Bot) -> None:
    await check_edits(server)
    await check_lines(server)
    await check_articles(server)
    await check_watching(server)
    await check_nothing_followed(server)
    await check_several_places(server)
    await check_asked_by_command(server)


async def test_a_restart_forgets_neither_what_was_answered_nor_how_far_the_reports_were_shown(
    server: StandIn, folder: Path
) -> None:
    chat = HANS + 120
    async with running(server, folder):
        wrong = server._said("奈曼旗水稻种植面积", chat, None, None, None)
        n_before = len(server.sent)
        await server.tell({"message": wrong})
        (answer,) = await server.expect(chat, n_before)
        first = await one(server, "还有吗", chat)
    async with running(server, folder):
        second = await one(server, "还有吗", chat)
        assert not set(first.links) & set(second.links)
        await server.tell({"edited_message": wrong | {"text": QUESTION, "edit_date": 2}})
    assert (server.edits[-1].id, "3万余亩" in server.edits[-1].text) == (answer.id, True)
