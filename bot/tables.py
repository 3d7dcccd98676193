"""Transactions over the bot's tables, shared by all that keep something in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from retrieval import reading_from, writing_to


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
