"""A web page of a digital edition, however it is written: decoded, taken apart, asked for links and texts.

Tags and attributes come in any case, with quotes or without; charsets that are declared are not believed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from retrieval.reading.encoding import UndecodableError, decode_page, familiarity
from retrieval.reading.papers.issue import Outline, Picture

MAX_TAGS = 200_000
_MOST_LINKS = 5_000
_REFRESH = re.compile(r"url\s*=\s*[\"']?\s*([^\"'>\s]+)", re.IGNORECASE)
_SCRIPT = re.compile(
    r"location(?:\.href)?\s*=\s*[\"']([^\"'<>\s]{1,300})[\"']|location\.replace\(\s*[\"']([^\"'<>\s]{1,300})[\"']"
)
_SILENT = frozenset("script style noscript template head title iframe svg select button form".split())
_BLOCKS = frozenset(
    "p div br li ul ol dl dt dd tr table tbody h1 h2 h3 h4 h5 h6 section article blockquote pre figure "
    "figcaption hr center founder-content".split()
)
_BLANK = " \t\r\n\u3000\u00a0\u200b\ufeff"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Link:
    """A link, in the order of the page."""

    url: str
    text: str
    outline: Outline | None = None
    """Of an area of the page's picture."""
    map_name: str = ""


@dataclass(slots=True)
class Document:
    """A web page taken apart."""

    url: str
    text: str
    root: Any
    encoding: str
    by_name: dict[str, list[Any]] = field(default_factory=dict)
    """Elements by id, class and tag, in small letters."""

    def named(self, *names: str) -> list[Any]:
        """Return the elements that have one of these ids, classes or tags, in the order of the names."""
        return [each for name in names for each in self.by_name.get(name, ())]

    def said(self, *names: str) -> str | None:
        """Return the text of the first such element that has any."""
        return next((text for each in self.named(*names) if (text := text_of(each))), None)

    @property
    def title(self) -> str:
        """What the page calls itself."""
        return self.said("title") or ""

    def links(self) -> Iterator[Link]:
        """Yield what the page links to, with addresses in full."""
        base = next((each.get("href") for each in self.named("base") if each.get("href")), None)
        here = (base and _joined(self.url, base)) or self.url
        for element in islice(self.root.iter("a", "area"), _MOST_LINKS):
            target = element.get("daoxiang") or element.get("href") or element.get("data-href") or ""
            url = _joined(here, target)
            if url is None:
                continue
            if element.tag == "area":
                parent = element.getparent()
                name = str(parent.get("name") or parent.get("id") or "").lower() if parent is not None else ""
                said = str(element.get("title") or element.get("alt") or "")
                yield Link(url, bare(said), _outline(element), name)
            else:
                yield Link(url, text_of(element) or bare(element.get("title") or ""))

    def leads_to(self) -> list[str]:
        """Return where the page sends its reader at once: by META REFRESH, a script, a frame."""
        found: list[str | None] = []
        for each in self.named("meta"):
            if str(each.get("http-equiv") or "").lower() == "refresh":
                match = _REFRESH.search(str(each.get("content") or ""))
                found.append(match[1] if match else None)
        match = _SCRIPT.search(self.text)
        if match:
            found.append(match[1] or match[2])
        found += [each.get("src") for each in self.named("frame", "iframe")]
        return [url for each in found if each and (url := _joined(self.url, unescape(each)))]

    def picture(self, map_names: Collection[str]) -> Picture | None:
        """Return the picture that one of these maps belongs to."""
        for each in self.named("img"):
            used = str(each.get("usemap") or "").lower().lstrip("#")
            url = _joined(self.url, str(each.get("src") or each.get("data-src") or ""))
            if used and used in map_names and url:
                return Picture(url, _length(each.get("width")), _length(each.get("height")))
        return None


