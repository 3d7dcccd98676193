"""The ledger of followed newspapers: what each issue lists, what was read of it, and what operators are told."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Engine, Row, delete, func, insert, select, update

from retrieval.reading.papers.addresses import paper_key
from retrieval.reading.papers.issue import ArticleState
from retrieval.reading.papers.steps import Wanted
from retrieval.store import schema
from retrieval.store.database import reading_from, writing_to
from retrieval.store.rows import insert_new

_T = TypeVar("_T", bound="PageRow | ArticleRow")
_DAYS_KNOWN = 3
"""So many of the newest issues are not read again when the newest is asked for."""
_FRONTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """A page of an issue; `state` is expected, read or lost."""

    key: str
    number: str
    name: str
    position: int
    path: str
    state: str
    n_tries: int = 0
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """An article that a page lists; `state` is an ArticleState."""

    key: str
    number: str
    position: int
    title: str
    state: str
    n_tries: int = 0
    goes_on: bool = False
    problem: str | None = None
    polygons: str | None = None


@dataclass(frozen=True, slots=True)
class IssueRows:
    """All that is kept of one issue."""

    pages: tuple[PageRow, ...] = ()
    articles: tuple[ArticleRow, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether something of it is still to be read."""
        return ArticleState.EXPECTED in self.states

    @property
    def states(self) -> list[str]:
        """What has become of its pages and articles."""
        return [*(page.state for page in self.pages), *(article.state for article in self.articles)]


@dataclass(frozen=True, slots=True)
class IssueSum:
    """A day of a paper in figures."""

    day: date
    is_there: bool
    """False: it was looked for, and there is none."""
    looked_on: date
    pages: int
    pages_read: int
    articles: int
    """Listed, furniture left out."""
    articles_read: int
    """Those that came in, pieces of others included."""
    n_open: int
    n_lost: int


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A followed paper at its last look."""

    paper: str
    address: str
    name: str | None
    kind: str | None
    etag: str | None
    last_modified: str | None
    first_looked_on: date
    looked_on: date
    problem: str | None


@dataclass(frozen=True, slots=True)
class PaperAlarm:
    """Something about a paper that operators are told once."""

    paper: str
    kind: str
    """empty: an issue without articles; lost: parts could not be read; silent: no issue for days."""
    day: date
    detail: str


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A page's picture as it is kept."""

    data: bytes
    width: int
    height: int


