"""Pages that operators send: kept in a folder, read as any other."""

from __future__ import annotations

import contextlib
import re
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.ingest.watchers import Ingest
from retrieval import ReadingLimits

_UNSAFE = re.compile(r"[^\w.\-]+")
_MOST_CHARS, _MOST_BYTES = 100, 200
"""Of a file's name: a file system takes 255 bytes, the name of what is written beside it too."""
WAITS = timedelta(days=30)
"""How long a file waits for its sender's decision."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """Where uploads lie and how they are taken in."""

    admins: frozenset[int]
    folder: Path
    watched: tuple[Path, ...]
    ingest: Ingest | None
    """None: pages are taken in by another process, which watches folders."""
    limits: ReadingLimits | None = None
    """What looking at one may take."""

    @property
    def pending(self) -> Path:
        """Where files wait for a decision; its name hides it from the ingest."""
        return self.folder / ".pending"

    def keep_waiting(self, token: str, name: str, data: bytes, now: datetime) -> Path:
        """Keep a file until its sender decides, under a token; return where. What nobody has decided on for long goes."""
        path = self.pending / token / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        for each in self.pending.iterdir():
            with contextlib.suppress(FileNotFoundError):  # decided on meanwhile
                if now - datetime.fromtimestamp(each.stat().st_mtime, now.tzinfo) > WAITS:
                    shutil.rmtree(each, ignore_errors=True)
        return path

    def is_admin(self, user_id: int | None) -> bool:
        """Whether this numeric Telegram id is an admin's."""
        return user_id in self.admins


def safe_name(name: str | None) -> str:
    """A file name of harmless characters that leads nowhere else."""
    bare = _UNSAFE.sub("_", (name or "").replace("\\", "/").rpartition("/")[2])
    cut = bare[-_MOST_CHARS:].encode()[-_MOST_BYTES:].decode(errors="ignore")
    return cut.lstrip(".") or "page.txt"
