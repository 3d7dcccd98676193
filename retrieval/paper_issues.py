"""What a look at a newspaper brought, into the store and the ledger: nothing lost, nothing twice.

A page of the store is a page of the newspaper with all of its articles that were ever read. The store is written
first and the ledger then: what a kill leaves undone is done again at the next look.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from retrieval.ingestion import Ingester, Report
from retrieval.reading.papers.addresses import key_of, paper_key
from retrieval.reading.papers.issue import ArticleState, Issue, PaperIssue, PaperPage
from retrieval.reading.papers.looks import page_path
from retrieval.reading.papers.picture import PictureError, outline_article
from retrieval.store.papers import ArticleRow, IssueRows, PageRow, PaperAlarm, PaperLedger
from retrieval.store.store import Store
from retrieval.types import Article, DateBasis, Page, Skipped, StoredArticle

_MOST_TRIES = 3
"""Days on which a page or an article is tried before it counts as lost."""
SILENT_DAYS = 3
"""Days without a new issue after which a followed paper is said to be silent."""
_EMPTY = "the issue is there, and no article of it could be read: the site may have been redesigned"


@dataclass(frozen=True, slots=True)
class ArticlePicture:
    """A newspaper's page with one article outlined."""

    data: bytes
    """JPEG."""
    number: str
    name: str
    """Of the page."""


def put_issue(
    found: PaperIssue, store: Store, ingester: Ingester, today: date, *, most_pictures: int
) -> Report:
    """Bring the store and the ledger to what a look brought; alarms are entered where something is amiss."""
    ledger = PaperLedger(store.engine)
    issue = found.issue
    if issue is None:
        ledger.looked(found.address, today, problem=None if found.is_absent else found.problem)
        if found.is_absent and found.day is not None and not ledger.issue(found.paper_key, found.day).pages:
            ledger.put_issue(found.paper_key, found.day, None, IssueRows(), today)
        return Report()
    old = ledger.issue(found.paper_key, issue.day)
    is_first_today = ledger.looked_on(found.paper_key, issue.day) != today
    rows = _merged(found, issue, old, int(is_first_today))
    stored = _stored(store, {each.path for each in (*old.pages, *rows.pages)})
    pages, rows = _store_pages(found, issue, rows, stored)
    report = ingester.put_pages(pages)
    present = {str(page.path) for page in pages}
    for path in {each.page for articles in stored.values() for each in articles} - present:
        store.remove_page(path)
        report.removed += 1
    report.skipped.extend(_skipped(found, issue))
    if not any(each.state == ArticleState.READ for each in rows.articles):
        report.skipped.append(Skipped(Path(key_of(issue.url)), None, _EMPTY))
    for picture in found.pictures if most_pictures else ():
        path = str(page_path(found.paper_key, issue.day, picture.number))
        size = (picture.width, picture.height)
        ledger.put_picture(path, issue.day, picture.data, size, most_pictures)
    ledger.put_issue(found.paper_key, issue.day, issue.url, rows, today)
    state = (found.etag, found.last_modified) if found.etag or found.last_modified else None
    ledger.looked(found.address, today, name=issue.paper, kind=issue.kind.value, state=state)
    _raise_alarms(ledger, found.paper_key, issue, rows)
    counts = store.counts()
    report.articles, report.passages = counts.articles, counts.passages
    return report


def check_silence(store: Store, address: str, today: date) -> None:
    """Raise the alarm if a paper has had no issue for three days, once for each silence."""
    ledger, paper = PaperLedger(store.engine), paper_key(address)
    row = ledger.paper(paper)
    if row is None:
        return
    newest = next((each.day for each in ledger.sums(paper) if each.is_there), None)
    last = newest or row.first_looked_on
    if today - last >= timedelta(days=SILENT_DAYS):
        detail = row.problem or f"{address}: the newest issue is of {last}"
        ledger.raise_alarm(PaperAlarm(paper, "silent", last, detail), datetime.now(UTC))


def article_picture(store: Store, article: StoredArticle) -> ArticlePicture | None:
    """Return the newspaper's page with the article outlined; None where the paper gave no such picture."""
    place = picture_place(store, article)
    if place is None:
        return None
    polygons, number, name = place
    kept = PaperLedger(store.engine).picture(article.page)
    if kept is None:
        return None
    areas = [tuple((float(x), float(y)) for x, y in corners) for corners in json.loads(polygons)]
    try:
        return ArticlePicture(outline_article(kept.data, areas), number, name)
    except PictureError:
        return None


def picture_place(store: Store, article: StoredArticle) -> tuple[str, str, str] | None:
    """Return an article's outlines (JSON) with number and name of its page, or None where no picture is kept."""
    if not article.url or not article.page.startswith("papers/"):
        return None
    return PaperLedger(store.engine).polygons(article.page, key_of(article.url))


# ------------------------------------------------------------------------------------------------ rows


