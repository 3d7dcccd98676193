"""What a source sets at the head or end of all its pieces: found by how often it comes back, not by what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from retrieval.text.sentences import split_sentences
from retrieval.types import Article, Span, SpanKind

_LEAST_TIMES = 10
"""Pieces of a source with different texts that begin, or end, with the same sentence."""
_CHARS = range(4, 121)
_WITHIN = 400
_ENDS = "。！？!?…”’」』）)\n \u3000\t"
_PER_END = 2
"""Sentences of a piece's head, and of its end, that are looked at."""


def mark_recurring(articles: Sequence[Article]) -> list[Article]:
    """The articles, with what recurs at the heads or ends of a source's pieces as boilerplate."""
    texts: dict[tuple[str | None, str], set[int]] = {}
    ends = [list(_ends(article)) for article in articles]
    for article, its_ends in zip(articles, ends, strict=True):
        for start, end in its_ends:
            texts.setdefault((article.source, article.text[start:end]), set()).add(hash(article.text))
    recurring = {key for key, seen in texts.items() if len(seen) >= _LEAST_TIMES}
    if not recurring:
        return list(articles)
    return [_marked(article, its_ends, recurring) for article, its_ends in zip(articles, ends, strict=True)]


def _ends(article: Article) -> Iterator[tuple[int, int]]:
    """Where the first and last sentences of a piece's body stand, if it has more than those."""
    bodies = [span for span in article.spans if span.kind is SpanKind.BODY]
    if not bodies:
        return
    head = split_sentences(article.text, bodies[0].start, min(bodies[0].end, bodies[0].start + _WITHIN))
    tail = split_sentences(article.text, max(bodies[-1].start, bodies[-1].end - _WITHIN), bodies[-1].end)
    for start, end in {*head[:_PER_END], *tail[-_PER_END:]}:
        # a sentence that the limit cuts off is none
        if end - start in _CHARS and (start == bodies[-1].start or article.text[start - 1] in _ENDS):
            yield start, end


def _marked(
    article: Article, ends: Sequence[tuple[int, int]], recurring: set[tuple[str | None, str]]
) -> Article:
    cut = sorted(
        (start, end) for start, end in ends if (article.source, article.text[start:end]) in recurring
    )
    spans = [part for span in article.spans for part in _parts(span, cut)] if cut else []
    is_report = any(span.kind is SpanKind.BODY for span in spans)
    return replace(article, spans=tuple(spans)) if is_report else article


def _parts(span: Span, cut: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """A body span without the stretches that are cut out of it, which are boilerplate."""
    at = span.start
    for start, end in cut:
        if span.kind is SpanKind.BODY and span.start <= start and end <= span.end:
            if start > at:
                yield Span(SpanKind.BODY, at, start)
            yield Span(SpanKind.BOILERPLATE, start, end)
            at = end
    if at < span.end:
        yield Span(span.kind, at, span.end)
