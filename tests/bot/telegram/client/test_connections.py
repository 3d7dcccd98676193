import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TimedOut
from waiting import HANG_SECONDS, until

from bot.telegram.client.connections import Requests
from bot.telegram.client.sending import has_never_arrived, seconds_to_wait

TOKEN = "1:token"
CLOSING = web.AppKey("closing", asyncio.Event)
SENT = {"message_id": 5, "date": 1700000000, "chat": {"id": 7, "type": "private", "first_name": "Ann"}}


@dataclass
class Api:
    """A Bot API that answers every call with what it is told to, and remembers calls and connections."""

    answer: Callable[[web.Request], Awaitable[web.Response]]
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)

    async def handle(self, request: web.Request) -> web.Response:
        form = {
            name: (value.filename, value.content_type, value.file.read())
            if isinstance(value, web.FileField)
            else value
            for name, value in (await request.post()).items()
        }
        self.calls.append((request.path.rpartition("/")[2], form))
        self.connections.add(request.transport)
        return await self.answer(request)


async def is_sent(_request: web.Request) -> web.Response:
    return web.json_response({"ok": True, "result": SENT})


async def hangs_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def never_answers(request: web.Request) -> web.Response:
    await request.app[CLOSING].wait()
    return web.Response()


def refuses(status: int, **more: object) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": status, **more}, status=status)

    return answer


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_CONNECT_SECONDS", "_READ_SECONDS", "_UPLOAD_SECONDS"):
        monkeypatch.setattr(f"bot.telegram.client.connections.{name}", HANG_SECONDS)


@asynccontextmanager
async def served(api: Api, connections: int = 4, pool_timeout: float = HANG_SECONDS) -> AsyncIterator[Bot]:
    app = web.Application()
    app[CLOSING] = asyncio.Event()
    app.router.add_post("/{tail:.*}", api.handle)
    runner = web.AppRunner(app, shutdown_timeout=HANG_SECONDS)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    requests = Requests(connections, pool_timeout)
    try:
        yield Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=requests)
    finally:
        await requests.shutdown()
        app[CLOSING].set()
        await runner.cleanup()


async def time_passes(call: "asyncio.Task[Any]", monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the loop's time run, however long the limits, until a call has ended."""
    loop = asyncio.get_running_loop()
    now, passed = loop.time, 0.0
    with monkeypatch.context() as patched:
        patched.setattr(loop, "time", lambda: now() + passed)
        while not call.done():
            passed += HANG_SECONDS
            await asyncio.sleep(0)


async def test_calls_arrive_as_they_were_made_and_share_a_connection() -> None:
    api = Api(is_sent)
    async with served(api) as bot:
        for text in ("水稻 & <b>3万亩</b> +50%", "😀\n二", "半\ud83d"):
            message = await bot.send_message(7, text, parse_mode="HTML")
            assert message.message_id == 5
    assert api.calls == [
        ("sendMessage", {"chat_id": "7", "text": "水稻 & <b>3万亩</b> +50%", "parse_mode": "HTML"}),
        ("sendMessage", {"chat_id": "7", "text": "😀\n二", "parse_mode": "HTML"}),
        ("sendMessage", {"chat_id": "7", "text": "半?", "parse_mode": "HTML"}),
    ]
    assert len(api.connections) == 1


async def test_a_file_arrives_with_its_name_and_bytes() -> None:
    api = Api(is_sent)
    async with served(api) as bot:
        await bot.send_document(7, b"[1, 2]", filename='订阅 "1".json', caption="订阅")
    ((method, form),) = api.calls
    assert method == "sendDocument"
    assert (form.pop("chat_id"), form.pop("caption")) == ("7", "订阅")
    ((_, (name, kind, content)),) = [each for each in form.items() if isinstance(each[1], tuple)]
    assert (name.replace("%22", '"').replace("\\", ""), kind, content) == (
        '订阅 "1".json',
        "application/json",
        b"[1, 2]",
    )


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, BadRequest), (401, InvalidToken), (502, NetworkError)],
)
async def test_what_telegram_refuses_has_telegrams_reason(status: int, error: type[Exception]) -> None:
    async with served(Api(refuses(status, description="Bad Request: no chat"))) as bot:
        with pytest.raises(error, match="No chat"):
            await bot.send_message(7, "x")


async def test_a_flood_limit_says_how_long_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else making the error warns of its attribute's type
    async with served(Api(refuses(429, parameters={"retry_after": 3}))) as bot:
        with pytest.raises(RetryAfter) as limit:
            await bot.send_message(7, "x")
    assert seconds_to_wait(limit.value) == 3


async def test_what_finds_no_server_has_never_arrived() -> None:
    async with served(Api(is_sent)) as bot:
        await bot.send_message(7, "x")
        url = bot.base_url
    requests = Requests(1, 1.0)
    with pytest.raises(NetworkError) as failure:
        await requests.post(f"{url}/sendMessage")
    await requests.shutdown()
    assert has_never_arrived(failure.value)


async def test_what_finds_no_free_connection_in_time_has_never_arrived(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    api = Api(never_answers)
    async with served(api, connections=1) as bot:
        first = asyncio.create_task(bot.send_message(7, "first", read_timeout=None))
        await until(lambda: api.calls, "the first message")
        second = asyncio.create_task(bot.send_message(7, "second"))
        await time_passes(second, monkeypatch)
        with pytest.raises(TimedOut) as failure:
            await second
        assert has_never_arrived(failure.value)
        first.cancel()
        with suppress(asyncio.CancelledError):
            await first
        assert [form["text"] for _, form in api.calls] == ["first"]


@pytest.mark.parametrize(("answer", "error"), [(hangs_up, NetworkError), (never_answers, TimedOut)])
async def test_what_was_received_and_not_answered_may_have_arrived_and_is_not_sent_by_itself_again(
    answer: Callable[[web.Request], Awaitable[web.Response]],
    error: type[NetworkError],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    api = Api(answer)
    async with served(api) as bot:
        sending = asyncio.create_task(bot.send_message(7, "x"))
        await until(lambda: api.calls, "the message")
        if answer is never_answers:
            await time_passes(sending, monkeypatch)
        with pytest.raises(error) as failure:
            await sending
        assert not has_never_arrived(failure.value)
    assert len(api.calls) == 1
