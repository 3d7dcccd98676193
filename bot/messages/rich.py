"""Parts of a rich message in Telegram's own HTML for these, made of the HTML that other messages are written in.

Tags: https://core.telegram.org/bots/api#rich-message-formatting-options. A message has at most 32,768 characters and
500 blocks, far more than anything here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_OPENS, _CLOSES = "<blockquote expandable>", "</blockquote>"


def heading(html: str, size: int) -> str:
    """Return a heading; `size` is 1, the largest, to 6."""
    return f"<h{size}>{html}</h{size}>"


def paragraphs(html: str) -> str:
    """Return a paragraph for each line of a message, and its unfolding quotation as one."""
    said, opens, quoted = html.partition(_OPENS)
    above = "".join(f"<p>{line}</p>" for line in said.split("\n") if line)
    if not opens:
        return above
    quotation, _, below = quoted.partition(_CLOSES)
    lines = "<br>".join(quotation.split("\n"))
    return f"{above}{_OPENS}{lines}{_CLOSES}{paragraphs(below)}"


def fold(summary: str, html: str) -> str:
    """Return a line that unfolds to parts."""
    return f"<details><summary>{summary}</summary>{html}</details>"


def table(rows: Iterable[Sequence[str]]) -> str:
    """Return a compact table with lines between its cells."""
    cells = ("".join(f'<td valign="top">{cell}</td>' for cell in row) for row in rows)
    return f"<table bordered compact>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
