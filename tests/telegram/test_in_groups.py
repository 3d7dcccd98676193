"""Several people, topics and other bots in a group: what is meant for the bot is answered where it was asked."""

from running_bot import QUESTION, Bot
from stand_in import StandIn

ANN, BEN, ADMIN = 71, 72, 73
TOPIC, OTHER_TOPIC = 11, 12


async def test_a_mention_a_reply_and_a_command_are_answered_where_they_were_asked(
    server: StandIn,
    bot: Bot,
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


async def test_what_is_not_meant_for_the_bot_is_let_pass(server: StandIn, bot: Bot) -> None:
    group = -100402
    photo = {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]}
    file = {"document": {"file_id": "1", "file_unique_id": "1", "file_name": "subscriptions.json"}}
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
    await server.mutter("", group, ANN, **photo, caption=QUESTION)
    channel = {"sender_chat": {"id": -100499, "type": "channel", "title": "C"}, "is_automatic_forward": True}
    await server.mutter(f"/ask {QUESTION}", group, 777000, **channel)
    await server.mutter("", group, ANN, **file)
    (answer,) = await server.say(f"@yunwen_bot {QUESTION}", group, user_id=BEN)
    assert "3万余亩" in answer.text
    assert server.sent[n_before:] == [answer]


async def test_a_place_asked_back_keeps_the_topic_of_the_talk_and_the_groups_topic(
    server: StandIn,
    bot: Bot,
) -> None:
    group = -100405
    (answer,) = await server.say(f"@yunwen_bot {QUESTION}", group, user_id=ANN, thread=TOPIC)
    (unclear,) = await server.say("那朝阳区呢", group, user_id=ANN, thread=TOPIC, reply_to=answer)
    assert ("可能是几个地方" in unclear.text, unclear.thread) == (True, TOPIC)
    # somebody else asks on in the meantime
    await server.say("@yunwen_bot 蟹田大米亩产", group, user_id=BEN, thread=OTHER_TOPIC)
    (chosen,) = await server.press(unclear, "北京市 › 朝阳区", user_id=BEN)
    assert chosen.text.startswith("没有找到朝阳区的水稻种植面积")
    assert (chosen.thread, chosen.reply_to) == (TOPIC, unclear.id)
    # an answer without hits can be replied to as well
    (back,) = await server.say("那库伦旗呢", group, user_id=ANN, thread=TOPIC, reply_to=chosen)
    assert ("3万余亩" in back.text, back.thread) == (True, TOPIC)


async def test_pages_menus_and_settings_stay_in_the_topic_where_they_were_asked_for(
    server: StandIn,
    bot: Bot,
) -> None:
    group = -100406
    server.admins = {ADMIN}
    n_before = len(server.sent)
    (menu,) = await server.say("/subscribe", group, user_id=ADMIN, thread=TOPIC)
    (second,) = await server.press(menu, "下一页 ›", user_id=ANN)
    assert (second.id, second.thread) == (menu.id, TOPIC)
    await server.say("/subscribe 库伦旗", group, user_id=ADMIN, thread=TOPIC)
    await server.say("/subscriptions", group, user_id=ANN, thread=TOPIC)
    await server.say("/digest", group, user_id=ANN, thread=TOPIC)
    await server.say("/watch 朝阳区财政收入", group, user_id=ADMIN, thread=TOPIC)
    (watched,) = await server.press(server.sent[-1], "北京市 › 朝阳区", user_id=ADMIN)
    assert "朝阳区财政收入" in watched.text
    (full,) = await server.say(f"/ask {QUESTION}", group, user_id=ANN, thread=TOPIC)
    assert not any("🔔" in label for label in full.buttons)
    (opened,) = await server.press(full, "👍👎", user_id=ANN)
    (why,) = await server.press(opened, "👎", user_id=ANN)
    assert "数字不对" in why.buttons
    await server.say("/export", group, user_id=ANN, thread=TOPIC)
    await server.say("/forget", group, user_id=ADMIN, thread=TOPIC)
    assert {each.thread for each in server.sent[n_before:]} == {TOPIC}


async def test_a_caption_that_mentions_the_bot_is_answered(server: StandIn, bot: Bot) -> None:
    group, n_before = -100407, len(server.sent)
    mention = [{"type": "mention", "offset": 0, "length": 11}]
    photo = {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]}
    said = {"caption": f"@yunwen_bot {QUESTION}", "caption_entities": mention}
    await server.mutter("", group, ANN, **photo, **said)
    (answer,) = await server.expect(group, n_before)
    assert "3万余亩" in answer.text
    await server.mutter("", 7100, 7100, **photo, caption=QUESTION)
    (alone,) = await server.expect(7100, n_before)
    assert "3万余亩" in alone.text
    await server.mutter("", 7101, 7101, **photo)
    (wordless,) = await server.expect(7101, n_before)
    assert "只看得懂文字" in wordless.text


async def test_who_may_not_change_a_group_is_told_so_where_they_pressed(server: StandIn, bot: Bot) -> None:
    group = -100408
    server.admins = {ADMIN}
    (settings,) = await server.say("/settings", group, user_id=ADMIN)
    n_before = len(server.sent)
    for label in ("English", "只回答命令"):
        assert await server.tap(settings, label, user_id=ANN) == ["只有管理员能改这里的订阅和设置。"]
    # a channel that somebody writes as is no admin, the group itself is
    channel = {"id": -100498, "type": "channel", "title": "C"}
    as_channel = {"sender_chat": channel, "from": {"id": 136817688, "is_bot": True, "first_name": "Channel"}}
    await server.mutter("/subscribe 库伦旗", group, ANN, **as_channel)
    (refused,) = await server.expect(group, n_before)
    assert "管理员" in refused.text
    itself = {"id": group, "type": "supergroup", "title": "Group"}
    anonymous = {"sender_chat": itself, "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}}
    await server.mutter("/subscribe 库伦旗", group, ANN, **anonymous)
    (done,) = await server.expect(group, n_before + 1)
    assert "已订阅" in done.text


async def test_admins_set_what_a_group_is_answered_and_its_place(server: StandIn, bot: Bot) -> None:
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


async def test_a_group_that_takes_the_bot_in_is_told_how_to_ask(server: StandIn, bot: Bot) -> None:
    group, me = -100404, {"id": 123456, "is_bot": True, "first_name": "yunwen", "username": "yunwen_bot"}
    left, member = {"status": "left", "user": me}, {"status": "member", "user": me}
    change = {"chat": {"id": group, "type": "supergroup", "title": "G"}, "date": 1}
    change |= {"from": {"id": ANN, "is_bot": False, "first_name": "Ann"}}
    n_before = len(server.sent)
    await server.tell({"my_chat_member": change | {"old_chat_member": left, "new_chat_member": member}})
    (told,) = await server.expect(group, n_before)
    assert "@yunwen_bot" in told.text