def _merged(found: PaperIssue, issue: Issue, old: IssueRows, n_tries: int) -> IssueRows:
    """What is known of an issue after a look, from what was known before; what failed has been tried `n_tries` times more."""
    known_pages = {each.key: each for each in old.pages}
    pages = [
        _page_row(found, issue, page, n, known_pages.get(page.key), n_tries)
        for n, page in enumerate(issue.pages)
    ]
    numbers = {each.number for each in pages}
    # a page that a redesign gave another address is the same page; one that is listed no more was there
    gone = [each for each in old.pages if each.key not in {row.key for row in pages}]
    pages += [each for each in gone if each.number not in numbers and each.state == ArticleState.READ]
    known = {each.key: each for each in old.articles}
    results = {each.key: each for each in found.articles}
    polygons = {key: json.dumps(areas) for picture in found.pictures for key, areas in picture.polygons}
    articles: list[ArticleRow] = []
    for page in issue.pages:
        for position, listed in enumerate(page.articles):
            before, result = known.get(listed.key), results.get(listed.key)
            row = before or ArticleRow(
                key=listed.key, number=page.number, position=0, title="", state=ArticleState.EXPECTED.value
            )
            row = replace(
                row,
                number=page.number,
                position=position,
                title=listed.title or row.title,
                polygons=polygons.get(listed.key, row.polygons),
            )
            if result is not None and result.state is not ArticleState.EXPECTED:
                row = replace(row, state=result.state.value, goes_on=result.goes_on, problem=None)
            elif result is not None and result.problem and row.state == ArticleState.EXPECTED:
                tries = row.n_tries + n_tries
                state = ArticleState.LOST if tries >= _MOST_TRIES else ArticleState.EXPECTED
                row = replace(row, n_tries=tries, state=state.value, problem=result.problem)
            articles.append(row)
    return IssueRows(tuple(pages), (*articles, *_unlisted(issue, old, articles)))


def _page_row(
    found: PaperIssue, issue: Issue, page: PaperPage, position: int, before: PageRow | None, n_tries: int
) -> PageRow:
    tries = before.n_tries if before else 0
    state = ArticleState.READ
    if page.problem is not None:
        tries += n_tries
        was_read = before is not None and before.state == ArticleState.READ
        if not was_read:
            state = ArticleState.LOST if tries >= _MOST_TRIES else ArticleState.EXPECTED
    return PageRow(
        key=page.key,
        number=page.number,
        name=page.name or (before.name if before else ""),
        position=position,
        path=str(page_path(found.paper_key, issue.day, page.number)),
        state=state.value,
        n_tries=tries,
        etag=page.etag or (before.etag if before and page.problem is None else None),
        last_modified=page.last_modified,
    )


def _unlisted(issue: Issue, old: IssueRows, listed: list[ArticleRow]) -> Iterator[ArticleRow]:
    """What was listed before and is no more: kept if it was read, unless it has been given another address."""
    keys = {each.key for each in listed}
    titles = {each.title for each in listed if each.state == ArticleState.READ}
    unsure = {page.number for page in issue.pages if page.is_unchanged or page.problem is not None}
    for each in old.articles:
        if each.key in keys:
            continue
        was_read = each.state in (ArticleState.READ, ArticleState.JOINED)
        if each.number in unsure or (was_read and each.title not in titles):
            yield each


# ----------------------------------------------------------------------------------------------- pages


def _stored(store: Store, paths: set[str]) -> dict[str, list[StoredArticle]]:
    """The articles that the store has of an issue, by key: a roundup's several under one."""
    ids = [article_id for path in sorted(paths) for article_id in store.page_articles(path)]
    articles = store.articles(ids)
    found: dict[str, list[StoredArticle]] = {}
    for each in ids:
        if each in articles:
            found.setdefault(key_of(articles[each].url or ""), []).append(articles[each])
    return found


def _store_pages(
    found: PaperIssue, issue: Issue, rows: IssueRows, stored: Mapping[str, Sequence[StoredArticle]]
) -> tuple[list[Page], IssueRows]:
    """The issue's pages as the store shall have them, and the rows of what is in them."""
    new = {each.key: each.articles for each in found.articles if each.articles}
    pages: dict[str, list[Article]] = {}
    kept: list[ArticleRow] = []
    for row in rows.articles:
        articles = new.get(row.key) or tuple(map(_plain, stored.get(row.key, ())))
        if row.state == ArticleState.READ and not articles:
            row = replace(row, state=ArticleState.EXPECTED.value)  # the store has lost it: it is read again
        if row.state == ArticleState.READ and articles:
            path = str(page_path(found.paper_key, issue.day, row.number))
            pages.setdefault(path, []).extend(articles)
        kept.append(row)
    return [_page(path, articles, issue) for path, articles in pages.items()], replace(
        rows, articles=tuple(kept)
    )


def _page(path: str, articles: list[Article], issue: Issue) -> Page:
    checksum = sha256("\0".join(map(repr, articles)).encode("utf-8", "surrogatepass"))
    return Page(
        path=Path(path),
        sha256=checksum.hexdigest(),
        encoding="paper",
        date=issue.day,
        date_basis=DateBasis.FRONT_MATTER,
        source=issue.paper,
        url=articles[0].url,
        articles=tuple(articles),
    )


def _plain(article: StoredArticle) -> Article:
    return Article(**{each.name: getattr(article, each.name) for each in fields(Article)})


def _skipped(found: PaperIssue, issue: Issue) -> Iterator[Skipped]:
    for page in issue.pages:
        if page.problem is not None:
            yield Skipped(Path(page.key), None, page.problem)
    for each in found.articles:
        if each.problem is not None:
            yield Skipped(Path(each.key), None, each.problem)


def _raise_alarms(ledger: PaperLedger, paper: str, issue: Issue, rows: IssueRows) -> None:
    now = datetime.now(UTC)
    states = [each.state for each in rows.articles]
    if ArticleState.READ not in states:
        ledger.raise_alarm(PaperAlarm(paper, "empty", issue.day, issue.url), now)
    n_lost = rows.states.count(ArticleState.LOST)
    if n_lost:
        first = next((each.problem for each in rows.articles if each.problem), None)
        ledger.raise_alarm(PaperAlarm(paper, "lost", issue.day, first or f"{issue.url}: {n_lost}"), now)
