"""What an address of a digital edition says by itself: which system, page or article, of which day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urljoin, urlsplit, urlunsplit

from retrieval.reading.papers.issue import PaperKind

_EXTENSION = r"\.s?html?$"
_PAGE = re.compile(
    rf"(?:node_?[a-z]{{0,3}}\d+|nbs\.[\w.]*?_?\d+|page_?[a-z]{{0,3}}\d+[a-z]*){_EXTENSION}", re.IGNORECASE
)
_ARTICLE = re.compile(
    rf"(?:con(?:tent)?_?\d[\d_]*|c\d{{3,}}|nw\.[\w.]*_[\d-]+\w*|arti(?:cel|cle|cal)_?[a-z]{{0,3}}\d+[a-z]*){_EXTENSION}",
    re.IGNORECASE,
)
_OF_C = re.compile(r"(?:page|arti(?:cel|cle|cal))_?[a-z]{0,3}\d+[a-z]*\.|issueindex\.", re.IGNORECASE)
_ENTRY = re.compile(rf"(?:paperindex|issueindex|index|default){_EXTENSION}", re.IGNORECASE)
_DAY = re.compile(r"/(?P<y>(?:19|20)\d\d)(?P<a>[-/]?)(?P<m>\d\d)(?P<b>[-/]?)(?P<d>\d\d)(?=[/_.]|\d{1,4}/|$)")
_SYSTEM = re.compile(
    r"/(?:pc/|html/|content/|con/|layout/|col(?:umn)?/|(?:19|20)\d\d[-/]?\d\d[-/]?\d\d/"
    r"|(?:paperindex|issueindex|index|default)\.s?html?$)",
    re.IGNORECASE,
)
_PAGE_OF_ARTICLE = re.compile(r"arti(?:cel|cle|cal)_?([a-z]{0,3}\d{2})\d{3}[a-z]*\.", re.IGNORECASE)
_DIGITS_OF_PAGE = re.compile(r"(?:node_|page_?|_)([a-z]{0,2}\d+)[a-z]*\.", re.IGNORECASE)


_ENTRIES = (
    *("paperindex.htm", "PaperIndex.htm", "pc/layout/index.html", "index.html"),
    *("content/PaperIndex.htm", "html/paperindex.htm"),
)
"""Where an edition of any system may begin: after a redesign it may be another's."""


class Role(StrEnum):
    """What lies at an address."""

    ENTRY = "entry"
    """Leads to the newest issue, or to an issue's first page."""
    PAGE = "page"
    ARTICLE = "article"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Address:
    """An address of an edition, without what stands behind #."""

    url: str
    role: Role
    kind: PaperKind | None
    """None where the address does not tell."""
    day: date | None

    @property
    def key(self) -> str:
        """The address without the host."""
        return key_of(self.url)


def parse_address(url: str) -> Address:
    """Return what the address says."""
    parts = urlsplit(url)
    name = parts.path.rpartition("/")[2]
    day, kind = _dated(parts.path)
    if _PAGE.fullmatch(name):
        role = Role.PAGE
    elif _ARTICLE.fullmatch(name):
        role = Role.ARTICLE
    elif not name or "." not in name or _ENTRY.fullmatch(name):
        role = Role.ENTRY
    else:
        role = Role.OTHER
    if kind is None:
        if _OF_C.match(name):
            kind = PaperKind.C
        elif re.search(r"/pc/|/layout/|/col(?:umn)?/", parts.path, re.IGNORECASE):
            kind = PaperKind.A
    return Address(urlunsplit(parts._replace(fragment="")), role, kind, day)


def day_in(url: str) -> date | None:
    """Return the day of the issue that an address is within, or None."""
    return parse_address(url).day


def _dated(path: str) -> tuple[date | None, PaperKind | None]:
    name = path.rpartition("/")[2]
    for match in _DAY.finditer(path):
        try:
            day = date(int(match["y"]), int(match["m"]), int(match["d"]))
        except ValueError:
            continue
        if _OF_C.match(name):
            return day, PaperKind.C
        if name.lower().startswith(("nbs.", "nw.")) or match["a"] == "-":
            return day, PaperKind.B
        if (match["a"], match["b"]) == ("", "/") or _ARTICLE.fullmatch(name) or _PAGE.fullmatch(name):
            return day, PaperKind.A
        return day, PaperKind.C
    return None, None


