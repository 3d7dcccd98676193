"""Who is accepted while others wait, over updates as they come and as they are done."""

import asyncio
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Bot, Update
from waiting import until

from bot.metrics import Metrics
from bot.telegram.admission import Admission
from bot.telegram.token_bucket import Rate
from bot.telegram.updates.reception import ReceivedUpdate, UpdateReceiver

BOT = Bot("1:x")
FREELY = Rate(per_minute=60_000, burst=1000)
N_PLACES = 20


class Handling:
    """Stands for the application: what is handled waits until it is let go."""

    def __init__(self) -> None:
        self.bot = SimpleNamespace(id=77, username="yunwen_bot")
        self.bot_data = SimpleNamespace(
            required_services=SimpleNamespace(preferences=None),
            replies=SimpleNamespace(take_new=list),
        )
        self.go_on = asyncio.Event()
        self.handled: Counter[int] = Counter()

    async def process_update(self, update: Update) -> None:
        self.handled[asker(update)] += 1
        await self.go_on.wait()
        raise RuntimeError("a handler that fails gives its place back too")


class Inbox:
    async def start(self) -> list[object]:
        return []

    async def keep(self, _: object) -> set[object]:
        return set()

    def done(self, *_: object) -> None:
        pass

    async def stop(self) -> None:
        pass


class Refusals:
    def __init__(self) -> None:
        self.refused: Counter[int] = Counter()

    def refuse(self, update: Update, _: object) -> None:
        self.refused[asker(update)] += 1

    async def stop(self, _: float) -> None:
        pass


def asker(update: Update) -> int:
    chat, user = update.effective_chat, update.effective_user
    return chat.id if chat else user.id if user else 0


def received(document: dict[str, Any]) -> ReceivedUpdate:
    return ReceivedUpdate(Update.de_json(document, BOT), document)


def command(number: int, channel: int) -> ReceivedUpdate:
    chat = {"id": channel, "type": "channel", "title": "频道"}
    said = {"message_id": number, "date": 1, "chat": chat, "sender_chat": chat, "text": "/watch 水稻"}
    said["entities"] = [{"type": "bot_command", "offset": 0, "length": 6}]
    return received({"update_id": number, "channel_post": said})


def inline(number: int, person: int) -> ReceivedUpdate:
    user = {"id": person, "is_bot": False, "first_name": "Ann"}
    query = {"id": str(number), "from": user, "query": "水稻", "offset": ""}
    return received({"update_id": number, "inline_query": query})


@pytest.mark.parametrize("ask", [command, inline])
async def test_who_holds_many_places_leaves_the_rest_to_others_until_they_are_free_again(ask: Any) -> None:
    handling, refusals = Handling(), Refusals()
    limits = Admission(user=FREELY, chat=FREELY, queue_limit=N_PLACES, clock=lambda: 0.0)
    receiver = UpdateReceiver(cast(Any, handling), cast(Any, Inbox()), limits, Metrics(), N_PLACES)
    receiver._notices = cast(Any, refusals)
    await receiver.start()
    busy = [ask(number, 1 + number % 3) for number in range(60)]
    await receiver.receive(busy[:30])  # at once, and one by one
    for each in busy[30:]:
        await receiver.receive([each])
    held = receiver.n_waiting
    assert held < N_PLACES - 3
    assert sum(refusals.refused.values()) == 60 - held
    await receiver.receive([ask(100, 7), ask(101, 8)])
    assert receiver.n_waiting == held + 2
    handling.go_on.set()
    await until(lambda: not receiver.n_waiting, "all to be done")
    handling.go_on.clear()
    await receiver.receive([ask(200 + number, 1) for number in range(4)])
    assert receiver.n_waiting == 4
    assert sum(refusals.refused.values()) == 60 - held
    handling.go_on.set()
    await receiver.stop()
