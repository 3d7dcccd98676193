"""What a backup says of itself: the first file of its archive, which names every other with its size and checksum."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO

from bot.chats.database import VERSION_TABLE as CHATS_VERSION_TABLE
from bot.chats.schema import HEAD as CHATS_HEAD
from bot.errors import BotError
from retrieval import HEAD, VERSION_TABLE

NAME = "manifest.json"
MOST_BYTES = 50_000_000
_FORMAT, _VERSION = "yunwen-backup", 1
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Database:
    """One of the databases of a home."""

    name: str
    version_table: str
    head: str
    """The newest revision that this version knows."""
    tables: tuple[str, ...]
    """Those whose rows a person cares about."""


DATABASES = (
    Database("yunwen.db", VERSION_TABLE, HEAD, ("pages", "articles", "passages")),
    Database(
        "chats.db", CHATS_VERSION_TABLE, CHATS_HEAD, ("answers", "chats", "subscriptions", "deliveries")
    ),
)
UPLOADS = "uploads"


@dataclass(frozen=True, slots=True)
class File:
    """A file of the archive."""

    name: str
    """Relative to the home, with slashes."""
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive holds and what made it."""

    made_at: datetime
    yunwen: str
    home: str
    """Where it was made: pages that were uploaded are known by their path."""
    revisions: dict[str, str | None]
    """By database."""
    counts: dict[str, int]
    """Rows by table."""
    files: tuple[File, ...]


class BackupError(BotError):
    """An archive that is no backup, is damaged, or cannot be restored here; nothing was changed."""


def write_manifest(manifest: Manifest) -> bytes:
    """The manifest as JSON, UTF-8."""
    content = {
        "format": _FORMAT,
        "version": _VERSION,
        **asdict(manifest),
        "made_at": manifest.made_at.isoformat(),
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def read_manifest(data: bytes) -> Manifest:
    """The manifest of an archive; raises BackupError for what is none, or names a file outside the home."""
    try:
        content = json.loads(data)
        if content["format"] != _FORMAT:
            raise ValueError("format")
        if content["version"] > _VERSION:
            raise BackupError("the backup was made by a newer yunwen: upgrade yunwen, then restore it")
        manifest = Manifest(
            made_at=datetime.fromisoformat(content["made_at"]),
            yunwen=str(content["yunwen"]),
            home=str(content["home"]),
            revisions={str(name): value and str(value) for name, value in content["revisions"].items()},
            counts={str(name): int(n) for name, n in content["counts"].items()},
            files=tuple(
                File(str(each["name"]), int(each["size"]), str(each["sha256"])) for each in content["files"]
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BackupError(
            "its manifest cannot be read: it is not a backup of yunwen, or is damaged"
        ) from error
    _check(manifest)
    return manifest


def _check(manifest: Manifest) -> None:
    for file in manifest.files:
        if not is_name(file.name):
            raise BackupError(
                f"it names {file.name[:80]!r}, which is no file of a home: it is not a backup of yunwen"
            )
    for database in DATABASES:
        revision = manifest.revisions.get(database.name)
        if revision is not None and revision > database.head:
            raise BackupError(
                f"its {database.name} is at revision {revision}, made by a newer yunwen ({manifest.yunwen}); this one knows "
                f"up to {database.head}: upgrade yunwen, then restore it"
            )


def is_name(name: str) -> bool:
    """Whether a name is one that a backup may hold: a database, or a file under the uploads, and nothing that leads elsewhere."""
    parts = PurePosixPath(name).parts
    if name != "/".join(parts) or any(
        part in ("..", ".", "/") or "\0" in part or "\\" in part for part in parts
    ):
        return False
    return name in {each.name for each in DATABASES} or (len(parts) > 1 and parts[0] == UPLOADS)


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return copy(file, lambda _piece: None)[1]


def copy(source: IO[bytes], write: Callable[[bytes], object]) -> tuple[int, str]:
    """Read to the end in pieces, hand each on. Return the number of bytes and their SHA-256."""
    size, found = 0, sha256()
    while piece := source.read(_PIECE):
        write(piece)
        found.update(piece)
        size += len(piece)
    return size, found.hexdigest()
