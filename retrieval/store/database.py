"""Opening the SQL database: engine settings and migrations, shared by every package that keeps tables in it."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Engine,
    String,
    any_,
    bindparam,
    create_engine,
    event,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from retrieval.errors import SchemaError, StoreError, Unreachable
from retrieval.store.file_lock import file_held_alone

_log = logging.getLogger(__name__)

_BUSY_SECONDS = 30
_LISTED = "listed"
"""The name of the one value that several travel as."""
_DRIVERS = {"sqlite": "sqlite", "postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


def open_engine(url: str, writers: str = "articles") -> Engine:
    """An engine for a database URL; the folder of a SQLite file is made when missing.

    One writing transaction runs at a time, from its beginning to its commit. On SQLite that is the file's own
    lock, waited for half a minute; on PostgreSQL it is an advisory lock of the name `writers`, held across
    processes and hosts. Raises StoreError for an address that is of no use.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    try:
        from retrieval.store.postgresql import open_postgresql
    except ImportError as error:
        raise StoreError(
            f"PostgreSQL needs {error.name}: install it with pip install 'yunwen[scale]', or remove DATABASE_URL"
        ) from error
    return open_postgresql(address, writers)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        driver = _DRIVERS[address.drivername.partition("+")[0]]
    except (ArgumentError, KeyError, ValueError):  # ValueError: a port that is no number
        raise StoreError(
            "the database address is of no known kind: write postgresql://user:password@host/name, "
            "or sqlite:////folder/file.db"
        ) from None
    return address.set(drivername=driver)


