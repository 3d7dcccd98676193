"""A newspaper's address and a day -> the steps of reading its issue, one request each, so that a limit costs one.

Any address of the edition will do: its folder, an entry that leads on, a page, an article.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlsplit

from retrieval.reading.papers.addresses import (
    Address,
    Role,
    entries_of,
    fronts_of,
    key_of,
    parse_address,
)
from retrieval.reading.papers.article_page import read_article, stated_paper
from retrieval.reading.papers.articles import is_furniture
from retrieval.reading.papers.issue import (
    ArticleParts,
    Issue,
    ListedArticle,
    PagePicture,
    PaperKind,
    PaperPage,
)
from retrieval.reading.papers.labels import parse_label
from retrieval.reading.papers.listing import Listing, number_in, read_listing, sort_articles
from retrieval.reading.papers.markup import Document
from retrieval.reading.papers.picture import PictureError, shrink_picture, to_shares
from retrieval.reading.papers.site import Asked, Site, is_missing
from retrieval.reading.web.fetching import Fetcher, FetchError

_MOST_HOPS = 6
_MOST_PAGES = 120
_MOST_ARTICLES = 1500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a look is for, and what is known already."""

    address: str
    day: date | None = None
    """None: the newest issue."""
    etag: str | None = None
    last_modified: str | None = None
    """Of the paper's entry at the last look."""
    fronts: Sequence[str] = ()
    """First pages of issues that were read, the nearest first: other days' may look alike."""
    pages: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """Etag and last change of pages of which all was read, by key."""
    read: frozenset[str] = frozenset()
    """Keys of articles that need not be read again."""
    open_ended: frozenset[str] = frozenset()
    """Keys of those among them whose other half was missing."""
    pictured: frozenset[str] = frozenset()
    """Numbers of pages whose picture is kept."""
    with_pictures: bool = True


@dataclass(frozen=True, slots=True)
class Tick:
    """A request was answered."""


@dataclass(frozen=True, slots=True)
class NoIssue:
    """There is none, or it cannot be found."""

    reason: str
    is_absent: bool = False
    """The server answers, and has none of this day."""
    is_unchanged: bool = False
    """The entry is as it was."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The issue with all that its pages list."""

    issue: Issue
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class GotArticle:
    """An article's own page, or why it could not be read."""

    key: str
    parts: ArticleParts | None
    problem: str | None = None


Step = Tick | NoIssue | Listed | GotArticle | PagePicture


def paper_steps(
    wanted: Wanted, fetcher: Fetcher, seconds: float, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Step]:
    """Yield the steps of one look: NoIssue; or Listed, then articles, then pictures. Raises FetchError."""
    return _Look(wanted, Site(fetcher, seconds, sleep)).steps()


