"""A SQLite file as a whole: copied while it is in use, checked, its revision and rows counted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from retrieval.store.database import store_errors


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with (
        store_errors(f"sqlite:///{path}"),
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=30)) as connection,
    ):
        yield connection


def copy_sqlite(source: Path, target: Path) -> None:
    """Make `target` a file of its own with all that was committed in `source` at one moment.

    Others go on reading and writing meanwhile (SQLite's online backup, in one step). Raises StoreError.
    """
    with _opened(source) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def check_sqlite(path: Path) -> list[str]:
    """What SQLite finds wrong with the file; an empty list if nothing. Raises StoreError if it is no database."""
    with _opened(path) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(10)")]
    return [] if found == ["ok"] else found


def read_revision(path: Path, version_table: str) -> str | None:
    """The revision of one package's tables in the file, or None if they are not there. Raises StoreError."""
    with _opened(path) as connection:
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (version_table,)).fetchone()
        row = connection.execute(f"SELECT version_num FROM {version_table}").fetchone() if known else None
    return str(row[0]) if row else None


def count_rows(path: Path, tables: Sequence[str]) -> dict[str, int]:
    """How many rows each of these tables has; those that are not there are left out. Raises StoreError."""
    with _opened(path) as connection:
        there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {
            table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in tables
            if table in there
        }


def move_pages(path: Path, before: Path, after: Path) -> int:
    """Let the pages that lay under one folder lie under another. Return how many. Raises StoreError.

    A page is known by its path: without this it would be read a second time where it lies now.
    """
    old, new = f"{before}/", f"{after}/"
    with _opened(path) as connection, connection:
        return connection.execute(
            "UPDATE pages SET path = ? || substr(path, ?) WHERE substr(path, 1, ?) = ?",
            (new, len(old) + 1, len(old), old),
        ).rowcount
