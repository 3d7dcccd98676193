"""Values to HTML: the templates, the language a page is in, and what every template may use."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from bot.languages import DEFAULT, Language, Texts, WebTexts, language_of_code, texts_of, web_texts_of
from bot.messages.answers import Quote
from bot.messages.splitting import shorten
from bot.messages.weeks import Month, Span
from bot.web.parts import WebParts, parts_of

STATIC = Path(__file__).parent.parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"
TITLE_UNITS, SENTENCE_UNITS, PART_UNITS = 120, 180, 60
"""Of a title, of a sentence in a list, and of a section, place, paper or author: no record can make a page too long."""


@dataclass(frozen=True, slots=True)
class View:
    """How one request is answered: in which language, with which links."""

    request: Request
    parts: WebParts
    language: Language
    is_chosen: bool
    """Whether the language was asked for by the address: links then go on asking for it."""

    @classmethod
    def of(cls, request: Request) -> View:
        """Return the view of a request: the language its address names, else the one that its browser prefers."""
        named = request.query_params.get("lang", "")
        if named in list(Language):
            return cls(request, parts_of(request), Language(named), True)
        return cls(
            request, parts_of(request), preferred_language(request.headers.get("accept-language")), False
        )

    @property
    def texts(self) -> Texts:
        """What the bot says."""
        return texts_of(self.language)

    @property
    def web(self) -> WebTexts:
        """What the pages say beside it."""
        return web_texts_of(self.language)

    def url(self, path: str, **parameters: object) -> str:
        """Return a link to a path of ours, in the language chosen."""
        if self.is_chosen:
            parameters.setdefault("lang", self.language.value)
        return self.parts.site.path(path, **parameters)

    def address(self, path: str, **parameters: object) -> str:
        """Return the whole address of a path of ours, in no language: what is passed on."""
        return self.parts.site.address(self.request, path, **parameters)

    def in_language(self, language: Language) -> str:
        """Return the link to this page in another language."""
        kept = dict(self.request.query_params.multi_items())
        return self.parts.site.path(self.request.scope["path"], **(kept | {"lang": language.value}))

    def say_day(self, day: str) -> str:
        """Return an issue date, YYYY-MM-DD, in words."""
        return self.texts.say_day(date.fromisoformat(day))

    def page(self, template: str, *, status: int = 200, kept: str = "no-cache", **values: Any) -> Response:
        """Return a page; `kept` is its Cache-Control."""
        html = (
            templates()
            .get_template(template)
            .render(
                view=self,
                t=self.texts,
                w=self.web,
                languages=list(Language),
                web_texts_of=web_texts_of,
                **values,
            )
        )
        headers = {"Cache-Control": kept, "Vary": "Accept-Language", "Content-Language": self.web.tag}
        if not self.parts.site.is_indexed:
            headers["X-Robots-Tag"] = "noindex"
        return HTMLResponse(html, status, headers)


def preferred_language(accepted: str | None) -> Language:
    """Return the language for an Accept-Language header: of its first entry with the highest weight."""
    best, weight = "", 0.0
    for each in (accepted or "").split(","):
        tag, _, quality = each.strip().partition(";q=")
        try:
            given = float(quality or 1)
        except ValueError:
            continue
        if tag and tag != "*" and given > weight:
            best, weight = tag, given
    return language_of_code(best) if best else DEFAULT


def pieces(quote: Quote) -> Iterator[tuple[str, bool]]:
    """A quote in pieces, each with whether it is what meets the question."""
    at = 0
    for start, end in quote.bold:
        yield quote.text[at:start], False
        yield quote.text[start:end], True
        at = end
    yield quote.text[at:], False


@cache
def templates() -> Environment:
    """Return the templates; every value is escaped where it is put in."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {
        "pieces": pieces,
        "look_path": look_path,
        "static_url": static_url,
        "static_version": static_version,
    }
    environment.filters |= {
        "title_cut": lambda text: shorten(text, TITLE_UNITS),
        "sentence_cut": lambda text: shorten(" ".join(text.split()), SENTENCE_UNITS),
        "part_cut": lambda text: shorten(text, PART_UNITS),
        "without_sign": without_sign,
    }
    return environment


def prepare_templates() -> None:
    """Compile all templates, which takes longer than many pages, before somebody asks for one."""
    for name in templates().list_templates():
        templates().get_template(name)


def look_path(word: str, span: Span) -> str:
    """Return the path of what a week or month said of a place."""
    return f"/r/{word}/{'month' if isinstance(span, Month) else 'week'}/{span.name}"


def without_sign(label: str) -> str:
    """Return a button's label without the sign before it: not every reader's fonts have such signs."""
    sign, blank, rest = label.partition(" ")
    return rest if blank and not any(map(str.isalnum, sign)) else label


def static_url(view: View, name: str) -> str:
    """Return the address of a style sheet, script or picture of ours, which changes when it does."""
    return view.parts.site.path(f"/static/{name}", v=static_version(name))


@cache
def static_version(name: str) -> str:
    """Return what changes when a file does."""
    return hashlib.blake2b((STATIC / name).read_bytes(), digest_size=6).hexdigest()


def error_page(request: Request, status: int, code: str | None) -> Response:
    """Return the page that tells of an error."""
    view = View.of(request)
    t, w = view.texts, view.web
    said = {
        404: w.not_here_help,
        410: w.gone_answer,
        413: t.notice_too_long,
        429: t.notice_limited,
        503: t.unreachable if code else t.notice_overloaded,
    }.get(status, t.apology.format(code=code) if code else w.not_understood)
    heading = w.not_here if status in (404, 410) else w.name
    return view.page("error.html", status=status, kept="no-store", heading=heading, said=said, code=code)
