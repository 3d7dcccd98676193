"""What can go wrong in the world, as one tree.

RetrievalError
├── ReadingError          a page could not be read (path, reason, line)
├── StoreError            the database could not be opened or written
│   └── SchemaError       it was made by another version
├── Unreachable           a server that is needed does not answer (where); it is tried anew with the next use
├── SnapshotError         the search index could not be saved
└── EncoderMismatch       the vectors in the store come from another encoder (stored, wanted)

A caller's mistake is a ValueError; an empty result is an empty list. Every message says what, where and
what to do, in one line.
"""

from __future__ import annotations

from pathlib import Path


class RetrievalError(Exception):
    """Root of the tree."""


class ReadingError(RetrievalError):
    """A page could not be read."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {reason}")
        self.path = path
        self.reason = reason
        self.line = line

    def __reduce__(self) -> tuple[type[ReadingError], tuple[Path, str, int | None]]:
        """How it travels between processes."""
        return type(self), (self.path, self.reason, self.line)


class StoreError(RetrievalError):
    """The database could not be opened, read or written."""


class SchemaError(StoreError):
    """The database was made by a version of yunwen that this one does not know."""


class Unreachable(RetrievalError):
    """A server that yunwen needs does not answer; whoever tries again later may find it there."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            f"{where}: cannot be reached now ({reason}): start the server or correct its address"
        )
        self.where = where


class SnapshotError(RetrievalError):
    """The search index could not be saved."""


class EncoderMismatch(RetrievalError):
    """The stored vectors come from another encoder than the one at hand."""

    def __init__(self, stored: str, wanted: str) -> None:
        super().__init__(
            f"the index was built with the encoder {stored}, but the settings now name {wanted}: "
            f"run `yunwen ingest --reencode` to encode everything again, or set EMBEDDING_MODEL back"
        )
        self.stored = stored
        self.wanted = wanted
