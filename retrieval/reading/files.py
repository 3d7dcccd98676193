"""Files to pages: which files are pages, and what can go wrong with one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from retrieval.errors import ReadingError
from retrieval.reading.encoding import UndecodableError, decode_page
from retrieval.reading.page import parse_page
from retrieval.reading.records import parse_records
from retrieval.types import Page, Skipped

MAX_BYTES = 20_000_000
"""A newspaper page has some 50 thousand; a larger file is a mistake, or should be split."""
_PAGES = frozenset({".txt", ".md", ".jsonl"})


def read_page(path: Path) -> Page:
    """Return the page in a file.

    Raises ReadingError if it is missing, cannot be read, too large, no text, empty or without an article.
    """
    data = _read(path)
    if not data.strip():
        raise ReadingError(path, "the page is empty: nothing to read in it")
    try:
        text, encoding = decode_page(data)
    except UndecodableError as error:
        raise ReadingError(path, str(error)) from None
    parse = parse_records if path.suffix == ".jsonl" else parse_page
    return parse(text, path, sha256=sha256(data).hexdigest(), encoding=encoding)


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ReadingError(path, "is a folder, not a page")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ReadingError(path, "is not there: check the path") from None
    except PermissionError:
        raise ReadingError(path, "may not be read: give yourself permission (chmod +r)") from None
    except OSError as error:
        raise ReadingError(path, f"cannot be read ({error.strerror}): check the disk") from error
    if len(data) > MAX_BYTES:
        raise ReadingError(path, f"is larger than {MAX_BYTES // 1_000_000} MB: split it into pages")
    return data


def find_pages(paths: Iterable[Path]) -> tuple[list[Path], list[Skipped]]:
    """Return the pages under these files and folders, absolute, sorted, each once, and what cannot be looked at.

    In folders, files named *.txt, *.md and *.jsonl are pages, hidden ones are not. A file that is named
    itself is taken whatever its name.
    """
    found: dict[Path, None] = {}
    skipped: list[Skipped] = []
    for path in paths:
        absolute = path.absolute()
        if absolute.is_dir():
            found.update(dict.fromkeys(_walk(absolute, skipped)))
        elif absolute.exists():
            found[absolute] = None
        else:
            skipped.append(Skipped(absolute, None, "is not there: check the path"))
    return sorted(found), skipped


def _walk(folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        where = Path(error.filename or folder)
        skipped.append(
            Skipped(where, None, f"the folder cannot be read ({error.strerror}): give yourself permission")
        )

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in _PAGES:
                yield Path(parent) / name
