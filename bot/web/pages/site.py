"""What a site has beside its pages: the style sheet, the script, the icon, and what is told to search engines."""

from __future__ import annotations

from functools import cache
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from bot.web.pages.rendering import STATIC, View, static_url
from bot.web.parts import Parts
from retrieval import Archive

ROUTER = APIRouter(include_in_schema=False)
_TYPES = {
    "style.css": "text/css; charset=utf-8",
    "script.js": "text/javascript; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "share.png": "image/png",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_ADDRESSES = 5000
"""Of one sitemap; the protocol allows 50,000."""


@ROUTER.get("/static/{name}")
def static(name: str) -> Response:
    """Return a file; its address changes when it does."""
    if name not in _TYPES:
        raise HTTPException(404)
    return Response(_file(name), media_type=_TYPES[name], headers={"Cache-Control": _FOR_EVER})


@cache
def _file(name: str) -> bytes:
    return (STATIC / name).read_bytes()


@ROUTER.get("/favicon.ico")
def icon(request: Request) -> Response:
    """Lead to the icon."""
    return RedirectResponse(static_url(View.of(request), "icon.svg"), 308)


@ROUTER.get("/robots.txt")
def robots(request: Request, parts: Parts) -> Response:
    """Return what search engines may read: nothing, or articles and places, never questions."""
    if not parts.site.is_indexed:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")
    paths = [parts.site.path(each) for each in ("/q/", "/*?q=", "/*?of=", "/*?answer=", "/*/list.")]
    lines = ["User-agent: *", *(f"Disallow: {each}" for each in paths)]
    lines.append(f"Sitemap: {View.of(request).address('/sitemap.xml')}")
    return PlainTextResponse("\n".join(lines) + "\n")


@ROUTER.get("/sitemap.xml")
def sitemap(request: Request, parts: Parts, after: str = "") -> Response:
    """Return the addresses of articles, so many at a time; the first names the parts. 404 where nothing may be indexed."""
    if not parts.site.is_indexed:
        raise HTTPException(404)
    view = View.of(request)
    archive = Archive(parts.library.store)
    if "after" in request.query_params:
        ids = archive.ids(after[:16], _ADDRESSES)
        return _urls("urlset", "url", [view.address(f"/a/{each}") for each in ids])
    starts, last = [""], ""
    while len(ids := archive.ids(last, _ADDRESSES)) == _ADDRESSES:
        last = ids[-1]
        starts.append(last)
    base = view.address("/sitemap.xml")
    return _urls("sitemapindex", "sitemap", [f"{base}?after={each}" for each in starts])


def _urls(root: str, item: str, addresses: list[str]) -> Response:
    listed = "".join(f"<{item}><loc>{escape(each)}</loc></{item}>" for each in addresses)
    xml = f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</{root}>'
    return Response(xml, media_type="application/xml", headers={"Cache-Control": "public, max-age=3600"})
