"""Folders to the files in them that are pages; nothing is opened."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from retrieval.reading.archive import printable
from retrieval.reading.formats import PAGE_SUFFIXES
from retrieval.types import Skipped

_ARCHIVE = ".zip"
_WITHIN = re.compile(re.escape(_ARCHIVE) + "/", re.IGNORECASE)


def is_archive(path: Path) -> bool:
    """Whether a file is an archive of pages, by its name."""
    return path.suffix.lower() == _ARCHIVE


def archives_above(stored: str) -> Iterator[str]:
    """Yield what by its name may be the archive that a stored page lies in."""
    for each in _WITHIN.finditer(stored):
        yield stored[: each.end() - 1]


def is_page_name(name: str) -> bool:
    """Whether a file of this name in a folder or an archive is a page (an archive within one is not)."""
    return PurePosixPath(name).suffix.lower() in PAGE_SUFFIXES


def kind_of_file(mode: int) -> str:
    """What a file that is no regular one is, for a person."""
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device or a socket"


def find_pages(paths: Iterable[Path]) -> tuple[list[Path], list[Skipped]]:
    """Return the pages and archives under these files and folders, absolute, sorted, each once; and the rest.

    In folders, files of a known form by their name are pages, hidden ones are not, and links to folders or out
    of the folder are not followed. A file that is named itself is taken whatever its name. The rest is what cannot be looked
    at: missing, a pipe, a link in a circle, a name that cannot be stored.
    """
    found: dict[Path, None] = {}
    skipped: list[Skipped] = []
    for path in paths:
        absolute = path.absolute()
        if absolute.is_dir():
            for each in _walk(absolute, skipped):
                _take(each, found, skipped)
        else:
            _take(absolute, found, skipped)
    return sorted(found), skipped


def _take(path: Path, found: dict[Path, None], skipped: list[Skipped]) -> None:
    shown = printable(str(path))
    if shown != str(path):
        reason = "its name holds control characters or bytes that are no UTF-8: rename it"
        skipped.append(Skipped(Path(shown), None, reason))
        return
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        reason = "is a link to nothing" if path.is_symlink() else "is not there: check the path"
        skipped.append(Skipped(path, None, reason))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        skipped.append(Skipped(path, None, f"cannot be looked at ({reason})"))
    else:
        if stat.S_ISREG(mode):
            found[path] = None
        else:
            skipped.append(Skipped(path, None, f"is {kind_of_file(mode)}, not a page"))


def _walk(folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    """The files in a folder that are pages by their names, however deep they lie."""
    root = os.path.realpath(folder)
    waiting = [str(folder)]
    while waiting:
        parent = waiting.pop()
        try:
            with os.scandir(parent) as entries:
                found = [each for each in entries if not each.name.startswith(".")]
        except OSError as error:
            reason = f"the folder cannot be read ({error.strerror}): give yourself permission"
            skipped.append(Skipped(Path(printable(parent)), None, reason))
            continue
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            elif entry.is_symlink() and os.path.isdir(entry.path):
                reason = "is a link to a folder, not followed: name the folder"
                skipped.append(Skipped(Path(printable(entry.path)), None, reason))
            elif is_page_name(entry.name) or is_archive(Path(entry.name)):
                if leads_out(entry.path, root):
                    reason = "is a link out of the folder, not followed: put the file itself there"
                    skipped.append(Skipped(Path(printable(entry.path)), None, reason))
                else:
                    yield Path(entry.path)


def leads_out(path: str | Path, folder: str | Path) -> bool:
    """Whether a path is a link to something that is there and lies outside the folder."""
    if not os.path.islink(path) or not os.path.exists(path):
        return False
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