def _open_sqlite(address: URL) -> Engine:
    if address.database and address.database != ":memory:":
        folder = Path(address.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if Path(address.database).is_file() and Path(address.database).stat().st_size == 0:
                _log.warning(
                    "%s: is empty, as after a full disk or a loss of power, and is begun anew: restore a backup if it had data",
                    address.database,
                )
        except OSError as error:
            raise StoreError(
                f"{folder}: cannot make this folder ({error.strerror}): set YUNWEN_HOME to a folder you may write to"
            ) from error
    engine = create_engine(address, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN is deferred; ours is below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        is_reading = connection.get_execution_options().get("read_only", False)
        # past SQLAlchemy, which takes ten times as long for it: there are several for each question
        connection.connection.cursor().execute("BEGIN" if is_reading else "BEGIN IMMEDIATE")

    return engine


def among(column: ColumnElement[Any], dialect: str) -> ColumnElement[bool]:
    """A condition: the column is one of any number of integers or texts, which `listed` gives when it is run.

    They travel as one value, so that the statement is the same for ten and for ten thousand.
    """
    if dialect == "sqlite":
        rows = func.json_each(bindparam(_LISTED, type_=String)).table_valued("value")
        return column.in_(select(rows.c.value))
    return column == any_(bindparam(_LISTED, type_=ARRAY(column.type)))


def listed(values: Iterable[Any], dialect: str) -> dict[str, Any]:
    """The values of a statement that has an `among`."""
    return {_LISTED: json.dumps(list(values)) if dialect == "sqlite" else list(values)}


@contextmanager
def store_errors(url: str) -> Iterator[None]:
    """Turns the database's complaints into a StoreError that says where and what to do."""
    try:
        yield
    except DatabaseError as error:
        complaint = _without_values(error)
        if make_url(url).get_backend_name() == "sqlite":
            raise StoreError(f"{_where(url)}: {_advice(complaint)}") from error
        from retrieval.store.postgresql import advice, is_unreachable

        if error.connection_invalidated or is_unreachable(complaint):
            raise Unreachable(_where(url), advice(complaint)) from error
        raise StoreError(f"{_where(url)}: {advice(complaint)}") from error
    except PoolTimeout as error:
        raise Unreachable(_where(url), "all connections are in use") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{_where(url)}: {_advice(str(error))}") from error
    except ValueError as error:
        if not _is_damage(error):
            raise
        raise StoreError(f"{_where(url)}: {_advice('malformed')}") from error


def _is_damage(error: ValueError) -> bool:
    """Whether an error means that the database holds what nobody wrote: text that is none, a time that is none."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    raiser = trace.tb_frame.f_globals.get("__name__", "") if trace is not None else ""
    return isinstance(error, UnicodeDecodeError) or str(raiser).split(".")[0] in (
        "sqlalchemy",
        "enum",
        "json",
    )


def _without_values(error: DatabaseError) -> str:
    """Return the database's complaint, and leave no more in the error, whose trace is logged.

    PostgreSQL adds to its first words the values of the row that it refuses, which people wrote.
    """
    first_words = getattr(getattr(error.orig, "diag", None), "message_primary", None)
    complaint = str(first_words or error.orig)
    error.args = (complaint,)
    if error.orig is not None:
        error.orig.args = (complaint,)
    return complaint


class _Held(threading.local):
    """What one thread reads from meanwhile, see `reading_at_once`."""

    def __init__(self) -> None:
        self.connections: dict[Engine, Connection] = {}


_HELD = _Held()


@contextmanager
def reading_at_once(engine: Engine) -> Iterator[None]:
    """Have all that this thread reads within seen as it was at the first statement: one transaction for all of it."""
    held = _HELD.connections
    if engine in held:
        yield
        return
    with reading_from(engine) as connection:
        held[engine] = connection
        try:
            yield
        finally:
            del held[engine]


@contextmanager
def reading_from(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it was at its first statement; failures are StoreErrors."""
    held = _HELD.connections.get(engine)
    if held is not None:
        with store_errors(_url(engine)):
            yield held
        return
    options: dict[str, Any] = {"read_only": True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with store_errors(_url(engine)), engine.connect() as connection:
        yield connection.execution_options(**options)


@contextmanager
def writing_to(engine: Engine, *, beside_others: bool = False) -> Iterator[Connection]:
    """A transaction that no other writer's comes into; failures are StoreErrors and change nothing.

    With `beside_others` it waits for no other writer where the database has several: for what is right at any
    time, such as a row of its own or an update of one row by its key.
    """
    chosen = engine.execution_options(beside_others=True) if beside_others else engine
    with store_errors(_url(engine)), chosen.begin() as connection:
        yield connection


@contextmanager
def held_alone(engine: Engine, name: str) -> Iterator[str | None]:
    """Try to hold a lock of this name among all that use a database; None: it is held, else by whom.

    It is freed when its holder dies, whatever ended it.
    """
    if engine.dialect.name == "postgresql":
        from retrieval.store.postgresql import session_lock

        with store_errors(_url(engine)), session_lock(engine, name) as holder:
            yield holder
    else:
        with file_held_alone(Path(f"{engine.url.database}.{name.replace(' ', '-')}.lock")) as holder:
            yield holder


def _url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def _where(url: str) -> str:
    address = make_url(url)
    return (
        address.database or url
        if address.get_backend_name() == "sqlite"
        else address.render_as_string(hide_password=True)
    )


def _advice(complaint: str) -> str:
    known = {
        "readonly": "the database is read-only: make the folder writable, or set YUNWEN_HOME to one that is",
        "unable to open": "the database cannot be opened: make the folder writable, or set YUNWEN_HOME to one that is",
        "full": "no space is left for the database: free some disk space and run the command again",
        "disk I/O error": "the disk refused a write to the database: free disk space or check the disk, then run again",
        "not a database": "this file is not a yunwen database: move it away, then run `yunwen ingest` again",
        "malformed": "the database is damaged: restore a copy, or move it away and run `yunwen ingest` again",
        "locked": "another process holds the database: wait for it to finish, then run the command again",
    }
    for sign, advice in known.items():
        if sign in complaint:
            return f"{advice} ({complaint})"
    return f"the database failed: {complaint}"


def migrate(engine: Engine, script_location: str, version_table: str, head: str) -> None:
    """Bring one package's tables to revision `head`; a database already there costs one query.

    Raises SchemaError if the database is at a revision this version does not know.
    """
    url = _url(engine)
    with reading_from(engine) as connection:
        current = None
        if inspect(connection).has_table(version_table):
            current = connection.execute(text(f"SELECT version_num FROM {version_table}")).scalar()
    if current == head:
        return
    if current is not None and current > head:  # revisions are numbered 0001, 0002, ...
        raise SchemaError(
            f"{_where(url)}: this database is at revision {current}, made by a newer yunwen; "
            f"this one knows up to {head}: upgrade yunwen, or set YUNWEN_HOME to another folder"
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", script_location)
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    config.attributes["version_table"] = version_table
    with store_errors(url):
        command.upgrade(config, head)


def run_migrations() -> None:
    """The body of every package's alembic `env.py`: all revisions in one transaction."""
    from alembic import context

    engine: Engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            version_table=context.config.attributes["version_table"],
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
