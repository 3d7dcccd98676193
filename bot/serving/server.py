"""The server: uvicorn on one address, within limits on connections, stopped without losing what is being answered."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from bot.errors import BotError
from bot.serving.connections import Limits, bounded_protocol

_STOP_SECONDS = 10
_MOST_HEAD_BYTES = 16 * 1024
_TURNS = 4
"""Of the event loop: taking a connection takes it three."""
_NEVER = 86_400
"""Seconds: idle connections are closed by our own limit alone."""


class Server:
    """Serves an application on one address until it is stopped."""

    def __init__(
        self,
        app: ASGIApp,
        listen: str,
        setting: str,
        *,
        proxies: str | None = None,
        limits: Limits | None = None,
    ) -> None:
        """`listen` is host:port, as `setting` says; `proxies` are the addresses whose word on who is asking is taken.

        Listens at once. Raises BotError if the address cannot be had.
        """
        self._socket = _listen(listen, setting)
        config = uvicorn.Config(
            app,
            http=bounded_protocol(limits or Limits()),
            ws="none",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=proxies is not None,
            forwarded_allow_ips=proxies or "",
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


def _listen(listen: str, setting: str) -> socket.socket:
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
            f"{listen}: cannot listen here ({reason}): correct {setting}, or stop what holds the port"
        ) from error
