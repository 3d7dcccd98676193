"""Secrets kept in files: read, and made where the bot itself is the one to choose them."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.errors import BotError

FEWEST_CHARS = 16
"""What is shorter proves nothing: it is a file cut short by a full disk, or one that could be guessed."""
WEBHOOK_SECRET = re.compile(rf"[A-Za-z0-9_-]{{{FEWEST_CHARS},256}}")
"""What Telegram takes as a webhook's secret, and long enough to be one."""


def read_secret(name: str, path: Path) -> str:
    """Return the secret in a file that the setting `name` names. Raises BotError if it holds none."""
    try:
        secret = path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise BotError(
            f"{name}: {path}: cannot be read ({reason}): name a file that this user may read"
        ) from None
    if len(secret) < FEWEST_CHARS:
        raise BotError(
            f"{name}: {path}: holds {len(secret)} characters, and a secret has at least {FEWEST_CHARS}: "
            "write it again"
        )
    return secret


def keep_secret(path: Path) -> str:
    """Return the webhook's secret in a file that only its owner can read.

    It is made where there is none, and anew where the file holds less than a secret. Raises BotError if the file
    cannot be read or written.
    """
    try:
        kept = path.read_text(encoding="utf-8", errors="replace").strip() if path.exists() else ""
        if WEBHOOK_SECRET.fullmatch(kept):
            return kept
        secret = secrets.token_urlsafe(32)
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, secret)
    except OSError as error:
        raise BotError(
            f"{path}: cannot be kept ({error.strerror}): make the folder writable and free some space"
        ) from error
    return secret


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all; it is its owner's alone from the first moment."""
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:  # has mode 600
        made = Path(file.name)
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            made.replace(path)
        except BaseException:
            made.unlink(missing_ok=True)
            raise
