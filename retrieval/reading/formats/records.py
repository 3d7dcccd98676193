"""JSON and JSONL: articles as records, one object a line, or one object or a list of them in a file.

A record has `text`, and may have id, title, date, source, url, author (or byline), region, place, section
and credit; other fields are passed over.
"""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from retrieval.errors import ReadingError
from retrieval.reading.articles.captions import is_boilerplate
from retrieval.reading.articles.dates import choose_date, day_among
from retrieval.reading.articles.item import Stated, build_articles, split_paragraphs
from retrieval.reading.articles.markup import plain_lines
from retrieval.reading.articles.names import byline_of, is_organisation, source_of
from retrieval.reading.articles.paragraphs import Line
from retrieval.reading.articles.recurrence import mark_recurring
from retrieval.text.dates import find_day, stamped_day
from retrieval.types import Article, DateBasis, Page, Skipped, SpanKind

_NO_TEXT = "has no text: each line needs an object with a text"


def parse_records(text: str, path: Path, *, sha256: str, encoding: str) -> Page:
    """Return the page that a JSONL text is; a line that is no article is skipped and named.

    Raises ReadingError if no line is one.
    """
    return _gather(_lines(text, path), path, sha256=sha256, encoding=encoding)


def parse_json(text: str, path: Path, *, sha256: str, encoding: str) -> Page:
    """Return the page that a JSON text is: one record, a list of them, or an object with a list `articles`.

    An article's lines are its number in the list. A record that is no article is skipped and named by it.
    Raises ReadingError if the text is no JSON or no record is an article.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"is not JSON ({error.msg}): one object, or a list of them"
        raise ReadingError(path, reason, error.lineno) from None
    except (RecursionError, ValueError):  # ValueError: a number of thousands of digits
        raise ReadingError(path, "is nested too deeply, or holds too long a number, for records") from None
    if isinstance(value, dict) and isinstance(value.get("articles"), list):
        value = value["articles"]
    records = value if isinstance(value, list) else [value]
    return _gather(_values(records, path), path, sha256=sha256, encoding=encoding)


def read_records(path: Path) -> Iterator[tuple[str, Article]]:
    """Yield each JSONL record's id and article; raises ReadingError with the line of one that is none."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    record = _parsed(line, number, path)
                    for each in _read(record, number, path, whole=True):
                        if isinstance(each, Article):
                            yield str(record.get("id", number)), each
    except OSError as error:
        raise ReadingError(path, f"cannot be read ({error.strerror}): a set needs this file") from error
    except UnicodeDecodeError:
        raise ReadingError(path, "is not UTF-8: save it as UTF-8") from None


def _lines(text: str, path: Path) -> Iterator[Article | Skipped]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield from _read(_parsed(line, number, path), number, path)
            except ReadingError as error:
                yield Skipped(path, number, error.reason)


def _values(records: Iterable[object], path: Path) -> Iterator[Article | Skipped]:
    for number, record in enumerate(records, start=1):
        try:
            yield from _read(_checked(record, number, path), number, path)
        except ReadingError as error:
            yield Skipped(path, number, error.reason)


def _gather(found: Iterable[Article | Skipped], path: Path, *, sha256: str, encoding: str) -> Page:
    articles: list[Article] = []
    skipped: list[Skipped] = []
    for each in found:
        if isinstance(each, Skipped):
            skipped.append(each)
        else:
            articles.append(each)
    if not articles:
        reason = skipped[0].reason if skipped else "the page is empty: nothing to read in it"
        raise ReadingError(path, reason, skipped[0].line if skipped else None)
    articles = mark_recurring(_dated(articles))
    undated = [each.lines[0] for each in articles if each.date is None]
    if undated and len(undated) < len(articles):
        reason = (
            f"{len(undated)} records without a date, whose text tells none: add one to each, or to a sidecar"
        )
        skipped.append(Skipped(path, undated[0], reason))
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


def _dated(articles: Sequence[Article]) -> list[Article]:
    """The articles, undated ones with the day of their dateline in the year of those around them from the same source."""
    days: dict[str | None, list[tuple[int, date]]] = {}
    for at, each in enumerate(articles):
        if each.date:
            days.setdefault(each.source, []).append((at, each.date))
    today = date.today()  # noqa: DTZ011 (the day suffices)
    found: list[Article] = []
    for at, each in enumerate(articles):
        day = None
        if each.date is None:
            around = days.get(each.source, [])
            place = bisect(around, at, key=lambda pair: pair[0])
            day = day_among(each.text, [pair[1] for pair in around[max(0, place - 1) : place + 1]], today)
        found.append(replace(each, date=day, date_basis=DateBasis.INFERRED) if day else each)
    return found


def _parsed(line: str, number: int, path: Path) -> Mapping[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ReadingError(path, f"is not JSON ({error.msg}): one object a line", number) from None
    except (RecursionError, ValueError):
        raise ReadingError(path, "is nested too deeply, or holds too long a number", number) from None
    return _checked(record, number, path)


def _checked(record: object, number: int, path: Path) -> Mapping[str, Any]:
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ReadingError(path, _NO_TEXT, number)
    if not split_paragraphs(record["text"]):
        raise ReadingError(path, _NO_TEXT, number)
    if any(_has_lone_surrogate(value) for value in record.values() if isinstance(value, str)):
        raise ReadingError(path, "holds half a character (a lone \\ud800 to \\udfff): write it again", number)
    return record


def _has_lone_surrogate(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return True
    return False


def _read(
    record: Mapping[str, Any], number: int, path: Path, *, whole: bool = False
) -> Iterator[Article | Skipped]:
    """The articles that a record is: one, or a roundup's, which stays one where it is wanted `whole`."""
    # a record's lines are its paragraphs: nothing is rejoined
    kept = [
        (Line(number, part, is_indented=True), _kind(part, at))
        for at, part in enumerate(_paragraphs(record["text"]))
    ]
    written = _text(record, "date")
    day = stamped_day(written) if written else None
    if written and day is None:
        yield Skipped(
            path, number, f"“{written[:40]}” is no date: write it as 2022-06-30; the article is kept without"
        )
    issued, basis = choose_date(day, find_day(path.stem), None)
    byline, author = _text(record, "byline"), _text(record, "author")
    stated = Stated(
        title=_text(record, "title"),
        place=_text(record, "place"),
        section=_text(record, "section"),
        byline=byline or (byline_of(author) if author else None),
        credit=_text(record, "credit"),
        source=_source(record, author),
        url=_text(record, "url"),
        region=_text(record, "region"),
    )
    yield from build_articles(kept, stated, issued, basis, (number, number), whole=whole)


def _paragraphs(text: str) -> list[str]:
    lines = split_paragraphs(text)
    return (
        [plain for line in lines for part in plain_lines(line) if (plain := part.strip())]
        if "<" in text
        else lines
    )


def _source(record: Mapping[str, Any], author: str | None) -> str | None:
    source = _text(record, "source")
    if source is None and author and is_organisation(author):
        source = author
    return source_of(source) or source if source else None


def _kind(paragraph: str, at: int) -> SpanKind:
    """A record whose only line looks like an editors' one has nothing else to say: the first line is body."""
    return SpanKind.BOILERPLATE if at and is_boilerplate(paragraph) else SpanKind.BODY


def _text(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # a date as 20220630, a region's code as 150524
    return value.strip() or None if isinstance(value, str) else None
