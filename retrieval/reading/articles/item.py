"""One article from paragraphs that are already known: a record's, a web page's, a feed entry's.

Unlike a newspaper page's lines, they are whole: nothing is rejoined, and what separates articles was told by
the form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from retrieval.reading.articles.captions import is_boilerplate, is_caption
from retrieval.reading.articles.dateline import parse_byline, parse_dateline
from retrieval.reading.articles.dates import choose_date, infer_date
from retrieval.reading.articles.headings import derive_title, split_place
from retrieval.reading.articles.paragraphs import Line, compose
from retrieval.text.dates import find_day
from retrieval.types import Article, DateBasis, SpanKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the form says about an article, as written there; None is unsaid."""

    title: str | None = None
    date: date | None = None
    place: str | None = None
    section: str | None = None
    byline: str | None = None
    credit: str | None = None
    source: str | None = None
    url: str | None = None
    region: str | None = None


def split_paragraphs(text: str) -> list[str]:
    """Return the lines of a text that are not blank, without the blanks around them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [bare for line in lines if (bare := line.strip(" \t\u3000\u00a0\ufeff\x0b\x0c").strip())]


def make_article(
    paragraphs: Iterable[tuple[int, str]],
    stated: Stated,
    path: Path,
    *,
    lines: tuple[int, int],
    latest_year: int | None = None,
) -> Article | None:
    """Return the article that numbered paragraphs are, or None if they are only captions and editors' lines.

    A first line that is a byline becomes it, unless one is stated; bylines, captions and editors' lines are
    told apart as on a newspaper page. The date is the stated one, else the file name's, else, if
    `latest_year` is given, what the datelines tell.
    """
    kept: list[tuple[Line, SpanKind]] = []
    byline = stated.byline
    for number, paragraph in paragraphs:
        kind = kind_of(paragraph)
        found = parse_byline(paragraph) if not kept and byline is None else None
        if found:
            byline = found
        else:
            kept.append((Line(number, paragraph, is_indented=True), kind))
    if not any(kind is SpanKind.BODY for _, kind in kept):
        return None
    text, spans = compose(kept)
    place, title = split_place(stated.title) if stated.title else (None, _derived(kept))
    issued, basis = choose_date(stated.date, find_day(path.stem), _inferred(kept, latest_year))
    credits = [text[span.start : span.end].strip() for span in spans if span.kind is SpanKind.CREDIT]
    return Article(
        title=title,
        title_is_derived=not stated.title,
        place=stated.place or place,
        section=stated.section,
        date=issued,
        date_basis=basis if issued else DateBasis.NONE,
        byline=byline,
        credit=stated.credit or (credits[-1][1:-1].strip() if credits else None),
        source=stated.source,
        url=stated.url,
        region=stated.region,
        text=text,
        spans=spans,
        lines=lines,
    )


def kind_of(paragraph: str) -> SpanKind:
    """What a whole paragraph is by itself: BOILERPLATE, CAPTION or BODY."""
    if is_boilerplate(paragraph):
        return SpanKind.BOILERPLATE
    return SpanKind.CAPTION if is_caption(paragraph) else SpanKind.BODY


def _derived(kept: list[tuple[Line, SpanKind]]) -> str:
    return derive_title("\n".join(line.text for line, kind in kept if kind is SpanKind.BODY))


def _inferred(kept: list[tuple[Line, SpanKind]], latest_year: int | None) -> date | None:
    if latest_year is None:
        return None
    text = "\n".join(line.text for line, _ in kept)
    found = (parse_dateline(line.text) for line, _ in kept)
    return infer_date(text, (each for each in found if each), latest_year)
