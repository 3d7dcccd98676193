"""Page formats, a module each, and the one table of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from retrieval.reading.formats.docx import MAX_DOCX_BYTES, read_docx
from retrieval.reading.formats.feed import MAX_FEED_BYTES, read_feed
from retrieval.reading.formats.html import MAX_HTML_BYTES, read_html
from retrieval.reading.formats.page import parse_page
from retrieval.reading.formats.pdf import MAX_PDF_BYTES, read_pdf
from retrieval.reading.formats.records import parse_json, parse_records
from retrieval.reading.papers.saved import read_saved_page
from retrieval.types import Page

MAX_BYTES = 20_000_000
"""A newspaper page has some 50 thousand; a larger text is a mistake, or should be split."""


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one kind are read."""

    read: Callable[..., Page]
    """Takes the text and its encoding, or the bytes of what is no text; raises ReadingError."""
    max_bytes: int
    is_text: bool = False


def read_web_page(data: bytes, path: Path, *, sha256: str) -> Page:
    """Return the page that a saved web page is: one of a newspaper's digital edition, or any other."""
    if len(data) <= MAX_HTML_BYTES:
        page = read_saved_page(data, path, sha256=sha256)
        if page is not None:
            return page
    return read_html(data, path, sha256=sha256)


_PAGE = Format(parse_page, MAX_BYTES, is_text=True)
_HTML = Format(read_web_page, MAX_HTML_BYTES)
_FEED = Format(read_feed, MAX_FEED_BYTES)
FORMATS = {
    ".txt": _PAGE,
    ".md": _PAGE,
    ".jsonl": Format(parse_records, 10 * MAX_BYTES, is_text=True),
    ".json": Format(parse_json, MAX_BYTES, is_text=True),
    ".html": _HTML,
    ".htm": _HTML,
    ".docx": Format(read_docx, MAX_DOCX_BYTES),
    ".pdf": Format(read_pdf, MAX_PDF_BYTES),
    ".xml": _FEED,
    ".rss": _FEED,
    ".atom": _FEED,
}
"""By suffix."""
PAGE_SUFFIXES = frozenset(FORMATS)


def format_of(name: str) -> Format:
    """Return the format of a file by its name; one of another name is read as text."""
    return FORMATS.get(PurePosixPath(name).suffix.lower(), _PAGE)
