"""An element of a web page -> its paragraphs, with what of each stands in links."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.reading.articles.item import split_paragraphs
from retrieval.reading.webpage.document import Element, one_line

_BREAKS = frozenset(
    "p div br li ul ol dl dt dd table tbody thead tfoot tr h1 h2 h3 h4 h5 h6 section article blockquote pre figure "
    "figcaption hr main center header footer aside nav form fieldset details summary".split()
)
_SILENT = frozenset(
    "script style noscript template head title iframe svg button select option textarea input object nav audio video "
    "map".split()
)
_CELLS = frozenset(("td", "th"))
_LONG_CELL = 60
"""A cell of several paragraphs with more text than this lays out a page; a table's cells are shorter."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph."""

    text: str
    n_linked: int
    """Characters of it that stand in links."""


def blocks_of(element: Element) -> list[Block]:
    """Return the paragraphs of an element, in order; a row of a table is one, its cells apart by a blank.

    A cell that lays out a page, rather than hold a value, gives the paragraphs in it.
    """
    walk = _Walk(element)
    walk.run()
    return walk.blocks


class _Walk:
    """Goes through an element without recursion: pages are nested as deep as anyone likes."""

    def __init__(self, element: Element) -> None:
        self._element = element
        self.blocks: list[Block] = []
        self._parts: list[tuple[str, bool]] = []
        self._n_silent = self._n_links = self._n_rows = self._n_verbatim = 0

    def run(self) -> None:
        from lxml import etree

        for event, each in etree.iterwalk(self._element, events=("start", "end")):
            tag = each.tag if isinstance(each.tag, str) else ""
            if event == "start":
                self._start(each, tag)
                self._say(each.text)
            else:
                self._end(each, tag)
                if each is not self._element:
                    self._say(each.tail)
        self._flush()

    def _start(self, element: Element, tag: str) -> None:
        if tag in _SILENT or _is_hidden(element):
            self._n_silent += 1
        elif tag == "a":
            self._n_links += 1
        elif tag == "pre":
            self._flush()
            self._n_verbatim += 1
        elif tag == "tr" and _is_row(element):
            if not self._n_rows:
                self._flush()
            self._n_rows += 1
        elif tag in _BREAKS or tag in _CELLS:
            self._break()

    def _end(self, element: Element, tag: str) -> None:
        if tag in _SILENT or _is_hidden(element):
            self._n_silent -= 1
        elif tag == "a":
            self._n_links -= 1
        elif tag == "pre":
            self._flush()
            self._n_verbatim -= 1
        elif tag == "tr" and _is_row(element):
            self._n_rows -= 1
            if not self._n_rows:
                self._flush()
        elif tag in _BREAKS or tag in _CELLS:
            self._break()

    def _break(self) -> None:
        """End a paragraph; within a table's row, set a blank."""
        if self._n_rows:
            self._parts.append((" ", False))
        else:
            self._flush()

    def _say(self, text: str | None) -> None:
        if not text or self._n_silent:
            return
        if self._n_verbatim and not self._n_rows:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self._flush()
                self._parts.append((line, self._n_links > 0))
        else:
            self._parts.append((text, self._n_links > 0))

    def _flush(self) -> None:
        parts, self._parts = self._parts, []
        text = one_line("".join(part for part, _ in parts))
        for line in split_paragraphs(text):
            n_linked = sum(len("".join(part.split())) for part, is_linked in parts if is_linked)
            self.blocks.append(Block(line, n_linked))


def _is_hidden(element: Element) -> bool:
    style = element.get("style")
    return bool(style) and "display:none" in style.replace(" ", "").lower()


def _is_row(row: Element) -> bool:
    """Whether a row holds values side by side, rather than lay out a page."""
    cells = [cell for cell in row if cell.tag in _CELLS and "".join(cell.itertext()).strip()]
    if len(cells) < 2 or row.find(".//table") is not None:
        return False
    return not any(
        len("".join(cell.itertext()).strip()) > _LONG_CELL and len(cell.findall(".//p")) > 1 for cell in cells
    )
