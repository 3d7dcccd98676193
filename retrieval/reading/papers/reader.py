"""A newspaper's address and a day -> the steps of reading its issue, one request each, so that a limit costs one.

Any address of the edition will do: its folder, an entry that leads on, a page, an article.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from retrieval.reading.papers.addresses import (
    key_of,
    parse_address,
)
from retrieval.reading.papers.article_page import read_article, stated_paper
from retrieval.reading.papers.articles import is_furniture
from retrieval.reading.papers.finding import IssueFinder
from retrieval.reading.papers.issue import (
    Issue,
    ListedArticle,
    PagePicture,
    PaperKind,
    PaperPage,
)
from retrieval.reading.papers.listing import Listing, number_in, read_listing, sort_articles
from retrieval.reading.papers.picture import PictureError, shrink_picture, to_shares
from retrieval.reading.papers.site import Asked, Site, is_missing
from retrieval.reading.papers.steps import GotArticle, Listed, NoIssue, Step, Tick, Wanted
from retrieval.reading.web.fetching import Fetcher, FetchError

_MOST_PAGES = 120
_MOST_ARTICLES = 1500
_LONGEST_SECONDS = 7200.0
"""Of a look, pauses too: a server that drips, or wants half a minute between two requests, keeps no other paper out."""


def paper_steps(
    wanted: Wanted,
    fetcher: Fetcher,
    seconds: float,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Step]:
    """Yield the steps of one look: NoIssue; or Listed, then articles, then pictures. Raises FetchError.

    After two hours no more is asked for: other papers wait, and what is left is looked for the next time.
    """
    end = clock() + _LONGEST_SECONDS
    for step in _Look(wanted, Site(fetcher, seconds, sleep)).steps():
        yield step
        if clock() > end:
            return


def newest_steps(wanted: Wanted, fetcher: Fetcher, seconds: float) -> Iterator[date | NoIssue]:
    """Yield the day of the newest issue that the paper has, or that there is none, and nothing else. Raises FetchError."""
    yield _Look(wanted, Site(fetcher, seconds)).newest()


class _Look:
    def __init__(self, wanted: Wanted, site: Site) -> None:
        self._wanted = wanted
        self._site = site
        self._finder = IssueFinder(wanted, site)

    def steps(self) -> Iterator[Step]:
        found = self._finder.front()
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
        entry = self._finder.entry
        yield Listed(issue, entry.etag if entry else None, entry.last_modified if entry else None)
        yield from self._articles(issue)
        if self._wanted.with_pictures:
            yield from self._pictures(issue)

    def newest(self) -> date | NoIssue:
        found = self._finder.front()
        return found if isinstance(found, NoIssue) else self._day(found)

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
        others = [
            read_listing(each, day) for each in self._finder.entries_into(front, has_others=len(waiting) > 1)
        ]
        for url, label in (page for listing in others for page in listing.pages):
            waiting.setdefault(key_of(url), (url, label))
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
                asked = front if key == own else self._finder.ask(url, etag, modified)
            except FetchError as error:
                if label is None and is_missing(error):
                    yield Tick()  # a link that turns on from the last page
                    continue
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
        names = (stated_paper(asked.document) for asked in self._finder.asked.values() if asked.document)
        return Issue(
            kind=self._kind(front),
            paper=next((name for name in names if name), ""),
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
            asked = self._finder.ask(listed.url)
        except FetchError as error:
            return GotArticle(listed.key, None, str(error))
        if asked.document is None:
            return GotArticle(listed.key, None, f"{listed.url}: is no web page")
        return GotArticle(listed.key, read_article(asked.document, listed.title))

    def _pictures(self, issue: Issue) -> Iterator[Step]:
        for page in issue.pages:
            if page.picture is None or page.key in self._wanted.pictured:
                continue
            try:
                small, width, height = shrink_picture(self._site.picture(page.picture.url))
            except (FetchError, PictureError):
                yield Tick()
                continue
            outlines = [(each.key, each.outlines) for each in page.articles if each.outlines]
            polygons = to_shares(outlines, page.picture, (width, height))
            yield PagePicture(page.number, small.data, small.width, small.height, polygons)


def _better(named: tuple[str, str] | None, own: tuple[str, str] | None) -> tuple[str, str] | None:
    """A page's label from how others name it and what it says itself; the one with a name, others' first."""
    if named is None or own is None:
        return named or own
    number = named[0] or own[0]
    return number, named[1] or (own[1] if own[0] == number else "")
