"""JSONL: one article a line, as collections of articles come."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from retrieval.errors import ReadingError
from retrieval.reading.dates import choose_date, date_in_name, parse_date
from retrieval.reading.headings import derive_title, split_place
from retrieval.reading.paragraphs import Line, compose
from retrieval.types import Article, DateBasis, Page, Skipped, SpanKind


def parse_records(text: str, path: Path, *, sha256: str, encoding: str) -> Page:
    """Return the page that a JSONL text is; a line that is no article is skipped and named.

    Raises ReadingError if no line is one.
    """
    articles: list[Article] = []
    skipped: list[Skipped] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            articles.append(_parse(line, number, path)[1])
        except ReadingError as error:
            skipped.append(Skipped(path, number, error.reason))
    if not articles:
        reason = skipped[0].reason if skipped else "the page is empty: nothing to read in it"
        raise ReadingError(path, reason, skipped[0].line if skipped else None)
    first = articles[0]
    return Page(
        path=path,
        sha256=sha256,
        encoding=encoding,
        date=first.date,
        date_basis=first.date_basis,
        source=first.source,
        url=None,
        articles=tuple(articles),
        skipped=tuple(skipped),
    )


def read_records(path: Path) -> Iterator[tuple[str, Article]]:
    """Yield each record's id and article; raises ReadingError with the line of one that is none."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _parse(line, number, path)
    except OSError as error:
        raise ReadingError(path, f"cannot be read ({error.strerror}): a set needs this file") from error
    except UnicodeDecodeError:
        raise ReadingError(path, "is not UTF-8: save it as UTF-8") from None


def _parse(line: str, number: int, path: Path) -> tuple[str, Article]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ReadingError(path, f"is not JSON ({error.msg}): one object a line", number) from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str) or not record["text"].strip():
        raise ReadingError(path, "has no text: each line needs an object with a text", number)
    return str(record.get("id", number)), _article(record, number, path)


def _article(record: Mapping[str, Any], number: int, path: Path) -> Article:
    lines = [part.strip() for part in record["text"].replace("\r", "\n").split("\n")]
    # a record's lines are its paragraphs: nothing is rejoined
    text, spans = compose([(Line(number, part, is_indented=True), SpanKind.BODY) for part in lines if part])
    heading = _text(record, "title")
    place, title = split_place(heading) if heading else (None, derive_title(text))
    stated = parse_date(_text(record, "date") or "")
    issued, basis = choose_date(stated, date_in_name(path.stem), None)
    return Article(
        title=title,
        title_is_derived=not heading,
        place=_text(record, "place") or place,
        section=_text(record, "section"),
        date=issued,
        date_basis=basis if issued else DateBasis.NONE,
        byline=_text(record, "byline"),
        credit=_text(record, "credit"),
        source=_text(record, "source"),
        url=_text(record, "url"),
        text=text,
        spans=spans,
        lines=(number, number),
    )


def _text(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    return value.strip() or None if isinstance(value, str) else None
