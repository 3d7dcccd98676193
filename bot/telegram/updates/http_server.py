"""The bot's small HTTP server: /telegram takes updates, /healthz, /readyz and /metrics tell how it is.

It runs in the bot's own event loop, so that an update is refused or accepted in the place that knows how busy
the bot is; Telegram is answered 200 only when the update is safe.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.errors import BotError
from bot.metrics import CONTENT_TYPE, Metrics
from bot.telegram.health import OK, Health
from bot.telegram.updates.reception import NoRoom, UpdateReceiver
from retrieval import RetrievalError

_log = logging.getLogger(__name__)

PATH = "/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY_BYTES = 1_000_000
"""An update is a few kilobytes; nothing larger is read."""
_TOO_BUSY = {"Retry-After": "1"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """An address of host:port."""
        host, _, port = text.rpartition(":")
        return cls(host.strip("[]"), int(port))


class Server:
    """Serves on one or two addresses until it is stopped."""

    def __init__(self, health: Health, metrics: Metrics) -> None:
        self._health = health
        self._metrics = metrics
        self._runners: list[web.AppRunner] = []

    async def listen(
        self,
        address: Address,
        *,
        receiver: UpdateReceiver | None = None,
        secret: str = "",
        tells: bool = True,
    ) -> None:
        """Take updates where there is a receiver, tell how the bot is where `tells`.

        Raises BotError if the address cannot be had.
        """
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        if receiver is not None:
            app.router.add_post(PATH, _receive_with(receiver, secret))
        if tells:
            app.router.add_get("/healthz", _alive)
            app.router.add_get("/readyz", self._ready)
            app.router.add_get("/metrics", self._measured)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._runners.append(runner)
        try:
            await web.TCPSite(runner, address.host, address.port).start()
        except OSError as error:
            raise BotError(
                f"{address.host}:{address.port}: cannot listen here ({error.strerror}): "
                "correct WEBHOOK_LISTEN or HTTP_LISTEN, or stop what holds the port"
            ) from error

    async def stop(self) -> None:
        """Close all addresses."""
        for runner in self._runners:
            await runner.cleanup()

    async def _ready(self, _request: web.Request) -> web.Response:
        found = await self._health.look()
        is_ready = all(each == OK for each in found.values())
        return web.json_response({"ready": is_ready, **found}, status=200 if is_ready else 503)

    async def _measured(self, _request: web.Request) -> web.Response:
        text = await asyncio.to_thread(self._metrics.text)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE})


async def _alive(_request: web.Request) -> web.Response:
    return web.Response(text="alive\n")


def _receive_with(receiver: UpdateReceiver, secret: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode()):
            return web.Response(status=403)
        try:
            update = receiver.decode(await request.read())  # aiohttp answers 413 to what is too large
        except ValueError:
            return web.Response(status=400)
        try:
            await receiver.receive([update])
        except NoRoom:
            return web.Response(status=503, headers=_TOO_BUSY)
        except RetrievalError:
            _log.exception("error %s: an update cannot be kept; Telegram keeps it", secrets.token_hex(3))
            return web.Response(status=503, headers=_TOO_BUSY)
        return web.Response()

    return receive
