"""The server on its socket: bounded connections, a stop that loses nothing, and a clear word where it cannot listen."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from starlette.types import Receive, Scope, Send
from waiting import HANG_SECONDS, until

from bot.errors import BotError
from bot.serving.connections import Limits
from bot.serving.server import Server, _listen

OK = (b"content-length", b"2")


async def respond(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [OK]})
    await send({"type": "http.response.body", "body": b"ok"})


async def quick(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await respond(send)


@asynccontextmanager
async def served(
    app: Callable[[Scope, Receive, Send], Awaitable[None]], **options: object
) -> AsyncIterator[Server]:
    server = Server(app, "127.0.0.1:0", "--listen", **options)  # type: ignore[arg-type]
    running = asyncio.create_task(server.run())
    try:
        yield server
    finally:
        server.stop()
        await asyncio.wait_for(running, HANG_SECONDS)


async def test_what_is_being_answered_is_finished_before_it_stops() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            begun.set()
            await go_on.wait()
            await respond(send)

    async with served(slow) as server, httpx.AsyncClient(timeout=HANG_SECONDS) as client:
        asking = asyncio.create_task(client.get(f"http://127.0.0.1:{server.port}/"))
        await asyncio.wait_for(begun.wait(), HANG_SECONDS)
        server.stop()
        go_on.set()
        assert (await asking).text == "ok"


async def test_who_has_come_before_the_end_is_answered_and_sent_away() -> None:
    seen = asyncio.Event()

    async def watch(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            seen.set()
            await respond(send)

    async with served(watch) as server:
        came = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(5)]
        server.stop()
        await until(lambda: server._socket.fileno() < 0, "the end of listening")
        assert not seen.is_set()
        for _, writer in came:
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        for reader, writer in came:
            said = await asyncio.wait_for(reader.read(), HANG_SECONDS)  # until it is closed
            assert said.startswith(b"HTTP/1.1 200")
            writer.close()
            await writer.wait_closed()


async def test_who_says_nothing_or_a_byte_at_a_time_is_sent_away() -> None:
    async with served(quick, limits=Limits(read_seconds=0.2)) as server:
        for begin in (
            b"",
            b"GET / HT",
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
            b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        ):  # the last two are answered, then say no more
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(begin)
            with suppress(ConnectionError):  # what it had not read yet when it closed
                await asyncio.wait_for(reader.read(), HANG_SECONDS)  # ends when the server closes
            writer.close()


async def test_who_sends_half_a_body_is_given_up_and_makes_room_for_others() -> None:
    gone = asyncio.Event()

    async def reads(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            while (await receive())["type"] != "http.disconnect":
                pass
            gone.set()
        elif scope["type"] == "http":
            await respond(send)

    half = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
    async with served(reads, limits=Limits(connections=1000, read_seconds=0.2)) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(half)
        await asyncio.wait_for(gone.wait(), HANG_SECONDS)
        writer.close()
    async with served(reads, limits=Limits(connections=2, read_seconds=HANG_SECONDS)) as server:
        gone.clear()
        held = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(2)]
        for _, writer in held:
            writer.write(half)
        async with httpx.AsyncClient(timeout=HANG_SECONDS) as client:
            assert (await client.get(f"http://127.0.0.1:{server.port}/")).text == "ok"
        await asyncio.wait_for(gone.wait(), HANG_SECONDS)
        for _, writer in held:
            writer.close()


async def test_who_was_answered_before_stays_when_those_who_say_nothing_come() -> None:
    async with served(quick, limits=Limits(connections=3, read_seconds=HANG_SECONDS)) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await asyncio.wait_for(reader.readuntil(b"ok"), HANG_SECONDS)).startswith(b"HTTP/1.1 200")
            silent = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(9)]
            assert await asyncio.wait_for(silent[0][0].read(), HANG_SECONDS) == b""
            for _, each in silent:
                each.close()
        writer.close()


async def test_one_connection_too_many_takes_the_place_of_the_oldest_that_is_silent() -> None:
    async with served(quick, limits=Limits(connections=2)) as server:
        silent = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(2)]
        async with httpx.AsyncClient(timeout=HANG_SECONDS) as client:
            assert (await client.get(f"http://127.0.0.1:{server.port}/")).text == "ok"
            assert await asyncio.wait_for(silent[0][0].read(), HANG_SECONDS) == b""
        for _, writer in silent:
            writer.close()


HALF_BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"


async def read_all(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        while (await receive()).get("more_body", False):
            pass
        await respond(send)


async def test_a_body_that_never_ends_holds_no_place_that_another_needs() -> None:
    async with served(read_all, limits=Limits(connections=2, read_seconds=HANG_SECONDS)) as server:
        held = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(2)]
        for _, writer in held:
            writer.write(HALF_BODY)
        for _ in range(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(HALF_BODY.replace(b"100", b"1"))
            assert (await asyncio.wait_for(reader.readline(), HANG_SECONDS)).startswith(b"HTTP/1.1 200")
            writer.close()
        for _, writer in held:
            writer.close()


async def test_a_body_that_does_not_come_whole_in_time_is_given_up() -> None:
    async with served(read_all, limits=Limits(read_seconds=0.2)) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(HALF_BODY)
        with suppress(ConnectionError):
            await asyncio.wait_for(reader.read(), HANG_SECONDS)  # ends when the server closes
        writer.close()


async def test_who_does_not_read_a_response_holds_no_place_that_another_needs() -> None:
    n_bytes = 50_000_000

    async def large(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = [(b"content-length", b"%d" % n_bytes)]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": bytes(n_bytes)})

    async with served(large, limits=Limits(connections=1, read_seconds=HANG_SECONDS)) as server:
        lazy, lazy_writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1000)
        lazy_writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await lazy.readline()
        async with httpx.AsyncClient(timeout=HANG_SECONDS) as client:
            assert len((await client.get(f"http://127.0.0.1:{server.port}/")).content) == n_bytes
        n_read = 0
        with suppress(ConnectionError):
            while got := await asyncio.wait_for(lazy.read(1_000_000), HANG_SECONDS):
                n_read += len(got)
        assert n_read < n_bytes, "what it had not read is dropped"
        lazy_writer.close()


async def test_what_is_no_http_is_refused_and_the_next_is_answered() -> None:
    async with served(quick) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"\x16\x03\x01 nonsense\r\n\r\n")
        assert (await asyncio.wait_for(reader.read(), HANG_SECONDS)).startswith(b"HTTP/1.1 400")
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000)
        assert (await asyncio.wait_for(reader.read(), HANG_SECONDS)).startswith(
            (b"HTTP/1.1 400", b"HTTP/1.1 431")
        )
        writer.close()


async def test_only_a_proxy_that_is_named_is_believed_about_who_asks() -> None:
    seen: list[str] = []

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            seen.append(scope["client"][0])
            await respond(send)

    headers = {"X-Forwarded-For": "203.0.113.9"}
    for proxies in ("127.0.0.1", "10.0.0.0/8"):
        async with served(look, proxies=proxies) as server, httpx.AsyncClient(timeout=HANG_SECONDS) as client:
            await client.get(f"http://127.0.0.1:{server.port}/", headers=headers)
    assert seen == ["203.0.113.9", "127.0.0.1"]


def test_an_address_that_is_taken_is_said_to_be() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(BotError, match=f"{address}: cannot listen here .*WEB_LISTEN"):
            Server(quick, address, "WEB_LISTEN")


def test_a_response_in_two_pieces_does_not_wait_for_word_of_the_first() -> None:
    with _listen("127.0.0.1:0", "--listen") as opened, socket.create_connection(opened.getsockname()):
        accepted, _ = opened.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
