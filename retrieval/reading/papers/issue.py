"""What is read of a newspaper's digital edition: an issue, its pages, and the parts of each article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from retrieval.types import Article

Polygon = tuple[tuple[float, float], ...]
"""Corners (x, y) around an article; of a page's picture they are shares of its width and height."""


class PaperKind(StrEnum):
    """Which system publishes an edition."""

    A = "A"
    """Newer Founder: layout/202206/30/node_01.html."""
    B = "B"
    """Classic Founder: html/2022-06/30/node_2.htm."""
    C = "C"
    """PaperIndex: 20220630/Page01BC.htm."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An area of a page's picture as its map writes it."""

    corners: Polygon
    is_share: bool = False
    """Whether corners are shares of the picture; else they are pixels of it as it is shown."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a page's picture is, and the size at which it is shown, where the page says so."""

    url: str
    width: float | None = None
    height: float | None = None


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article as its page lists it."""

    url: str
    key: str
    """Its address without the host: the same for http and https."""
    title: str
    outlines: tuple[Outline, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPage:
    """One 版 of an issue."""

    number: str
    """As printed, without 第 and 版: 01, A02."""
    name: str
    url: str
    key: str
    articles: tuple[ListedArticle, ...] = ()
    picture: Picture | None = None
    etag: str | None = None
    last_modified: str | None = None
    problem: str | None = None
    """Why it could not be read; it is expected all the same."""
    is_unchanged: bool = False
    """The server says that it is as it was when all of it was read; its articles are not listed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A day's issue as its pages list it."""

    kind: PaperKind
    paper: str
    """The newspaper's name."""
    day: date
    url: str
    """Of its first page."""
    pages: tuple[PaperPage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleParts:
    """What an article's own page says, before pieces are joined."""

    title: str | None = None
    lead: str | None = None
    """引题, above the title."""
    sub: str | None = None
    """副题, below it."""
    byline: str | None = None
    number: str | None = None
    """Of its page."""
    section: str | None = None
    paper: str | None = None
    day: date | None = None
    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()


class ArticleState(StrEnum):
    """What has become of an article that a page lists."""

    EXPECTED = "expected"
    """Not read yet; it is tried again."""
    READ = "read"
    JOINED = "joined"
    """Read, and part of the article that it goes on."""
    FURNITURE = "furniture"
    """An advertisement, a masthead: no article."""
    LOST = "lost"
    """Tried as often as is of use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """What came of an article that a page lists."""

    key: str
    number: str
    """Of its page."""
    state: ArticleState
    articles: tuple[Article, ...] = ()
    """One, or a roundup's several."""
    problem: str | None = None
    goes_on: bool = False
    """Its text says that it goes on elsewhere, or that it began there, and the other piece was not found."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page's picture, made small, with its articles' outlines as shares of its size, by key."""

    number: str
    data: bytes
    """JPEG."""
    width: int
    height: int
    polygons: tuple[tuple[str, tuple[Polygon, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperIssue:
    """What one look at a newspaper brought; goes between processes."""

    paper_key: str
    """Names the paper in the ledger: host and folder."""
    address: str
    """As the operator gave it."""
    day: date | None
    """The issue's; None where there is none."""
    issue: Issue | None
    articles: tuple[ReadArticle, ...] = ()
    pictures: tuple[PagePicture, ...] = ()
    problem: str | None = None
    """Why there is no issue."""
    is_absent: bool = False
    """The server answers, and has no issue of this day."""
    is_unchanged: bool = False
    """The entry is as it was when the newest issue was read in full."""
    etag: str | None = None
    last_modified: str | None = None
    """Of the paper's entry."""

    @property
    def n_articles(self) -> int:
        """How many articles came in."""
        return sum(len(each.articles) for each in self.articles)
