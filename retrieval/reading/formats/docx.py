"""A Word document -> the lines of a newspaper page, which the page's own rules then read.

Paragraphs come in order, with headings marked by #; a table comes row by row, cells apart by a blank.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING

from retrieval.errors import ReadingError
from retrieval.reading.archive import UNPACK_ERRORS, read_member
from retrieval.reading.articles.headings import MAX_TITLE_CHARS, parse_section
from retrieval.reading.articles.item import split_paragraphs
from retrieval.reading.articles.paragraphs import is_finished
from retrieval.reading.formats.page import parse_page
from retrieval.types import Page

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph


MAX_DOCX_BYTES = 50_000_000
"""With its pictures."""
_MAX_PARTS = 5_000
_MAX_XML = 30_000_000
"""Of all XML parts together; the parser needs many times that."""
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-6])", re.IGNORECASE)
_TITLE_STYLES = ("title", "标题")
_INDENT = "\u3000\u3000"
_BROKEN_SHARE = 0.5


def read_docx(data: bytes, path: Path, *, sha256: str) -> Page:
    """Return the page that a Word document's bytes are.

    Raises ReadingError if they are no such document, unpack to too much, or hold no text or no article.
    """
    lines = list(_lines(_open(_repack(data, path), path)))
    if not any(line.strip() for line in lines):
        raise ReadingError(path, "no text in this document: only pictures, or nothing")
    return parse_page("\n".join(lines), path, sha256=sha256, encoding="docx", latest_year=_this_year())


def _this_year() -> int:
    return date.today().year  # noqa: DTZ011 (a year suffices)


def _repack(data: bytes, path: Path) -> io.BytesIO:
    """The document without its pictures, every part of it within limits and without entities.

    python-docx takes a file's sizes at their word; what it gets from here is true to them.
    """
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(packed, "w") as clean:
            parts = {part.filename: part for part in archive.infolist()}
            _check_sizes(parts, path)
            for name, part in parts.items():
                xml = read_member(archive, part) if _is_xml(name) else b""
                if _DECLARATION.search(xml.replace(b"\x00", b"")):
                    reason = (
                        "the document declares XML entities, which no office program writes: save it again"
                    )
                    raise ReadingError(path, reason)
                clean.writestr(name, xml)
    except UNPACK_ERRORS as error:
        what = "an old .doc, or encrypted" if data.startswith(b"\xd0\xcf\x11\xe0") else str(error)
        raise ReadingError(path, f"is no Word document ({what}): save it as .docx again") from None
    packed.seek(0)
    return packed


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _check_sizes(parts: Mapping[str, zipfile.ZipInfo], path: Path) -> None:
    if any(part.flag_bits & 1 for part in parts.values()):
        raise ReadingError(path, "the document is encrypted: save it without a password")
    n_xml = sum(part.file_size for name, part in parts.items() if _is_xml(name))
    if len(parts) > _MAX_PARTS or n_xml > _MAX_XML:
        raise ReadingError(path, "the document unpacks to far more than a newspaper's: split it")


def _open(file: IO[bytes], path: Path) -> Document:
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        return docx.Document(file)
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, IndexError, TypeError) as error:
        reason = f"is no Word document ({error}): save it as .docx again"
        raise ReadingError(path, reason) from None


def _lines(document: Document) -> Iterator[str]:
    from docx.text.paragraph import Paragraph

    blocks = list(document.iter_inner_content())
    texts = [line for each in blocks if isinstance(each, Paragraph) for line in split_paragraphs(each.text)]
    n_broken = sum(len(text) > 8 and not is_finished(text) for text in texts)
    is_broken = n_broken > len(texts) * _BROKEN_SHARE
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from _paragraph_lines(block, is_broken=is_broken)
        else:
            yield from _table_lines(block)


def _paragraph_lines(paragraph: Paragraph, *, is_broken: bool) -> Iterator[str]:
    """A paragraph's lines; a whole sentence gets the indent that keeps it a paragraph of its own.

    Where most paragraphs end in mid-sentence (`is_broken`), the document was pasted from columns.
    """
    lines = split_paragraphs(paragraph.text)
    if not lines:
        yield ""
        return
    level = _heading_level(paragraph)
    for text in lines:
        if level and parse_section(text) is None:
            yield f"{'#' * level} {text}"
        elif not is_broken and (is_finished(text) or len(text) > MAX_TITLE_CHARS):
            yield _INDENT + text
        else:
            yield text


def _heading_level(paragraph: Paragraph) -> int:
    style = paragraph.style
    name = (style.name or "").strip().lower() if style is not None else ""
    match = _HEADING_STYLE.fullmatch(name)
    if match:
        return int(match[1])
    return 1 if name in _TITLE_STYLES else 0


def _table_lines(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells: list[str] = []
        seen: set[int] = set()
        for cell in row.cells:  # a merged cell comes once for each column it spans
            if id(cell._tc) not in seen:
                seen.add(id(cell._tc))
                cells.append(" ".join(split_paragraphs(cell.text)))
        text = " ".join(cell for cell in cells if cell)
        if text:
            yield _INDENT + text
