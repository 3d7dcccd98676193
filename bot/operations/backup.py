"""A home in one archive, made while it is in use: both databases, the uploads, and a manifest that names them all.

The dense index is not in it: it is built again from the database. Files that wait for an operator's decision, settings
and the folders of pages are not in it either.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bot.errors import BotError
from bot.operations.manifest import DATABASES, NAME, UPLOADS, File, Manifest, checksum, write_manifest
from retrieval import copy_sqlite, count_rows, file_held_alone, read_revision

_LEVEL = 3
"""gzip's: half the time of its default for a tenth more."""
_WORK, _LOCK = ".yunwen-backup-", "lock"
"""Begins the name of the folder beside the archive in which it is made; a file in it, locked while that goes on."""


def back_up(home: Path, target: Path) -> tuple[Path, Manifest]:
    """Write the archive, whole or not at all; where it is, and what is in it.

    `target` is a file, or a folder in which it gets a name of the moment. Raises BotError if there is nothing to back
    up or it cannot be written, StoreError for a damaged database.
    """
    if not any((home / each.name).is_file() for each in DATABASES):
        raise BotError(f"{home}: there is nothing to back up: set YUNWEN_HOME to the folder of the databases")
    made_at = datetime.now(UTC)
    path = target / f"yunwen-{made_at:%Y%m%dT%H%M%SZ}.tar.gz" if target.is_dir() else target.absolute()
    try:
        _remove_left(path.parent)
        with (
            tempfile.TemporaryDirectory(prefix=_WORK, dir=path.parent) as name,  # open to its owner only
            file_held_alone(Path(name) / _LOCK),
        ):
            copies = Path(name) / "copies"
            copies.mkdir()
            manifest = _collect(home, copies, made_at)
            _pack(copies, manifest, Path(name) / "archive")
            os.replace(Path(name) / "archive", path)
        sync_folder(path.parent)
    except OSError as error:
        raise BotError(
            f"{path}: the backup cannot be written ({error.strerror or error}): free disk space or choose another folder"
        ) from error
    return path, manifest


def _collect(home: Path, folder: Path, made_at: datetime) -> Manifest:
    """Copy everything as it is at one moment a file, and say what it is.

    The chats are copied before the articles, which they refer to, and the uploads last: what came in meanwhile is
    read again, what is gone is gone.
    """
    revisions: dict[str, str | None] = {}
    counts: dict[str, int] = {}
    for database in reversed(DATABASES):
        if (home / database.name).is_file():
            copy = folder / database.name
            copy_sqlite(home / database.name, copy)
            revisions[database.name] = read_revision(copy, database.version_table)
            counts |= count_rows(copy, database.tables)
    for source in sorted((home / UPLOADS).rglob("*")):
        relative = source.relative_to(home)
        hidden = any(part.startswith(".") for part in relative.parts)
        if not hidden and source.is_file() and not source.is_symlink():
            (folder / relative).parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # removed by an operator a moment ago
                shutil.copyfile(source, folder / relative)
    files = tuple(
        File(path.relative_to(folder).as_posix(), path.stat().st_size, checksum(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )
    return Manifest(made_at, version("yunwen"), str(home), revisions, counts, files)


def _remove_left(folder: Path) -> None:
    """Remove what backups that were killed have left in a folder; one that runs holds its lock."""
    for left in folder.glob(f"{_WORK}*"):
        with file_held_alone(left / _LOCK) as holder:
            if holder is None:
                shutil.rmtree(left)


def _pack(folder: Path, manifest: Manifest, path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with (
            gzip.GzipFile(path.name, "wb", _LEVEL, file) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
        ):
            content = write_manifest(manifest)
            archive.addfile(_member(NAME, len(content), manifest), io.BytesIO(content))
            for each in manifest.files:
                with (folder / each.name).open("rb") as source:
                    archive.addfile(_member(each.name, each.size, manifest), source)
        file.flush()
        os.fsync(file.fileno())


def _member(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(manifest.made_at.timestamp())
    return member


def sync_folder(folder: Path) -> None:
    """Let the names in a folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
