"""`/r/CODE.atom` and `/r/CODE.json`: a place's stories for feed readers, as Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from bot.chats.subscription_text import SubscriptionError, check_words
from bot.messages.links import is_public_address
from bot.messages.sources import place_of
from bot.web.pages.places import Place, find_place
from bot.web.pages.rendering import View
from retrieval import HOME_ZONE, Archive, Choice, DigestItem, Library, StoredArticle, build_edition

ROUTER = APIRouter(include_in_schema=False)
_ENTRIES = 50
_LOOKED_AT = 400
"""Articles that a feed with words is chosen from, those that became known last."""
_MOST_CODES = 50
_KEPT = {
    "Cache-Control": "public, max-age=300",
    "Vary": "Accept-Language",
    "Access-Control-Allow-Origin": "*",
}
_ATOM = "http://www.w3.org/2005/Atom"
_UNPRINTABLE = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)]
)
"""What XML cannot hold."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What both forms say."""

    title: str
    page: str
    """The place's own page."""
    address: str
    """The feed's."""
    updated: datetime
    items: tuple[DigestItem, ...]


@ROUTER.get("/r/{word}.atom")
def atom(request: Request, word: str) -> Response:
    """Return a place's feed as Atom."""
    view = View.of(request)
    feed = _feed(view, word, "atom")
    headers = _KEPT | {"Last-Modified": format_datetime(feed.updated, usegmt=True)}
    if _has_it(request, feed):
        return Response(status_code=304, headers=headers)
    return Response(_as_atom(view, feed), headers=headers, media_type="application/atom+xml")


@ROUTER.get("/r/{word}.json")
def json_feed(request: Request, word: str) -> Response:
    """Return a place's feed as JSON Feed."""
    view = View.of(request)
    feed = _feed(view, word, "json")
    headers = _KEPT | {"Last-Modified": format_datetime(feed.updated, usegmt=True)}
    if _has_it(request, feed):
        return Response(status_code=304, headers=headers)
    return JSONResponse(_as_json(view, feed), headers=headers, media_type="application/feed+json")


def _feed(view: View, word: str, form: str) -> Feed:
    asked = {name: tuple(view.request.query_params.getlist(name)) for name in ("with", "without", "except")}
    place = find_place(view.parts, word, view.web.everywhere)
    library = view.parts.library
    try:
        check_words([*asked["with"], *asked["without"]], view.texts)
    except SubscriptionError:
        raise HTTPException(400) from None
    if len(asked["except"]) > _MOST_CODES or not all(map(library.is_division, asked["except"])):
        raise HTTPException(400)
    if any(asked.values()):  # there is no end of words, so none is worth remembering
        items = _newest(library, place, asked)
    else:
        items = view.parts.memory.get(("feed", word), lambda: _newest(library, place, asked))
    return Feed(
        title=_title(view, place, asked),
        page=view.address(f"/r/{word}"),
        address=view.address(f"/r/{word}.{form}", **asked),
        updated=items[0].known_at if items else datetime.fromtimestamp(0, UTC),
        items=items,
    )


def _newest(library: Library, place: Place, asked: Mapping[str, tuple[str, ...]]) -> tuple[DigestItem, ...]:
    """The stories of a feed, those that became known last first."""
    n_articles = _LOOKED_AT if any(asked.values()) else _ENTRIES
    known = Archive(library.store).newest_known(place.code, n_articles)
    edition = build_edition(library.resolver.gazetteer, known)
    if place.code is None and not any(asked.values()):
        items = [story.item for story in edition.stories]
    else:
        codes = [place.code] if place.code else [each.code for each in library.resolver.gazetteer.provinces()]
        items = edition.choose(
            Choice(code, excluded=asked["except"], must=asked["with"], must_not=asked["without"])
            for code in codes
        )
    items.sort(key=lambda item: (item.known_at, item.article.date or item.known_at.date()), reverse=True)
    return tuple(items[:_ENTRIES])


def _title(view: View, place: Place, asked: Mapping[str, tuple[str, ...]]) -> str:
    comma = view.texts.list_comma
    words = [
        said.format(words=comma.join(asked[name]))
        for name, said in (("with", view.web.with_words), ("without", view.web.without_words))
        if asked[name]
    ]
    return " · ".join([view.web.name, place.name, *words])


def _has_it(request: Request, feed: Feed) -> bool:
    """Whether the reader has all of it, by If-Modified-Since; an entity tag, where it sends one, decides instead."""
    since = request.headers.get("if-modified-since")
    if since is None or "if-none-match" in request.headers:
        return False
    try:
        return feed.updated.replace(microsecond=0) <= parsedate_to_datetime(since).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return False


def _as_atom(view: View, feed: Feed) -> bytes:
    root = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": view.web.tag})
    _add(root, "id", feed.address)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.updated.isoformat())
    ElementTree.SubElement(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    ElementTree.SubElement(root, "link", rel="alternate", type="text/html", href=feed.page)
    _add(ElementTree.SubElement(root, "author"), "name", view.web.name)
    for item in feed.items:
        article = item.article
        entry = ElementTree.SubElement(root, "entry")
        address = view.address(f"/a/{article.id}")
        _add(entry, "id", view.address(f"/a/{article.story}"))
        _add(entry, "title", article.title)
        _add(entry, "updated", item.known_at.isoformat())
        if published := _published(article):
            _add(entry, "published", published)
        ElementTree.SubElement(entry, "link", rel="alternate", type="text/html", href=address)
        _add(ElementTree.SubElement(entry, "author"), "name", article.source or view.web.name)
        if place := place_of(article):
            ElementTree.SubElement(entry, "category", term=_clean(place))
        _add(entry, "summary", item.sentence.text)
        _add(entry, "content", article.text)
    return bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    return text.translate(_UNPRINTABLE)


def _as_json(view: View, feed: Feed) -> dict[str, Any]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "language": view.web.tag,
        "items": [_item(view, item) for item in feed.items],
    }


def _item(view: View, item: DigestItem) -> dict[str, Any]:
    article = item.article
    place, published = place_of(article), _published(article)
    return {
        "id": view.address(f"/a/{article.story}"),
        "url": view.address(f"/a/{article.id}"),
        "title": _clean(article.title),
        "summary": _clean(item.sentence.text),
        "content_text": _clean(article.text),
        "date_modified": item.known_at.isoformat(),
        **({"date_published": published} if published else {}),
        **({"external_url": url} if (url := article.url) and is_public_address(url) else {}),
        **({"authors": [{"name": _clean(article.source)}]} if article.source else {}),
        **({"tags": [place]} if place else {}),
    }


def _published(article: StoredArticle) -> str | None:
    """Midnight of the issue date where the papers are."""
    return datetime.combine(article.date, time(), HOME_ZONE).isoformat() if article.date else None
