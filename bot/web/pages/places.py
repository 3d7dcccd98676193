"""`/r/CODE`, a place with its newest articles, what lies in it and a calendar; `/d/CODE/DATE`, a day's digest."""

from __future__ import annotations

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.web.pages.rendering import View
from bot.web.pages.stories import EVERYWHERE, by_place, rows_of_stories, stories_dated
from bot.web.parts import WebParts
from retrieval import Archive, Division, StoredArticle

ROUTER = APIRouter(include_in_schema=False)
PER_PAGE = 20
_MOST_PAGES = 500
_MOST_SILENT = 40
"""Places without an article that are named."""


@dataclass(frozen=True, slots=True)
class Place:
    """A division, or everywhere."""

    code: str | None
    name: str
    above: tuple[Division, ...] = ()
    """What it lies in, the largest first."""

    @property
    def word(self) -> str:
        """How addresses have it."""
        return self.code or EVERYWHERE


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a calendar."""

    first: date
    weeks: tuple[tuple[tuple[date, int], ...], ...]
    """Days with their numbers of articles; those of other months have -1."""
    before: date | None
    """A day of the nearest month before that has articles."""
    after: date | None


def find_place(parts: WebParts, word: str, everywhere: str) -> Place:
    """Return the place that an address names. Raises 404."""
    if word == EVERYWHERE:
        return Place(None, everywhere)
    gazetteer = parts.library.resolver.gazetteer
    division = gazetteer.get(word)
    if division is None:
        raise HTTPException(404)
    return Place(word, division.name, tuple(reversed(gazetteer.ancestors(word))))


@ROUTER.get("/r")
def places(request: Request) -> Response:
    """Lead to all places."""
    return RedirectResponse(View.of(request).url(f"/r/{EVERYWHERE}"), 307)


@ROUTER.get("/r/{word}")
def place(request: Request, word: str, page: int = 1, month: str = "") -> Response:
    """Return a page of a place's articles."""
    view = View.of(request)
    parts = view.parts
    found = find_place(parts, word, view.web.everywhere)
    if not 1 <= page <= _MOST_PAGES:
        raise HTTPException(404)
    children, silent, n_articles = parts.memory.get(("within", word), lambda: places_within(parts, found))
    days = days_of(parts, found)
    # the memory was asked before: what it keeps must not be of the moment that is read here
    with parts.library.store.at_once():
        articles = newest_of(parts, found.code, PER_PAGE + 1, (page - 1) * PER_PAGE)
    if page > 1 and not articles:
        raise HTTPException(404)
    return view.page(
        "place.html",
        kept="public, max-age=60",
        place=found,
        n_articles=n_articles,
        children=children,
        silent=silent[:_MOST_SILENT],
        rows=rows_of_stories(articles[:PER_PAGE], view.texts),
        page=page,
        has_more=len(articles) > PER_PAGE,
        month=month_of(days, month),
    )


@ROUTER.get("/d/{word}/{day}")
def digest(request: Request, word: str, day: str, page: int = 1) -> Response:
    """Return a page of what the papers of a day say about a place."""
    view = View.of(request)
    parts, dated = view.parts, parse_day(day)
    found = find_place(parts, word, view.web.everywhere)
    days = list(days_of(parts, found))
    with parts.library.store.at_once():
        stories = stories_dated(parts, dated, found.code)
    first = (page - 1) * PER_PAGE
    if page < 1 or (page > 1 and first >= len(stories)):
        raise HTTPException(404)
    before, after = bisect_left(days, dated), bisect_right(days, dated)
    shown = stories[first : first + PER_PAGE]
    return view.page(
        "digest.html",
        kept="public, max-age=300",
        place=found,
        day=dated,
        groups=by_place(shown, parts.library.resolver.gazetteer, view.texts),
        n_stories=len(stories),
        page=page,
        has_more=first + PER_PAGE < len(stories),
        before=days[before - 1] if before else None,
        after=days[after] if after < len(days) else None,
    )


def newest_of(parts: WebParts, code: str | None, n: int, first: int) -> list[StoredArticle]:
    """Return up to `n` articles about a place, the newest issue first, without the `first` before."""
    if code is not None:
        return parts.library.newest_within(code, n, first)
    return parts.library.newest_articles(n, first)


def parse_day(text: str) -> date:
    """Return the day of an address. Raises 404."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise HTTPException(404) from None


def places_within(
    parts: WebParts, place: Place
) -> tuple[list[tuple[str, str, int]], list[tuple[str, str]], int]:
    """Return what lies in a place and has articles: (code, name, how many); what has none; and how many there are in all."""
    library = parts.library
    if place.code is None:
        divisions = library.resolver.gazetteer.provinces()
        counts = library.store.articles_within(each.code for each in divisions)
        counted = [(each, counts[each.code]) for each in divisions]
        n_articles = int(library.counts()["articles"])
    else:
        listing = library.listing(place.code)
        counted, n_articles = (list(listing.children), listing.n_articles) if listing else ([], 0)
    having = sorted(((each.code, each.name, n) for each, n in counted if n), key=lambda each: -each[2])
    return having, [(each.code, each.name) for each, n in counted if not n], n_articles


def days_of(parts: WebParts, place: Place) -> dict[date, int]:
    """Return the issue dates that have articles about a place, with how many, the oldest first."""
    archive = Archive(parts.library.store)
    return parts.memory.get(("days", place.word), lambda: archive.n_articles(place.code, date.min, date.max))


def month_of(days: Mapping[date, int], asked: str) -> Month | None:
    """Return the calendar of a month, `2022-06`, or of the newest with articles; None if there are none."""
    try:
        first = date.fromisoformat(f"{asked}-01") if asked else None
    except ValueError:
        raise HTTPException(404) from None
    if first is not None and first.year == date.max.year:
        raise HTTPException(404)  # its last week is in no calendar
    known = list(days)
    if first is None:
        if not known:
            return None
        first = known[-1].replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    weeks = tuple(
        tuple((day, days.get(day, 0) if day.month == first.month else -1) for day in week)
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    )
    before, after = bisect_left(known, first), bisect_right(known, last)
    return Month(
        first,
        weeks,
        before=known[before - 1] if before else None,
        after=known[after] if after < len(known) else None,
    )
