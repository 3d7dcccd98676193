"""Moving an installation from its SQLite files to PostgreSQL: articles and chats, into one database."""

from __future__ import annotations

from pathlib import Path

from bot.chats.database import open_chats
from bot.chats.schema import metadata
from bot.errors import BotError
from bot.ingest.lock import ingest_lock
from bot.progress import TerminalProgress
from retrieval import Moved, Store, relocate, relocate_store


def relocate_all(home: Path, url: str, progress: TerminalProgress) -> list[Moved]:
    """Copy all tables of the files in `home` to the database at `url`. Return what is there afterwards.

    Run again after an interruption it goes on where it stopped. Nobody may ingest meanwhile. Raises BotError,
    StoreError, RelocationRefused.
    """
    articles, chats = home / "yunwen.db", home / "chats.db"
    if not articles.exists():
        raise BotError(f"{articles}: is not there: set YUNWEN_HOME to the folder of the files to move")
    if url.partition(":")[0].partition("+")[0] not in ("postgres", "postgresql"):
        raise BotError("the target must be PostgreSQL: write postgresql://user:password@host/name")
    with ingest_lock(home):
        source, target = Store.open(f"sqlite:///{articles}"), Store.open(url)
        source_chats, target_chats = open_chats(f"sqlite:///{chats}", source.engine), open_chats(url)
        try:
            return [
                *relocate_store(source, target, progress),
                *relocate(source_chats, target_chats, metadata.sorted_tables, "chats", source.id, progress),
            ]
        finally:
            for engine in (source.engine, target.engine, source_chats, target_chats):
                engine.dispose()
