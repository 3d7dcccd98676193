"""A home that an earlier commit made (`make_old_home.py`), with the messages that its bot had sent."""

import json
import sqlite3
import tarfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from paths import ROOT
from stand_in import Sent

ARCHIVE = ROOT / "tests" / "data" / "home_b39e0de.tar.xz"


def unpack(folder: Path) -> list[Sent]:
    """Put the home into a folder as if it had been left yesterday; its bot's messages."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    _move_to_yesterday(folder / "home")
    lines = (folder / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [Sent(**json.loads(line)) for line in lines]


def _move_to_yesterday(home: Path) -> None:
    """Move all times, so that nothing in it outlives what it is kept for, and the day's digest is due."""
    with closing(sqlite3.connect(home / "chats.db")) as chats:
        (last,) = chats.execute("SELECT max(received_at) FROM inbox").fetchone()
        by = datetime.now(UTC) - timedelta(hours=25) - datetime.fromisoformat(last).replace(tzinfo=UTC)
        _move_times(chats, by)
    with closing(sqlite3.connect(home / "yunwen.db")) as articles:
        _move_times(articles, by)


def _move_times(connection: sqlite3.Connection, by: timedelta) -> None:
    def moved(text: str | None) -> str | None:
        return text and (datetime.fromisoformat(text) + by).isoformat(" ", "microseconds")

    connection.create_function("moved", 1, moved)
    columns = connection.execute(
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c "
        "WHERE m.type = 'table' AND c.type = 'DATETIME'"
    )
    for table, column in columns.fetchall():
        connection.execute(f'UPDATE "{table}" SET "{column}" = moved("{column}")')
    connection.commit()
