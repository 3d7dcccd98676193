"""Articles from paragraphs that are already known: a record's, a web page's, a feed entry's.

Unlike a newspaper page's lines, they are whole: nothing is rejoined, and what separates articles was told by
the form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from retrieval.reading.articles.captions import is_boilerplate, is_caption
from retrieval.reading.articles.dateline import parse_byline, parse_dateline
from retrieval.reading.articles.dates import choose_date, infer_date
from retrieval.reading.articles.headings import split_place
from retrieval.reading.articles.paragraphs import Line, compose, credit_of
from retrieval.reading.articles.roundups import Item, Lines, is_roundup, split_items
from retrieval.reading.articles.titles.derived import title_of
from retrieval.reading.articles.titles.run_in import headline_apart
from retrieval.reading.articles.titles.stated import says_something, tidy_title, whole_title
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


def make_articles(
    paragraphs: Iterable[tuple[int, str]],
    stated: Stated,
    path: Path,
    *,
    lines: tuple[int, int],
    latest_year: int | None = None,
    whole: bool = False,
) -> list[Article]:
    """Return the article that numbered paragraphs are, those of a roundup, or none if they are only editors' lines.

    `whole` leaves a roundup one.

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
    day = stated.date, find_day(path.stem), _inferred(kept, latest_year)
    return build_articles(kept, replace(stated, byline=byline), *choose_date(*day), lines, whole=whole)


def build_articles(
    kept: Lines,
    stated: Stated,
    issued: date | None,
    basis: DateBasis,
    lines: tuple[int, int],
    *,
    whole: bool = False,
) -> list[Article]:
    """Return the articles that lines of known kinds are: one, or a roundup's several; none where there is no report.

    `whole` leaves a roundup one.
    """
    title = tidy_title(stated.title) if stated.title and says_something(stated.title) else None
    stated = replace(stated, title=title)
    items = [] if whole else split_items(title, kept)
    if not items:
        only = _article(kept, stated, issued, basis, lines)
        return [only] if only else []
    made = (
        _article(each.lines, _of_item(each, stated), issued, basis, lines, is_item=True) for each in items
    )
    return [article for article in made if article]


def _of_item(item: Item, stated: Stated) -> Stated:
    """What is known of a roundup's item: what is known of the roundup, which is the section that it stands in."""
    section = stated.section or (stated.title if is_roundup(stated.title) else None)
    # a place that is stated for all of it is not each one's
    return replace(stated, title=item.title, place=item.place, region=None, section=section)


def _article(
    kept: Lines,
    stated: Stated,
    issued: date | None,
    basis: DateBasis,
    lines: tuple[int, int],
    *,
    is_item: bool = False,
) -> Article | None:
    text, spans = compose(kept)
    if not any(span.kind is SpanKind.BODY for span in spans):
        return None
    place, title = None, title_of(text, spans, goes_further=not is_item)
    parts = headline_apart(text, spans, stated.title or title, is_stated=stated.title is not None)
    if stated.title:
        place, title = split_place(whole_title(stated.title, text))
    return Article(
        title=title,
        # a headline that is printed before its report is a title as good as a stated one
        title_is_derived=stated.title is None and parts == spans,
        place=stated.place or place,
        section=stated.section,
        date=issued,
        date_basis=basis if issued else DateBasis.NONE,
        byline=stated.byline,
        credit=stated.credit or credit_of(text, spans),
        source=stated.source,
        url=stated.url,
        region=stated.region,
        text=text,
        spans=parts,
        lines=lines,
    )


def kind_of(paragraph: str) -> SpanKind:
    """What a whole paragraph is by itself: BOILERPLATE, CAPTION or BODY."""
    if is_boilerplate(paragraph):
        return SpanKind.BOILERPLATE
    return SpanKind.CAPTION if is_caption(paragraph) else SpanKind.BODY


def _inferred(kept: list[tuple[Line, SpanKind]], latest_year: int | None) -> date | None:
    if latest_year is None:
        return None
    text = "\n".join(line.text for line, _ in kept)
    found = (parse_dateline(line.text) for line, _ in kept)
    return infer_date(text, (each for each in found if each), latest_year)
