"""One ingest at a time: a lock on a file beside the database, which the system frees when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import BotError


class IngestRuns(BotError):
    """Another process is ingesting into the same database."""


@contextmanager
def ingest_lock(home: Path) -> Iterator[None]:
    """Hold the lock; raises IngestRuns, naming the process that holds it."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "ingest.lock"
    try:
        file = path.open("a+", encoding="ascii")
    except OSError as error:
        raise BotError(f"{path}: cannot be written ({error.strerror}): make the folder writable") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            raise IngestRuns(
                f"{home}: process {holder} is ingesting: wait until it has finished, then run the command again"
            ) from None
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
