"""What the product says: an answer, its hits and their evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from retrieval.types import ArticleRegion, Passage, StoredArticle


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
    """Making the question's vector, also where that was done before, to tell what kind of message it is."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """Of which other time or other place what is nearest tells the thing asked for: one of them is given."""

    days: tuple[date, date] | None = None
    """First and last."""
    said: str | None = None
    """The time in the report's words, if they mean the same whenever they are read."""
    place: str | None = None
    """A division's name."""


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
    wider: str | None = None
    """Where a place has no story at all: the name of the nearest division around it that has some."""


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
    instead: Instead | None = None
    """With NEAR: why the first hit is no answer, where its time or its place alone is another."""
    browsed: Browsed | None = None
    """With BROWSE alone."""
    count: ArticleCount | None = None
    """With NEEDS_COUNTING: how many articles there are, where it is articles that are to be counted."""
    sides: tuple[PlaceSide, ...] = ()
    """With NEEDS_COUNTING: what is told of each place, where places are to be compared; they are not judged."""
    timings: Timings
