"""A zip archive as a folder of pages: members one at a time, within limits, each refused with its reason."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from retrieval.errors import ReadingError
from retrieval.types import Skipped

MAX_ARCHIVE_BYTES = 500_000_000
MAX_MEMBERS = 20_000
MAX_UNPACKED = 2_000_000_000
"""Of all members together; they are unpacked one at a time."""
MAX_RATIO = 200
"""Text packs to a tenth, at most a fiftieth; a bomb to a thousandth."""
_RATIO_COUNTS_FROM = 1_000_000
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".bz2", ".xz")
_ENCRYPTED = 0x1
_NAME_IS_UTF8 = 0x800

UNPACK_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""What zipfile raises for bytes that are no archive, or a damaged one."""


def unpack(
    file: IO[bytes], path: Path, is_page: Callable[[str], bool], max_bytes: Callable[[str], int]
) -> Iterator[tuple[Path, bytes] | Skipped]:
    """Yield the path, `<archive>/<member>`, and bytes of each member that `is_page` by its name, sorted.

    A member that is encrypted, too large, packed too densely, damaged, a link, an archive, named twice or
    named to lie elsewhere is skipped with its reason; hidden ones and what is no page are passed over.
    `max_bytes` limits a member by its name. Raises ReadingError if the archive cannot be read or exceeds a
    limit as a whole.
    """
    try:
        archive = zipfile.ZipFile(file)
    except UNPACK_ERRORS as error:
        raise ReadingError(path, f"is no zip archive, or a damaged one ({error}): pack it again") from None
    with archive:
        members = [each for each in archive.infolist() if not each.is_dir()]
        _check_whole(members, path)
        seen: set[str] = set()
        for name, member in sorted(((member_name(each), each) for each in members), key=lambda pair: pair[0]):
            parts = PurePosixPath(name.replace("\\", "/")).parts
            if any(part.startswith(".") and part != ".." for part in parts) or "__MACOSX" in parts:
                continue
            if not is_page(name) and not name.lower().endswith(_ARCHIVES):
                continue
            where = path / printable(name.replace("..", "__").lstrip("/\\"))
            reason = _refusal(name, member, max_bytes(name), is_twice=name in seen)
            seen.add(name)
            yield Skipped(where, None, reason) if reason else _read(archive, member, where)


def member_name(member: zipfile.ZipInfo) -> str:
    """Return the member's name; archives made on Chinese Windows have it in GBK without saying so."""
    if member.flag_bits & _NAME_IS_UTF8:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return member.filename


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return a member's bytes; one that unpacks to more than it says costs no more memory than it says.

    Raises one of UNPACK_ERRORS. (`ZipFile.read` unpacks everything before it looks at the size.)
    """
    with archive.open(member) as file:
        return file.read(member.file_size + 1)


def printable(name: str) -> str:
    """Return a name with what cannot be printed or stored, control characters and lone bytes, escaped."""
    safe = name.encode("utf-8", "backslashreplace").decode()
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in safe)


def _check_whole(members: list[zipfile.ZipInfo], path: Path) -> None:
    if len(members) > MAX_MEMBERS:
        raise ReadingError(path, f"the archive has more than {MAX_MEMBERS} members: split it")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise ReadingError(
            path, f"the archive unpacks to more than {MAX_UNPACKED // 1_000_000_000} GB: split it"
        )


def _refusal(name: str, member: zipfile.ZipInfo, max_bytes: int, *, is_twice: bool) -> str | None:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        return "its name leads out of the archive: pack it again with plain names"
    if printable(name) != name:
        return "its name holds control characters or no known encoding: rename it"
    if is_twice:
        return "a second member of this name: only the first is read"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link: pack the file itself"
    if name.lower().endswith(_ARCHIVES):
        return "an archive within an archive is not opened: unpack it"
    if member.flag_bits & _ENCRYPTED:
        return "is encrypted: pack it without a password"
    if member.file_size > max_bytes:
        return f"is larger than {max_bytes // 1_000_000} MB: split it into pages"
    if member.file_size > _RATIO_COUNTS_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1):
        return f"unpacks to more than {MAX_RATIO} times its size: this is no text"
    return None


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: Path) -> tuple[Path, bytes] | Skipped:
    try:
        return where, read_member(archive, member)
    except UNPACK_ERRORS as error:
        return Skipped(where, None, f"is damaged in the archive ({error}): pack it again")
