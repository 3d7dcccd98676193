"""Where sentences begin and end."""

from __future__ import annotations

import re

_END = re.compile(r"(?:[。！？!?…]+|(?<![0-9A-Za-z])\.(?=\s|$))[”’\"'」』）)》】]*|\n+")
_CLAUSE_END = re.compile(r"[；;，,、：:][”’\"'」』]*")


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Offsets of the sentences of `text[start:end]`, in order, without surrounding white space.

    A sentence ends at 。！？… with the closing quotes or brackets that follow, or at a line break. A quoted
    sentence inside a longer one ends it too, as newspapers quote whole sentences.
    """
    end = len(text) if end is None else end
    return _split(text, start, end, _END)


def split_clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Offsets of the clauses of `text[start:end]`, each with the comma or semicolon that ends it."""
    return _split(text, start, end, _CLAUSE_END)


def _split(text: str, start: int, end: int, ending: re.Pattern[str]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    position = start
    for match in ending.finditer(text, start, end):
        pieces.append((position, match.end()))
        position = match.end()
    pieces.append((position, end))
    trimmed = (_trim(text, first, last) for first, last in pieces)
    return [(first, last) for first, last in trimmed if first < last]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
