"""Following places as people do it: by name, by menu, below an answer, in groups, with files."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from running_bot import QUESTION, Bot
from sqlalchemy import text
from stand_in import Sent, StandIn
from waiting import until

from bot.chats.database import open_chats
from bot.chats.subscriptions import SubscriptionStore

GROUP, ADMIN, MEMBER = -100200, 50, 51


async def test_following_by_name_by_menu_and_below_an_answer(server: StandIn, bot: Bot) -> None:
    (menu,) = await server.say("/subscribe")
    assert "内蒙古自治区" in menu.text
    (second,) = await server.press(menu, "下一页 ›")
    (first,) = await server.press(second, "‹ 上一页")
    assert first.buttons == menu.buttons
    (city,) = await server.press(menu, next(label for label in menu.buttons if label.startswith("通辽市")))
    assert any(label == "库伦旗（2）" for label in {**city.buttons, **(await page(server, city)).buttons})
    (done,) = await server.press(city, "订阅通辽市（含下属）")
    assert "已订阅：通辽市" in done.text
    (named,) = await server.say("/subscribe 乌海市 除 海勃湾区 含 老旧小区 廉洁")
    assert "乌海市，除 海勃湾区，含 老旧小区、廉洁" in named.text
    (answered,) = await server.say(QUESTION)
    (watched,) = await server.press(answered, "🔔 有新消息告诉我")
    (below,) = await server.press(watched, "订阅库伦旗")
    assert "已订阅：库伦旗" in below.text

    digest = "\n".join(each.text for each in await server.say("/digest"))
    for title in ("水稻种植达3万余亩", "一体两翼", "开鲁县东来镇", "奈曼旗区域", "库伦旗精心组织"):
        assert title in digest
    assert "老旧小区改造提升" in digest
    assert "乌海市海南区纪委监委" in digest
    assert "海勃湾区" not in digest
    assert "乌达区" not in digest
    assert "共 7 条" in digest

    (listed,) = await server.say("/subscriptions")
    assert "订阅 3 个" in listed.text
    (one,) = await server.press(listed, "改：通辽市")
    (toggled,) = await server.press(one, "不要下属旗县")
    assert "不含下属" in toggled.text
    (gone,) = await server.press(toggled, "删除")
    assert "订阅 2 个" in gone.text
    (hours,) = await server.press(gone, "时间")
    (seven,) = await server.press(hours, "7:00")
    assert "每天 7:00" in seven.text
    (paused,) = await server.press(gone, "暂停")
    assert "已暂停" in paused.text
    (left,) = await server.say("/unsubscribe 库伦旗")
    assert "已取消订阅库伦旗" in left.text


async def page(server: StandIn, menu: Sent) -> Sent:
    (following,) = await server.press(menu, "下一页 ›")
    return following


async def test_bad_subscriptions_are_refused_in_a_sentence_and_change_nothing(
    server: StandIn, bot: Bot
) -> None:
    chat = 3000
    for words, said in (
        ("/subscribe 火星", "没认出"),
        ("/hour", "几点发日报"),
        ("/zone", "哪里的时间"),
        ("/hour 25", "0 到 23"),
        ("/zone Mars/Phobos", "时区"),
        ("/quiet 9-9", "免打扰"),
        ("/unsubscribe 库伦旗", "还没有订阅"),
        ("/digest", "还没有订阅"),
    ):
        (reply,) = await server.say(words, chat_id=chat)
        assert said in reply.text, words
    (unclear,) = await server.say("/subscribe 库轮旗", chat_id=chat)
    (meant,) = await server.press(unclear, next(iter(unclear.buttons)))
    assert "已订阅：库伦旗" in meant.text
    for data in (
        b"{",
        b"\xff",
        b"[]",
        b'{"format": "yunwen-subscriptions", "subscriptions": [{"code": "1"}]}',
    ):
        (refused,) = await server.send_file("subscriptions.json", data, chat_id=chat)
        assert "没有导入" in refused.text
    (listed,) = await server.say("/subscriptions", chat_id=chat)
    assert "订阅 1 个" in listed.text


async def test_subscriptions_go_out_and_come_back_as_a_file_and_are_forgotten(
    server: StandIn,
    bot: Bot,
    folder: Path,
) -> None:
    chat = 3100
    await server.say("/subscribe 奈曼旗 不含 广告", chat_id=chat)
    await server.say("/export", chat_id=chat)
    (sent_to, data) = server.documents[-1]
    assert sent_to == chat
    assert json.loads(data)["subscriptions"][0]["must_not"] == ["广告"]
    (ask,) = await server.say("/forget", chat_id=chat)
    (gone,) = await server.press(ask, "全部删除")
    assert "没有留下" in gone.text
    engine = open_chats(f"sqlite:///{folder / 'home' / 'chats.db'}")
    assert SubscriptionStore(engine).get(chat) is None
    (back,) = await server.send_file("yunwen.json", data, chat_id=chat)
    assert "奈曼旗，不含 广告" in back.text
    (privacy,) = await server.say("/privacy", chat_id=chat)
    assert "/forget" in privacy.text


async def test_in_a_group_only_admins_change_what_it_follows(server: StandIn, bot: Bot) -> None:
    server.admins = {ADMIN}
    (refused,) = await server.say("/subscribe 库伦旗", chat_id=GROUP, user_id=MEMBER)
    assert "管理员" in refused.text
    (done,) = await server.say("/subscribe 库伦旗", chat_id=GROUP, user_id=ADMIN)
    assert "已订阅" in done.text
    (listed,) = await server.say("/subscriptions", chat_id=GROUP, user_id=MEMBER)
    assert listed.buttons == {}  # what its admins alone may press is not shown to its members
    (same,) = await server.say("/subscriptions", chat_id=GROUP, user_id=ADMIN)
    n_before = len(server.sent)
    assert await server.tap(same, "暂停", user_id=MEMBER) == ["只有管理员能改这里的订阅和设置。"]
    assert len(server.sent) == n_before
    (paused,) = await server.press(same, "暂停", user_id=ADMIN)
    assert "已暂停" in paused.text


async def test_a_group_that_moves_takes_its_subscriptions_along(
    server: StandIn,
    bot: Bot,
    folder: Path,
) -> None:
    old, new = -900, -100900
    server.admins = {ADMIN}
    await server.say("/subscribe 库伦旗", chat_id=old, user_id=ADMIN)
    chat = {"id": old, "type": "group", "title": "Group"}
    moved = {"message_id": 9, "date": 1, "chat": chat, "migrate_to_chat_id": new}
    await server.tell({"message": moved})
    (listed,) = await server.say("/subscriptions", chat_id=new, user_id=MEMBER)
    assert "库伦旗" in listed.text
    engine = open_chats(f"sqlite:///{folder / 'home' / 'chats.db'}")
    assert SubscriptionStore(engine).get(old) is None


async def test_a_digest_that_is_due_comes_by_itself_and_a_chat_that_was_shut_out_is_welcomed_back(
    server: StandIn,
    bot: Bot,
    folder: Path,
) -> None:
    chat = 3200
    await server.say("/subscribe 通辽市", chat_id=chat)
    engine = open_chats(f"sqlite:///{folder / 'home' / 'chats.db'}")
    n_before = len(server.sent)
    with engine.begin() as connection:
        past = datetime(2020, 1, 1, tzinfo=UTC).isoformat(" ")[:-6] + ".000000"
        connection.execute(
            text("UPDATE chats SET next_at = :at WHERE chat_id = :chat"), {"at": past, "chat": chat}
        )
    (digest,) = await server.expect(chat, n_before)
    assert "云问日报" in digest.text
    assert "共 5 条" in digest.text
    assert "库伦旗" in digest.text
    await until(lambda: delivered(folder, chat), "the digest to be marked as sent")
    (came,) = await server.say("/digest", chat_id=chat)  # it goes on, and does not repeat what was delivered
    assert "已经发过了，之后还没有新消息" in came.text
    (again,) = await server.press(came, "再看一遍")
    assert "第 1 至 5 条" in again.text
    (verdicts,) = await server.press(digest, "👍👎")
    (good,) = await server.press(verdicts, "👍")
    assert list(good.buttons) == ["我的订阅", "暂停", "👍 ✓"]
    (paused,) = await server.press(good, "暂停")
    assert (paused.id != digest.id, "已暂停" in paused.text) == (True, True)
    (resumed,) = await server.press(paused, "恢复")
    assert "已暂停" not in resumed.text
    (opened,) = await server.say(f"/start a_{article_id(folder)}", chat_id=chat)
    assert "截至2022年6月30日" in opened.text
    kicked = {"status": "kicked", "user": {"id": 123456, "is_bot": True, "first_name": "y"}, "until_date": 0}
    member = {"status": "member", "user": kicked["user"]}
    person = {"id": chat, "is_bot": False, "first_name": "Ann"}
    change = {"chat": {"id": chat, "type": "private", "first_name": "Ann"}, "from": person, "date": 1}
    await server.tell({"my_chat_member": change | {"old_chat_member": member, "new_chat_member": kicked}})
    back = await server.say("/subscriptions", chat_id=chat)
    assert any("欢迎回来" in each.text for each in back)


def delivered(where: Path, chat: int) -> bool:
    """Whether the ledger has a digest of a chat as sent."""
    with closing(sqlite3.connect(where / "home" / "chats.db")) as connection:
        query = "SELECT count(*) FROM deliveries WHERE chat_id = ? AND state = 'sent'"
        return bool(connection.execute(query, (chat,)).fetchone()[0])


def article_id(where: Path) -> str:
    with closing(sqlite3.connect(where / "home" / "yunwen.db")) as connection:
        (found,) = connection.execute("SELECT id FROM articles WHERE place = '库伦旗' LIMIT 1").fetchone()
    return str(found)


async def test_a_channel_follows_what_is_posted_in_it(server: StandIn, bot: Bot) -> None:
    channel = {"id": -100777, "type": "channel", "title": "News"}
    command = [{"type": "bot_command", "offset": 0, "length": 10}]
    post = {"message_id": 5, "date": 1, "chat": channel, "text": "/subscribe 库伦旗", "entities": command}
    n_before = len(server.sent)
    await server.tell({"channel_post": post | {"sender_chat": channel}})
    (done,) = await server.expect(-100777, n_before)
    assert "已订阅：库伦旗" in done.text
