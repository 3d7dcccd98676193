"""Several people, topics and other bots in a group: what is meant for the bot is answered where it was asked."""

from stand_in import StandIn
from test_subscribing import bot  # noqa: F401
from test_telegram import QUESTION, Bot, folder, server  # noqa: F401

ANN, BEN, ADMIN = 71, 72, 73
TOPIC, OTHER_TOPIC = 11, 12


async def test_a_mention_a_reply_and_a_command_are_answered_where_they_were_asked(
    server: StandIn,  # noqa: F811
    bot: Bot,  # noqa: F811
) -> None:
    group = -100401
    (answer,) = await server.say(f"@yunwen_bot {QUESTION}", group, user_id=ANN, thread=TOPIC)
    assert "3万余亩" in answer.text
    assert answer.thread == TOPIC
    assert answer.reply_to is not None
    (other,) = await server.say("蟹田大米亩产 @Yunwen_Bot", group, user_id=BEN, thread=OTHER_TOPIC)
    assert ("800余斤" in other.text, other.thread) == (True, OTHER_TOPIC)
    # Ann goes on from her own answer, though Ben was answered last
    (followed,) = await server.say("那产量呢", group, user_id=ANN, thread=TOPIC, reply_to=answer)
    assert "15000余吨" in followed.text
    assert followed.thread == TOPIC
    (full,) = await server.say("全文", group, user_id=BEN, thread=TOPIC, reply_to=answer)
    assert full.text.endswith("(融媒体记者 薛一群 实习生 李多仁)")
    (asked,) = await server.say("/ask 蟹田大米亩产", group, user_id=BEN)
    assert ("800余斤" in asked.text, asked.thread) == (True, None)
    (ours,) = await server.say("/ask@yunwen_bot 蟹田大米亩产", group, user_id=BEN)
    assert "800余斤" in ours.text
    for empty in ("@yunwen_bot", "/ask"):
        (how,) = await server.say(empty, group, user_id=BEN, thread=TOPIC)
        assert "/ask 库伦旗水稻种植面积" in how.text
        assert how.thread == TOPIC
    (pressed,) = await server.press(answer, "全文", user_id=BEN)
    assert (pressed.thread, pressed.reply_to) == (TOPIC, answer.id)


async def test_what_is_not_meant_for_the_bot_is_let_pass(server: StandIn, bot: Bot) -> None:  # noqa: F811
    group = -100402
    caption = {
        "caption": f"@yunwen_bot {QUESTION}",
        "caption_entities": [{"type": "mention", "offset": 0, "length": 11}],
    }
    photo = {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]}
    file = {"document": {"file_id": "1", "file_unique_id": "1", "file_name": "wishes.json"}}
    robot = {"from": {"id": 99, "is_bot": True, "first_name": "x", "username": "other_bot"}}
    ours = {"via_bot": {"id": 123456, "is_bot": True, "first_name": "y", "username": "yunwen_bot"}}
    n_before = len(server.sent)
    await server.mutter(f"{QUESTION}？", group, ANN)
    await server.mutter(f"{QUESTION}？", group, ANN, thread=TOPIC)
    await server.mutter(f"@other_bot {QUESTION}", group, ANN)
    await server.mutter(f"/ask@other_bot {QUESTION}", group, ANN)
    await server.mutter(f"@yunwen_bot {QUESTION}", group, ANN, **robot)
    await server.mutter(f"@yunwen_bot {QUESTION}", group, ANN, **ours)
    await server.mutter(f"@yunwen_bot {QUESTION}", group, ANN, kind="edited_message", edit_date=2)
    await server.mutter("", group, ANN, **photo, **caption)
    await server.mutter("", group, ANN, **file)
    (answer,) = await server.say(f"@yunwen_bot {QUESTION}", group, user_id=BEN)
    assert "3万余亩" in answer.text
    assert server.sent[n_before:] == [answer]


async def test_admins_set_what_a_group_is_answered_and_its_place(server: StandIn, bot: Bot) -> None:  # noqa: F811
    group = -100403
    server.admins = {ADMIN}
    (refused,) = await server.say("/settings", group, user_id=ANN)
    assert "管理员" in refused.text
    (unplaced,) = await server.say("/ask 水稻种植面积", group, user_id=ANN)
    assert "3万余亩" in unplaced.text
    (away,) = await server.say("/settings 奈曼旗", group, user_id=ADMIN)
    assert "地方：奈曼旗" in away.text
    (first,) = await server.say("/ask 区域养老", group, user_id=ANN)
    assert "奈曼旗" in first.text
    (unknown,) = await server.say("/settings 火星", group, user_id=ADMIN)
    assert "没认出" in unknown.text
    (nowhere,) = await server.press(away, "不设地方", user_id=ADMIN)
    assert "地方：没有设" in nowhere.text
    (quiet,) = await server.press(nowhere, "只回答命令", user_id=ADMIN)
    assert "只有 /ask" in quiet.text
    n_before = len(server.sent)
    await server.mutter(f"@yunwen_bot {QUESTION}", group, ANN)
    (asked,) = await server.say(f"/ask {QUESTION}", group, user_id=ANN)
    assert server.sent[n_before:] == [asked]
    (again,) = await server.press(quiet, "也回答提到和回复", user_id=ADMIN)
    (english,) = await server.press(again, "English", user_id=ADMIN)
    assert "English from now on" in english.text
    (answer,) = await server.say(f"@yunwen_bot {QUESTION}", group, user_id=ANN)
    assert "as of 30 June 2022" in answer.text


async def test_a_group_that_takes_the_bot_in_is_told_how_to_ask(server: StandIn, bot: Bot) -> None:  # noqa: F811
    group, me = -100404, {"id": 123456, "is_bot": True, "first_name": "yunwen", "username": "yunwen_bot"}
    left, member = {"status": "left", "user": me}, {"status": "member", "user": me}
    change = {"chat": {"id": group, "type": "supergroup", "title": "G"}, "date": 1}
    change |= {"from": {"id": ANN, "is_bot": False, "first_name": "Ann"}}
    n_before = len(server.sent)
    await server.tell({"my_chat_member": change | {"old_chat_member": left, "new_chat_member": member}})
    (told,) = await server.expect(group, n_before)
    assert "@yunwen_bot" in told.text
