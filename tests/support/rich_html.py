"""The HTML of a rich message as a Bot API server reads it: by the documented tags alone, each closed in its turn.

Tags: https://core.telegram.org/bots/api#rich-message-formatting-options.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_ATTRIBUTES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("b", "i", "p", "tr", "summary", "br", *(f"h{n}" for n in range(1, 7))), frozenset()),
    "a": frozenset(["href"]),
    "details": frozenset(["open"]),
    "blockquote": frozenset(["expandable"]),
    "table": frozenset(["bordered", "striped", "compact"]),
    "td": frozenset(["align", "valign", "colspan", "rowspan"]),
}
_WITHIN = {"summary": "details", "tr": "table", "td": "tr"}
_LINES = frozenset(["p", "summary", "tr", "blockquote", *(f"h{n}" for n in range(1, 7))])
"""What begins a line of its own."""
_ENTITIES = re.compile(
    r"&(?!(?:lt|gt|amp|quot|apos|nbsp|hellip|mdash|ndash|lsquo|rsquo|ldquo|rdquo|#\d+|#x[\da-fA-F]+);)"
)


@dataclass(slots=True)
class Rich:
    """What a rich message shows."""

    tags: list[str] = field(default_factory=list)
    """In the order in which they open."""
    lines: list[str] = field(default_factory=list)
    """A line for each heading, paragraph, summary and row, its cells between bars."""
    links: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    folds: list[list[str]] = field(default_factory=list)
    """The lines of each that unfolds."""
    rows: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rich = Rich()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        unknown = {name for name, _ in attrs} - _ATTRIBUTES.get(tag, frozenset())
        if tag not in _ATTRIBUTES or unknown:
            raise ValueError(f"<{tag}> with {unknown} is not documented")
        if tag in _WITHIN and self._open[-1:] != [_WITHIN[tag]]:
            raise ValueError(f"<{tag}> stands in {self._open}")
        self.rich.tags.append(tag)
        if tag == "br":
            self.rich.lines[-1] += "\n"
            return
        if tag == "td" and self.rich.lines[-1]:
            self.rich.lines[-1] += " | "
        if tag in _LINES:
            self.rich.lines.append("")
        if tag == "details":
            self.rich.folds.append([])
        self.rich.links += [address for name, address in attrs if name == "href" and address]
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            raise ValueError(f"</{tag}> closes nothing")
        line = self.rich.lines[-1]
        if tag in _LINES and not line.strip():
            raise ValueError(f"<{tag}> is empty")
        if tag in _LINES and "details" in self._open:
            self.rich.folds[-1].append(line)
        if tag[0] == "h":
            self.rich.headings.append(line)
        if tag == "tr":
            self.rich.rows.append(line)

    def handle_data(self, data: str) -> None:
        if not _LINES.intersection(self._open):
            raise ValueError(f"{data!r} stands outside of any part")
        self.rich.lines[-1] += data

    def read(self, html: str) -> Rich:
        """Return what is shown; raises ValueError for what a server would refuse."""
        if _ENTITIES.search(html):
            raise ValueError("an entity that is not documented")
        self.feed(html)
        self.close()
        if self._open:
            raise ValueError(f"{self._open} stay open")
        return self.rich


def read_rich(html: str) -> Rich:
    """Return what the HTML of a rich message shows; raises ValueError for what is not documented."""
    return _Reader().read(html)
