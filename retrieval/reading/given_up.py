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


class GivenUp:
    """Remembers them by their file, as long as it stays as it was."""

    def __init__(self) -> None:
        self._files: dict[Path, tuple[FileState, dict[Path, str]]] = {}

    def of(self, file: Path, state: FileState) -> Mapping[Path, str]:
        """Return the pages of a file in this state that were given up, with the reason; those of another are forgotten."""
        before, pages = self._files.get(file, (state, {}))
        if before != state:
            del self._files[file]
            return {}
        return pages

    def add(self, file: Path, state: FileState, page: Path, reason: str) -> None:
        """Give up a page of a file that was in this state when it was read."""
        self._files[file] = state, {**self.of(file, state), page: reason}


def state_of(file: Path) -> FileState:
    """Return how a file and its sidecar lie there."""
    return _written(file), _written(sidecar_path(file))


def _written(path: Path) -> _Written | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size
