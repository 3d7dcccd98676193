"""The language that each chat is spoken to in: from Telegram, by /language, in digests, apologies and menus."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from running_bot import QUESTION, Bot
from sqlalchemy import text
from stand_in import StandIn

from bot.chats.database import open_chats

GROUP, ADMIN, MEMBER = -100300, 60, 61


async def test_a_person_is_spoken_to_in_the_language_of_their_telegram(server: StandIn, bot: Bot) -> None:
    server.languages |= {5001: "en-GB", 5002: "zh-TW", 5003: "zh-hans", 5004: "mn"}
    starts = {5001: "Nothing found on", 5002: "沒有找到", 5003: "没有找到", 5004: "Nothing found on"}
    for chat_id, start in starts.items():
        (reply,) = await server.say("奈曼旗水稻种植面积", chat_id=chat_id)
        assert reply.text.startswith(start)
    (answer,) = await server.say(QUESTION, chat_id=5001)
    assert "3万余亩" in answer.text
    assert "as of 30 June 2022" in answer.text
    assert {"Full text", "🔔 Tell me news of this"} <= set(answer.buttons)
    (full,) = await server.say("full text", chat_id=5001)
    assert full.text.endswith("(融媒体记者 薛一群 实习生 李多仁)")


async def test_the_menu_of_commands_is_in_english_and_chinese(server: StandIn, bot: Bot) -> None:
    assert server.menus[None, ""]["digest"] == "Today's digest now"
    assert server.menus[None, "zh"]["digest"] == "马上看今天的日报"
    assert server.profiles[""].startswith("Yunwen answers")
    assert server.profiles["zh"].startswith("云问只摘本地报纸的原文")


async def test_a_language_that_was_chosen_stays_whatever_telegram_says_also_after_a_restart(
    server: StandIn,
    bot: Bot,
) -> None:
    chat = 5100
    server.languages[chat] = "en"
    (menu,) = await server.say("/language", chat_id=chat)
    assert set(menu.buttons) == {"简体中文", "繁體中文", "English"}
    (done,) = await server.press(menu, "繁體中文")
    assert "繁體中文" in done.text
    assert server.menus[chat, ""]["digest"] == "馬上看今天的日報"
    assert await bot.stop() == 0
    bot.start()
    (help_text,) = await server.say("/help", chat_id=chat)
    assert "怎麼問" in help_text.text


async def test_a_chat_in_traditional_chinese_has_a_menu_of_its_own_until_it_changes_or_is_forgotten(
    server: StandIn,
    bot: Bot,
) -> None:
    chat = 5110
    server.languages[chat] = "zh-hant"
    await server.say("/help", chat_id=chat)
    assert server.menus[chat, ""]["digest"] == "馬上看今天的日報"
    n_before = server.calls.count("setMyCommands")
    await server.say("/help", chat_id=chat)
    assert server.calls.count("setMyCommands") == n_before
    server.languages[chat] = "en"
    await server.say("/help", chat_id=chat)
    assert (chat, "") not in server.menus
    (menu,) = await server.say("/language", chat_id=chat)
    await server.press(menu, "简体中文")
    assert server.menus[chat, ""]["digest"] == "马上看今天的日报"
    (ask,) = await server.say("/forget", chat_id=chat)
    await server.press(ask, "全部删除")
    (back,) = await server.say("/subscriptions", chat_id=chat)
    assert "You follow no place yet" in back.text
    assert (chat, "") not in server.menus


async def test_a_digest_comes_in_the_chats_language(server: StandIn, bot: Bot, folder: Path) -> None:
    chat = 5200
    server.languages[chat] = "en"
    (done,) = await server.say("/subscribe 通辽市 except 开鲁县", chat_id=chat)
    assert "You now follow: 通辽市, except 开鲁县" in done.text
    n_before = len(server.sent)
    engine = open_chats(f"sqlite:///{folder / 'home' / 'chats.db'}")
    with engine.begin() as connection:
        due = text("UPDATE chats SET next_at = '2020-01-01 00:00:00.000000' WHERE chat_id = :chat")
        connection.execute(due, {"chat": chat})
    (digest,) = await server.expect(chat, n_before)
    assert re.match(r"云问日报 \d{1,2} [A-Z][a-z]+ \d{4} · 4 in all\n", digest.text)


async def test_a_group_is_spoken_to_in_chinese_until_its_admins_choose(server: StandIn, bot: Bot) -> None:
    server.admins = {ADMIN}
    server.languages |= {ADMIN: "en", MEMBER: "en"}
    (listed,) = await server.say("/subscriptions", chat_id=GROUP, user_id=MEMBER)
    assert "还没有订阅" in listed.text
    (refused,) = await server.say("/language", chat_id=GROUP, user_id=MEMBER)
    assert "管理员" in refused.text
    (menu,) = await server.say("/language", chat_id=GROUP, user_id=ADMIN)
    (done,) = await server.press(menu, "English", user_id=ADMIN)
    assert "English from now on" in done.text
    (listed,) = await server.say("/subscriptions", chat_id=GROUP, user_id=MEMBER)
    assert "You follow no place yet" in listed.text


async def test_forgetting_a_chat_forgets_its_language_too(server: StandIn, bot: Bot, folder: Path) -> None:
    chat = 5300
    (menu,) = await server.say("/language", chat_id=chat)
    await server.press(menu, "English")
    (ask,) = await server.say("/forget", chat_id=chat)
    (gone,) = await server.press(ask, "Delete all")
    assert "Nothing about this chat is left" in gone.text
    with closing(sqlite3.connect(folder / "home" / "chats.db")) as connection:
        rows = connection.execute("SELECT count(*) FROM preferences WHERE chat_id = ?", [chat])
        assert rows.fetchone() == (0,)


async def test_an_apology_is_in_the_chats_language(server: StandIn, folder: Path) -> None:
    server.languages[5400] = "en"
    apart = Bot(server, folder)
    apart.start()
    try:
        await server.say("/start", chat_id=5400)
        with closing(sqlite3.connect(folder / "home" / "chats.db")) as connection:
            connection.execute("ALTER TABLE answers RENAME TO away")
            (reply,) = await server.say(QUESTION, chat_id=5400)
            connection.execute("ALTER TABLE away RENAME TO answers")
    finally:
        await apart.stop()
    assert reply.text.startswith("Sorry, something went wrong")
