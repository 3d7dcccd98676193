"""Keys of programs: the settings hold a hash by name, so that nothing in them opens anything."""

from __future__ import annotations

import hashlib
import re
import secrets

NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
"""What a key may be called."""


def make_key() -> str:
    """Return a new key of 256 random bits."""
    return f"yw_{secrets.token_urlsafe(32)}"


def entry_of(name: str, key: str) -> str:
    """Return what the setting API_KEYS holds of a key."""
    return f"{name}:{_hash(key)}"


class KeyRing:
    """Knows whose a key is."""

    def __init__(self, entries: str | None) -> None:
        """`entries` are those of API_KEYS, separated by spaces or commas."""
        found = (each.partition(":") for each in re.split(r"[\s,]+", entries or "") if each)
        self._names = {checksum: name for name, _, checksum in found}

    def name_of(self, key: str) -> str | None:
        """Return the name of a key, or None. What is looked up is its hash, whose timing tells nothing of the key."""
        return self._names.get(_hash(key))


def _hash(key: str) -> str:
    """Return the SHA-256 of a key; it has 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
