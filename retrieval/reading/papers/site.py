"""One newspaper's host asked politely: at a pace, within robots.txt, for what has changed alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from retrieval.reading.papers.markup import Document, parse_document
from retrieval.reading.web.fetching import Fetched, Fetcher, FetchError, check_url

_MAX_PAGE_BYTES = 5_000_000
_MAX_PICTURE_BYTES = 15_000_000
_MAX_ROBOTS_BYTES = 500_000
_LONGEST_DELAY = 30.0
"""What a robots.txt may ask for between two requests; an issue would take hours beyond."""
_AWAY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE)
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.FORBIDDEN, HTTPStatus.BAD_REQUEST)
_SECONDS_AWAY = 5.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request gave."""

    url: str
    document: Document | None
    """None: unchanged since the state that was sent, or no web page."""
    etag: str | None
    last_modified: str | None
    is_unchanged: bool = False


def is_missing(error: FetchError) -> bool:
    """Whether a server answered that there is nothing at the address."""
    return error.status in _GONE


class Site:
    """Asks one host, one request after another."""

    def __init__(self, fetcher: Fetcher, seconds: float, sleep: Callable[[float], None] = time.sleep) -> None:
        """`seconds` pass between two requests at least."""
        self._fetcher = replace(fetcher, max_bytes=_MAX_PAGE_BYTES)
        self._seconds = seconds
        self._sleep = sleep
        self._last: float | None = None
        self._robots: dict[str, RobotFileParser | None] = {}
        self.host: str | None = None
        """Where all lies once the paper's entry has been found; nothing else is asked from then on."""

    def page(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Asked:
        """Return the web page at an address; raises FetchError."""
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        got = self._get(url, {name: value for name, value in headers.items() if value})
        new_etag, new_modified = got.headers.get("etag"), got.headers.get("last-modified")
        if got.is_unchanged:
            return Asked(got.url, None, new_etag or etag, new_modified or last_modified, is_unchanged=True)
        return Asked(got.url, parse_document(got.data, got.url), new_etag, new_modified)

    def picture(self, url: str) -> bytes:
        """Return the bytes of a picture; raises FetchError."""
        return self._get(url, {}, max_bytes=_MAX_PICTURE_BYTES).data

    def _get(self, url: str, headers: dict[str, str], max_bytes: int | None = None) -> Fetched:
        check_url(url)
        if self.host is not None and urlsplit(url).hostname != self.host:
            raise FetchError(f"{url}: lies on another host than the paper: not fetched")
        self._ask_robots(url)
        fetcher = replace(self._fetcher, one_host=self.host is not None)
        if max_bytes is not None:
            fetcher = replace(fetcher, max_bytes=max_bytes)
        try:
            return self._paced(fetcher, url, headers)
        except FetchError as error:
            if error.status not in _AWAY:
                raise
            if self._seconds:
                self._sleep(_SECONDS_AWAY)
            return self._paced(fetcher, url, headers)

    def _paced(self, fetcher: Fetcher, url: str, headers: dict[str, str]) -> Fetched:
        if self._last is not None:
            wait = self._last + self._seconds - time.monotonic()
            if wait > 0:
                self._sleep(wait)
        try:
            return fetcher.fetch(url, headers)
        finally:
            self._last = time.monotonic()

    def _ask_robots(self, url: str) -> None:
        """Raise FetchError if the host's robots.txt forbids the address; without one all is allowed."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._fetch_robots(origin)
        rules = self._robots[origin]
        if rules is not None and not rules.can_fetch(self._fetcher.agent, url):
            raise FetchError(f"{url}: the site's robots.txt does not allow it")

    def _fetch_robots(self, origin: str) -> RobotFileParser | None:
        fetcher = replace(self._fetcher, max_bytes=_MAX_ROBOTS_BYTES, one_host=True)
        try:
            data = self._paced(fetcher, urljoin(origin, "/robots.txt"), {}).data
        except FetchError as error:
            if error.status is not None and error.status < 500:
                return None
            if error.status is None:
                raise  # the host is away: whatever is asked next would fail too
            return None
        text = data.decode("utf-8", "replace")
        if "<html" in text.lower():
            return None
        rules = _parse_robots(text)
        delay = rules.crawl_delay(self._fetcher.agent)
        if delay is not None:
            self._seconds = max(self._seconds, min(int(delay), _LONGEST_DELAY))  # of any number of digits
        return rules


def _parse_robots(text: str) -> RobotFileParser:
    """Return what a robots.txt says; lines that are of no use, as numbers or addresses that are none, are passed over."""
    lines = text.splitlines()
    rules = RobotFileParser()
    try:
        rules.parse(lines)
    except ValueError:
        rules = RobotFileParser()
        rules.parse([line for line in lines if _is_of_use(line)])
    return rules


def _is_of_use(line: str) -> bool:
    try:
        RobotFileParser().parse(["User-agent: *", line])
    except ValueError:
        return False
    return True
