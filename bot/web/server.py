"""The server: uvicorn on one address, within limits on connections, stopped without losing what is being answered."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.errors import BotError

_MOST_CONNECTIONS = 256
_READ_SECONDS = 15.0
"""For the head of a request, and between two requests of one connection."""
_STOP_SECONDS = 10
_MOST_HEAD_BYTES = 16 * 1024


class WebServer:
    """Serves an application on one address until it is stopped."""

    def __init__(self, app: ASGIApp, listen: str, proxies: str = "127.0.0.1,::1") -> None:
        """`listen` is host:port; `proxies` are the addresses whose word on who is asking is taken."""
        self._app = app
        self._listen = listen
        self._proxies = proxies
        self._server: _Server | None = None
        self._is_stopping = False

    async def run(self) -> None:
        """Serve until `stop`. Raises BotError if the address cannot be had."""
        with listening_socket(self._listen) as opened:
            config = uvicorn.Config(
                self._app,
                http=_bounded_protocol(),
                ws="none",
                access_log=False,
                log_config=None,
                server_header=False,
                proxy_headers=True,
                forwarded_allow_ips=self._proxies,
                h11_max_incomplete_event_size=_MOST_HEAD_BYTES,
                timeout_graceful_shutdown=_STOP_SECONDS,
            )
            self._server = _Server(config)
            self._server.should_exit = self._is_stopping
            await self._server.serve([opened])

    def stop(self) -> None:
        """Take no more requests; those under way are answered, and `run` ends."""
        self._is_stopping = True
        if self._server is not None:
            self._server.should_exit = True

    async def run_until_signal(self) -> None:
        """Serve until the process is told to end."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        await self.run()


class _Server(uvicorn.Server):
    """Leaves the signals to whoever runs it: inside the bot there is more to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing."""
        yield


@contextlib.contextmanager
def listening_socket(listen: str) -> Iterator[socket.socket]:
    """Give a socket that listens on host:port. Raises BotError if the address cannot be had."""
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        opened = socket.create_server((host, int(port)), family=family, backlog=1024)
    except (OSError, OverflowError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BotError(
            f"{listen}: cannot listen here ({reason}): correct WEB_LISTEN or --listen, or stop what holds the port"
        ) from error
    with opened:
        yield opened


def _bounded_protocol() -> type[H11Protocol]:
    """Return a protocol whose connections are few, and none is held long by who says nothing or a byte at a time."""
    connections: dict[H11Protocol, None] = {}  # the oldest first

    class Bounded(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if len(connections) >= _MOST_CONNECTIONS:
                oldest = next((each for each in connections if not _is_answering(each)), self)
                oldest.transport.close()
                if oldest is self:
                    return
                connections.pop(oldest, None)
            connections[self] = None
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            connections.pop(self, None)
            self._stop_waiting()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if _is_answering(self):
                self._stop_waiting()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if not self.transport.is_closing() and not _is_answering(self):
                self._wait()

        def _wait(self) -> None:
            self._stop_waiting()
            self._deadline = self.loop.call_later(_READ_SECONDS, self.transport.close)

        def _stop_waiting(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    return Bounded


def _is_answering(connection: Any) -> bool:
    """Whether a request has come whole, as far as its head goes, and is not yet answered."""
    return connection.cycle is not None and not connection.cycle.response_complete