def on_day(url: str, day: date) -> str | None:
    """Return the address of the same thing in another day's issue, or None if it names no day."""
    parts = urlsplit(url)
    for match in _DAY.finditer(parts.path):
        try:
            date(int(match["y"]), int(match["m"]), int(match["d"]))
        except ValueError:
            continue
        written = f"/{day:%Y}{match['a']}{day:%m}{match['b']}{day:%d}"
        path = parts.path[: match.start()] + written + parts.path[match.end() :]
        # a day may be written twice: in the folder and in the file's name
        path = path.replace(f"{match['y']}{match['m']}{match['d']}", f"{day:%Y%m%d}")
        return urlunsplit(parts._replace(path=path, fragment=""))
    return None


def root_of(url: str) -> str:
    """Return the folder of the paper, in front of all that its system adds."""
    parts = urlsplit(url)
    path = parts.path or "/"
    if "." not in path.rpartition("/")[2] and not path.endswith("/"):
        path += "/"
    match = _SYSTEM.search(path)
    folder = path[: match.start() + 1] if match else path[: path.rfind("/") + 1]
    return urlunsplit((parts.scheme, parts.netloc, folder, "", ""))


def paper_key(url: str) -> str:
    """Return what names the paper in the ledger: its host, the port where it is not the usual one, and its folder."""
    parts = urlsplit(root_of(url))
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    return f"{parts.hostname}{port}{parts.path}".rstrip("/")


def key_of(url: str) -> str:
    """Return the address without scheme and host; what a file of a known kind is asked with says only how it looks."""
    parts = urlsplit(url)
    name = parts.path.rpartition("/")[2]
    query = "" if _PAGE.fullmatch(name) or _ARTICLE.fullmatch(name) else parts.query
    return urlunsplit(("", "", parts.path, query, "")) or "/"


def entries_of(url: str) -> list[str]:
    """Return where a paper's newest issue may be found, beside the address that was given."""
    root, kind = root_of(url), parse_address(url).kind
    names = {
        PaperKind.A: ("pc/layout/index.html", "layout/index.html", "pc/col/index.html"),
        PaperKind.B: ("paperindex.htm", "html/paperindex.htm"),
        PaperKind.C: ("PaperIndex.htm", "content/PaperIndex.htm"),
        None: (),
    }[kind]
    own = re.search(r"^.*?/(?:layout|col(?:umn)?)/", url)
    found = [f"{own[0]}index.html"] if own else []
    return list(dict.fromkeys([*found, *(urljoin(root, name) for name in (*names, *_ENTRIES))]))


def fronts_of(url: str, day: date) -> list[str]:
    """Return where an issue of this day may begin, in a paper that has this address, the likeliest first."""
    root, address = root_of(url), parse_address(url)
    same = on_day(url, day)
    found: list[str] = []
    if same is not None:
        folder = same[: same.rfind("/") + 1]
        if address.kind is PaperKind.C:
            found = [urljoin(folder, "IssueIndex.htm")]
        if address.role is Role.PAGE:
            found.append(same)
        elif address.kind is PaperKind.A:
            found.append(urljoin(folder, "node_01.html"))
        elif address.kind is PaperKind.B:
            found += [urljoin(folder, "node_1.htm"), urljoin(folder, "node_2.htm")]
    if address.kind is not PaperKind.B:
        found += [urljoin(root, f"pc/{name}/{day:%Y%m}/{day:%d}/node_01.html") for name in ("layout", "col")]
    if address.kind is not PaperKind.A:
        found += [urljoin(root, f"html/{day:%Y-%m}/{day:%d}/node_{n}.htm") for n in (1, 2)]
    if address.kind in (PaperKind.C, None):
        found += [urljoin(root, f"{folder}{day:%Y%m%d}/IssueIndex.htm") for folder in ("", "content/")]
    return list(dict.fromkeys(found))


def siblings_of(url: str) -> list[str]:
    """Return the addresses of the pages next to one: node_3.htm, node_4.htm and node_1.htm for node_2.htm."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    match = re.search(r"(\d+)(?=\D*$)", name.partition(".")[0])
    if match is None:
        return []
    found = []
    for step in (1, 2, -1):
        number = int(match[1]) + step
        if number > 0:
            other = f"{name[: match.start()]}{number:0{len(match[1])}d}{name[match.end() :]}"
            found.append(urlunsplit(parts._replace(path=f"{folder}/{other}", fragment="")))
    return found


def page_of_article(url: str) -> str | None:
    """Return the number of the page that an article's address names (system C), or None."""
    match = _PAGE_OF_ARTICLE.match(urlsplit(url).path.rpartition("/")[2])
    return match[1].upper() if match else None


def page_in_address(url: str) -> str | None:
    """Return the number that a page's address has: 01 of node_01.html."""
    match = _DIGITS_OF_PAGE.search(urlsplit(url).path.rpartition("/")[2])
    return match[1].upper() if match else None
