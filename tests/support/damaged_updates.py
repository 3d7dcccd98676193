"""Updates of which a part is missing, or is something that Telegram would not send."""

import copy
from collections.abc import Iterator
from typing import Any

_ODD: tuple[Any, ...] = (None, 2**70, [1], {"a": 1}, "\ud800私语")
_DOCUMENT = {"file_id": "f", "file_unique_id": "u", "file_name": "yunwen.json", "file_size": 10}


def damaged_updates(first_chat: int) -> Iterator[dict[str, Any]]:
    """Yield contents of updates, each from a chat and person of its own."""
    for number in range(len(_updates(0))):
        for path in _paths(_updates(0)[number]):
            for odd in (..., *_ODD):
                damaged = copy.deepcopy(_updates(first_chat)[number])
                first_chat += 1
                _damage(damaged, path, odd)
                yield damaged


def _updates(n: int) -> list[dict[str, Any]]:
    private, channel = {"id": n, "type": "private"}, {"id": -(10**12) - n, "type": "channel", "title": "T"}
    group = channel | {"type": "supergroup"}
    person = {"id": n, "is_bot": False, "first_name": "A", "language_code": "zh"}
    bot = {"id": 123456, "is_bot": True, "first_name": "b", "username": "yunwen_bot"}
    bare = {"message_id": 5, "date": 1700000000, "chat": private, "from": person}
    told = bare | {"text": "/start a_0123456789abcdef", "entities": [_command(6)]}
    asked = bare | {
        "chat": group,
        "text": "水稻",
        "message_thread_id": 3,
        "reply_to_message": bare | {"from": bot},
    }
    post = {"message_id": 5, "date": 1700000000, "chat": channel, "sender_chat": channel}
    pressed = {"id": "1", "from": person, "chat_instance": "1", "message": bare, "data": "r:150500:0"}
    typed = {"id": "1", "from": person, "query": "水稻", "offset": "", "chat_type": "private"}
    status = {"status": "member", "user": bot}
    return [
        {"message": told},
        {"message": asked},
        {"message": bare | {"document": _DOCUMENT, "media_group_id": "9", "caption": "水稻"}},
        {"message": bare | {"location": {"latitude": 43.6, "longitude": 122.2}}},
        {"edited_message": told | {"edit_date": 1700000001}},
        {"channel_post": post | {"text": "/watch 水稻", "entities": [_command(6)]}},
        {"callback_query": pressed},
        {"inline_query": typed},
        {"my_chat_member": bare | {"chat": group, "old_chat_member": status, "new_chat_member": status}},
        {"business_message": bare | {"business_connection_id": "b", "text": "水稻"}},
        {
            "message_reaction": {
                "chat": private,
                "message_id": 5,
                "user": person,
                "date": 1,
                "new_reaction": [],
            }
        },
    ]


def _command(length: int) -> dict[str, Any]:
    return {"type": "bot_command", "offset": 0, "length": length}


def _paths(part: Any) -> Iterator[tuple[Any, ...]]:
    """Where the parts of an update are, without the update's kind."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        yield (key,)
        if isinstance(value, dict | list):
            yield from ((key, *more) for more in _paths(value))


def _damage(update: dict[str, Any], path: tuple[Any, ...], odd: Any) -> None:
    """Put something in place of a part; `...` takes it away."""
    part: Any = update
    for key in path[:-1]:
        part = part[key]
    if odd is ...:
        del part[path[-1]]
    else:
        part[path[-1]] = odd