class _Look:
    def __init__(self, wanted: Wanted, site: Site) -> None:
        self._wanted = wanted
        self._site = site
        self._asked: dict[str, Asked] = {}
        """Pages of this look, so that none is asked for twice."""
        self._entry: Asked | None = None

    def steps(self) -> Iterator[Step]:
        found = self._front()
        if isinstance(found, NoIssue):
            yield found
            return
        self._site.host = urlsplit(found.url).hostname
        yield Tick()
        listings: list[tuple[Listing, PaperPage]] = []
        yield from self._pages(found, listings)
        issue = self._issue(found, listings)
        n_articles = sum(len(page.articles) for page in issue.pages)
        if not n_articles and any(listing.n_articles_elsewhere for listing, _ in listings):
            yield NoIssue(f"{found.url}: shows another day's issue", is_absent=True)
            return
        entry = self._entry
        yield Listed(issue, entry.etag if entry else None, entry.last_modified if entry else None)
        yield from self._articles(issue)
        if self._wanted.with_pictures:
            yield from self._pictures(issue)

    # ------------------------------------------------------------------------------------- the first page

    def _front(self) -> Asked | NoIssue:
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
        tried: list[str] = []
        if own.day == day:
            tried.append(own.url)
        known = [*self._wanted.fronts]
        tried += [url for front in known for url in fronts_of(front, day)[:2]]
        if not known and own.day is None:
            newest = self._newest()
            if newest is not None:
                if parse_address(newest.url).day == day:
                    return newest
                links = (
                    [parse_address(link.url) for link in newest.document.links()] if newest.document else []
                )
                tried += [each.url for each in links if each.day == day and each.role is not Role.ARTICLE][:2]
                tried += fronts_of(newest.url, day)
        tried += fronts_of(self._wanted.address, day)
        problem: FetchError | None = None
        for url in dict.fromkeys(tried):
            try:
                front = self._follow(url, day=day)
            except FetchError as error:
                if not is_missing(error):
                    problem = error
                    if error.status is None:
                        raise  # the host is away
                continue
            if isinstance(front, Asked):
                return front
        if problem is not None:
            raise problem
        return NoIssue(f"{self._wanted.address}: there is no issue of {day} (yet)", is_absent=True)

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
                asked = self._ask(url, sent.etag if sent else None, sent.last_modified if sent else None)
            except FetchError as error:
                if not is_missing(error) or len(seen) == 1:
                    raise
                missing = error
                continue
            if asked.is_unchanged:
                return NoIssue(f"{url}: unchanged", is_unchanged=True)
            if len(seen) == 1 and is_entry:
                self._entry = asked
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

    # ------------------------------------------------------------------------------------------ its pages

    def _pages(self, front: Asked, listings: list[tuple[Listing, PaperPage]]) -> Iterator[Step]:
        """Read the issue's pages into `listings`, in the order in which the paper names them."""
        day = self._day(front)
        assert front.document is not None
        first = read_listing(front.document, day)
        own = key_of(front.url)
        waiting: dict[str, tuple[str, tuple[str, str] | None]] = {
            key_of(url): (url, label) for url, label in first.pages
        }
        if own not in waiting:
            waiting = {own: (front.url, None), **waiting}
        done: set[str] = set()
        while waiting and len(done) < _MOST_PAGES:
            key = next(iter(waiting))
            url, label = waiting.pop(key)
            done.add(key)
            page = PaperPage(number="", name="", url=url, key=key)
            listing = Listing(url, None, (), (), (), frozenset(), None, 0)
            try:
                etag, modified = self._wanted.pages.get(key, (None, None))
                asked = front if key == own else self._ask(url, etag, modified)
            except FetchError as error:
                page = replace(page, problem=str(error))
            else:
                page = replace(
                    page,
                    etag=asked.etag,
                    last_modified=asked.last_modified,
                    is_unchanged=asked.is_unchanged,
                )
                if asked.document is not None:
                    listing = read_listing(asked.document, day)
                    page = replace(page, picture=listing.picture)
                elif not asked.is_unchanged:
                    page = replace(page, problem=f"{url}: is no web page")
            for other, named in listing.pages:
                if key_of(other) not in done and key_of(other) not in waiting:
                    waiting[key_of(other)] = (other, named)
            label = _better(label, listing.label)
            position = len(listings) + 1
            page = replace(
                page,
                number=label[0] if label and label[0] else number_in(url, position),
                name=label[1] if label else "",
            )
            listings.append((listing, page))
            yield Tick()

    def _issue(self, front: Asked, listings: list[tuple[Listing, PaperPage]]) -> Issue:
        day = self._day(front)
        pages = sort_articles(listings)
        is_labelled = any(page.name for page in pages)
        # an overview of the issue, or a page turned to by mistake: it has no label and nothing of its own
        kept = [
            page
            for page in pages
            if page.articles or page.name or page.problem or page.is_unchanged or not is_labelled
        ]
        assert front.document is not None
        names = (stated_paper(asked.document) for asked in self._asked.values() if asked.document)
        return Issue(
            kind=self._kind(front),
            paper=next((name for name in names if name), None) or urlsplit(front.url).hostname or "",
            day=day,
            url=front.url,
            pages=tuple(kept),
        )

    def _day(self, front: Asked) -> date:
        found = parse_address(front.url).day or self._wanted.day
        if found is None and front.document is not None:
            found = read_article(front.document).day
        if found is None:
            raise FetchError(f"{front.url}: the page does not say of which day it is")
        return found

    def _kind(self, front: Asked) -> PaperKind:
        kind = parse_address(front.url).kind
        if kind is not None:
            return kind
        text = front.document.text if front.document else ""
        return PaperKind.B if "founder" in text or "enpproperty" in text else PaperKind.A

    # --------------------------------------------------------------------------------------- its articles

    def _articles(self, issue: Issue) -> Iterator[Step]:
        wanted = self._wanted
        listed = [(page, each) for page in issue.pages for each in page.articles][:_MOST_ARTICLES]
        new = [each for _, each in listed if each.key not in wanted.read and not is_furniture(each.title)]
        for each in new:
            yield self._article(each)
        if new:  # what was read before may go on in what has come now
            for _, each in listed:
                if each.key in wanted.open_ended and each.key in wanted.read:
                    yield self._article(each)

    def _article(self, listed: ListedArticle) -> GotArticle:
        try:
            asked = self._ask(listed.url)
        except FetchError as error:
            return GotArticle(listed.key, None, str(error))
        if asked.document is None:
            return GotArticle(listed.key, None, f"{listed.url}: is no web page")
        return GotArticle(listed.key, read_article(asked.document, listed.title))

    def _pictures(self, issue: Issue) -> Iterator[Step]:
        for page in issue.pages:
            if page.picture is None or page.number in self._wanted.pictured:
                continue
            try:
                small, width, height = shrink_picture(self._site.picture(page.picture.url))
            except (FetchError, PictureError):
                yield Tick()
                continue
            outlines = [(each.key, each.outlines) for each in page.articles if each.outlines]
            polygons = to_shares(outlines, page.picture, (width, height))
            yield PagePicture(page.number, small.data, small.width, small.height, polygons)

    def _ask(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Asked:
        key = key_of(url)
        if key not in self._asked:
            self._asked[key] = self._site.page(url, etag, last_modified)
        return self._asked[key]


def _better(named: tuple[str, str] | None, own: tuple[str, str] | None) -> tuple[str, str] | None:
    """A page's label from how others name it and what it says itself; the one with a name, others' first."""
    if named is None or own is None:
        return named or own
    number = named[0] or own[0]
    return number, named[1] or (own[1] if own[0] == number else "")


def _onward(document: Document, here: Address, day: date | None) -> list[str]:
    """Where a page leads to an issue: at once, or by its links; the newest day's first page first."""
    links = [(link, parse_address(link.url)) for link in document.links() if link.outline is None]
    pages = [(link, each) for link, each in links if each.role is Role.PAGE]
    dated = [(link, each) for link, each in pages if each.day is not None and day in (None, each.day)]
    if here.role is Role.ARTICLE and here.day is not None:
        dated = [(link, each) for link, each in dated if each.day == here.day]
    found: list[str] = []
    if dated:
        newest = max(each.day for _, each in dated if each.day is not None)
        of_day = [(link, each) for link, each in dated if each.day == newest]
        named = [each.url for link, each in of_day if parse_label(link.text)]
        found += (named or sorted(each.url for _, each in of_day))[:1]
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
