"""A lock on a file, which the system frees when its holder dies, whatever ended it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def file_held_alone(path: Path) -> Iterator[str | None]:
    """Try to hold a lock on a file, made if there is none. Yield None if it is held, else who holds it. Raises OSError."""
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        holder = ""
        with suppress(OSError):
            holder = path.read_text(encoding="ascii", errors="replace")[:20].strip()
        yield f"process {holder or 'unknown'}"
        return
    try:
        with suppress(OSError):  # the number is for people; on a full disk the lock holds without it
            path.write_text(str(os.getpid()), encoding="ascii")
        yield None
    finally:
        lock.release()
