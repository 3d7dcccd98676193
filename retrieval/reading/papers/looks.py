"""Looks at newspapers, each in a process of its own within limits, put together: pieces joined, articles made."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from retrieval.errors import ReadingError
from retrieval.reading.papers.addresses import paper_key
from retrieval.reading.papers.articles import (
    Piece,
    began_at,
    goes_on_at,
    is_furniture,
    join_pieces,
    make_paper_articles,
)
from retrieval.reading.papers.issue import ArticleState, Issue, PagePicture, PaperIssue, ReadArticle
from retrieval.reading.papers.reader import newest_steps, paper_steps
from retrieval.reading.papers.steps import GotArticle, Listed, NoIssue, Step, Wanted
from retrieval.reading.process import ReadingLimits, ReadingProcess
from retrieval.reading.web.fetching import Fetcher

PACE_SECONDS = 1.2
"""Between two requests to one newspaper."""
_ROOT = Path("papers")


class PaperReader:
    """Looks at newspapers. Blocks for as long as an issue takes at its pace: run it off the event loop."""

    def __init__(
        self,
        fetcher: Fetcher | None = None,
        *,
        seconds: float = PACE_SECONDS,
        limits: ReadingLimits | None = None,
    ) -> None:
        """`seconds` pass between two requests; `limits` bound each request with what it gives."""
        self._fetcher = fetcher or Fetcher()
        self._seconds = seconds
        self._process = ReadingProcess(limits)

    def look(self, wanted: Wanted) -> PaperIssue:
        """Return what `read` does, fetched and taken apart by a process of its own.

        A request that exceeds its limits ends the look: what came before it is kept. Raises FetchError, and
        ReadingError if the process ends before the issue is known.
        """
        with self._process as process:
            name = _ROOT / paper_key(wanted.address)
            return put_together(wanted, process.results(name, _steps, wanted, self._fetcher, self._seconds))

    def read(self, wanted: Wanted, sleep: Callable[[float], None] = time.sleep) -> PaperIssue:
        """Return what the paper has of a day, read here and now. Raises FetchError."""
        return put_together(wanted, paper_steps(wanted, self._fetcher, self._seconds, sleep))

    def newest(self, address: str) -> date | NoIssue:
        """Return the day of the newest issue that a paper has now, or why it has none.

        Some requests, in the process of its own. Raises FetchError, ReadingError.
        """
        with self._process as process:
            name = _ROOT / paper_key(address)
            found: date | NoIssue = process.result(
                name, newest_steps, Wanted(address), self._fetcher, self._seconds
            )
            return found

    def give_up(self) -> None:
        """End the look under way; may be called from another thread."""
        self._process.close()


def put_together(wanted: Wanted, steps: Iterable[Step]) -> PaperIssue:
    """Return what the steps of a look brought."""
    key = paper_key(wanted.address)
    nothing = PaperIssue(paper_key=key, address=wanted.address, day=wanted.day, issue=None)
    listed: Listed | None = None
    got: dict[str, GotArticle] = {}
    pictures: list[PagePicture] = []
    walk = iter(steps)
    while True:
        try:
            step = next(walk, None)
        except ReadingError:
            if listed is None:
                raise
            break  # what came before the request that went wrong is kept; the rest is still expected
        if step is None:
            break
        if isinstance(step, NoIssue):
            return replace(
                nothing, problem=step.reason, is_absent=step.is_absent, is_unchanged=step.is_unchanged
            )
        if isinstance(step, Listed):
            listed = step
        elif isinstance(step, GotArticle):
            got[step.key] = step
        elif isinstance(step, PagePicture):
            pictures.append(step)
    if listed is None:
        return replace(nothing, problem="the look was ended")
    issue = _named(listed.issue, got.values())
    return PaperIssue(
        paper_key=key,
        address=wanted.address,
        day=issue.day,
        issue=issue,
        articles=tuple(_articles(issue, got, key)),
        pictures=tuple(pictures),
        etag=listed.etag,
        last_modified=listed.last_modified,
    )


def _named(issue: Issue, got: Iterable[GotArticle]) -> Issue:
    """The issue with its paper's name: its pages' word, else that of most articles, else the host's."""
    if issue.paper:
        return issue
    names = Counter(each.parts.paper for each in got if each.parts is not None and each.parts.paper)
    named = names.most_common(1)
    return replace(issue, paper=named[0][0] if named else urlsplit(issue.url).hostname or "")


def page_path(key: str, day: date, number: str) -> Path:
    """Return where a newspaper's page is said to lie."""
    with contextlib.suppress(ValueError):
        number = f"{int(number):02d}"
    return _ROOT / key / f"{day}_{number}"


def _articles(issue: Issue, got: dict[str, GotArticle], key: str) -> Iterator[ReadArticle]:
    pieces: list[Piece] = []
    for page in issue.pages:
        for each in page.articles:
            found = got.get(each.key)
            if found is not None and found.parts is not None:
                section = page.name or found.parts.section or ""
                pieces.append(Piece(each.key, page.number, section, found.parts, each.url))
    joined, taken = join_pieces(pieces)
    whole = {piece.key: piece for piece in joined}
    for page in issue.pages:
        path = page_path(key, issue.day, page.number)
        for each in page.articles:
            read = ReadArticle(key=each.key, number=page.number, state=ArticleState.EXPECTED)
            found = got.get(each.key)
            if is_furniture(each.title):
                yield replace(read, state=ArticleState.FURNITURE)
            elif each.key in taken:
                yield replace(read, state=ArticleState.JOINED)
            elif each.key in whole:
                piece = whole[each.key]
                made = make_paper_articles(piece, paper=issue.paper, day=issue.day, path=path)
                if not made:
                    yield replace(read, problem=f"{each.url}: has no text")
                else:
                    is_open = goes_on_at(piece.parts) is not None or began_at(piece.parts) is not None
                    yield replace(read, state=ArticleState.READ, articles=made, goes_on=is_open)
            elif found is not None:
                yield replace(read, problem=found.problem)


def _steps(wanted: Wanted, fetcher: Fetcher, seconds: float) -> Iterator[Step]:
    """Yield the steps of a look; this is what the other process runs."""
    return paper_steps(wanted, fetcher, seconds)
