"""Blocks of a rich message as Telegram's Bot API takes them, made of the HTML that messages are written in.

Fields: https://core.telegram.org/bots/api#inputrichblock. A message has at most 32,768 characters and 500 blocks,
far more than anything here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

Block = Mapping[str, Any]
RichText = str | list[Any] | dict[str, Any]
"""Plain words, several stretches, or words in one form."""

_FORMS = {"b": "bold", "i": "italic", "a": "url"}
_OPENS, _CLOSES = "<blockquote expandable>", "</blockquote>"


class _Words(HTMLParser):
    """Collects words with their forms; what is not known is left as plain words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[dict[str, Any], list[Any]]] = [({}, [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a stretch in a form."""
        if tag in _FORMS:
            address = dict(attrs).get("href")
            self._open.append(({"type": _FORMS[tag], **({"url": address} if address else {})}, []))

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag in _FORMS and len(self._open) > 1:
            form, words = self._open.pop()
            self._open[-1][1].append({**form, "text": _joined(words)})

    def handle_data(self, data: str) -> None:
        """Add words to the innermost stretch."""
        self._open[-1][1].append(data)

    def words(self) -> RichText:
        """All of them."""
        return _joined(self._open[0][1])


def _joined(words: list[Any]) -> RichText:
    return words[0] if len(words) == 1 else words or ""


def rich_text(html: str) -> RichText:
    """Return a line's words with their bold, italic and tapped stretches."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return reader.words()


def heading(html: str, size: int) -> Block:
    """Return a heading; `size` is 1, the largest, to 6."""
    return {"type": "heading", "text": rich_text(html), "size": size}


def paragraphs(html: str) -> list[Block]:
    """Return a paragraph for each line of a message, and its unfolding quotation as one."""
    said, opens, quoted = html.partition(_OPENS)
    blocks: list[Block] = [
        {"type": "paragraph", "text": rich_text(line)} for line in said.split("\n") if line
    ]
    if not opens:
        return blocks
    quotation, _, below = quoted.partition(_CLOSES)
    unfolding = {"type": "expandable_blockquote", "text": rich_text(quotation)}
    return [*blocks, unfolding, *paragraphs(below)]


def fold(summary: str, blocks: Sequence[Block], *, is_open: bool = False) -> Block:
    """Return a line that unfolds."""
    said: dict[str, Any] = {"type": "details", "summary": rich_text(summary), "blocks": list(blocks)}
    return said | {"is_open": True} if is_open else said


def table(rows: Sequence[Sequence[str]]) -> Block:
    """Return a compact table with lines between its cells."""
    cells = [[{"text": rich_text(cell), "align": "left", "valign": "top"} for cell in row] for row in rows]
    return {"type": "table", "cells": cells, "is_bordered": True, "is_compact": True}