def parse_document(data: bytes, url: str) -> Document | None:
    """Return the page, or None if it is empty or no web page that can be read."""
    from lxml import etree, html

    if data.count(b"<") > MAX_TAGS:
        return None
    text, encoding = decode_paper(data)
    text = text.replace("\x00", "")
    if not text.strip():
        return None
    try:
        root = html.document_fromstring(
            text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8")
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    document = Document(url, text, root, encoding)
    for element in root.iter(etree.Element):
        names = [str(element.tag), element.get("id") or "", *(element.get("class") or "").split()]
        for name in dict.fromkeys(each.lower() for each in names if each):
            document.by_name.setdefault(name, []).append(element)
    return document


def decode_paper(data: bytes) -> tuple[str, str]:
    """Return the text of a page and its encoding: UTF-8 where it decodes, whatever is declared; else the likeliest."""
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return decode_page(data)
    except UndecodableError:  # some bytes are damaged: with gaps it can still be read
        guesses = [(data.decode(name, "replace"), name) for name in ("gb18030", "utf-8")]
        return max(guesses, key=lambda guess: familiarity(guess[0]) - guess[0].count("\ufffd") / len(data))


def bare(text: str) -> str:
    """Return a text in one line, without blanks around it."""
    return " ".join(text.replace("\u200b", "").split())


def text_of(element: Any) -> str:
    """Return an element's text in one line; what is not shown is left out."""
    return bare(" ".join(paragraphs_of(element)))


def short_text_of(element: Any, most: int) -> str | None:
    """Return an element's text in one line, or None if it is longer; a long one is not gone through."""
    parts: list[str] = []
    n_chars = 0
    for part in element.itertext():
        parts.append(str(part))
        n_chars += len(part.strip())
        if n_chars > most or len(parts) > 4 * most:
            return None
    return text_of(element)


def paragraphs_of(element: Any, without: Collection[Any] = ()) -> list[str]:
    """Return an element's paragraphs; cells of a table's row are parted by blanks. `without`: elements passed over."""
    parts: list[str] = []
    _gather(element, parts, set(without))
    lines = "".join(parts).split("\x1e")
    return [line for each in lines if (line := _line(each))]


def _gather(top: Any, parts: list[str], without: set[Any]) -> None:
    # an own stack: a page's depth is its maker's choice
    waiting: list[tuple[Any, bool]] = [(top, True)]
    while waiting:
        element, is_entered = waiting.pop()
        is_comment = not isinstance(element.tag, str)
        is_block = not is_comment and element.tag in _BLOCKS
        if not is_entered:
            parts.append("\x1e" if is_block else " " if element.tag in ("td", "th") else "")
            if element is not top:
                parts.append(element.tail or "")
            continue
        if is_comment or element in without or (element.tag in _SILENT and element is not top):
            if element is not top:
                parts.append(element.tail or "")
            continue
        parts += ["\x1e" if is_block else "", element.text or ""]
        waiting.append((element, False))
        waiting += [(child, True) for child in reversed(element)]


def _line(text: str) -> str:
    # within a line of Chinese a line break of the source is nothing; between words it is a blank
    joined = re.sub(r"(?<=[^\x00-\x7f])[\r\n\t]+ *(?=[^\x00-\x7f])", "", text)
    return re.sub(r"[ \t\r\n]+", " ", joined).strip(_BLANK)


def _joined(base: str, target: str) -> str | None:
    target = target.strip().replace("\\", "/")
    if not target or target.lower().startswith(("javascript:", "mailto:", "tel:", "data:", "#")):
        return None
    try:
        url = urljoin(base, target).partition("#")[0]
        here, there = urlsplit(base), urlsplit(url)
        if there.netloc == here.netloc and there.scheme in ("http", "https"):
            return urlunsplit(
                there._replace(scheme=here.scheme)
            )  # what is served by one may be linked as the other
        return url if there.scheme in ("http", "https", "file") else None
    except ValueError:
        return None


def _outline(element: Any) -> Outline | None:
    """Return the area's corners, or None if it has none that make sense."""
    written = str(element.get("coords") or element.get("data-coords") or "")
    numbers = [float(each) for each in _NUMBER.findall(written)[:400]]
    shape = str(element.get("shape") or "poly").lower()
    if shape.startswith("circ") or len(numbers) < 4 or len(numbers) % 2:
        return None
    if len(numbers) == 4:
        left, top, right, bottom = numbers
        numbers = [left, top, right, top, right, bottom, left, bottom]
    is_share = "%" in written
    scale = 100.0 if is_share else 1.0
    corners = tuple((x / scale, y / scale) for x, y in zip(numbers[::2], numbers[1::2], strict=True))
    return Outline(corners, is_share) if len(corners) >= 3 else None


def _length(written: str | None) -> float | None:
    match = re.fullmatch(r"\s*(\d{2,5})(?:\.\d+)?\s*(?:px)?\s*", written or "")
    return float(match[1]) if match else None