class PaperLedger:
    """Reads and writes the ledger. Safe for several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # ------------------------------------------------------------------------------------------- looks

    def wanted(
        self, address: str, day: date | None = None, *, with_pictures: bool = True, again: bool = False
    ) -> Wanted:
        """Return what a look is for: all of a day's issue, or of the newest one, that is not read yet.

        `again`: the entry is fetched even if it has not changed.
        """
        paper = paper_key(address)
        row = self.paper(paper)
        i, p, a = schema.paper_issues, schema.paper_pages, schema.paper_articles
        with reading_from(self._engine) as connection:
            issues = connection.execute(
                select(i.c.day, i.c.url)
                .where(i.c.paper == paper, i.c.url.is_not(None))
                .order_by(i.c.day.desc())
            ).all()
            days = [day] if day else [each.day for each in issues[:_DAYS_KNOWN]]
            pages = connection.execute(select(p).where(p.c.paper == paper, p.c.day.in_(days))).all()
            articles = connection.execute(select(a).where(a.c.paper == paper, a.c.day.in_(days))).all()
            paths = [each.path for each in pages]
            t = schema.paper_pictures
            kept = set(connection.scalars(select(t.c.path).where(t.c.path.in_(paths))))
        open_numbers = {(each.day, each.number) for each in articles if each.state == ArticleState.EXPECTED}
        nearest = sorted(issues, key=lambda each: abs((each.day - day).days)) if day else issues
        is_open = bool(open_numbers) or any(each.state == ArticleState.EXPECTED for each in pages)
        is_known = row is not None and bool(issues) and not is_open and not again
        return Wanted(
            address,
            day,
            row.etag if row and is_known else None,
            row.last_modified if row and is_known else None,
            fronts=tuple(each.url for each in nearest[:_FRONTS]),
            pages={
                each.key: (each.etag, each.last_modified)
                for each in pages
                if each.state == ArticleState.READ and (each.day, each.number) not in open_numbers
            },
            read=frozenset(each.key for each in articles if each.state != ArticleState.EXPECTED),
            open_ended=frozenset(each.key for each in articles if each.goes_on),
            pictured=frozenset(each.key for each in pages if each.path in kept),
            with_pictures=with_pictures,
        )

    def paper(self, paper: str) -> PaperRow | None:
        """Return what is known of a paper."""
        t = schema.papers
        with reading_from(self._engine) as connection:
            row = connection.execute(select(t).where(t.c.paper == paper)).first()
        return PaperRow(**row._mapping) if row else None

    def papers(self) -> list[PaperRow]:
        """Return all papers that were ever looked at, by name."""
        t = schema.papers
        with reading_from(self._engine) as connection:
            return [PaperRow(**row._mapping) for row in connection.execute(select(t).order_by(t.c.paper))]

    def looked(
        self,
        address: str,
        today: date,
        *,
        name: str | None = None,
        kind: str | None = None,
        state: tuple[str | None, str | None] | None = None,
        problem: str | None = None,
    ) -> None:
        """Note a look at a paper; what is None stays as it is, except the problem. `state` is the entry's."""
        t, paper = schema.papers, paper_key(address)
        values: dict[str, Any] = {"address": address, "looked_on": today, "problem": problem}
        values |= {key: value for key, value in (("name", name), ("kind", kind)) if value}
        if state is not None:
            values |= {"etag": state[0], "last_modified": state[1]}
        with writing_to(self._engine) as connection:
            connection.execute(
                insert_new(connection, t), {"paper": paper, "first_looked_on": today, **values}
            )
            connection.execute(update(t).where(t.c.paper == paper).values(values))

    # ------------------------------------------------------------------------------------------ issues

    def issue(self, paper: str, day: date) -> IssueRows:
        """Return the rows of one issue."""
        with reading_from(self._engine) as connection:
            rows = []
            for table, kind in ((schema.paper_pages, PageRow), (schema.paper_articles, ArticleRow)):
                chosen = select(table).where(table.c.paper == paper, table.c.day == day)
                found = connection.execute(chosen.order_by(table.c.number, table.c.position))
                rows.append([_row(kind, each) for each in found])
        pages, articles = rows
        return IssueRows(
            tuple(
                sorted((each for each in pages if isinstance(each, PageRow)), key=lambda each: each.position)
            ),
            tuple(each for each in articles if isinstance(each, ArticleRow)),
        )

    def put_issue(self, paper: str, day: date, url: str | None, rows: IssueRows, today: date) -> None:
        """Make the issue's rows exactly these; without a `url` there is no issue of the day."""
        tables = (schema.paper_issues, schema.paper_pages, schema.paper_articles)
        owner = {"paper": paper, "day": day}
        with writing_to(self._engine) as connection:
            for table in tables:
                connection.execute(delete(table).where(table.c.paper == paper, table.c.day == day))
            connection.execute(insert(tables[0]), owner | {"url": url, "looked_on": today})
            for table, kept in ((tables[1], rows.pages), (tables[2], rows.articles)):
                if kept:
                    connection.execute(insert(table), [owner | _values(each) for each in kept])

    def looked_on(self, paper: str, day: date) -> date | None:
        """Return the day on which an issue was last looked at."""
        t = schema.paper_issues
        with reading_from(self._engine) as connection:
            return connection.scalar(select(t.c.looked_on).where(t.c.paper == paper, t.c.day == day))

    def sums(self, paper: str, first: date | None = None) -> list[IssueSum]:
        """Return a paper's days in figures, the newest first."""
        i, p, a = schema.paper_issues, schema.paper_pages, schema.paper_articles
        since = first or date.min
        with reading_from(self._engine) as connection:
            days = connection.execute(
                select(i.c.day, i.c.url, i.c.looked_on)
                .where(i.c.paper == paper, i.c.day >= since)
                .order_by(i.c.day.desc())
            ).all()
            counts = []
            for table in (p, a):
                grouped = (
                    select(table.c.day, table.c.state, func.count().label("n"))
                    .where(table.c.paper == paper, table.c.day >= since)
                    .group_by(table.c.day, table.c.state)
                )
                counts.append({(row.day, row.state): row.n for row in connection.execute(grouped)})
        found = []
        for row in days:
            pages, articles = (
                {state: count.get((row.day, state.value), 0) for state in ArticleState} for count in counts
            )
            found.append(
                IssueSum(
                    day=row.day,
                    is_there=row.url is not None,
                    looked_on=row.looked_on,
                    pages=sum(pages.values()),
                    pages_read=pages[ArticleState.READ],
                    articles=sum(articles.values()) - articles[ArticleState.FURNITURE],
                    articles_read=articles[ArticleState.READ] + articles[ArticleState.JOINED],
                    n_open=pages[ArticleState.EXPECTED] + articles[ArticleState.EXPECTED],
                    n_lost=pages[ArticleState.LOST] + articles[ArticleState.LOST],
                )
            )
        return found

    def days_to_read(self, paper: str, today: date, n_days: int) -> list[date]:
        """Return the days of the last `n_days` whose issue is not read in full, the newest first.

        A day without an issue is looked for again once a day.
        """
        known = {each.day: each for each in self.sums(paper, today - timedelta(days=n_days))}
        days = [today - timedelta(days=back) for back in range(1, n_days + 1)]
        return [day for day in days if _is_to_read(known.get(day), today)]

    # ---------------------------------------------------------------------------------------- pictures

    def put_picture(self, path: str, day: date, data: bytes, size: tuple[int, int], most: int) -> None:
        """Keep a page's picture, and of all pictures the newest `most`."""
        t = schema.paper_pictures
        with writing_to(self._engine) as connection:
            connection.execute(delete(t).where(t.c.path == path))
            values = {"path": path, "day": day, "width": size[0], "height": size[1], "data": data}
            connection.execute(insert(t).values(values))
            newest = select(t.c.path).order_by(t.c.day.desc(), t.c.path).limit(max(most, 1))
            connection.execute(delete(t).where(t.c.path.not_in(list(connection.scalars(newest)))))

    def polygons(self, path: str, key: str) -> tuple[str, str, str] | None:
        """Return polygons (JSON), page number and name of an article whose page's picture is kept, or None."""
        p, a, t = schema.paper_pages, schema.paper_articles, schema.paper_pictures
        chosen = (
            select(a.c.polygons, p.c.number, p.c.name)
            .join(p, (p.c.paper == a.c.paper) & (p.c.day == a.c.day) & (p.c.number == a.c.number))
            .join(t, t.c.path == p.c.path)
            .where(p.c.path == path, a.c.key == key, a.c.polygons.is_not(None))
        )
        with reading_from(self._engine) as connection:
            row = connection.execute(chosen).first()
        return (row.polygons, row.number, row.name) if row else None

    def picture(self, path: str) -> StoredPicture | None:
        """Return a page's picture."""
        t = schema.paper_pictures
        with reading_from(self._engine) as connection:
            row = connection.execute(select(t).where(t.c.path == path)).first()
        return StoredPicture(row.data, row.width, row.height) if row else None

    # ------------------------------------------------------------------------------------------ alarms

    def raise_alarm(self, alarm: PaperAlarm, now: datetime) -> bool:
        """Enter an alarm, once for each paper, kind and day. Return whether it is new."""
        values = {"paper": alarm.paper, "kind": alarm.kind, "day": alarm.day, "detail": alarm.detail}
        with writing_to(self._engine) as connection:
            done = connection.execute(
                insert_new(connection, schema.paper_alarms).values(values | {"raised_at": now})
            )
            return done.rowcount > 0

    def untold_alarms(self) -> list[PaperAlarm]:
        """Return the alarms that no operator was told of, the oldest first."""
        t = schema.paper_alarms
        with reading_from(self._engine) as connection:
            rows = connection.execute(select(t).where(t.c.told_at.is_(None)).order_by(t.c.raised_at, t.c.day))
            return [PaperAlarm(row.paper, row.kind, row.day, row.detail) for row in rows]

    def mark_told(self, alarm: PaperAlarm, now: datetime) -> bool:
        """Note that operators are told of an alarm. Return whether nobody else had noted it."""
        t = schema.paper_alarms
        is_this = (t.c.paper == alarm.paper) & (t.c.kind == alarm.kind) & (t.c.day == alarm.day)
        with writing_to(self._engine) as connection:
            untold = update(t).where(is_this, t.c.told_at.is_(None))
            return connection.execute(untold.values(told_at=now)).rowcount > 0

    def mark_untold(self, alarm: PaperAlarm) -> None:
        """Note that an alarm reached nobody."""
        t = schema.paper_alarms
        is_this = (t.c.paper == alarm.paper) & (t.c.kind == alarm.kind) & (t.c.day == alarm.day)
        with writing_to(self._engine) as connection:
            connection.execute(update(t).where(is_this).values(told_at=None))

    def n_alarms(self) -> dict[str, float]:
        """Return how many alarms were ever raised, by kind."""
        t = schema.paper_alarms
        with reading_from(self._engine) as connection:
            rows = connection.execute(select(t.c.kind, func.count().label("n")).group_by(t.c.kind))
            return {row.kind: float(row.n) for row in rows}


def _is_to_read(known: IssueSum | None, today: date) -> bool:
    if known is None:
        return True
    return known.n_open > 0 if known.is_there else known.looked_on < today


def _row(kind: type[_T], row: Row[Any]) -> _T:
    return kind(**{each.name: getattr(row, each.name) for each in fields(kind)})


def _values(row: PageRow | ArticleRow) -> dict[str, Any]:
    return {each.name: getattr(row, each.name) for each in fields(row)}
