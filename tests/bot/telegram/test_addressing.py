"""What is meant for the bot in a group, judged by messages as Telegram sends them."""

from typing import Any

import pytest
from telegram import Message

from bot.telegram.addressing import addressed_text, is_addressed, is_command

ME = {"id": 77, "is_bot": True, "first_name": "云问", "username": "yunwen_bot"}
OTHER_BOT = {"id": 78, "is_bot": True, "first_name": "x", "username": "other_bot"}
ANN = {"id": 5, "is_bot": False, "first_name": "Ann"}
GROUP = {"id": -100500, "type": "supergroup", "title": "群"}


def message(text: str | None, *mentions: str, kind: str = "mention", **fields: Any) -> Message:
    entities = [
        {"type": kind, "offset": len((text or "")[: (text or "").index(each)].encode("utf-16-le")) // 2}
        | {"length": len(each.encode("utf-16-le")) // 2}
        | ({"user": ME} if kind == "text_mention" else {})
        for each in mentions
    ]
    values = {"message_id": 1, "date": 1, "chat": GROUP, "from": ANN, "text": text, "entities": entities}
    made = Message.de_json({name: value for name, value in (values | fields).items() if value is not None})
    assert made is not None
    return made


def bots(**fields: Any) -> dict[str, Any]:
    return {"message_id": 9, "date": 1, "chat": GROUP, "from": ME, "text": "答"} | fields


@pytest.mark.parametrize(
    ("said", "question"),
    [
        (message("@yunwen_bot 库伦旗水稻", "@yunwen_bot"), "库伦旗水稻"),
        (message("库伦旗水稻 @YunWen_Bot 多少？", "@YunWen_Bot"), "库伦旗水稻 多少？"),
        (message("😀😀 @yunwen_bot\n水稻", "@yunwen_bot"), "😀😀 水稻"),
        (message("云问 水稻", "云问", kind="text_mention"), "水稻"),
        (message("@yunwen_bot", "@yunwen_bot"), ""),
        (message("那奈曼旗呢", reply_to_message=bots()), "那奈曼旗呢"),
        (
            message(
                "@yunwen_bot 水稻",
                "@yunwen_bot",
                sender_chat=GROUP,
                **{"from": OTHER_BOT | {"username": "GroupAnonymousBot"}},
            ),
            "水稻",
        ),
    ],
)
def test_mentions_and_replies_are_questions_without_the_mention(said: Message, question: str) -> None:
    assert addressed_text(said, 77, "yunwen_bot") == question


@pytest.mark.parametrize(
    "said",
    [
        message("库伦旗水稻种植面积多少？"),
        message("@other_bot 水稻", "@other_bot"),
        message("@yunwen_bot2 水稻", "@yunwen_bot2"),
        message("写 @yunwen_bot 就行", "@yunwen_bot", kind="code"),
        message("好的", reply_to_message=bots(**{"from": ANN})),
        message("好的", reply_to_message=bots(**{"from": OTHER_BOT})),
        message("新话题里的话", reply_to_message=bots(forum_topic_created={"name": "x", "icon_color": 1})),
        message("@yunwen_bot 水稻", "@yunwen_bot", **{"from": OTHER_BOT}),
        message(None, new_chat_title="新名字"),
    ],
)
def test_everything_else_is_let_pass(said: Message) -> None:
    assert addressed_text(said, 77, "yunwen_bot") is None
    assert not is_addressed(said, 77, "yunwen_bot")


def test_a_caption_that_mentions_the_bot_is_addressed_and_a_file_without_one_is_not() -> None:
    mention = [{"type": "mention", "offset": 0, "length": 11}]
    caption = {"caption": "@yunwen_bot 水稻", "caption_entities": mention}
    document = {"document": {"file_id": "1", "file_unique_id": "1", "file_name": "a.json"}}
    photo = {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]}
    assert addressed_text(message(None, **caption, **photo), 77, "yunwen_bot") == "水稻"
    assert not is_addressed(message(None, **photo), 77, "yunwen_bot")
    assert not is_addressed(message(None, caption="水稻", **photo), 77, "yunwen_bot")
    assert is_addressed(message(None, **caption, **document), 77, "yunwen_bot")
    assert not is_addressed(message(None, **document), 77, "yunwen_bot")
    assert addressed_text(message(None, **document), 77, "yunwen_bot") is None


@pytest.mark.parametrize(
    ("text", "command", "is_ours"),
    [
        ("/ask 水稻", "/ask", True),
        ("/ask@Yunwen_bot 水稻", "/ask@Yunwen_bot", True),
        ("/ask@other_bot 水稻", "/ask@other_bot", False),
        ("发 /ask 就行", "/ask", False),
    ],
)
def test_a_command_is_ours_unless_it_names_another_bot(text: str, command: str, is_ours: bool) -> None:
    assert is_command(message(text, command, kind="bot_command"), "yunwen_bot") is is_ours
