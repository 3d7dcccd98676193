"""Which update of a chat is the next one: in groups the question that came last."""

import pytest
from telegram import Update

from bot.telegram.updates.reception import _Arrival, _next_in_chat


def arrival(text: str, kind: str = "supergroup") -> _Arrival:
    chat = {"id": 5 if kind == "private" else -5, "type": kind, "title": "x", "first_name": "x"}
    message = {"message_id": 1, "date": 1, "chat": chat, "text": text}
    return _Arrival(Update.de_json({"update_id": 1, "message": message}, None), None, 0.0)


@pytest.mark.parametrize(
    ("kind", "texts", "number"),
    [
        ("supergroup", ["@bot 甲", "@bot 乙", "@bot 丙"], 2),
        ("supergroup", ["@bot 甲", "@bot 乙", "/settings", "@bot 丙"], 1),
        ("supergroup", ["/subscribe 甲", "@bot 乙"], 0),
        ("private", ["甲", "乙", "丙"], 0),
    ],
)
def test_of_a_groups_questions_the_last_is_next_and_commands_keep_their_place(
    kind: str, texts: list[str], number: int
) -> None:
    assert _next_in_chat([arrival(text, kind) for text in texts]) == number
