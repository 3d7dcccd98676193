"""Connections on which nothing is asked, or asked without an end: webhook and health answer beside them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from waiting import HANG_SECONDS

from bot.serving.connections import Limits
from bot.serving.server import Server
from bot.telegram.monitoring import monitoring_app
from bot.telegram.updates.webhook import PATH, SECRET_HEADER, webhook_app

SECRET = "a_secret-of-the-webhook"
HALVES = (
    b"",
    b"POST /telegram HTTP/1.1\r\nHost: x\r\nX-A: ",
    f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: wrong\r\nContent-Length: 9\r\n\r\n{{".encode(),
)
"""Nothing, half a header, half a body of somebody who does not know the secret."""


class Receiver:
    def __init__(self) -> None:
        self.received: list[object] = []

    def decode(self, document: object) -> object:
        return document

    async def receive(self, updates: list[object]) -> None:
        self.received += updates


class Health:
    async def look(self) -> dict[str, str]:
        return {"database": "ok"}


class Metrics:
    def text(self) -> bytes:
        return b"yunwen_x 1\n"


class Served:
    def __init__(self, limits: Limits) -> None:
        self.receiver = Receiver()
        apps = (
            webhook_app(cast(Any, self.receiver), SECRET),
            monitoring_app(cast(Any, Health()), cast(Any, Metrics())),
        )
        self._servers = [Server(app, "127.0.0.1:0", "LISTEN", limits=limits) for app in apps]
        self.webhook, self.health = (each.port for each in self._servers)
        self._running = [asyncio.create_task(each.run()) for each in self._servers]

    async def stop(self) -> None:
        for each in self._servers:
            each.stop()
        await asyncio.wait_for(asyncio.gather(*self._running), HANG_SECONDS)


@pytest.fixture
async def few() -> AsyncIterator[Served]:
    """Eight connections at most, and all the time in the world."""
    served = Served(Limits(connections=8, read_seconds=HANG_SECONDS))
    yield served
    await served.stop()


@pytest.fixture
async def hurried() -> AsyncIterator[Served]:
    """Any number of connections, each for a moment."""
    served = Served(Limits(connections=1000, read_seconds=0.05))
    yield served
    await served.stop()


async def ask(port: int, request: bytes) -> bytes:
    """The status line of an answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        async with asyncio.timeout(HANG_SECONDS):
            return await reader.readline()
    finally:
        writer.close()
        await writer.wait_closed()


async def healthz(served: Served) -> bytes:
    return await ask(served.health, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")


async def deliver(served: Served, body: bytes = b"{}") -> bytes:
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return await ask(served.webhook, head.encode() + body)


@pytest.mark.parametrize("half", HALVES)
async def test_half_sent_connections_keep_neither_updates_nor_health_out(few: Served, half: bytes) -> None:
    held = []
    for port in (few.webhook, few.health):
        for _ in range(40):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(half)
            held.append((reader, writer))
    try:
        assert await healthz(few) == b"HTTP/1.1 200 OK\r\n"
        assert await deliver(few) == b"HTTP/1.1 200 OK\r\n"
        assert few.receiver.received == [{}]
        async with asyncio.timeout(HANG_SECONDS):  # all but the last eight of each were closed
            for reader, _ in (*held[:32], *held[40:72]):
                assert await drained(reader)
    finally:
        for _, writer in held:
            writer.close()


async def drained(reader: asyncio.StreamReader) -> bool:
    """Return when the other side has closed, in whatever way."""
    try:
        while await reader.read(1000):
            pass
    except ConnectionError:
        pass
    return True


@pytest.mark.parametrize("half", [*HALVES, HALVES[2].replace(b"wrong", SECRET.encode())])
async def test_what_is_not_sent_in_time_is_given_up(hurried: Served, half: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hurried.webhook)
    writer.write(half)
    async with asyncio.timeout(HANG_SECONDS):
        assert await drained(reader)
    writer.close()
    assert hurried.receiver.received == []


async def test_an_update_that_is_being_kept_is_not_given_up_for_others(few: Served) -> None:
    may_go_on, has_come = asyncio.Event(), asyncio.Event()

    async def receive(_updates: list[object]) -> None:
        has_come.set()
        await may_go_on.wait()

    few.receiver.receive = receive  # type: ignore[method-assign]
    delivering = asyncio.create_task(deliver(few))
    async with asyncio.timeout(HANG_SECONDS):
        await has_come.wait()
        held = [await asyncio.open_connection("127.0.0.1", few.webhook) for _ in range(40)]
        assert await drained(held[0][0])
        may_go_on.set()
        assert await delivering == b"HTTP/1.1 200 OK\r\n"
    for _, writer in held:
        writer.close()


async def test_health_is_told_at_its_own_address_alone(few: Served) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        request = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        assert await ask(few.health, request) == b"HTTP/1.1 200 OK\r\n"
        assert await ask(few.webhook, request) == b"HTTP/1.1 404 Not Found\r\n"
    request = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: 0\r\n\r\n"
    assert await ask(few.health, request.encode()) == b"HTTP/1.1 404 Not Found\r\n"
