"""A feed on the web -> pages, one for each entry, so that an entry stays when the feed has dropped it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b, sha256
from pathlib import Path
from urllib.parse import urlsplit

from retrieval.errors import ReadingError
from retrieval.reading.encoding import UndecodableError
from retrieval.reading.formats.feed import FeedEntry, no_text, parse_feed, with_text
from retrieval.reading.formats.html import MAX_HTML_BYTES, decode_html, extract_main_text
from retrieval.reading.process import ReadingLimits, ReadingProcess
from retrieval.reading.web.fetching import Fetcher, FetchError
from retrieval.types import Page, Skipped

_MIN_TEXT_CHARS = 200
"""An entry with less text than this is a teaser; the linked page is looked at where that is allowed."""
_ROOT = Path("feeds")


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the server said the last time, to be sent with the next request; keep it with the feed."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FeedPages:
    """What one look at a feed brought."""

    url: str
    """The feed's address."""
    pages: tuple[Page, ...]
    skipped: tuple[Skipped, ...]
    state: FeedState
    is_unchanged: bool = False


class FeedReader:
    """Looks at feeds. Blocks while it waits for servers: run it off the event loop."""

    def __init__(
        self,
        fetcher: Fetcher | None = None,
        *,
        follow_links: bool = False,
        n_links: int = 30,
        limits: ReadingLimits | None = None,
    ) -> None:
        """`follow_links` allows the full text of linked pages on the feed's own site, up to `n_links` a look.

        `limits` bound each look as they do a page in a file.
        """
        self._fetcher = fetcher or Fetcher()
        self._follow_links = follow_links
        self._n_links = n_links
        self._process = ReadingProcess(limits)

    def look(
        self, url: str, state: FeedState | None = None, *, known: Collection[str] = frozenset()
    ) -> FeedPages:
        """Return what `read` does, fetched and taken apart by a process of its own, which ends with it.

        Raises ReadingError too where that exceeds its limits.
        """
        links = (self._follow_links, self._n_links)
        with self._process as process:
            found: FeedPages = process.result(_folder(url), _read, url, state, known, self._fetcher, *links)
        return found

    def give_up(self) -> None:
        """End the look under way, which then fails; may be called from another thread."""
        self._process.close()

    def read(
        self, url: str, state: FeedState | None = None, *, known: Collection[str] = frozenset()
    ) -> FeedPages:
        """Return the feed's entries as pages, those whose path is in `known` left out.

        A page's path is feeds/<host>/<checksum of the entry's id>, the same at every look. Raises FetchError
        if the feed cannot be fetched, ReadingError if it is none.
        """
        state = state or FeedState()
        headers = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
        fetched = self._fetcher.fetch(url, {name: value for name, value in headers.items() if value})
        if fetched.is_unchanged:
            return FeedPages(url, (), (), state, is_unchanged=True)
        new_state = FeedState(fetched.headers.get("etag"), fetched.headers.get("last-modified"))
        folder = _folder(url)
        found = list(self._pages(parse_feed(fetched.data, folder), folder, url, known))
        return FeedPages(
            url,
            tuple(each for each in found if isinstance(each, Page)),
            tuple(each for each in found if isinstance(each, Skipped)),
            new_state,
        )

    def _pages(
        self, entries: list[FeedEntry], folder: Path, url: str, known: Collection[str]
    ) -> Iterator[Page | Skipped]:
        n_left = self._n_links if self._follow_links else 0
        for entry in entries:
            path = folder / blake2b(f"{url}\0{entry.id}".encode(), digest_size=10).hexdigest()
            if str(path) in known:
                continue
            if n_left and self._wants_full_text(entry, url):
                n_left -= 1
                entry, problem = self._with_full_text(entry, path)
                if problem:
                    yield problem
            articles = entry.articles(path)
            if not articles:
                yield Skipped(path, entry.number, no_text(entry))
                continue
            if entry.problem and articles[0].date is None:
                yield Skipped(path, entry.number, entry.problem)
            yield Page(
                path=path,
                sha256=_checksum(entry),
                encoding="feed",
                date=articles[0].date,
                date_basis=articles[0].date_basis,
                source=articles[0].source,
                url=articles[0].url,
                articles=tuple(replace(each, lines=(1, 1)) for each in articles),
            )

    def _wants_full_text(self, entry: FeedEntry, url: str) -> bool:
        link = entry.stated.url
        is_own = bool(link) and urlsplit(link or "").hostname == urlsplit(url).hostname
        return is_own and sum(map(len, entry.paragraphs)) < _MIN_TEXT_CHARS

    def _with_full_text(self, entry: FeedEntry, path: Path) -> tuple[FeedEntry, Skipped | None]:
        """The entry with the linked page's text where that is longer, and what went wrong if something did."""
        link = entry.stated.url or ""
        try:
            data = replace(self._fetcher, max_bytes=MAX_HTML_BYTES).fetch(link).data
            stated, paragraphs = extract_main_text(decode_html(data)[0], path)
        except (FetchError, ReadingError, UndecodableError) as error:
            return entry, Skipped(path, entry.number, f"the linked page was not read: {error}")
        if sum(map(len, paragraphs)) <= sum(map(len, entry.paragraphs)):
            return entry, None
        return with_text(entry, stated, tuple(paragraphs)), None


def _read(
    url: str,
    state: FeedState | None,
    known: Collection[str],
    fetcher: Fetcher,
    follow_links: bool,
    n_links: int,
) -> Iterator[FeedPages]:
    """Yield what a look at a feed brings; this is what the other process runs."""
    yield FeedReader(fetcher, follow_links=follow_links, n_links=n_links).read(url, state, known=known)


def _folder(url: str) -> Path:
    """Where a feed's pages are said to lie."""
    try:
        return _ROOT / (urlsplit(url).hostname or "feed")
    except ValueError:  # no address; fetching it says so
        return _ROOT / "feed"


def _checksum(entry: FeedEntry) -> str:
    parts = [entry.id, str(entry.stated), *entry.paragraphs]
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
