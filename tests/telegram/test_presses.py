"""Presses and notices where there is no answer: always acknowledged, in the chat's language, where it was asked."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from running_bot import QUESTION, running
from stand_in import StandIn

LIMITED = re.compile("您发得有点快，我先歇一会儿。请过 [1-9]\\d? 秒再问。")


async def test_presses_beyond_the_limits_are_acknowledged_each_and_do_nothing(
    server: StandIn,
    folder: Path,
) -> None:
    async with running(server, folder, USER_PER_MINUTE="1", USER_BURST="3"):
        (answer,) = await server.say(QUESTION, chat_id=8001)
        n_before = len(server.sent)
        acknowledged = await server.tap(answer, "全文", n=12)
        assert len(acknowledged) == 12
        told = [each for each in acknowledged if not LIMITED.fullmatch(each)]
        assert sorted(told) == ["", "全文已经发在上面了。"]
        await server.say(QUESTION, chat_id=8002)
        mine = [each for each in server.sent[n_before:] if each.chat_id == 8001]
        assert [each.text[-4:] for each in mine] == ["李多仁)"]


async def test_small_faults_lose_nothing_and_say_nothing_wrong(server: StandIn, folder: Path) -> None:
    async with running(server, folder):
        (answer,) = await server.say(QUESTION, chat_id=8061)
        server.faults.append({"method": "answerCallbackQuery", "drop": True})
        (full,) = await server.press(answer, "全文")
        assert full.text.endswith("李多仁)")
        server.unanswered.clear()  # the acknowledgement that was lost does not come again
        (again,) = await server.press(answer, "全文")
        assert again.text == full.text
        assert await server.tap(answer, "全文") == ["全文已经发在上面了。"]

        server.faults.extend({"method": "sendMessage", "code": 500} for _ in range(3))
        (late,) = await server.say(QUESTION, chat_id=8071)
        assert "3万余亩" in late.text

        n_before = len(server.sent)
        file = {"file_id": "1", "file_unique_id": "1", "file_name": "x.mp4"}
        animation = {"animation": file | {"width": 9, "height": 9, "duration": 1}, "document": file}
        await server.mutter("", 8081, 8081, **animation)
        (told,) = await server.expect(8081, n_before)
        assert "只看得懂文字" in told.text


async def test_who_is_blocked_is_met_with_silence_and_who_is_not_let_in_is_told_also_at_a_press(
    server: StandIn,
    folder: Path,
) -> None:
    async with running(server, folder):
        (answer,) = await server.say(QUESTION, chat_id=8101)
        (other,) = await server.say(QUESTION, chat_id=8102)
    async with running(server, folder, ALLOW_CHATS="1000, 8101", BLOCK_CHATS="8101"):
        await server.press_unheard(answer, "全文")
        assert await server.tap(other, "全文") == ["这个机器人只在指定的聊天里回答。"]
        assert await server.ask_inline("库伦旗水稻", user_id=8102) == []
        (given,) = server.inline.values()
        assert (given["cache_time"], given["is_personal"]) == (0, True)
        assert len(server.toasts) == 1


async def test_notices_are_in_the_language_that_was_chosen_and_in_the_topic_where_it_was_asked(
    server: StandIn,
    folder: Path,
) -> None:
    chat, group, topic = 8201, -100820, 31
    server.languages |= {chat: "en", 8202: "en"}
    server.admins = {chat}
    async with running(server, folder, USER_PER_MINUTE="1", USER_BURST="3", CHAT_BURST="100"):
        (menu,) = await server.say("/language", chat_id=chat)
        await server.press(menu, "繁體中文")
        await server.say(QUESTION, chat_id=chat)
        (told,) = await server.say(QUESTION, chat_id=chat)
        assert told.text.startswith("您發得有點快")
        assert (await server.tap(menu, "English"))[0].startswith("您發得有點快")
        (long,) = await server.say("/watch " + "长" * 1001, chat_id=8202)
        assert long.text.startswith("That is too long")
        for _ in range(3):
            await server.say(f"@yunwen_bot {QUESTION}", group, user_id=8203, thread=topic)
        (limited,) = await server.say(f"@yunwen_bot {QUESTION}", group, user_id=8203, thread=topic)
        assert LIMITED.fullmatch(limited.text)
        assert limited.thread == topic
        assert limited.reply_to is not None
        # what is said to other bots takes nothing from what one may say to this one
        n_before = len(server.sent)
        for _ in range(5):
            await server.mutter("/start@other_bot", group, 8204)
        (answer,) = await server.say(f"@yunwen_bot {QUESTION}", group, user_id=8204)
        assert server.sent[n_before:] == [answer]


async def test_an_apology_is_in_the_language_that_was_chosen(server: StandIn, folder: Path) -> None:
    chat = 8301
    server.languages[chat] = "en"
    async with running(server, folder) as bot:
        (menu,) = await server.say("/language", chat_id=chat)
        await server.press(menu, "繁體中文")
        with closing(sqlite3.connect(folder / "home" / "chats.db")) as connection:
            connection.execute("ALTER TABLE preferences RENAME TO away")
            try:
                replies = await server.say(QUESTION, chat_id=chat)
            finally:
                connection.execute("ALTER TABLE away RENAME TO preferences")
        # an apology alone: it is not followed by an answer in another language
        assert [each.text.startswith("抱歉，剛才出了點問題") for each in replies] == [True]
        bot.log.write_text("", encoding="utf-8")  # the trace that belongs there


async def test_buttons_work_below_a_message_that_telegram_no_longer_shows_the_bot(
    server: StandIn,
    folder: Path,
) -> None:
    async with running(server, folder):
        (answer,) = await server.say(QUESTION)
        for label, said in (("全文", "李多仁)"), ("🔔 有新消息告诉我", "告诉您")):
            n_before = len(server.sent)
            assert await server.tap(answer, label, is_lost=True) == [""]
            (reply,) = await server.expect(1000, n_before)
            assert said in reply.text
        answer.buttons["👍"] = answer.buttons["👍👎"].replace(":ask", ":good")
        (thanks,) = await server.tap(answer, "👍", is_lost=True)
        assert thanks


async def test_a_verdict_pressed_twice_is_kept_once_and_changes_nothing(
    server: StandIn,
    folder: Path,
) -> None:
    async with running(server, folder):
        (answer,) = await server.say(QUESTION)
        (opened,) = await server.press(answer, "👍👎")
        (good,) = await server.press(opened, "👍")
        n_edits = len(server.edits)
        good.buttons["👍"] = opened.buttons["👍"]  # a press that was on its way already
        (thanks,) = await server.tap(good, "👍")
        assert thanks
        assert len(server.edits) == n_edits
