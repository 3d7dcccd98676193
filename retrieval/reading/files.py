"""Files to pages: which reader reads one, and what can go wrong with it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import IO

from retrieval.errors import ReadingError
from retrieval.reading.archive import MAX_ARCHIVE_BYTES, unpack
from retrieval.reading.encoding import UndecodableError, decode_page
from retrieval.reading.finding import is_archive, is_page_name, kind_of_file, leads_out
from retrieval.reading.formats import format_of
from retrieval.reading.sidecar import (
    MAX_SIDECAR_BYTES,
    SUFFIX,
    SidecarError,
    apply_sidecar,
    parse_sidecar,
    sidecar_path,
)
from retrieval.types import Page, Skipped

EMPTY = "the page is empty: nothing to read in it"
_MAX_SIDECARS_BYTES = 50_000_000
"""Of an archive's sidecars together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A page's bytes, not yet read, so that an unchanged page costs no more than their hash."""

    path: Path
    data: bytes
    sidecar: bytes | None = None
    problem: Skipped | None = None
    """Why a sidecar that is there could not be taken."""

    @property
    def sha256(self) -> str:
        """Of the bytes, and of the sidecar's where there is one, in hexadecimal."""
        checksum = sha256(self.data)
        if self.sidecar is not None:
            checksum = sha256(checksum.digest() + sha256(self.sidecar).digest())
        return checksum.hexdigest()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read in it."""
        return not self.data.strip()

    def read(self) -> Page:
        """Return the page; raises ReadingError if it is too large, empty, no such form or without an article.

        A sidecar that cannot be used is named in `skipped`, and the page is read without it.
        """
        page = self._parse()
        if self.problem:
            return replace(page, skipped=(*page.skipped, self.problem))
        if self.sidecar is None:
            return page
        where = sidecar_path(self.path)
        try:
            return apply_sidecar(page, parse_sidecar(self.sidecar), where)
        except SidecarError as error:
            problem = Skipped(where, error.line, f"{error.reason}; the page is read without it")
        except Exception as error:  # whatever an editor writes there, the page is read
            reason = f"cannot be used ({type(error).__name__}); the page is read without it"
            problem = Skipped(where, None, reason)
        return replace(page, skipped=(*page.skipped, problem))

    def _parse(self) -> Page:
        if self.is_empty:
            raise ReadingError(self.path, EMPTY)
        form = format_of(self.path.name)
        if not form.is_text:
            return form.read(self.data, self.path, sha256=self.sha256)
        try:
            text, encoding = decode_page(self.data)
        except UndecodableError as error:
            raise ReadingError(self.path, str(error)) from None
        return form.read(text, self.path, sha256=self.sha256, encoding=encoding)


def read_page(path: Path) -> Page:
    """Return the page in a file that is no archive, read here and now, without limits: for files one trusts.

    Raises ReadingError if it is missing, cannot be read, is no regular file, too large, no text, empty or
    without an article.
    """
    if is_archive(path):
        raise ReadingError(path, "is an archive of pages, not one page")
    (raw,) = raw_pages(path)
    if isinstance(raw, Skipped):
        raise ReadingError(raw.path, raw.reason, raw.line)
    return raw.read()


def raw_pages(path: Path) -> Iterator[RawPage | Skipped]:
    """Yield the bytes of the pages in a file, one page at a time, in the order of their names.

    Raises ReadingError if the file is missing, cannot be read, is no regular file or too large.
    """
    if is_archive(path):
        yield from _members(path)
        return
    with _open(path) as file:
        data = _read(file, path, max_bytes(path.name))
    beside = sidecar_path(path)
    if not os.path.lexists(beside):
        yield RawPage(path=path, data=data)
        return
    try:
        if leads_out(beside, path.parent):
            raise ReadingError(beside, "is a link out of the folder, not followed")
        with _open(beside) as file:
            sidecar = _read(file, beside, MAX_SIDECAR_BYTES)
    except ReadingError as error:
        problem = Skipped(beside, None, f"{error.reason}; the page is read without it")
        yield RawPage(path=path, data=data, problem=problem)
    else:
        yield RawPage(path=path, data=data, sidecar=sidecar)


def _members(path: Path) -> Iterator[RawPage | Skipped]:
    """An archive's pages with their sidecars, which are few and small and so are gathered first."""
    sidecars: dict[Path, bytes] = {}
    n_bytes = 0
    with _open(path) as file:
        if os.fstat(file.fileno()).st_size > MAX_ARCHIVE_BYTES:
            raise ReadingError(path, f"is larger than {_size(MAX_ARCHIVE_BYTES)}: split it")
        for each in unpack(file, path, lambda name: name.endswith(SUFFIX), lambda _: MAX_SIDECAR_BYTES):
            if isinstance(each, Skipped):
                if each.path.name.endswith(SUFFIX):
                    yield each
                continue
            where, data = each
            n_bytes += len(data)
            if n_bytes > _MAX_SIDECARS_BYTES:
                raise ReadingError(
                    path, "the archive's sidecars are larger than its pages can need: split it"
                )
            sidecars[where] = data
        for each in unpack(file, path, is_page_name, max_bytes):
            if isinstance(each, Skipped):
                yield each
            else:
                yield RawPage(path=each[0], data=each[1], sidecar=sidecars.get(sidecar_path(each[0])))


def max_bytes(name: str) -> int:
    """The size above which a file of this name is refused unread."""
    return format_of(name).max_bytes


@contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    """Open a regular file; never waits, as a pipe would make it. Raises ReadingError if it cannot be."""
    try:
        # without O_NONBLOCK a pipe's opening waits for a writer
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise ReadingError(path, "is not there: check the path") from None
    except PermissionError:
        raise ReadingError(path, "may not be read: give yourself permission (chmod +r)") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ReadingError(path, f"cannot be read ({reason}): check the disk") from error
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            raise ReadingError(path, f"is {kind_of_file(mode)}, not a page")
    except BaseException:
        os.close(handle)
        raise
    with os.fdopen(handle, "rb") as file:
        yield file


def _read(file: IO[bytes], path: Path, limit: int) -> bytes:
    try:
        before = os.fstat(file.fileno())
        data = file.read(limit + 1)
        after = os.fstat(file.fileno())
    except OSError as error:
        raise ReadingError(path, f"cannot be read ({error.strerror}): check the disk") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ReadingError(path, "was written to while it was read: read it again when it is whole")
    if len(data) > limit:
        raise ReadingError(path, f"is larger than {_size(limit)}: split it into pages")
    return data


def _size(n_bytes: int) -> str:
    return f"{n_bytes // 1_000_000} MB" if n_bytes >= 1_000_000 else f"{n_bytes // 1_000} kB"
