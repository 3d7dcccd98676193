"""The database of chats: what was answered, who follows what, what was sent.

It is a file of its own, so that a page of many thousand articles, which is put in one transaction, makes no
answer wait for SQLite's one writer. On PostgreSQL one database may hold both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, insert, inspect, select, text

from bot.chats.schema import HEAD, MIGRATIONS, metadata
from retrieval import migrate, open_engine, reading_from, store_errors, writing_to

VERSION_TABLE = "yunwen_bot_version"


def open_chats(url: str, before: Engine | None = None) -> Engine:
    """The database at a SQLAlchemy URL, made or brought up to date.

    `before` is the articles' database, where the first versions kept these tables: they are moved over, once.
    Raises StoreError or SchemaError.
    """
    engine = open_engine(url, "chats")
    migrate(engine, MIGRATIONS, VERSION_TABLE, HEAD)
    is_old = before is not None and before.dialect.name == "sqlite" and before.url != engine.url
    if before is not None and is_old and inspect(before).has_table(VERSION_TABLE):
        _move(before, engine)
    return engine


def _move(before: Engine, engine: Engine) -> None:
    migrate(before, MIGRATIONS, VERSION_TABLE, HEAD)
    url = before.url.render_as_string(hide_password=False)
    with store_errors(url), before.begin() as old:
        with engine.begin() as new:
            for table in metadata.sorted_tables:
                rows = [dict(row) for row in old.execute(select(table)).mappings()]
                # not empty: an earlier move got this far and was interrupted
                if rows and not new.scalar(select(func.count()).select_from(table)):
                    new.execute(insert(table), rows)
        for table in reversed(metadata.sorted_tables):
            table.drop(old)
        old.execute(text(f"DROP TABLE {VERSION_TABLE}"))


class Tables:
    """Reads and writes in transactions of their own; the database's failures are StoreErrors."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with reading_from(self.engine) as connection:
            yield connection

    @contextmanager
    def _writing(self, *, beside_others: bool = False) -> Iterator[Connection]:
        with writing_to(self.engine, beside_others=beside_others) as connection:
            yield connection
