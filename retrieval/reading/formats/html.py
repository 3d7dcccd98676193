"""A saved web page -> one article, with the title, date, source and author that the page states."""

from __future__ import annotations

import codecs
import re
from datetime import date
from html import unescape
from pathlib import Path

from retrieval.errors import ReadingError
from retrieval.reading.articles.item import Stated, make_articles, split_paragraphs
from retrieval.reading.encoding import UndecodableError, decode_page
from retrieval.reading.webpage.blocks import blocks_of
from retrieval.reading.webpage.document import open_document
from retrieval.reading.webpage.main_text import find_paragraphs
from retrieval.reading.webpage.statements import find_address, find_byline, find_day, find_source
from retrieval.reading.webpage.titles import find_title
from retrieval.types import Page

MAX_HTML_BYTES = 5_000_000
"""A news page has some 200 thousand; the parser needs many times a page's size."""

_MAX_TAGS = 200_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_HEAD_BYTES = 4_096
_DECLARED = {
    "utf-8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
}
"""Encodings that a page's word is taken for; anything else is judged by what it decodes to."""
_BLOCK_TAG = re.compile(
    r"<\s*/?\s*(?:p|div|br|li|ul|ol|table|tr|td|h[1-6]|section|article|blockquote|pre)\b", re.IGNORECASE
)


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
    articles = make_articles(
        [(1, part) for part in paragraphs],
        stated,
        path,
        lines=(1, text.count("\n") + 1),
        latest_year=date.today().year,  # noqa: DTZ011 (a year suffices)
    )
    if not articles:
        raise ReadingError(path, "no main text in this web page: save the article itself, or its text")
    first = articles[0]
    return Page(
        path=path,
        sha256=sha256,
        encoding=encoding,
        date=first.date,
        date_basis=first.date_basis,
        source=first.source,
        url=first.url,
        articles=tuple(articles),
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
    document = open_document(text)
    if document is None:
        return Stated(), []
    try:
        title = find_title(document)
        paragraphs = find_paragraphs(document, title)
        byline, source = find_byline(document), find_source(document)
        stated = Stated(
            title=title,
            date=find_day(document),
            byline=byline if byline != source else None,
            source=source,
            url=find_address(document),
        )
    except (RecursionError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise ReadingError(path, f"the web page cannot be taken apart ({error}): save its text") from None
    return stated, paragraphs


def split_markup(markup: str) -> list[str]:
    """Return the paragraphs of a piece of HTML, as feeds carry them; plain text comes back as its lines."""
    if "<" not in markup:
        return split_paragraphs(unescape(markup))
    if not _BLOCK_TAG.search(markup):
        markup = markup.replace("\n", "<br>")
    document = open_document(f"<div>{markup}</div>")
    return [block.text for block in blocks_of(document.tree)] if document else []
