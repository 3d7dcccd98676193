"""Articles to passages: slices of whole sentences, short enough for the dense side to see their subject."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.text.sentences import split_clauses, split_sentences
from retrieval.types import Article, PassageSlice, Span, SpanKind


@dataclass(frozen=True, slots=True)
class ChunkSize:
    """Lengths in characters; the figures are measured in docs/ranking.md."""

    target: int = 200
    """A passage is closed once it is this long."""
    limit: int = 280
    """No passage is longer: a sentence that is gets cut at commas, and at this length where it has none."""

    def __post_init__(self) -> None:
        if not 1 <= self.target <= self.limit:
            raise ValueError(f"need 1 <= target <= limit, not {self.target} and {self.limit}")


def chunk(article: Article, size: ChunkSize = ChunkSize()) -> list[PassageSlice]:
    """The article's passages in order: body text and captions, never datelines, credits or boilerplate.

    Together they cover every sentence of the body once. An article without a body gives none.
    """
    passages: list[PassageSlice] = []
    for kind, start, end in _stretches(article):
        units = [
            unit
            for first, last in split_sentences(article.text, start, end)
            for unit in _short_units(article.text, first, last, size.limit)
        ]
        passages.extend(PassageSlice(kind=kind, start=first, end=last) for first, last in _pack(units, size))
    return passages


def passage_header(article: Article) -> str:
    """What a passage is told of its article before it is encoded: place and title."""
    title = "" if article.title_is_derived else article.title
    return " ".join(part for part in (article.place, title) if part)


def reading_header(article: Article) -> str:
    """Return what a reader of one of the article's passages is told of the article: its date, place and title."""
    day = f"{article.date.year}年{article.date.month}月{article.date.day}日" if article.date else ""
    return " ".join(part for part in (day, passage_header(article)) if part)


def _stretches(article: Article) -> list[tuple[SpanKind, int, int]]:
    """Neighbouring body paragraphs joined; a credit or caption between two keeps them apart."""
    stretches: list[tuple[SpanKind, int, int]] = []
    previous: Span | None = None
    for span in article.spans:
        if (
            previous is not None
            and span.kind is SpanKind.BODY
            and previous.kind is SpanKind.BODY
            and not article.text[previous.end : span.start].strip()
        ):
            kind, start, _ = stretches.pop()
            stretches.append((kind, start, span.end))
        elif span.kind in (SpanKind.BODY, SpanKind.CAPTION):
            stretches.append((span.kind, span.start, span.end))
        previous = span
    return stretches


def _short_units(text: str, start: int, end: int, limit: int) -> list[tuple[int, int]]:
    if end - start <= limit:
        return [(start, end)]
    units: list[tuple[int, int]] = []
    for first, last in split_clauses(text, start, end):
        if units and last - units[-1][0] <= limit:
            units[-1] = (units[-1][0], last)
        else:
            units.extend((cut, min(cut + limit, last)) for cut in range(first, last, limit))
    return units


def _pack(units: list[tuple[int, int]], size: ChunkSize) -> list[tuple[int, int]]:
    packed: list[tuple[int, int]] = []
    for first, last in units:
        is_open = packed and packed[-1][1] - packed[-1][0] < size.target
        if is_open and last - packed[-1][0] <= size.limit:
            packed[-1] = (packed[-1][0], last)
        else:
            packed.append((first, last))
    # a short tail says little alone: give it to its neighbour where it fits
    if len(packed) > 1 and packed[-1][1] - packed[-1][0] < size.target // 4:
        first, last = packed[-2][0], packed[-1][1]
        if last - first <= size.limit:
            packed[-2:] = [(first, last)]
    return packed
