"""The server: uvicorn on one address, within limits on connections, stopped without losing what is being answered."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.errors import BotError

_STOP_SECONDS = 10
_MOST_HEAD_BYTES = 16 * 1024
_TURNS = 4
"""Of the event loop: taking a connection takes it three."""
_LATE_SECONDS = 1.0
"""For the request of a connection that came just before the end."""
_NEVER = 86_400
"""Seconds: idle connections are closed by our own limit alone."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What those who connect may take."""

    connections: int = 256
    read_seconds: float = 15.0
    """For a request to come whole, head and body, and between two requests of one connection."""


class WebServer:
    """Serves an application on one address until it is stopped."""

    def __init__(
        self, app: ASGIApp, listen: str, proxies: str = "127.0.0.1,::1", limits: Limits | None = None
    ) -> None:
        """`listen` is host:port; `proxies` are the addresses whose word on who is asking is taken.

        Listens at once. Raises BotError if the address cannot be had.
        """
        self._socket = _listen(listen)
        config = uvicorn.Config(
            app,
            http=_bounded_protocol(limits or Limits()),
            ws="none",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=proxies,
            h11_max_incomplete_event_size=_MOST_HEAD_BYTES,
            timeout_graceful_shutdown=_STOP_SECONDS,
            timeout_keep_alive=_NEVER,
        )
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # what strangers send is no news
        self._server = _Server(config)

    @property
    def port(self) -> int:
        """The port on which it listens."""
        port: int = self._socket.getsockname()[1]
        return port

    async def run(self) -> None:
        """Serve until `stop`."""
        with self._socket:
            await self._server.serve([self._socket])

    def stop(self) -> None:
        """Take no more requests; those under way are answered, and `run` ends."""
        self._server.should_exit = True

    async def run_until_signal(self) -> None:
        """Serve until the process is told to end."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        await self.run()


class _Server(uvicorn.Server):
    """Leaves the signals to whoever runs it, as inside the bot there is more to stop; stops without losing who has come."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, and answer those that wait to be taken."""
        for each in sockets or ():
            each.listen(0)  # from here on who comes is put off by the system, and comes to the next server
        await _turn()
        for server in self.servers:
            server.close()
        await _turn()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing."""
        yield


async def _turn() -> None:
    """Let the event loop take the connections that wait, to where they can be asked to end."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


def _listen(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        opened = socket.create_server((host, int(port)), family=family, backlog=1024)
        # its connections have it too: else the second piece of a response waits until the client says it has the first
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened
    except (OSError, OverflowError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BotError(
            f"{listen}: cannot listen here ({reason}): correct WEB_LISTEN or --listen, or stop what holds the port"
        ) from error


def _bounded_protocol(limits: Limits) -> type[H11Protocol]:
    """Return a protocol whose connections are few, and none is held long by who says nothing or a byte at a time."""
    connections: dict[H11Protocol, None] = {}  # the oldest first

    class Bounded(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None
        _is_last = False

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if len(connections) >= limits.connections:
                oldest = next((each for each in connections if not _is_answering(each)), self)
                oldest.transport.abort()  # not closed: who does not read what it asked for would hold it on
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
                if self._is_last:
                    self.cycle.keep_alive = False

        def shutdown(self) -> None:
            if self.cycle is not None:
                super().shutdown()
            else:  # its first request may be under way
                self._is_last = True
                self._wait(_LATE_SECONDS)

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if not self.transport.is_closing() and not _is_answering(self):
                self._wait()

        def _wait(self, seconds: float = limits.read_seconds) -> None:
            self._stop_waiting()
            self._deadline = self.loop.call_later(seconds, self.transport.close)

        def _stop_waiting(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    return Bounded


def _is_answering(connection: Any) -> bool:
    """Whether a request has come whole, head and body, and is not yet answered."""
    cycle = connection.cycle
    return cycle is not None and not cycle.more_body and not cycle.response_complete
