"""A page's web page -> its articles, its outlines and the other pages of the issue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from retrieval.reading.papers.addresses import (
    Role,
    key_of,
    page_in_address,
    page_of_article,
    parse_address,
)
from retrieval.reading.papers.issue import ListedArticle, Outline, PaperPage, Picture
from retrieval.reading.papers.labels import is_bare_number, own_label, page_number, parse_label, turns_pages
from retrieval.reading.papers.markup import Document, Link


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page's web page lists."""

    url: str
    label: tuple[str, str] | None
    """Its own number and name, as it says outside of links."""
    pages: tuple[tuple[str, tuple[str, str] | None], ...]
    """The issue's pages with their labels, itself included where it is linked, in order."""
    articles: tuple[ListedArticle, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    """Where the whole issue is listed: pages' keys with their articles' keys."""
    outlined: frozenset[str]
    """Keys of articles that an area of the picture leads to."""
    picture: Picture | None
    n_articles_elsewhere: int
    """Links to articles of other days."""


def read_listing(document: Document, day: date | None) -> Listing:
    """Return what a page lists of its own day's issue."""
    host = urlsplit(document.url).hostname
    links = [link for link in document.links() if urlsplit(link.url).hostname == host]
    mine: list[tuple[Link, Role]] = []
    n_elsewhere = 0
    for link in links:
        address = parse_address(link.url)
        if address.role not in (Role.PAGE, Role.ARTICLE):
            continue
        if day is not None and address.day not in (None, day):
            n_elsewhere += address.role is Role.ARTICLE
            continue
        mine.append((link, address.role))
    articles = _articles([link for link, role in mine if role is Role.ARTICLE])
    maps = {link.map_name for link, role in mine if link.outline is not None and role is Role.ARTICLE}
    return Listing(
        document.url,
        own_label(document),
        tuple(_pages([link for link, role in mine if role is Role.PAGE])),
        tuple(articles),
        tuple(_groups(mine)),
        frozenset(key_of(link.url) for link, _ in mine if link.outline is not None),
        document.picture(maps),
        n_elsewhere,
    )


def _articles(links: list[Link]) -> Iterator[ListedArticle]:
    titles: dict[str, tuple[str, str]] = {}
    outlines: dict[str, list[Outline]] = {}
    for link in links:
        key = key_of(link.url)
        known = titles.get(key, (link.url, ""))[1]
        is_turn = re.fullmatch(r"[\d\W]*[上下]一[篇条][\d\W]*", link.text) is not None
        better = link.text if not is_turn and len(link.text) > len(known) else known
        if is_turn and key not in titles:
            continue
        titles[key] = (link.url, better)
        if link.outline is not None:
            outlines.setdefault(key, []).append(link.outline)
    for key, (url, title) in titles.items():
        yield ListedArticle(url, key, title, tuple(outlines.get(key, ())))


def _pages(links: list[Link]) -> Iterator[tuple[str, tuple[str, str] | None]]:
    """The pages that a nav names, labelled ones first; links that only turn pages come behind them."""
    texts: dict[str, list[str]] = {}
    urls: dict[str, str] = {}
    for link in links:
        key = key_of(link.url)
        urls.setdefault(key, link.url)
        texts.setdefault(key, []).append(link.text)
    labels = {key: _label(values) for key, values in texts.items()}
    first: dict[str, None] = {}
    for link in links:  # by where a page is named, not by 下一版 above
        key = key_of(link.url)
        if parse_label(link.text) or (is_bare_number(link.text) and labels[key]):
            first.setdefault(key)
    for key in (*first, *(key for key in urls if key not in first)):
        yield urls[key], labels[key]


def _label(texts: list[str]) -> tuple[str, str] | None:
    """Number and name from the texts of all links to a page: 第01版：要闻, or 01 and 要闻 apart."""
    parsed = [label for text in texts if (label := parse_label(text))]
    named = next((label for label in parsed if label[1]), None)
    number = next((text for text in texts if is_bare_number(text)), None)
    words = [
        text
        for text in texts
        if text and not is_bare_number(text) and not turns_pages(text) and not parse_label(text)
    ]
    if named:
        return named
    if parsed:
        return parsed[0][0], words[0] if words else ""
    if number:
        return page_number(number), words[0] if words else ""
    return ("", words[0]) if words and len(words[0]) <= 12 else None


def _groups(mine: list[tuple[Link, Role]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The whole issue as one list: each labelled page with the articles that follow it."""
    groups: dict[str, list[str]] = {}
    here: str | None = None
    for link, role in mine:
        if link.outline is not None:
            continue
        if role is Role.PAGE:
            here = key_of(link.url) if parse_label(link.text) else None
        elif here is not None:
            groups.setdefault(here, []).append(key_of(link.url))
    if len(groups) > 1:
        yield from ((key, tuple(found)) for key, found in groups.items())


def sort_articles(listings: list[tuple[Listing, PaperPage]]) -> list[PaperPage]:
    """Return the pages with their own articles, each article on one page alone, in the issue's order.

    An article belongs to the page whose picture leads to it; else to the page under which a list of the whole
    issue has it; else to the page that its address names; else to the first page that lists it.
    """
    owner: dict[str, str] = {}
    numbers = {page.number: page.key for _, page in listings if page.number}
    listed = {page.key: {each.key for each in listing.articles} for listing, page in listings}
    for listing, page in listings:
        for each in listing.articles:
            if each.key in listing.outlined:
                owner.setdefault(each.key, page.key)
    for listing, _ in listings:
        for page_key, found in listing.groups:
            for key in found:
                if key in listed.get(page_key, ()):  # else what follows the link is not that page's
                    owner.setdefault(key, page_key)
    known: dict[str, ListedArticle] = {}
    for listing, page in listings:
        for each in listing.articles:
            named = page_of_article(each.url)
            if named in numbers:
                owner.setdefault(each.key, numbers[named])
            owner.setdefault(each.key, page.key)
            before = known.get(each.key)
            title = max(before.title if before else "", each.title, key=len)
            outlines = each.outlines or (before.outlines if before else ())
            known[each.key] = ListedArticle(each.url, each.key, title, outlines)
    pages = []
    for listing, page in listings:
        in_order = dict.fromkeys([*(each.key for each in listing.articles), *known])
        mine = tuple(known[key] for key in in_order if owner[key] == page.key)
        pages.append(replace(page, articles=mine))
    return pages


def number_in(url: str, position: int) -> str:
    """Return the number of a page that nothing names: its address's, else where it stands in the issue."""
    address = parse_address(url)
    found = page_in_address(url)
    is_told = found is not None and (address.kind is None or address.kind.value in "AC")
    return found if found is not None and is_told else f"{position:02d}"
