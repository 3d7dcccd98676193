"""A page of a digital edition that somebody saved: an article comes in; a list of headlines is refused."""

from __future__ import annotations

from pathlib import Path

from retrieval.errors import ReadingError
from retrieval.reading.papers.addresses import Role, parse_address
from retrieval.reading.papers.article_page import is_article_page, page_type, read_article
from retrieval.reading.papers.articles import Piece, make_paper_articles
from retrieval.reading.papers.markup import Document, parse_document
from retrieval.types import Page

_MARKS = (b"enpproperty", b"founder-content", b"ozoom")
_FEWEST_HEADLINES = 2


def read_saved_page(data: bytes, path: Path, *, sha256: str) -> Page | None:
    """Return the page of one article, or None if the file is no page of a known system.

    Raises ReadingError if it is a newspaper page's list of headlines.
    """
    if not any(mark in data.lower() for mark in _MARKS):
        return None
    document = parse_document(data, f"file:///{path.name}")
    if document is None:
        return None
    if not is_article_page(document):
        if page_type(document) == "2" or _lists_headlines(document):
            raise ReadingError(
                path, "is a newspaper page's list of headlines, not an article: save the articles themselves"
            )
        return None
    parts = read_article(document)
    piece = Piece(path.name, parts.number or "", parts.section or "", parts, "")
    articles = make_paper_articles(piece, paper=parts.paper, day=parts.day, path=path)
    if not articles:
        return None
    first = articles[0]
    return Page(
        path=path,
        sha256=sha256,
        encoding=document.encoding,
        date=first.date,
        date_basis=first.date_basis,
        source=first.source,
        url=first.url,
        articles=articles,
    )


def _lists_headlines(document: Document) -> bool:
    roles = [parse_address(link.url).role for link in document.links() if link.outline is None]
    n_articles, n_pages = roles.count(Role.ARTICLE), roles.count(Role.PAGE)
    return n_articles >= _FEWEST_HEADLINES and n_pages >= 1 and not document.named("founder-content", "ozoom")
