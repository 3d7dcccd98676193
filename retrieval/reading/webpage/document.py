"""A web page as a tree, with what its head declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

Element: TypeAlias = Any
"""An lxml element, which comes without types."""

_BLANKS = re.compile(r"\s+")
_META = re.compile(r"<meta\s[^>]{0,1000}>", re.IGNORECASE)
_NAME = re.compile(r"\b(?:name|property|itemprop)\s*=\s*[\"']?\s*([\w:.-]{2,60})", re.IGNORECASE)
_CONTENT = re.compile(
    r"\bcontent\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))", re.IGNORECASE
)
_HEAD_CHARS = 100_000
"""Within which a page declares what it is."""
_DECLARED_ENCODING = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True)
class WebDocument:
    """A decoded web page."""

    text: str
    """Its markup."""
    tree: Element = field(repr=False)

    def meta(self, *names: str) -> Iterator[str]:
        """What the page declares under these names, in their order, without what is blank."""
        for name in names:
            yield from self._declared.get(name.lower(), ())

    @cached_property
    def _declared(self) -> dict[str, list[str]]:
        from html import unescape

        found: dict[str, list[str]] = {}
        for tag in _META.findall(self.text[:_HEAD_CHARS]):
            name, content = _NAME.search(tag), _CONTENT.search(tag)
            if name and content:
                value = one_line(unescape(next(each for each in content.groups() if each is not None)))
                if value:
                    found.setdefault(name[1].lower(), []).append(value)
        return found

    @cached_property
    def title(self) -> str:
        """What stands in <title>; "" if nothing does."""
        found = self.tree.find(".//head/title")
        if found is None:
            found = self.tree.find(".//title")
        return text_of(found) if found is not None else ""


def open_document(text: str) -> WebDocument | None:
    """Return the page as a tree, or None where no tree can be made of it."""
    from lxml import etree, html

    markup = _DECLARED_ENCODING.sub("", text.replace("\x00", ""))
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = html.document_fromstring(markup, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return WebDocument(markup, tree)


def text_of(element: Element) -> str:
    """All the text in an element, on one line."""
    return one_line("".join(element.itertext()))


def one_line(text: str) -> str:
    """The text with each stretch of white space as one blank."""
    return _BLANKS.sub(" ", text).strip()
