"""A backup put into a home: unpacked beside what is there and checked to the last byte before anything is moved."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import BotError
from bot.operations.backup import sync_folder
from bot.operations.home_lock import UNFINISHED, home_alone
from bot.operations.manifest import (
    DATABASES,
    MOST_BYTES,
    NAME,
    UPLOADS,
    BackupError,
    File,
    Manifest,
    copy,
    read_manifest,
)
from retrieval import StoreError, check_sqlite, count_rows, move_pages, read_revision

_SPARE_BYTES = 100_000_000
_CACHES = ("dense.index", ".sparse.index")
_UNPACKING = ".restoring-"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done."""

    manifest: Manifest
    kept: Path | None
    """Where that lies which was there before."""


def restore(archive: Path, home: Path, *, replace: bool) -> Restored:
    """Make the home what it was when the archive was made.

    A home that has data is refused, or, with `replace`, its files are moved into a folder inside it and kept. Raises
    BackupError for an archive that is damaged, leads outside or is too new, HomeInUse while anything uses the home,
    BotError for the rest; until all has been checked nothing is changed.
    """
    with home_alone(home):
        if _present(home) and not replace:
            raise BotError(
                f"{home}: has data already: give --replace to put the backup in its place (what is there is kept aside)"
            )
        try:
            for left in home.glob(f"{_UNPACKING}*"):  # of a restore that was killed
                shutil.rmtree(left)
            with tempfile.TemporaryDirectory(prefix=_UNPACKING, dir=home) as name, _complaints(archive):
                folder = Path(name)
                manifest = _unpack(archive, folder)
                _check_databases(manifest, folder)
                if (folder / DATABASES[0].name).is_file():
                    move_pages(folder / DATABASES[0].name, Path(manifest.home) / UPLOADS, home / UPLOADS)
                return Restored(manifest, _put(folder, home))
        except OSError as error:
            is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            advice = "free disk space" if is_full else "see to it"
            raise BotError(
                f"{error.filename or home}: the backup cannot be restored ({error.strerror or error}): {advice}, "
                "then run it again"
            ) from error


def _present(home: Path) -> list[Path]:
    """What of a home a restore replaces, with SQLite's own files beside the databases."""
    names = [each.name + end for each in DATABASES for end in ("", "-wal", "-shm", "-journal")]
    found = [home / name for name in (*names, UPLOADS, *_CACHES) if (home / name).exists()]
    return [] if [path.name for path in found] == [UPLOADS] and not any(found[0].iterdir()) else found


@contextmanager
def _complaints(archive: Path) -> Iterator[None]:
    try:
        yield
    except BackupError as error:
        raise BackupError(f"{archive}: {error}") from None
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, UnicodeError) as error:
        raise BackupError(f"{archive}: is damaged or cut short ({error}): take another copy of it") from error
    except FileNotFoundError as error:
        if error.filename != str(archive):
            raise
        raise BackupError(
            f"{archive}: there is no such file: give the archive that `yunwen backup` wrote"
        ) from None


def _unpack(archive: Path, folder: Path) -> Manifest:
    """Write out what the manifest names, and nothing else; every byte is compared with its checksum."""
    with tarfile.open(archive, "r|gz") as members:
        first = members.next()
        content = members.extractfile(first) if first and first.isreg() and first.name == NAME else None
        if first is None or content is None or first.size > MOST_BYTES:
            raise BackupError("does not begin with a manifest: it is not a backup of yunwen")
        manifest = read_manifest(content.read())
        missing = {each.name: each for each in manifest.files}
        needed = sum(each.size for each in manifest.files) + _SPARE_BYTES
        if shutil.disk_usage(folder).free < needed:
            raise BotError(
                f"{folder.parent}: {needed // 1_000_000} MB are needed: free some disk space, then run it again"
            )
        while member := members.next():
            file = missing.pop(member.name, None)
            if file is None or not member.isreg() or member.size != file.size:
                raise BackupError(
                    f"holds {member.name[:80]!r}, which its manifest does not name as such a file: it was tampered with"
                )
            _write(members, member, file, folder)
    if missing:
        raise BackupError(f"{next(iter(missing))} is missing from it: take another copy of it")
    return manifest


def _write(members: tarfile.TarFile, member: tarfile.TarInfo, file: File, folder: Path) -> None:
    path = folder / file.name  # a name that the manifest's reading let pass
    source = members.extractfile(member)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = path.open("xb")
    except (FileExistsError, NotADirectoryError):
        reason = "it names one file twice, or a file and a folder alike"
        raise BackupError(f"holds {file.name[:80]!r}, which cannot be written: {reason}") from None
    with target:
        size, found = copy(source, target.write) if source else (-1, "")
        target.flush()
        os.fsync(target.fileno())
    if (size, found) != (file.size, file.sha256):
        raise BackupError(f"{file.name} in it does not have its checksum: it is damaged or was tampered with")


def _check_databases(manifest: Manifest, folder: Path) -> None:
    counts: dict[str, int] = {}
    for database in DATABASES:
        path = folder / database.name
        if not path.is_file():
            continue
        try:
            problems = check_sqlite(path)
            revision = read_revision(path, database.version_table)
            counts |= count_rows(path, database.tables)
        except StoreError as error:
            problems, revision = [str(error)], None
        if problems or revision != manifest.revisions.get(database.name):
            reason = problems[0] if problems else f"revision {revision} is not the manifest's"
            raise BackupError(f"its {database.name} is not sound ({reason}): take an older backup")
    if counts != manifest.counts:
        raise BackupError("its databases do not hold as much as its manifest says: take another copy of it")


def _put(folder: Path, home: Path) -> Path | None:
    """Move what is there aside and the new files into their place; a mark says so while it is half done."""
    old = _present(home)
    kept = home / f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}" if old else None
    (home / UNFINISHED).touch()
    sync_folder(home)
    if kept is not None:
        kept.mkdir()
        for path in old:
            path.rename(kept / path.name)
    for path in sorted(folder.iterdir()):
        path.rename(home / path.name)
    sync_folder(home)
    (home / UNFINISHED).unlink()
    return kept
