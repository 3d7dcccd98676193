"""What those who connect may take: few connections, and none for long on which nothing is asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import IntEnum

from uvicorn.protocols.http.h11_impl import H11Protocol

_LATE_SECONDS = 1.0
"""For the request of a connection that came just before the end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What those who connect may take."""

    connections: int = 256
    """At a time; Telegram opens at most 100 to a webhook, and a reverse proxy about as many."""
    read_seconds: float = 15.0
    """For the head of a request, for its body, and between two requests of one connection."""


class _State(IntEnum):
    """How near a connection is to being closed for another one, the nearest first."""

    SILENT = 0
    """Has not asked for anything yet, or not to the end."""
    IDLE = 1
    """Was answered."""
    ASKING = 2
    """Is being answered: never closed for another one."""


def bounded_protocol(limits: Limits) -> type[H11Protocol]:
    """Return a protocol whose connections are few, and none is held long by who says nothing or a byte at a time."""
    connections: dict[Bounded, None] = {}  # the oldest first

    class Bounded(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None
        _is_last = False
        _was_answered = False

        @property
        def state(self) -> _State:
            if self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete:
                return _State.ASKING
            return _State.IDLE if self._was_answered else _State.SILENT

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if len(connections) >= limits.connections:
                leaving = min(connections, key=lambda each: each.state)  # of equal ones the oldest
                if leaving.state is _State.ASKING:
                    transport.close()
                    return
                connections.pop(leaving)
                leaving.transport.abort()  # not closed: who does not read what it asked for would hold it on
            connections[self] = None
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            connections.pop(self, None)
            self._stop_waiting()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            before = self.cycle
            super().data_received(data)
            if self.state is _State.ASKING:
                self._stop_waiting()
                if self._is_last:
                    self.cycle.keep_alive = False
            elif self.cycle is not before and not self.transport.is_closing():
                self._wait()  # for its body

        def shutdown(self) -> None:
            if self.cycle is not None:
                super().shutdown()
            else:  # its first request may be under way
                self._is_last = True
                self._wait(_LATE_SECONDS)

        def on_response_complete(self) -> None:
            self._was_answered = True
            super().on_response_complete()
            if not self.transport.is_closing() and self.state is not _State.ASKING:
                self._wait()

        def _wait(self, seconds: float = limits.read_seconds) -> None:
            self._stop_waiting()
            self._deadline = self.loop.call_later(seconds, self.transport.close)

        def _stop_waiting(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    return Bounded
