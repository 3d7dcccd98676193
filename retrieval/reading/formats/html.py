"""A saved web page -> one article: trafilatura finds the main text, its title, date, source and author."""

from __future__ import annotations

import codecs
import re
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from retrieval.errors import ReadingError
from retrieval.reading.articles.item import Stated, make_article, split_paragraphs
from retrieval.reading.encoding import UndecodableError, decode_page
from retrieval.text.dates import starting_day
from retrieval.types import Page

MAX_HTML_BYTES = 5_000_000
"""A news page has some 200 thousand; the parser needs many times a page's size."""

_MAX_TAGS = 200_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_HEAD_BYTES = 4_096
_AUTHOR = re.compile(
    r"<meta\s[^>]{0,80}?name\s*=\s*[\"']author[\"']\s[^>]{0,80}?content\s*=\s*[\"']([^\"'<>]{2,40})",
    re.IGNORECASE,
)
_MIN_TEXT_CHARS = 15
"""Less is a link or a button."""
_DECLARED = {
    "utf-8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
}
"""Encodings that a page's word is taken for; anything else is judged by what it decodes to."""
_BREAKS = frozenset(
    "p div br li ul ol tr table h1 h2 h3 h4 h5 h6 section article blockquote pre figure figcaption hr".split()
)
_SILENT = frozenset("script style noscript template head title iframe svg".split())
_SITE_IN_TITLE = re.compile(r"(?:[_|｜]|\s[-–—]+\s|--+)[^_|｜]{2,20}$")


def read_html(data: bytes, path: Path, *, sha256: str) -> Page:
    """Return the page, of one article, that an HTML file's bytes are.

    Raises ReadingError if it is too large or has no main text.
    """
    if len(data) > MAX_HTML_BYTES or data.count(b"<") > _MAX_TAGS:
        limit = f"{MAX_HTML_BYTES // 1_000_000} MB or {_MAX_TAGS} tags"
        raise ReadingError(path, f"is a web page larger than {limit}: save the article alone")
    try:
        text, encoding = decode_html(data)
    except UndecodableError as error:
        raise ReadingError(path, str(error)) from None
    stated, paragraphs = extract_main_text(text, path)
    article = make_article(
        [(1, part) for part in paragraphs],
        stated,
        path,
        lines=(1, text.count("\n") + 1),
        latest_year=date.today().year,  # noqa: DTZ011 (a year suffices)
    )
    if article is None:
        raise ReadingError(path, "no main text in this web page: save the article itself, or its text")
    return Page(
        path=path,
        sha256=sha256,
        encoding=encoding,
        date=article.date,
        date_basis=article.date_basis,
        source=article.source,
        url=article.url,
        articles=(article,),
    )


def decode_html(data: bytes) -> tuple[str, str]:
    """Return the text and its encoding: a mark, else the one that the page declares, else a judged guess.

    Raises UndecodableError as `decode_page` does.
    """
    match = _CHARSET.search(data[:_HEAD_BYTES])
    name = _DECLARED.get(match[1].decode("ascii").lower()) if match else None
    if name and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            pass
    return decode_page(data)


def extract_main_text(text: str, path: Path) -> tuple[Stated, list[str]]:
    """Return what a web page states of its article, and the article's paragraphs, [] if there is none.

    Raises ReadingError if the page cannot be taken apart.
    """
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(
            text.replace("\x00", ""),
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            favor_precision=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except (RecursionError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise ReadingError(path, f"the web page cannot be taken apart ({error}): save its text") from None
    if found is None or isinstance(found, dict):
        return Stated(), []
    stated = Stated(
        title=_clean_title(found.title),
        date=starting_day(found.date or ""),
        byline=_clean(found.author) or _author(text),
        source=_clean(found.sitename),
        url=_clean(found.url),
    )
    paragraphs = [_cells(part) for part in split_paragraphs(found.text or "")]
    if stated.title and paragraphs and paragraphs[0] == stated.title:
        paragraphs = paragraphs[1:]
    is_text = sum(map(len, paragraphs)) >= _MIN_TEXT_CHARS
    return stated, [part for part in paragraphs if part] if is_text else []


def split_markup(markup: str) -> list[str]:
    """Return the paragraphs of a piece of HTML, as feeds carry them; plain text comes back as its lines."""
    parser = _Paragraphs()
    parser.feed(markup)
    parser.close()
    return split_paragraphs("".join(parser.parts))


class _Paragraphs(HTMLParser):
    """Gathers text, with a line break where a block begins or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def _cells(paragraph: str) -> str:
    """A table's row as trafilatura writes it, | a | b |, without the bars; a rule between rows is nothing."""
    if not paragraph.startswith("|"):
        return paragraph.removeprefix("- ").strip()
    cells = [cell.strip() for cell in paragraph.strip("|").split("|")]
    return " ".join(cell for cell in cells if cell and set(cell) - set("-: "))


def _author(text: str) -> str | None:
    """The author that a page declares; trafilatura passes over Chinese names for being short."""
    match = _AUTHOR.search(text[:50_000])
    return _clean(unescape(match[1])) if match else None


def _clean(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def _clean_title(value: str | None) -> str | None:
    """The title without the site's name behind it: 水稻丰收_草原网."""
    title = _clean(value)
    return _SITE_IN_TITLE.sub("", title) or title if title else None
