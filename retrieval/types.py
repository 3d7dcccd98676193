"""The values that pass between the parts: pages and articles, passages, filters and scores.

All are frozen; offsets count characters (code points) of `Article.text`, half open, `text[start:end]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

# ---------------------------------------------------------------------------------------------- reading


class ArticleKind(StrEnum):
    """What sort of item an article is."""

    ARTICLE = "article"
    BRIEF = "brief"
    """A ● item; its title is derived from its first clause."""


class SpanKind(StrEnum):
    """What a stretch of an article's text is. Stretches do not overlap; what none covers is a line break."""

    DATELINE = "dateline"
    """`本报通辽6月30日电`: where and when the report was filed."""
    BODY = "body"
    """One paragraph of the report."""
    CAPTION = "caption"
    """Words under a photograph, a lead or sub title: kept and searchable, never the source of a figure."""
    CREDIT = "credit"
    """`（融媒体记者 …）`, `（库伦旗融媒体中心）`: who wrote or sent it."""
    BOILERPLATE = "boilerplate"
    """责任编辑, 声明, share lines: kept in the text, never searched."""


class DateBasis(StrEnum):
    """Where an issue date was taken from, the most trustworthy first."""

    SIDECAR = "sidecar"
    """An editor wrote it into the file beside the page."""
    FRONT_MATTER = "front_matter"
    """The page's own head: front matter, a record's field, a web page's or feed's metadata."""
    FILE_NAME = "file_name"
    INFERRED = "inferred"
    """Day and month from datelines, year from the page's text."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an article's text and what it is."""

    kind: SpanKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news item as read from a page.

    `text` is what the newspaper printed below the title, with lines broken by the page's columns rejoined
    and paragraphs separated by one "\\n"; nothing else is changed. `lines` is the first and last line of the
    item in its page, 1-based, inclusive, title, byline and captions included.
    """

    title: str
    title_is_derived: bool = False
    place: str | None = None
    """The place printed before or under the title (库伦旗), as printed."""
    section: str | None = None
    """The column heading 【…】 in force, without brackets."""
    kind: ArticleKind = ArticleKind.ARTICLE
    date: date | None = None
    date_basis: DateBasis = DateBasis.NONE
    byline: str | None = None
    """`本报融媒体记者 郭洪申 通讯员 美丽`, without the □."""
    credit: str | None = None
    """What stands in the closing parentheses, without them."""
    source: str | None = None
    """The newspaper's or site's name, where the page says it."""
    url: str | None = None
    region: str | None = None
    """The region that a record or a sidecar states, name or code, as written there; the store files by it."""
    text: str
    spans: tuple[Span, ...]
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that could not be read, and why; the rest went on."""

    path: Path
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One source file, or one member of an archive (`<archive>/<member>`), read."""

    path: Path
    sha256: str
    """Of the file's bytes, and its sidecar's where there is one, in hexadecimal."""
    encoding: str
    date: date | None
    date_basis: DateBasis
    source: str | None
    url: str | None
    articles: tuple[Article, ...]
    skipped: tuple[Skipped, ...] = ()


# ------------------------------------------------------------------------------------------------ store


class RegionRole(StrEnum):
    """How an article relates to a region."""

    PRIMARY = "primary"
    MENTIONED = "mentioned"


@dataclass(frozen=True, slots=True)
class ArticleRegion:
    """A division an article is about or names."""

    code: str
    name: str
    role: RegionRole


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle(Article):
    """An article with what the store knows of it."""

    id: str
    """Up to 16 characters of [a-z2-7]; the same for the same text in a page of the same name, for ever."""
    page: str
    """The page's path."""
    regions: tuple[ArticleRegion, ...]
    story: str
    """Shared by copies of one story: the id of the one that came first, which may be gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageSlice:
    """A retrievable slice of an article that is not yet in the store."""

    kind: SpanKind
    """BODY or CAPTION."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage(PassageSlice):
    """A retrievable slice of an article."""

    id: int
    article_id: str
    text: str
    """`article.text[start:end]`."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What hits are limited to; the empty filter limits nothing.

    `regions` are division codes; each stands for itself and all its descendants (official codes nest by
    prefix), and an article passes if any of its regions falls under any of them. Dates are inclusive;
    articles without a date never pass a date limit.
    """

    regions: tuple[str, ...] = ()
    first_date: date | None = None
    last_date: date | None = None
    primary_only: bool = False
    """Only an article's primary region counts for `regions`."""

    def __bool__(self) -> bool:
        """Whether anything is limited."""
        return bool(self.regions or self.first_date or self.last_date)


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """What an index needs of a passage, beside its vector."""

    passage_id: int
    title: str
    """Search terms of its article's head, space-joined."""
    body: str
    """Its own search terms."""
    day: date | None
    """Its article's issue date."""
    regions: tuple[tuple[str, bool], ...]
    """Its article's division codes, each with whether it is the primary one."""
    article_id: str = ""


class CandidateText(NamedTuple):
    """What ranking needs of a passage; a tuple, as a hundred are made for each question."""

    id: int
    article_id: str
    kind: SpanKind
    start: int
    end: int
    """Where it stands in its article's text."""
    head: str
    """Place, title and section of its article, folded."""
    folded: str
    """Its own text, folded: as long as its text."""
    units: tuple[str, ...]
    """Of its figures, each once."""
    is_first: bool
    """Whether the report begins in it."""
    day: date | None
    """Its article's issue date."""


class PassageScore(NamedTuple):
    """A passage's id with one side's score; larger is better. A tuple, as hundreds are made for each question."""

    passage_id: int
    score: float
