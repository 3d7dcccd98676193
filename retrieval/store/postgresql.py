"""PostgreSQL as the database: the only user of psycopg.

What SQLite gives with its one writer is had here by advisory locks, which the server frees when their holder dies.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL

_CONNECT_SECONDS = 3
"""A server that does not answer for so long counts as gone, so that a person hears of it within five seconds."""
_WAITS = {
    "connect_timeout": _CONNECT_SECONDS,
    "keepalives_idle": 30,
    "tcp_user_timeout": 30_000,
    "application_name": "yunwen",
}
_LOCK = text(
    "SELECT set_config('lock_timeout', '30s', true), pg_advisory_xact_lock(hashtext(:name))"
)  # as long as SQLite's writers wait for each other
_TRY_LOCK = text(
    "SELECT set_config('application_name', :holder, false), pg_try_advisory_lock(hashtext(:name))"
)
_HOLDER = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() "
    "AND l.objid::bigint = hashtext(:name)::bigint & 4294967295"
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_UNREACHABLE = (
    "connection failed",
    "connection is bad",
    "connection timeout",
    "connection is closed",
    "connection is lost",
    "could not connect",
    "closed the connection",
    "connection has been closed",
    "terminating connection",
    "the database system is",  # starting up, shutting down, in recovery mode
    "too many clients",
    "remaining connection slots",
    "consuming input failed",
    "sending query failed",
    "couldn't get a connection",
)
_ADVICE = {
    "password authentication": "the server refuses user or password: correct DATABASE_URL",
    "does not exist": "the server has no such database or user: create it, or correct DATABASE_URL",
    "permission denied": "the user may not do this: give it the right to make and write tables in this database",
    "No space left": "the server's disk is full: free some space and run the command again",
    "lock timeout": "another process has been writing for half a minute: wait for it, then run the command again",
}


def open_postgresql(address: URL, writers: str) -> Engine:
    """An engine whose writing transactions come one at a time among those of the same `writers`."""
    chosen = {name: value for name, value in _WAITS.items() if name not in address.query}
    engine = create_engine(
        address,
        pool_pre_ping=True,
        pool_timeout=_CONNECT_SECONDS,
        max_overflow=20,
        connect_args=chosen,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: Any) -> None:
        connection.adapters.register_dumper(str, _TextDumper)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("read_only", False) and not options.get("beside_others", False):
            connection.execute(_LOCK, {"name": f"yunwen {writers}"})

    return engine


def is_unreachable(complaint: str) -> bool:
    """Whether this is what psycopg says of a server that cannot be reached."""
    lowered = complaint.lower()
    return any(sign in lowered for sign in _UNREACHABLE) and not any(
        sign in complaint for sign in ("password authentication", "does not exist")
    )


def advice(complaint: str) -> str:
    """What to do about the server's complaint, in one line."""
    first = complaint.strip().splitlines()[0] if complaint.strip() else "no reason given"
    known = next((line for sign, line in _ADVICE.items() if sign in complaint), None)
    return f"{known} ({first})" if known else f"the database failed: {first}"


def storable(value: str) -> str:
    """The text with U+FFFD for each character that PostgreSQL cannot hold; offsets into it stay true."""
    return _UNSTORABLE.sub("\ufffd", value)


class _TextDumper(StrDumperUnknown):
    def dump(self, obj: str) -> bytes:
        return storable(obj).encode()


@contextmanager
def session_lock(engine: Engine, name: str) -> Iterator[str | None]:
    """Try to hold a lock of this name among all processes and hosts on this database; None: it is held.

    Else who holds it. The server frees it when the holder's connection ends, whatever ended it.
    """
    holder = f"yunwen {name}: process {os.getpid()} on {socket.gethostname()[:30]}"
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT", read_only=True)
    try:
        if connection.execute(_TRY_LOCK, {"name": f"yunwen {name}", "holder": holder}).one()[1]:
            yield None
        else:
            found = connection.scalar(_HOLDER, {"name": f"yunwen {name}"}) or ""
            yield found.partition(": ")[2] or "another process"
    finally:
        connection.invalidate()  # not given back: it bears the lock and the name
        connection.close()
