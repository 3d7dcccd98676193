"""The bot's small HTTP servers: one takes updates at /telegram, one tells at /healthz, /readyz and /metrics how it is.

They run in the bot's own event loop, so that an update is refused or accepted in the place that knows how busy
the bot is; Telegram is answered 200 only when the update is safe. Whoever opens connections and sends nothing, or
sends a byte at a time, holds none for long and keeps nobody else out.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from aiohttp import web

from bot.errors import BotError
from bot.metrics import CONTENT_TYPE, Metrics
from bot.telegram.health import OK, Health
from bot.telegram.updates.reception import NoRoom, UpdateReceiver
from retrieval import RetrievalError

_log = logging.getLogger(__name__)

PATH = "/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_TOO_BUSY = {"Retry-After": "1"}
_Respond = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
_Routes = Mapping[tuple[str, str], _Respond]
"""By method and path."""


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


@dataclass(frozen=True, slots=True)
class Limits:
    """What those who connect may take."""

    connections: int = 256
    """At a time; Telegram opens at most 100 to a webhook, and a reverse proxy about as many."""
    read_seconds: float = 15.0
    """For the headers of a request, for its body, and between two requests of one connection."""


class _State(IntEnum):
    """How near a connection is to being closed for another one, the nearest first."""

    SILENT = 0
    """Has not asked for anything yet."""
    IDLE = 1
    """Was answered."""
    ASKING = 2
    """Is being answered: never closed for another one."""


class BoundedServer(web.Server):
    """Holds no more connections than it may, and none for long on which nothing is asked."""

    def __init__(self, routes: _Routes, limits: Limits) -> None:
        seconds = limits.read_seconds
        super().__init__(self._respond, access_log=None, keepalive_timeout=seconds, lingering_time=seconds)
        self._routes = routes
        self._most = limits.connections
        self._open: dict[web.RequestHandler, _State] = {}
        """The oldest first."""

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Take a connection; one that is too many takes another's place."""
        super().connection_made(handler, transport)
        if len(self._open) >= self._most:
            free = [each for each, state in self._open.items() if state is not _State.ASKING]
            leaving = min(free, key=self._open.__getitem__, default=handler)
            self._open.pop(leaving, None)
            leaving.force_close()
            if leaving is handler:
                return
        self._open[handler] = _State.SILENT

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        """Forget a connection."""
        self._open.pop(handler, None)
        super().connection_lost(handler, exc)

    async def _respond(self, request: web.BaseRequest) -> web.StreamResponse:
        respond = self._routes.get((request.method, request.path))
        if respond is None:
            return web.Response(status=404)
        self._mark(request.protocol, _State.ASKING)
        try:
            return await respond(request)
        finally:
            self._mark(request.protocol, _State.IDLE)

    def _mark(self, handler: web.RequestHandler, state: _State) -> None:
        if handler in self._open:
            self._open[handler] = state


class Server:
    """Serves on its addresses until it is stopped."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._runners: list[web.ServerRunner] = []

    async def take_updates(self, address: Address, receiver: UpdateReceiver, secret: str) -> None:
        """Listen for updates from who knows the secret. Raises BotError if the address cannot be had."""
        respond = _receive_with(receiver, secret, self._limits.read_seconds)
        await self._listen(address, "WEBHOOK_LISTEN", {("POST", PATH): respond})

    async def tell_health(self, address: Address, health: Health, metrics: Metrics) -> None:
        """Tell how the bot is. Raises BotError if the address cannot be had."""

        async def is_ready(_request: web.BaseRequest) -> web.Response:
            found = await health.look()
            is_ready = all(each == OK for each in found.values())
            return web.json_response({"ready": is_ready, **found}, status=200 if is_ready else 503)

        async def measured(_request: web.BaseRequest) -> web.Response:
            text = await asyncio.to_thread(metrics.text)
            return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE})

        routes = {("GET", "/healthz"): _alive, ("GET", "/readyz"): is_ready, ("GET", "/metrics"): measured}
        await self._listen(address, "HTTP_LISTEN", routes)

    async def _listen(self, address: Address, setting: str, routes: _Routes) -> None:
        runner = web.ServerRunner(BoundedServer(routes, self._limits), shutdown_timeout=1.0)
        await runner.setup()
        self._runners.append(runner)
        try:
            await web.TCPSite(runner, address.host, address.port).start()
        except OSError as error:
            raise BotError(
                f"{address.host}:{address.port}: cannot listen here ({error.strerror}): "
                f"correct {setting}, or stop what holds the port"
            ) from error

    async def stop(self) -> None:
        """Close all addresses."""
        for runner in self._runners:
            await runner.cleanup()


async def _alive(_request: web.BaseRequest) -> web.Response:
    return web.Response(text="alive\n")


def _receive_with(receiver: UpdateReceiver, secret: str, read_seconds: float) -> _Respond:
    async def receive(request: web.BaseRequest) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode()):
            return web.Response(status=403)
        try:
            async with asyncio.timeout(read_seconds):
                body = await request.read()  # aiohttp answers 413 to more than a megabyte
            update = receiver.decode(json.loads(body))
        except TimeoutError:
            return web.Response(status=408)
        except (ValueError, RecursionError):
            return web.Response(status=400)
        try:
            await receiver.receive([update] if update is not None else [])
        except NoRoom:
            return web.Response(status=503, headers=_TOO_BUSY)
        except RetrievalError:
            _log.exception("error %s: an update cannot be kept; Telegram keeps it", secrets.token_hex(3))
            return web.Response(status=503, headers=_TOO_BUSY)
        return web.Response()

    return receive
