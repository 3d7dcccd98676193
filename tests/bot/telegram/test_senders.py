"""Who sent an update of any kind that the Bot API knows, and that no kind of request evades the limits."""

from typing import Any

import pytest
from telegram import Bot, Update

from bot.telegram.addressing import UPDATES, origin_of, sender_of
from bot.telegram.admission import Admission, AdmissionResult
from bot.telegram.token_bucket import Rate

CHAT, ANN, CHANNEL = -100500, 5, -100900
USER = {"id": ANN, "is_bot": False, "first_name": "Ann"}
GROUP = {"id": CHAT, "type": "supergroup", "title": "群"}
POSTER = {"id": CHANNEL, "type": "channel", "title": "频道"}
MEMBER = {"status": "member", "user": USER}
COMMAND = {"text": "/watch 水稻", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}
SAID = {"message_id": 1, "date": 1, "chat": GROUP, "from": USER, **COMMAND}
POST = {"message_id": 1, "date": 1, "chat": POSTER, "sender_chat": POSTER, **COMMAND}
PRICE = {"currency": "XTR", "total_amount": 1, "invoice_payload": "x"}
BOOST = {"boost_id": "b", "add_date": 1, "expiration_date": 2, "source": {"source": "premium", "user": USER}}
SAMPLES: dict[str, tuple[dict[str, Any], tuple[int | None, int | None]]] = {
    "message": (SAID, (CHAT, ANN)),
    "edited_message": (SAID | {"edit_date": 2}, (CHAT, ANN)),
    "channel_post": (POST, (CHANNEL, CHANNEL)),
    "edited_channel_post": (POST | {"edit_date": 2}, (CHANNEL, CHANNEL)),
    "inline_query": ({"id": "1", "from": USER, "query": "水稻", "offset": ""}, (None, ANN)),
    "chosen_inline_result": ({"result_id": "1", "from": USER, "query": "x"}, (None, ANN)),
    "callback_query": (
        {"id": "1", "from": USER, "chat_instance": "1", "message": SAID, "data": "l"},
        (CHAT, ANN),
    ),
    "shipping_query": (
        {
            "id": "1",
            "from": USER,
            "invoice_payload": "x",
            "shipping_address": dict.fromkeys(
                ("country_code", "state", "city", "street_line1", "street_line2", "post_code"), "x"
            ),
        },
        (None, ANN),
    ),
    "pre_checkout_query": ({"id": "1", "from": USER, **PRICE}, (None, ANN)),
    "poll": (
        {
            "id": "1",
            "question": "?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        },
        (None, None),
    ),
    "poll_answer": (
        {"poll_id": "1", "option_ids": [0], "option_persistent_ids": ["0"], "user": USER},
        (None, ANN),
    ),
    "my_chat_member": (
        {"chat": GROUP, "from": USER, "date": 1, "old_chat_member": MEMBER, "new_chat_member": MEMBER},
        (CHAT, ANN),
    ),
    "chat_member": (
        {"chat": GROUP, "from": USER, "date": 1, "old_chat_member": MEMBER, "new_chat_member": MEMBER},
        (CHAT, ANN),
    ),
    "chat_join_request": ({"chat": GROUP, "from": USER, "user_chat_id": ANN, "date": 1}, (CHAT, ANN)),
    "chat_boost": ({"chat": GROUP, "boost": BOOST}, (CHAT, None)),
    "removed_chat_boost": (
        {"chat": GROUP, "boost_id": "b", "remove_date": 1, "source": BOOST["source"]},
        (CHAT, None),
    ),
    "message_reaction": (
        {"chat": GROUP, "message_id": 1, "date": 1, "old_reaction": [], "new_reaction": [], "user": USER},
        (CHAT, ANN),
    ),
    "message_reaction_count": ({"chat": GROUP, "message_id": 1, "date": 1, "reactions": []}, (CHAT, None)),
    "business_connection": (
        {"id": "1", "user": USER, "user_chat_id": ANN, "date": 1, "is_enabled": True, "can_reply": True},
        (None, ANN),
    ),
    "business_message": (SAID, (CHAT, ANN)),
    "edited_business_message": (SAID | {"edit_date": 2}, (CHAT, ANN)),
    "deleted_business_messages": (
        {"business_connection_id": "1", "chat": GROUP, "message_ids": [1]},
        (CHAT, None),
    ),
    "purchased_paid_media": ({"from": USER, "paid_media_payload": "x"}, (None, ANN)),
    "managed_bot": ({"user": USER, "bot": USER | {"id": 6, "is_bot": True}}, (None, ANN)),
    "guest_message": (SAID, (CHAT, ANN)),
}
BOT = Bot("1:x")


def update(kind: str, content: dict[str, Any]) -> Update:
    return Update.de_json({"update_id": 1, kind: content}, BOT)


def test_no_kind_that_the_bot_api_knows_is_left_out() -> None:
    assert set(SAMPLES) == set(Update.ALL_TYPES)


@pytest.mark.parametrize("kind", SAMPLES)
def test_who_sent_it_is_known_for_every_kind(kind: str) -> None:
    content, sender = SAMPLES[kind]
    assert sender_of(update(kind, content)) == sender
    origin = origin_of(update(kind, content), 77, "yunwen_bot")
    if kind not in UPDATES:
        assert origin is None  # nothing asks for it, nothing is done for it
    else:
        assert origin is not None
        assert (origin.chat_id, origin.user_id) == sender


@pytest.mark.parametrize("kind", ["message", "channel_post", "callback_query"])
def test_every_kind_of_request_takes_from_what_its_sender_may_send(kind: str) -> None:
    here = Admission(user=Rate(6, 3), chat=Rate(60, 40), queue_limit=200, clock=lambda: 0.0)
    origin = origin_of(update(kind, SAMPLES[kind][0]), 77, "yunwen_bot")
    assert origin is not None
    results = [here.decide(origin, 0).result for _ in range(30)]
    assert results.count(AdmissionResult.ACCEPTED) == 3


def test_an_over_long_post_is_refused_as_a_message_is() -> None:
    here = Admission(user=Rate(6, 3), chat=Rate(60, 40), queue_limit=200, clock=lambda: 0.0)
    for kind in ("message", "channel_post"):
        origin = origin_of(
            update(kind, SAMPLES[kind][0] | {"text": "/watch " + "水" * 2000}), 77, "yunwen_bot"
        )
        assert origin is not None
        assert here.decide(origin, 0).result is AdmissionResult.TOO_LONG


def test_anonymous_admins_of_one_group_take_nothing_from_those_of_another() -> None:
    """Telegram names the same bot for all of them."""
    here = Admission(user=Rate(6, 1), chat=Rate(60, 40), queue_limit=200, clock=lambda: 0.0)
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    for number in (1, 2):
        group = GROUP | {"id": CHAT - number}
        said = SAID | {"chat": group, "sender_chat": group, "from": anonymous}
        origin = origin_of(update("message", said), 77, "yunwen_bot")
        assert origin is not None
        results = [here.decide(origin, 0).result for _ in range(2)]
        assert results == [AdmissionResult.ACCEPTED, AdmissionResult.LIMITED]
