"""RSS and Atom: a feed's bytes -> one article for each entry that has a text."""

from __future__ import annotations

import io
import re
import unicodedata
from calendar import timegm
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from retrieval.errors import ReadingError
from retrieval.reading.articles.item import Stated, make_article
from retrieval.reading.formats.html import split_markup
from retrieval.text.dates import starting_day
from retrieval.types import Article, Page, Skipped

MAX_FEED_BYTES = 10_000_000
_MAX_ENTRIES = 5_000
_HOME = timezone(timedelta(hours=8))
"""An entry's time is told in UTC; its day is the newspaper's."""
_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
_FEED_ERRORS = (RecursionError, ValueError, TypeError, AttributeError, KeyError, IndexError, LookupError)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed."""

    number: int
    """1-based, in the feed's order."""
    id: str
    """The entry's id, else its link, else its title; "" if it has none of these."""
    stated: Stated
    paragraphs: tuple[str, ...]

    def article(self, path: Path) -> Article | None:
        """The article that the entry is, or None if it has no text of its own."""
        return make_article(
            [(self.number, part) for part in self.paragraphs],
            self.stated,
            path,
            lines=(self.number, self.number),
        )


def read_feed(data: bytes, path: Path, *, sha256: str) -> Page:
    """Return the page that a feed is; an article's lines are its entry's number.

    An entry without a text is skipped and named. Raises ReadingError if the bytes are no feed, or no entry
    is an article.
    """
    entries = parse_feed(data, path)
    articles: list[Article] = []
    skipped: list[Skipped] = []
    for entry in entries:
        article = entry.article(path)
        if article is None:
            skipped.append(Skipped(path, entry.number, no_text(entry)))
        else:
            articles.append(article)
    if not articles:
        raise ReadingError(path, "no entry of this feed has a text: nothing to read in it")
    first = articles[0]
    return Page(
        path=path,
        sha256=sha256,
        encoding="feed",
        date=first.date,
        date_basis=first.date_basis,
        source=first.source,
        url=None,
        articles=tuple(articles),
        skipped=tuple(skipped),
    )


def no_text(entry: FeedEntry) -> str:
    """Why an entry is skipped."""
    return f"the entry “{entry.stated.title or entry.id}” has no text, only a link"


def parse_feed(data: bytes, path: Path) -> list[FeedEntry]:
    """Return a feed's entries in their order, with a text or without; raises ReadingError if it is no feed."""
    if len(data) > MAX_FEED_BYTES:
        raise ReadingError(path, f"is a feed larger than {MAX_FEED_BYTES // 1_000_000} MB")
    if _ENTITY.search(data.replace(b"\x00", b"")):
        raise ReadingError(path, "the feed declares XML entities, which no feed needs: it is not read")
    found = _parsed(data, path)
    entries = found.get("entries", [])[:_MAX_ENTRIES]
    if not entries and not found.get("version"):
        raise ReadingError(path, "is no RSS or Atom feed, or a damaged one: check what this file is")
    source = _text(found.get("feed", {}), "title")
    return list(_entries(entries, source))


def _parsed(data: bytes, path: Path) -> Any:
    import feedparser

    try:
        # as a file: of bytes feedparser would ask whether they are a path or an address
        return feedparser.parse(io.BytesIO(data), sanitize_html=True, resolve_relative_uris=False)
    except _FEED_ERRORS as error:
        raise ReadingError(path, f"the feed cannot be taken apart ({error})") from None


def _entries(entries: list[Any], source: str | None) -> Iterator[FeedEntry]:
    for number, entry in enumerate(entries, start=1):
        title, link = _text(entry, "title"), _text(entry, "link")
        stated = Stated(
            title=title,
            date=_day(entry),
            byline=_text(entry, "author"),
            source=_text(entry.get("source") or {}, "title") or source,
            url=link if link and link.startswith(("http://", "https://")) else None,
        )
        paragraphs = tuple(split_markup(_markup(entry)))
        if len(paragraphs) == 1 and paragraphs[0] == title:
            paragraphs = ()
        yield FeedEntry(number, _text(entry, "id") or link or title or "", stated, paragraphs)


def _markup(entry: Mapping[str, Any]) -> str:
    """The fullest text that the entry carries."""
    texts = [str(each.get("value") or "") for each in entry.get("content") or []]
    return max([*texts, str(entry.get("summary") or "")], key=len)


def _day(entry: dict[str, Any]) -> date | None:
    # dict.get: feedparser's own takes one date for another where that is missing, and warns of it
    for name in ("published", "updated", "created"):
        moment = dict.get(entry, f"{name}_parsed")
        if moment:
            try:
                return datetime.fromtimestamp(timegm(moment), UTC).astimezone(_HOME).date()
            except (OverflowError, ValueError, OSError):
                continue
        written = starting_day(str(dict.get(entry, name) or ""))
        if written:
            return written
    return None


def _text(values: Mapping[str, Any], name: str) -> str | None:
    value = values.get(name)
    if not isinstance(value, str):
        return None
    plain = " ".join(split_markup(value)) if "<" in value or "&" in value else " ".join(value.split())
    return "".join(char for char in plain if unicodedata.category(char) not in ("Cc", "Cs")) or None


def with_text(entry: FeedEntry, stated: Stated, paragraphs: tuple[str, ...]) -> FeedEntry:
    """The entry with the full text of the page that it links to; what the feed itself states wins."""
    own = entry.stated
    merged = replace(
        own,
        title=own.title or stated.title,
        date=own.date or stated.date,
        byline=own.byline or stated.byline,
        source=own.source or stated.source,
    )
    return replace(entry, stated=merged, paragraphs=paragraphs)
