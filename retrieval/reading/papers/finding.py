"""From any address of a digital edition to the first page of an issue: the newest, or a day's."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import date

from retrieval.reading.papers.addresses import (
    Address,
    Role,
    entries_of,
    fronts_of,
    key_of,
    parse_address,
    siblings_of,
)
from retrieval.reading.papers.issue import PaperKind
from retrieval.reading.papers.labels import parse_label
from retrieval.reading.papers.markup import Document
from retrieval.reading.papers.site import Asked, Site, is_missing
from retrieval.reading.papers.steps import NoIssue, Wanted
from retrieval.reading.web.fetching import FetchError

_MOST_HOPS = 10
_NEWEST_DAYS = 3
_FIRST_PAGES = 3
"""Pages of an issue that are tried for its first."""


class IssueFinder:
    """Finds an issue's first page; asks for no page twice in one look."""

    def __init__(self, wanted: Wanted, site: Site) -> None:
        self._wanted = wanted
        self._site = site
        self.asked: dict[str, Asked] = {}
        """What was asked for, by key."""
        self._failed: dict[str, FetchError] = {}
        self._passed: set[str] = set()
        """Addresses that led nowhere."""
        self.entry: Asked | None = None
        """Where the newest issue was found from."""

    def front(self) -> Asked | NoIssue:
        """The first page of the issue that is wanted."""
        wanted = self._wanted
        own = parse_address(wanted.address)
        if wanted.day is not None:
            return self._front_of(wanted.day, own)
        problem: FetchError | None = None
        first = [wanted.address] if own.day is None else []
        for url in dict.fromkeys([*first, *entries_of(wanted.address)]):
            try:
                front = self._follow(url, is_entry=True)
            except FetchError as error:
                if error.status is None:
                    raise  # the host is away, or asked by its robots.txt to be left alone
                if not is_missing(error):
                    problem = error
                continue
            if isinstance(front, Asked | NoIssue):
                return front
        if own.day is not None:
            return self._front_of(own.day, own)
        if problem is not None:
            raise problem
        return NoIssue(f"{wanted.address}: no issue of a newspaper is found here: give the edition's address")

    def _front_of(self, day: date, own: Address) -> Asked | NoIssue:
        """The first page of a day's issue, where the paper's other issues or its system would have it."""
        tried = [own.url] if own.day == day else []
        tried += [url for front in self._wanted.fronts for url in fronts_of(front, day)[:2]]
        found = self._first_of(tried, day)
        if found is None and own.day is None:
            newest = self._newest()
            if newest is not None and newest.document is not None:
                if parse_address(newest.url).day == day:
                    return newest
                links = [parse_address(link.url) for link in newest.document.links()]
                linked = [each.url for each in links if each.day == day and each.role is not Role.ARTICLE]
                found = self._first_of([*linked[:2], *fronts_of(newest.url, day)], day)
        found = found or self._first_of(fronts_of(self._wanted.address, day), day)
        if found is not None:
            return found
        return NoIssue(f"{self._wanted.address}: there is no issue of {day} (yet)", is_absent=True)

    def _first_of(self, urls: Iterable[str], day: date) -> Asked | None:
        """The first of these addresses that leads to the day's issue. Raises FetchError if one cannot be had now."""
        problem: FetchError | None = None
        for url in dict.fromkeys(urls):
            if key_of(url) in self._passed:
                continue
            self._passed.add(key_of(url))
            try:
                front = self._follow(url, day=day)
            except FetchError as error:
                if error.status is None:
                    raise  # the host is away
                if not is_missing(error):
                    problem = error
                continue
            if isinstance(front, Asked):
                return front
        if problem is not None:
            raise problem
        return None

    def _newest(self) -> Asked | None:
        for url in (self._wanted.address, *entries_of(self._wanted.address)):
            try:
                front = self._follow(url)
            except FetchError as error:
                if error.status is None:
                    raise
                continue
            if isinstance(front, Asked):
                return front
        return None

    def _follow(self, url: str, *, day: date | None = None, is_entry: bool = False) -> Asked | NoIssue | None:
        """Return the page of an issue that an address leads to, None if it leads nowhere. Raises FetchError."""
        seen: set[str] = set()
        missing: FetchError | None = None
        waiting = [url]
        for _ in range(_MOST_HOPS):
            url = next((each for each in waiting if key_of(each) not in seen), "")
            if not url:
                break
            seen.add(key_of(url))
            waiting.remove(url)
            sent = self._wanted if is_entry and len(seen) == 1 else None
            try:
                asked = self.ask(url, sent.etag if sent else None, sent.last_modified if sent else None)
            except FetchError as error:
                is_first = len(seen) == 1
                if error.status is None or (is_first and parse_address(url).role is not Role.PAGE):
                    raise
                missing = error
                # the first page of an issue is dead: its next may lead on
                few = is_first and is_missing(error)
                waiting += siblings_of(url)[: 1 if few else None]
                continue
            if asked.is_unchanged:
                return NoIssue(f"{url}: unchanged", is_unchanged=True)
            if len(seen) == 1 and is_entry:
                self.entry = asked
            if asked.document is None:
                continue
            here = parse_address(asked.url)
            if day is not None and here.day not in (None, day):
                continue  # another day's issue in its place
            if here.role is Role.PAGE and here.day is not None:
                return asked
            onward = _onward(asked.document, here, day)
            if here.role is Role.PAGE and not any(parse_address(each).day for each in onward):
                return asked
            waiting = [*onward, *waiting]
        if missing is not None:
            raise missing
        return None

    def entries_into(self, front: Asked, *, has_others: bool) -> list[Document]:
        """Return what led to an issue's first page, or may lead to it where that page names no other."""
        address = parse_address(front.url)
        found = [
            each.document
            for each in self.asked.values()
            if each.document is not None and parse_address(each.url).role is Role.ENTRY
        ]
        if not has_others and not found:
            folder = front.url[: front.url.rfind("/") + 1]
            urls = [f"{folder}IssueIndex.htm"] if address.kind is PaperKind.C else entries_of(front.url)[:1]
            for url in urls:
                with contextlib.suppress(FetchError):
                    asked = self.ask(url)
                    found += [asked.document] if asked.document is not None else []
        return found

    def ask(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Asked:
        """Return the page at an address, as this look has seen it; raises FetchError."""
        key = key_of(url)
        if key in self._failed:
            raise self._failed[key]
        if key not in self.asked:
            try:
                self.asked[key] = self._site.page(url, etag, last_modified)
            except FetchError as error:
                self._failed[key] = error
                raise
        return self.asked[key]


def _onward(document: Document, here: Address, day: date | None) -> list[str]:
    """Where a page leads to an issue: at once, or by its links; the newest day's first page first."""
    links = [(link, parse_address(link.url)) for link in document.links() if link.outline is None]
    pages = [(link, each) for link, each in links if each.role is Role.PAGE]
    dated = [(link, each) for link, each in pages if each.day is not None and day in (None, each.day)]
    if here.role is Role.ARTICLE and here.day is not None:
        dated = [(link, each) for link, each in dated if each.day == here.day]
    found: list[str] = []
    days = sorted({each.day for _, each in dated if each.day is not None}, reverse=True)
    for newest in days[:_NEWEST_DAYS]:  # a calendar may link to days that have no issue
        of_day = [(link, each) for link, each in dated if each.day == newest]
        named = [each.url for link, each in of_day if parse_label(link.text)]
        found += (named or sorted(each.url for _, each in of_day))[: 1 if found else _FIRST_PAGES]
    undated = [each.url for _, each in pages if each.day is None][:1] if here.role is not Role.PAGE else []
    entries = [
        each.url
        for _, each in links
        if each.role is Role.ENTRY
        and each.key != here.key
        and (day is None or each.day in (None, day))
        and (
            "index" in each.key.lower()
            or each.day is not None
            or "/layout" in each.key
            or "/html" in each.key
        )
    ]
    at_once = document.leads_to()
    return list(
        dict.fromkeys(
            [
                *at_once,
                *found,
                *undated,
                *sorted(entries, key=lambda url: "paperindex" not in url.lower())[:4],
            ]
        )
    )
