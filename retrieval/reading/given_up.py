"""Pages that cost their reader all that it may take: they cost it once, and not at every look at the folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from retrieval.reading.sidecar import sidecar_path

_Written: TypeAlias = tuple[int, int, int]
FileState: TypeAlias = tuple[_Written | None, _Written | None]
"""When and how large a file and its sidecar were last written; None for one that is not there."""
_MOST_TRIES = 2
"""Of a page that may have had bad luck: the machine was busy, or short of memory."""


class GivenUp:
    """Remembers them by their file, as long as it stays as it was."""

    def __init__(self) -> None:
        self._files: dict[Path, tuple[FileState, dict[Path, tuple[str, int]]]] = {}

    def of(self, file: Path, state: FileState) -> Mapping[Path, str]:
        """Return the pages of a file in this state that were given up, with the reason; those of another are forgotten."""
        tried = self._tried(file, state)
        return {page: reason for page, (reason, n_tries) in tried.items() if n_tries >= _MOST_TRIES}

    def add(self, file: Path, state: FileState, page: Path, reason: str, *, is_lasting: bool) -> None:
        """Give up a page of a file that was in this state when it was read, at once if it would always be so."""
        tried = self._tried(file, state)
        n_tries = _MOST_TRIES if is_lasting else tried.get(page, ("", 0))[1] + 1
        self._files[file] = state, {**tried, page: (reason, n_tries)}

    def _tried(self, file: Path, state: FileState) -> dict[Path, tuple[str, int]]:
        before, tried = self._files.get(file, (state, {}))
        if before == state:
            return tried
        del self._files[file]
        return {}


def state_of(file: Path) -> FileState:
    """Return how a file and its sidecar lie there."""
    return _written(file), _written(sidecar_path(file))


def _written(path: Path) -> _Written | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size
