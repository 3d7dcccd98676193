"""RSS and Atom: a feed's bytes -> one article for each entry that has a text."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from retrieval.errors import ReadingError
from retrieval.reading.articles.item import Stated, make_articles
from retrieval.reading.articles.names import byline_of, source_of
from retrieval.reading.articles.recurrence import mark_recurring
from retrieval.reading.formats.html import split_markup
from retrieval.text.dates import stamped_day
from retrieval.types import Article, Page, Skipped

MAX_FEED_BYTES = 10_000_000
_MAX_ENTRIES = 5_000
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
    unread_date: str | None = None
    """What it states as its date, where that is none."""

    @property
    def problem(self) -> str | None:
        """What could not be read of it; the rest is kept."""
        return f"“{self.unread_date[:40]}” is no date: the entry has none" if self.unread_date else None

    def articles(self, path: Path) -> list[Article]:
        """The article that the entry is, or those of a roundup; none if it has no text of its own."""
        return make_articles(
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
        found = entry.articles(path)
        if not found:
            skipped.append(Skipped(path, entry.number, no_text(entry)))
        else:
            articles.extend(found)
            if entry.problem:
                skipped.append(Skipped(path, entry.number, entry.problem))
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
        articles=tuple(mark_recurring(articles)),
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
    named = _text(found.get("feed", {}), "title")
    source = source_of(named) or named if named else None
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
        written = _stated_dates(entry)
        day = next((found for value in written if (found := stamped_day(value))), None)
        author = _text(entry, "author")
        stated = Stated(
            title=title,
            date=day,
            byline=byline_of(author) if author else None,
            source=source_of(_text(entry.get("source") or {}, "title") or "") or source,
            url=link if link and link.startswith(("http://", "https://")) else None,
        )
        paragraphs = tuple(split_markup(_markup(entry)))
        if len(paragraphs) == 1 and paragraphs[0] == title:
            paragraphs = ()
        yield FeedEntry(
            number,
            _text(entry, "id") or link or title or "",
            stated,
            paragraphs,
            written[0] if written and not day else None,
        )


def _markup(entry: Mapping[str, Any]) -> str:
    """The fullest text that the entry carries."""
    texts = [str(each.get("value") or "") for each in entry.get("content") or []]
    return max([*texts, str(entry.get("summary") or "")], key=len)


def _stated_dates(entry: dict[str, Any]) -> list[str]:
    # as written: feedparser takes 2024年9月29日 for a day of this month. dict.get: its own get takes one for another
    values = (dict.get(entry, name) for name in ("published", "updated", "created"))
    return [value.strip() for value in values if isinstance(value, str) and value.strip()]


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
