"""Addresses that open an article or a place in the bot, and what such an address asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What Telegram lets through behind `start=`."""
_URL_CHARS = 2000
_ARTICLE, _PLACE = "a_", "r_"
_CANNOT_BEGIN = "”’」』）】》，。、；：！？…,.;:!?) \t\u3000"


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of one bot."""

    username: str
    web_url: str | None = None
    """Where the pages are; None: there are none."""

    def article(self, article_id: str) -> str:
        """The address that opens an article: its page, else the bot."""
        started = self._start(_ARTICLE + article_id)
        return f"{self.web_url}/a/{article_id}" if self.web_url else started

    def place(self, code: str) -> str:
        """The address that opens a division."""
        return self._start(_PLACE + code)

    def _start(self, payload: str) -> str:
        if not _PAYLOAD.fullmatch(payload):
            raise ValueError(f"{payload!r} cannot stand in a link: letters, digits, _ and -, at most 64")
        return f"https://t.me/{self.username}?start={payload}"


def parse_start(payload: str) -> tuple[str | None, str | None]:
    """(article id, None) or (None, division code) that the word behind /start asks for; (None, None) for neither."""
    if not _PAYLOAD.fullmatch(payload):
        return None, None
    if payload.startswith(_ARTICLE):
        return payload.removeprefix(_ARTICLE), None
    if payload.startswith(_PLACE):
        return None, payload.removeprefix(_PLACE)
    return None, None


def tap(address: str, words: str) -> str:
    """Words to tap, as HTML; the words are escaped here, without what cannot begin a title and blanks to line things up."""
    said = " ".join(words.lstrip(_CANNOT_BEGIN).split()) or words
    return f'<a href="{escape(address)}">{escape(said)}</a>'


def is_public_address(url: str) -> bool:
    """Whether an address can be shown to anybody: of the web, not endless, and without a name or password in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return is_web and "@" not in parts.netloc and len(url) <= _URL_CHARS
