"""A headline that its report runs in behind: a part of its own, for its title says it and no sentence of the report does."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.reading.articles.dateline import parse_dateline
from retrieval.reading.articles.headlines import SECTION_LABEL, headline_end, stated_end
from retrieval.reading.articles.titles.beginnings import MIN_CLAUSE_CHARS
from retrieval.reading.articles.titles.derived import MOST_READ, may_be_headline
from retrieval.types import Span, SpanKind


def headline_apart(text: str, spans: Sequence[Span], title: str, *, is_stated: bool) -> tuple[Span, ...]:
    """Return the spans with the headline that the report begins with in a part of its own.

    It is the title: a stated one, printed again, or one that was found before the report.
    """
    at = next((at for at, span in enumerate(spans) if span.kind is SpanKind.BODY), None)
    if at is None:
        return tuple(spans)
    first = spans[at]
    report = text[first.start : first.end][:MOST_READ]
    end = stated_end(report, title) if is_stated else headline_end(report)
    is_title = report.lstrip().startswith(title[:MIN_CLAUSE_CHARS])
    if end is None or not is_title or not (is_stated or may_be_headline(report[:end])):
        return tuple(spans)
    begin = first.start + end
    label = SECTION_LABEL.match(text, begin)
    begin = label.end() if label else begin
    rest = text[begin : first.end]
    dateline = parse_dateline(rest.lstrip())
    body = begin + (len(rest) - len(rest.lstrip()) + dateline.end if dateline else 0)
    if first.end - body < MIN_CLAUSE_CHARS:
        return tuple(spans)
    parts = (
        Span(SpanKind.BOILERPLATE, first.start, begin),
        Span(SpanKind.DATELINE, begin, body),
        Span(SpanKind.BODY, body, first.end),
    )
    return (*spans[:at], *(part for part in parts if part.start < part.end), *spans[at + 1 :])
