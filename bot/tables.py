"""Transactions over the bot's tables, shared by all that keep something in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from retrieval import store_errors


class Tables:
    """Reads and writes in transactions of their own; the database's failures are StoreErrors."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._url = engine.url.render_as_string(hide_password=False)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with store_errors(self._url), self.engine.connect() as connection:
            yield connection.execution_options(read_only=True)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with store_errors(self._url), self.engine.begin() as connection:
            yield connection
