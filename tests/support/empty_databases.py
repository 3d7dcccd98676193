"""New SQLite databases are made as the first of their kind turned out, and not by every revision in turn.

What the revisions do is tried with the first of each kind, and wherever an older database is brought up to date.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias
from unittest.mock import patch

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from retrieval import reading_from, writing_to

Kind: TypeAlias = tuple[str | None, str, str]


@contextmanager
def made_at_once() -> Iterator[None]:
    """As long as it lasts, `alembic upgrade` of an empty database makes at once what it made the first time."""
    known: dict[Kind, list[tuple[str, list[tuple[Any, ...]]]]] = {}
    upgrade = command.upgrade

    def make(config: Config, revision: str) -> None:
        engine = config.attributes["engine"]
        kind = (config.get_main_option("script_location"), config.attributes["version_table"], revision)
        if engine.dialect.name == "sqlite" and kind in known:
            with writing_to(engine) as connection:
                if not _schema(connection):
                    for statement, rows in known[kind]:
                        for row in rows or [()]:
                            connection.exec_driver_sql(statement, _of_its_own(row))
                    return
        is_new = engine.dialect.name == "sqlite" and not _read(engine, _schema)
        upgrade(config, revision)
        if is_new:
            known[kind] = _read(engine, _statements)

    with patch.object(command, "upgrade", make):
        yield


def _of_its_own(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row as a new database has it: no two stores have one name."""
    return ("store_id", secrets.token_hex(8)) if row[:1] == ("store_id",) else row


def _read(engine: Any, what: Any) -> Any:
    with reading_from(engine) as connection:
        return what(connection)


def _schema(connection: Connection) -> list[tuple[str, str, str]]:
    query = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
    return [tuple(row) for row in connection.exec_driver_sql(query)]  # type: ignore[misc]


def _statements(connection: Connection) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """What makes the database's tables, and what fills them, each with its rows."""
    schema = _schema(connection)
    made: list[tuple[str, list[tuple[Any, ...]]]] = [(sql, []) for _, _, sql in schema]
    for name in [name for kind, name, _ in schema if kind == "table"]:
        rows = [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]
        if rows:
            made.append((f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows))
    return made
