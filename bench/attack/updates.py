"""What strangers send through Telegram, or as if they were Telegram."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from bench.attack.world import ATTACKER, N_ATTACKERS, QUESTIONS, World, status_of, until
from bot.telegram.application import MODULES
from bot.telegram.registration import merge_buttons


def _channel_post(world: World, number: int, text: str) -> dict[str, Any]:
    """Return a post that asks for something: any other is passed over, and would prove nothing."""
    channel = {"id": -1_000_000 - number % 20, "type": "channel", "title": "Channel"}
    message = world.server._message(1, f"/watch {text}")
    message["entities"] = [{"type": "bot_command", "offset": 0, "length": len("/watch")}]
    return {"channel_post": message | {"chat": channel, "sender_chat": channel}}


async def words(world: World) -> str:
    """Send what an abuser may write, and press forged buttons."""
    from abuse import TEXTS, forged_data

    for number, text in enumerate(TEXTS):
        world.server.write(text[:4096], ATTACKER + number % N_ATTACKERS)
    for data in forged_data(sorted(merge_buttons(MODULES)), "1", "1"):
        number = world.server._next_id()
        chat = ATTACKER + number % N_ATTACKERS
        query = {
            "id": f"forged{number}",
            "from": world.server._user(chat),
            "chat_instance": "1",
            "data": data,
        }
        world.server.give({"callback_query": query | {"message": world.server._message(chat, "x")}})
    await world.handled()
    return f"{len(TEXTS)} texts and forged presses"


async def flood(world: World) -> str:
    """Post 600 times in 20 channels, and write 1,000 times from one chat."""
    before = world.verdicts("limited") + world.verdicts("overloaded") + world.verdicts("ignored")
    for number in range(600):
        world.server.give(_channel_post(world, number, f"{QUESTIONS[0]} {number}"))
    for number in range(1000):
        world.server.write(f"{QUESTIONS[0]} {number}", ATTACKER)
    await world.handled()
    kept_out = world.verdicts("limited") + world.verdicts("overloaded") + world.verdicts("ignored") - before
    assert kept_out >= 800, f"only {kept_out} of 1600 were declined"
    return f"{kept_out:.0f} of 1600 declined"


async def imports(world: World) -> str:
    """Send a subscription file of 9,500 exclusions from eight chats at once."""
    from abuse import REPEATED_EXCLUSION

    chats = range(world.newest + 1, world.newest + 9)
    world.newest += 8
    before = {chat: world.n_to.get(chat, 0) for chat in chats}
    for chat in chats:
        name = str(len(world.server.files))
        world.server.files[name] = REPEATED_EXCLUSION
        document = {
            "file_id": name,
            "file_unique_id": name,
            "file_name": "yunwen.json",
            "file_size": len(REPEATED_EXCLUSION),
        }
        message = world.server._message(chat, "") | {"from": world.server._user(chat), "document": document}
        del message["text"]
        world.server.give({"message": message})
    await until(lambda: all(world.n_to.get(c, 0) > before[c] for c in chats), "eight imports")
    return f"8 files of {len(REPEATED_EXCLUSION) / 1e3:.0f} kB answered"


async def forgeries(world: World) -> str:
    """Send updates to the webhook without its secret, with wrong ones, too large, and no updates at all."""
    update = json.dumps({"update_id": 2**70, "message": {"text": "x"}}).encode()
    statuses: dict[int, int] = {}
    tried = [
        (update, {}),
        (update, {"X-Telegram-Bot-Api-Secret-Token": ""}),
        (update, {"X-Telegram-Bot-Api-Secret-Token": "a" * 32}),
        (b"[" * 100_000, {}),
        (b"x" * 2_000_000, {}),
        (b"\xff" * 100, {"Content-Type": "application/json; charset=utf-7"}),
    ]
    for data, headers in tried * 20:
        status = await asyncio.to_thread(status_of, world.webhook, data, headers)
        statuses[status] = statuses.get(status, 0) + 1
    assert not [status for status in statuses if status < 400 or status >= 500], statuses
    return f"{sum(statuses.values())} refused: {statuses}"


async def disorder(world: World) -> str:
    """Send, as Telegram itself, updates of kinds, shapes and numbers that Telegram would not."""
    from strange_updates import unreadable_updates

    secret = {"X-Telegram-Bot-Api-Secret-Token": world.server.webhook["secret_token"]}
    statuses: dict[int, int] = {}
    for number in range(20):
        updates: list[dict[str, Any]] = [
            {"message": None},
            {"message": {"message_id": number, "date": 10**12, "chat": {"id": number, "type": "private"}}},
            {"edited_message": {"text": "x" * 5000}},
            {"inline_query": {"id": "x", "from": {"id": -1}, "query": "水" * 300, "offset": "９"}},
            {"nonsense": {"a": [number] * 50}},
            {"update_id": 2**70},
            *(unreadable_updates() if number == 0 else ()),
        ]
        for update in updates:
            body = json.dumps({"update_id": 10**9 + number} | update).encode()
            status = await asyncio.to_thread(status_of, world.webhook, body, secret)
            statuses[status] = statuses.get(status, 0) + 1
    assert not [status for status in statuses if status >= 500], statuses
    await world.handled()
    return f"{sum(statuses.values())} updates: {statuses}"
