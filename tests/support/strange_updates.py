"""What Telegram may pass on from strangers: messages of every kind and shape, and updates that cannot be read."""

from typing import Any

_FAR = 253402300800
"""A second after the last that a date can name."""


def strange_messages(chat: int) -> list[dict[str, Any]]:
    """Parts of messages to a chat that a person can bring about, beside what every message has."""
    person = {"id": chat, "is_bot": False, "first_name": "\u202e\u0000<b>", "last_name": "\U000e0001" * 60}
    file = {"file_id": "x", "file_unique_id": "x"}
    picture = [file | {"width": 1, "height": 1, "file_size": 10**12}]
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "\u202e"}
    half = "😀库伦旗水稻"
    return [
        {"text": half, "entities": [_entity("mention", 1, 2), _entity("bot_command", 1, 1)]},
        {"text": half, "entities": [_entity("bold", 5_000, 9_000), _entity("mention", 0, 2**31 - 1)]},
        {"text": half, "entities": [_entity("unheard_of", 0, 2), _entity("text_mention", 0, 2, user=person)]},
        {"text": half, "entities": [_entity("mention", 2, 1)] * 5_000},
        {"text": "/ask" + half, "entities": [_entity("bot_command", 0, 5)]},
        {"text": "@yunwen_bot " * 300, "entities": [_entity("mention", 12 * n, 11) for n in range(300)]},
        {"text": "\u200b" * 4096},
        {"text": "\u202e\u2066\u2067" * 1300 + "水稻"},
        {"text": "https://t.me/yunwen_bot?start=a_1 " * 100},
        {"text": "x", "forward_origin": origin, "reply_to_story": {"chat": _private(chat), "id": 1}},
        {"text": "x", "quote": {"text": "\ud83d", "position": 10**9}, "external_reply": {"origin": origin}},
        {"text": "x", "reply_to_message": {"message_id": 1, "date": 0, "chat": _private(chat)}},
        {"text": "x", "from": person | {"language_code": "\u0000" * 500}},
        {"text": "x", "from": person | {"language_code": "../../zh"}},
        {"photo": picture, "caption": "库伦旗水稻" * 200, "media_group_id": "1", "has_media_spoiler": True},
        {"sticker": picture[0] | {"type": "regular", "is_animated": False, "is_video": False}},
        {"voice": file | {"duration": 2**31}, "caption": "\ud800"},
        {"video_note": file | {"length": 1, "duration": 1}},
        {"document": file | {"file_name": "\u0000/../x.json" * 100, "file_size": -1, "mime_type": "\u202e"}},
        {"document": file},
        {"dice": {"emoji": "🎲", "value": 6}},
        {"contact": {"phone_number": "+1" * 500, "first_name": "<b>", "vcard": "x" * 2048}},
        {"location": {"latitude": 1e308, "longitude": -1e308}},
        {"venue": {"location": {"latitude": 0, "longitude": 0}, "title": "<b>", "address": "x"}},
        {"poll": _poll()},
        {"story": {"chat": _private(chat), "id": 1}},
        {"paid_media": {"star_count": 1, "paid_media": [{"type": "unheard_of"}]}},
        {"game": {"title": "x", "description": "x", "photo": picture}},
        {"users_shared": {"request_id": 1, "users": [{"user_id": 2**52}]}},
        {"chat_shared": {"request_id": 1, "chat_id": -(2**52)}},
        {"web_app_data": {"data": "x" * 4096, "button_text": "x"}},
        {"new_chat_members": [person] * 200},
        {"migrate_to_chat_id": -1_000_000},
        {"pinned_message": {"message_id": 1, "date": 0, "chat": _private(chat)}},
        {"giveaway_created": {}, "unheard_of": {"a": [1]}},
        {"text": "x", "business_connection_id": "x", "via_bot": person | {"is_bot": True}},
    ]


def unreadable_updates() -> list[dict[str, Any]]:
    """Contents of updates of which the library can make nothing."""
    chat = _private(7)
    person = {"id": 7, "is_bot": False, "first_name": "Ann"}
    return [
        {"message": {"message_id": 1, "date": 10**25, "chat": chat, "text": "私语"}},
        {"message": {"message_id": 1, "date": _FAR, "chat": chat, "text": "私语"}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": [7]}, "text": "私语"}},
        {"message": {"message_id": 1, "date": 1, "text": "私语"}},
        {"message": {"message_id": 1, "date": 1, "chat": chat | {"id": [7]}, "text": "私语"}},
        {"message": {"message_id": 1, "date": 1, "chat": chat, "text": ["私语"]}},
        {
            "message": {
                "message_id": 1,
                "date": 1,
                "chat": chat,
                "text": "私语",
                "entities": [{"type": "bold"}],
            }
        },
        {"message": {"message_id": 1, "date": 1, "chat": chat, "text": "私语", "entities": 5}},
        {"message": {"message_id": 2**70, "date": 1, "chat": chat, "from": person, "text": "私语"}},
        {"message": {"message_id": -(2**64), "date": 1, "chat": chat, "from": person, "text": "私语"}},
        {"message": {"message_id": ["私语"], "date": 1, "chat": chat, "from": person, "text": "私语"}},
        {"message": {"message_id": {}, "date": 1, "chat": chat, "from": person, "text": "私语"}},
        {"message": {"message_id": "私语", "date": 1, "chat": chat, "from": person, "text": "私语"}},
        {"message": ["私语"]},
        {"message": "私语"},
        {"callback_query": {"id": "1", "data": "私语"}},
        {"inline_query": {"query": "私语"}},
        {"my_chat_member": {"chat": chat, "date": "私语"}},
        {"edited_message": 5},
        {"channel_post": {"message_id": {}, "date": 1, "chat": chat, "sender_chat": 1}},
    ]


def _entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


def _private(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "private", "first_name": "Ann"}


def _poll() -> dict[str, Any]:
    return {
        "id": "1",
        "question": "库伦旗",
        "options": [],
        "total_voter_count": 2**40,
        "is_closed": False,
        "is_anonymous": True,
        "type": "unheard_of",
        "allows_multiple_answers": True,
    }
