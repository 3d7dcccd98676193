"""An article as long as a book to several of bearable length, as every answer looks at whole articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from retrieval.text.sentences import split_sentences
from retrieval.types import Article, Span

LONGEST = 20_000
"""Characters; a government's yearly report has about as many."""


def parts_of(article: Article, longest: int = LONGEST) -> Iterator[Article]:
    """Yield the article or, where it is longer than `longest` characters, its parts in order, each under its head.

    It is cut between paragraphs, within one between sentences, within one where the length is reached.
    """
    if len(article.text) <= longest or not article.spans:
        yield article
        return
    part: list[Span] = []
    for span in _short_spans(article, longest):
        if part and span.end - part[0].start > longest:
            yield _part(article, part)
            part = []
        part.append(span)
    yield _part(article, part)


def _short_spans(article: Article, longest: int) -> Iterator[Span]:
    for span in article.spans:
        if span.end - span.start <= longest:
            yield span
            continue
        start = end = span.start
        for first, last in split_sentences(article.text, span.start, span.end):
            if last - start > longest and end > start:
                yield Span(span.kind, start, end)
                start = first
            while last - start > longest:
                yield Span(span.kind, start, start + longest)
                start += longest
            end = last
        if end > start:
            yield Span(span.kind, start, end)


def _part(article: Article, spans: list[Span]) -> Article:
    first, last = spans[0].start, spans[-1].end
    moved = tuple(Span(each.kind, each.start - first, each.end - first) for each in spans)
    return replace(article, text=article.text[first:last], spans=moved)
