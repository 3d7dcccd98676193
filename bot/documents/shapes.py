"""What stands in each document. The command line and the interface give the same; docs/command-line.md explains the fields."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from retrieval import ArticleKind, DateBasis, Outcome, RegionRole, SpanKind


class Document(BaseModel):
    """One JSON object; it holds what is listed and nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class RegionDocument(Document):
    """A division that an article is about or names."""

    code: str
    name: str
    role: RegionRole


class ArticleDocument(Document):
    """An article's source fields, without its text."""

    id: str
    title: str
    section: str | None
    """The column heading above it."""
    kind: ArticleKind
    regions: list[RegionDocument]
    date: date | None
    """The issue date."""
    date_basis: DateBasis
    """Where the date was taken from."""
    byline: str | None
    credit: str | None
    source: str | None
    """The newspaper's or site's name."""
    page: str
    """The page's path; through the interface its file name alone."""
    lines: list[int] = Field(min_length=2, max_length=2)
    """The first and last line of the article in its page."""
    url: str | None
    """Where the article stands elsewhere."""
    address: str | None
    """Where it stands here, if this installation has a public address."""


class FigureDocument(Document):
    """A number with its unit, where it stands in the article's text."""

    text: str
    start: int
    end: int
    unit: str


class EvidenceDocument(Document):
    """A sentence that answers. All offsets count characters of the article's text."""

    text: str
    start: int
    end: int
    figures: list[FigureDocument]
    matched: list[tuple[int, int]]
    """Stretches shared with the question."""
    answer: tuple[int, int] | None
    """The stretch whose words answer."""
    resolved: dict[str, str]
    """What a relative word of the sentence means there: 今年 is 2022年."""


class PassageDocument(Document):
    """The passage that was found."""

    text: str
    start: int
    end: int


class PlaceNameDocument(Document):
    """A division."""

    code: str
    name: str


class HitDocument(Document):
    """A passage that answers, or comes near."""

    rank: int = Field(ge=1)
    score: float
    """0 to 1, larger is better."""
    article: ArticleDocument
    place: PlaceNameDocument | None
    """What the first sentence of the evidence tells of."""
    passage: PassageDocument
    evidence: list[EvidenceDocument]
    also: list[ArticleDocument]
    """Further articles that print the same story with the same figures."""


class ChoiceDocument(Document):
    """A division that an unclear name may mean."""

    text: str
    code: str
    name: str
    path: str


class TimingsDocument(Document):
    """Milliseconds spent."""

    encode: float
    search: float
    total: float


class BrowseDocument(Document):
    """What was listed, where a list of stories was asked for."""

    region: str | None
    days: list[tuple[date, date]]
    """The first and last day of each period asked for."""
    topic: str
    more: bool
    """Whether further stories go on behind those listed."""
    newest: date | None
    """The newest issue that has a story of what was asked for, whenever that is."""
    library_newest: date | None
    is_of_newest: bool
    """Whether the time asked for has no story, and these are of the newest issue that has one."""


class CountDocument(Document):
    """How many articles there are, exactly."""

    n: int
    place: str | None
    """The code of the division that they are about; null for any."""
    first: date | None
    last: date | None
    """The issue dates asked for, both included; null for any."""
    words: list[str]
    """What each has in its title or text."""
    articles: list[ArticleDocument]
    """The newest of them."""


class SideDocument(Document):
    """What is told of one of several places that a question compares."""

    name: str
    hit: HitDocument | None


class AnswerDocument(Document):
    """What is said to a question. Only with the outcome `found` are the hits an answer."""

    question: str
    outcome: Outcome
    as_of: date | None
    """The first hit's issue date."""
    reason: str | None
    """One sentence for a person on why nothing is presented as the answer; null where something is."""
    browse: BrowseDocument | None
    hits: list[HitDocument]
    differing: list[int]
    """Ranks of the first hits where they give differing figures for the same thing and place."""
    candidates: list[ChoiceDocument]
    """With `which_place` what to choose from, else what may have been meant."""
    count: CountDocument | None
    """With `needs_counting`, where it is articles that are counted."""
    sides: list[SideDocument]
    """With `needs_counting`, where places are compared; they are not judged."""
    took_ms: TimingsDocument


class StoryDocument(Document):
    """A story: its best article and the sentence that tells it."""

    article: ArticleDocument
    sentence: str
    also: list[ArticleDocument]


class DigestDocument(Document):
    """The stories of one issue date that are about a division or any within it."""

    region: PlaceNameDocument
    date: date
    items: list[StoryDocument]


class IndexDocument(Document):
    """The search index."""

    kind: str
    passages: int
    behind: int
    """Changes in the store that it has not taken in."""


class StatusDocument(Document):
    """What is in the store."""

    articles: int
    briefs: int
    passages: int
    pages: int
    encoder: str | None
    index: IndexDocument
    version: str


class HomeStatusDocument(StatusDocument):
    """With where it is, which is for the operator."""

    home: str


# ------------------------------------------------------------------------------------- for programs alone


class AskedDocument(AnswerDocument):
    """An answer, with how to go on from it."""

    after: str | None
    """To be given as `after` with a question that goes on from this one (那奈曼旗呢); null where none can."""
    address: str | None
    """A page with this answer, if this installation has a public address."""


class SpanDocument(Document):
    """A stretch of an article's text and what it is; what none covers is a line break."""

    kind: SpanKind
    start: int
    end: int


class FullArticleDocument(ArticleDocument):
    """An article with its text."""

    text: str
    spans: list[SpanDocument]


class CountedPlaceDocument(PlaceNameDocument):
    """A division with how many articles are about it or any within it."""

    articles: int


class PlaceDocument(CountedPlaceDocument):
    """A division, those right below it, and its newest stories."""

    path: str
    """内蒙古自治区 › 通辽市 › 库伦旗."""
    parent: str | None
    children: list[CountedPlaceDocument]
    newest: list[StoryDocument]
