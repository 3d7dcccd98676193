from typing import Any

import pytest
from telegram.error import RetryAfter

from bot.telegram.client.pace import GROUP, PRIVATE, ChatPace


class World:
    """A clock that sleeping moves, and a Telegram that answers what it is told to."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sent: list[tuple[float, int, str]] = []
        self.refusals: dict[int, list[int]] = {}
        self.counted: list[tuple[str, str]] = []
        self.pace = ChatPace(lambda *call: self.counted.append(call), lambda: self.now, self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    async def call(self, chat_id: int, method: str = "sendMessage") -> Any:
        async def post(endpoint: str, data: dict[str, Any]) -> str:
            if self.refusals.get(data["chat_id"]):
                raise RetryAfter(self.refusals[data["chat_id"]].pop(0))
            self.sent.append((round(self.now, 3), data["chat_id"], endpoint))
            return "sent"

        data = {"chat_id": chat_id}
        return await self.pace.process_request(post, (method, data), {}, method, data, None)

    def times(self, chat_id: int) -> list[float]:
        return [when for when, chat, _ in self.sent if chat == chat_id]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else making the error warns of its attribute's type
    return World()


async def test_a_chat_gets_a_short_burst_and_then_a_message_a_second(world: World) -> None:
    for _ in range(PRIVATE.burst + 3):
        await world.call(1)
    assert world.times(1) == [0.0] * PRIVATE.burst + [1.0, 2.0, 3.0]


async def test_a_group_gets_twenty_a_minute_in_the_long_run(world: World) -> None:
    for _ in range(GROUP.burst + 20):
        await world.call(-1)
    assert world.times(-1)[-1] == pytest.approx(60, abs=0.1)


async def test_a_hundred_chats_are_not_held_to_one_rate(world: World) -> None:
    for chat in range(1, 101):
        await world.call(chat)
    assert world.now == 0.0


async def test_typing_and_acknowledging_take_nothing_from_the_pace(world: World) -> None:
    for _ in range(50):
        await world.call(1, "sendChatAction")
    assert world.now == 0.0


async def test_a_flood_limit_halts_its_chat_alone(world: World) -> None:
    world.refusals[1] = [5]
    assert await world.call(1) == "sent"
    assert world.times(1) == [5.1]
    world.now = 2.0
    await world.call(2)
    assert world.times(2) == [2.0]
    assert world.counted[0] == ("sendMessage", "RetryAfter")


async def test_all_wait_when_a_second_chat_is_refused_while_the_first_one_waits(world: World) -> None:
    world.pace._halt(1, world.pace._state_of(1), 30)  # chat 1 was refused and waits
    world.refusals[2] = [3]
    await world.call(2)
    assert world.times(2) == [3.1]
    world.now = 1.0
    await world.call(3)
    assert world.times(3) == [3.1]


async def test_a_flood_that_does_not_end_is_an_error(world: World) -> None:
    world.refusals[1] = [1] * 100
    with pytest.raises(RetryAfter):
        await world.call(1)
    assert len(world.counted) == 6
