"""A PDF with a text layer -> the lines of a newspaper page, which the page's own rules then read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from retrieval.errors import ReadingError
from retrieval.reading.formats.page import parse_page
from retrieval.reading.formats.pdf_text import extract_lines
from retrieval.types import Page

MAX_PDF_BYTES = 100_000_000
"""With its pictures."""


def read_pdf(data: bytes, path: Path, *, sha256: str) -> Page:
    """Return the page that a PDF's bytes are; its columns are read one after the other.

    Raises ReadingError if it is damaged, encrypted, has no text layer, too many pages, or holds no
    article.
    """
    lines = _extract(data, path)
    year = date.today().year  # noqa: DTZ011 (a year suffices)
    return parse_page("\n".join(lines), path, sha256=sha256, encoding="pdf", latest_year=year)


def _extract(data: bytes, path: Path) -> list[str]:
    if b"%PDF-" not in data[:1024]:
        raise ReadingError(path, "is no PDF, whatever its name says: fetch or export it again")
    try:
        return extract_lines(data)
    except ValueError as error:
        raise ReadingError(path, str(error)) from None
