"""Texts cut to what one Telegram message takes, without losing a character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from retrieval import split_sentences

MESSAGE_UNITS = 4096
"""UTF-16 code units of a message's text after its formatting is parsed; the server counts code points, which
are never more."""

_TAG = re.compile(r"</?[a-z][^>]*>")


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units: 2 for a character beyond the Basic Multilingual Plane."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, n_units: int) -> str:
    """Return the text, shortened with … to at most `n_units` UTF-16 code units."""
    if len(text) <= n_units and utf16_length(text) <= n_units:
        return text
    units = text[:n_units].encode("utf-16-le", "surrogatepass")[: 2 * (n_units - 1)]
    return units.decode("utf-16-le", "ignore") + "…"


def plain_text(html: str) -> str:
    """Return what is read of HTML: the same words without formatting."""
    return unescape(_TAG.sub("", html))


def split_text(text: str, limit: int = MESSAGE_UNITS) -> list[str]:
    """Return parts of at most `limit` units whose concatenation is the text, none of them blank.

    Parts end at paragraph or sentence ends; only a sentence longer than the limit is cut within. Raises
    ValueError if the limit is below 2.
    """
    if limit < 2:
        raise ValueError(f"limit must be at least 2, not {limit}")
    parts: list[str] = []
    for piece in _pieces(text, limit):
        if parts and utf16_length(parts[-1]) + utf16_length(piece) <= limit:
            parts[-1] += piece
        else:
            parts.append(piece)
    return _without_blanks(parts)


def _pieces(text: str, limit: int) -> Iterator[str]:
    """Sentences with what stands before and behind them; longer ones in stretches."""
    starts = [start for start, _ in split_sentences(text)]
    edges = [0, *starts[1:], len(text)]
    for start, end in zip(edges, edges[1:], strict=False):
        yield from _stretches(text[start:end], limit)


def _stretches(text: str, limit: int) -> Iterator[str]:
    start = n_units = 0
    for at, character in enumerate(text):
        units = 2 if character > "\uffff" else 1
        if n_units + units > limit:
            yield text[start:at]
            start, n_units = at, 0
        n_units += units
    yield text[start:]


def _without_blanks(parts: list[str]) -> list[str]:
    """A blank part, which cannot be sent, is left out: only white space goes."""
    return [part for part in parts if part.strip()]
