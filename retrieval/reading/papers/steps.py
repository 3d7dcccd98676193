"""A look at a newspaper: what it is for, and the steps that it goes through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from retrieval.reading.papers.issue import ArticleParts, Issue, PagePicture


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a look is for, and what is known already."""

    address: str
    day: date | None = None
    """None: the newest issue."""
    etag: str | None = None
    last_modified: str | None = None
    """Of the paper's entry at the last look."""
    fronts: Sequence[str] = ()
    """First pages of issues that were read, the nearest first: other days' may look alike."""
    pages: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """Etag and last change of pages of which all was read, by key."""
    read: frozenset[str] = frozenset()
    """Keys of articles that need not be read again."""
    open_ended: frozenset[str] = frozenset()
    """Keys of those among them whose other half was missing."""
    pictured: frozenset[str] = frozenset()
    """Keys of pages whose picture is kept."""
    with_pictures: bool = True


@dataclass(frozen=True, slots=True)
class Tick:
    """A request was answered."""


@dataclass(frozen=True, slots=True)
class NoIssue:
    """There is none, or it cannot be found."""

    reason: str
    is_absent: bool = False
    """The server answers, and has none of this day."""
    is_unchanged: bool = False
    """The entry is as it was."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The issue with all that its pages list."""

    issue: Issue
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class GotArticle:
    """An article's own page, or why it could not be read."""

    key: str
    parts: ArticleParts | None
    problem: str | None = None


Step = Tick | NoIssue | Listed | GotArticle | PagePicture
