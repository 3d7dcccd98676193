"""The values that pass between the parts: pages and articles, passages and hits, questions and answers.

All are frozen; offsets count characters (code points) of `Article.text`, half open, `text[start:end]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class CandidateText:
    """What ranking needs of a passage."""

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


@dataclass(frozen=True, slots=True)
class PassageScore:
    """A passage's id with one side's score; larger is better."""

    passage_id: int
    score: float


# ---------------------------------------------------------------------------------------------- answers


class Outcome(StrEnum):
    """What became of a question."""

    FOUND = "found"
    NEAR = "near"
    """Articles on the topic exist, but none answers for the place or time asked."""
    NONE = "none"
    WHICH_PLACE = "which_place"
    """The question names a place that could be several; `Answer.candidates` lists them."""
    NEEDS_COUNTING = "needs_counting"
    """It asks to count, add up or compare across articles, which the bot does not do."""
    BROWSE = "browse"
    """It asks for a place's, a time's or a topic's news; the hits are stories, the newest first, and `Answer.browsed` says more."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, where it stands in the article's text."""

    text: str
    start: int
    end: int
    unit: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that answers, where it stands in the article's text."""

    text: str
    start: int
    end: int
    figures: tuple[Figure, ...] = ()
    matched: tuple[tuple[int, int], ...] = ()
    """Where words of the question stand, as offsets in the article's text, in order, not overlapping."""
    resolved: tuple[tuple[str, str], ...] = ()
    """Relative time words in the sentence with what they mean there, (“今年”, “2022年”)."""
    answer: tuple[int, int] | None = None
    """Where the words stand that answer, as offsets in the article's text; None where nobody has read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that answers, or comes near, with its article and evidence."""

    rank: int
    score: float
    """Calibrated, 0 to 1: how surely this passage answers the question."""
    article: StoredArticle
    passage: Passage
    evidence: tuple[Evidence, ...]
    also: tuple[StoredArticle, ...] = ()
    """Further sources of the same story."""
    place: ArticleRegion | None = None
    """What its evidence tells of, where the article tells of several places; its role is the article's with it."""
    contributions: Mapping[str, float] = field(default_factory=dict)
    """What each feature adds to the score, for `--explain`."""


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A division that an unclear name may mean."""

    text: str
    """The name as the question has it."""
    code: str
    name: str
    path: str
    """内蒙古自治区 › 通辽市 › 库伦旗."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent."""

    encode: float
    search: float
    total: float


@dataclass(frozen=True, slots=True)
class Turn:
    """What a question was about, for the one that follows it."""

    question: str
    """In full: 那奈曼旗呢 with the topic that it took over."""
    regions: tuple[str, ...] = ()
    """Codes of the divisions that it was taken to be about; () for no place."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question was taken to look for, in words to say it with."""

    question: str
    """In full: 那奈曼旗呢 with the topic that it took over."""
    places: tuple[str, ...] = ()
    """Names of the divisions asked for."""
    times: tuple[str, ...] = ()
    """Times as the question has them."""
    topic: str = ""
    """What is left without places and times."""


@dataclass(frozen=True, slots=True)
class ArticleCount:
    """How many articles there are, exactly, and the newest of them."""

    place: str | None
    """The code of the division that they are about, it or any within it; None for any."""
    first: date | None
    last: date | None
    """The issue dates that were asked for, both included; None for any."""
    words: tuple[str, ...]
    """What each has in its title or text."""
    n: int
    newest: tuple[StoredArticle, ...]


@dataclass(frozen=True, slots=True)
class PlaceSide:
    """What is told of one of several places that a question compares."""

    name: str
    hit: Hit | None
    """None where nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsed:
    """What is to be known of a page of stories, beside the stories."""

    region: str | None = None
    """Code of the one division whose news was asked for; None for several or none."""
    follow: tuple[str, str] | None = None
    """Code and name of what to follow for such news: that division; the paper's own province where no place was asked for."""
    days: tuple[tuple[date, date], ...] = ()
    """First and last days of the times asked for; () for none."""
    has_more: bool = False
    """Whether stories follow behind these."""
    newest: date | None = None
    """The newest issue that has a story asked for, whenever that is; None: there is no such story."""
    library_newest: date | None = None
    """The newest issue of all; None where nothing has a date."""
    is_of_newest: bool = False
    """The time asked for has no story: these are of the newest issue that has one."""
    is_yet_to_come: bool = False
    """The time asked for is not over, and begins behind the newest issue of all: its paper is not here yet."""
    asks_author: bool = False
    """It was asked who wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the product says to a question. With NEAR and NONE the hits are not presented as the answer."""

    question: str
    outcome: Outcome
    as_of: date | None
    """The first hit's issue date."""
    hits: tuple[Hit, ...]
    candidates: tuple[PlaceChoice, ...] = ()
    """With WHICH_PLACE: what to choose from. With NEAR and NONE: what may have been meant (您是不是要问)."""
    turn: Turn | None = None
    """What a following question may refer to; None with WHICH_PLACE and where nothing was asked."""
    differing: tuple[int, ...] = ()
    """Ranks of the first hits, the newest first, where they give differing figures for the same thing and place."""
    wanted: Wanted | None = None
    """What was looked for; None where the question holds nothing to look for."""
    browsed: Browsed | None = None
    """With BROWSE alone."""
    count: ArticleCount | None = None
    """With NEEDS_COUNTING: how many articles there are, where it is articles that are to be counted."""
    sides: tuple[PlaceSide, ...] = ()
    """With NEEDS_COUNTING: what is told of each place, where places are to be compared; they are not judged."""
    timings: Timings
