"""One ingest at a time into a database: a lock that is freed when its holder dies, whatever ended it.

For SQLite it is the system's, on a file beside the database; for PostgreSQL the server's, for all hosts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Engine

from bot.errors import BotError
from retrieval import file_held_alone, held_alone


class IngestRuns(BotError):
    """Another process is ingesting into the same database."""


@contextmanager
def ingest_lock(home: Path, engine: Engine | None = None) -> Iterator[None]:
    """Hold the lock of the engine's database; raises IngestRuns, naming the process that holds it."""
    if engine is not None and engine.dialect.name == "postgresql":
        with held_alone(engine, "ingest") as holder:
            if holder is not None:
                raise _runs(str(engine.url.database), holder)
            yield
    else:
        with _file_lock(home):
            yield


@contextmanager
def _file_lock(home: Path) -> Iterator[None]:
    path = home / "ingest.lock"
    with ExitStack() as stack:
        try:
            home.mkdir(parents=True, exist_ok=True)
            holder = stack.enter_context(file_held_alone(path))
        except OSError as error:
            raise BotError(
                f"{path}: cannot be written ({error.strerror}): free disk space, or make the folder writable"
            ) from error
        if holder is not None:
            raise _runs(str(home), holder)
        yield


def _runs(where: str, holder: str) -> IngestRuns:
    return IngestRuns(
        f"{where}: {holder} is ingesting: wait until it has finished, then run the command again"
    )
