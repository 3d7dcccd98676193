"""What is read of the truth: articles, passages, stories, what became known when, how much there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, func, select

from retrieval.regions.codes import code_range
from retrieval.store import schema
from retrieval.store.copies import find_story
from retrieval.store.database import (
    among,
    listed,
    reading_at_once,
    reading_from,
)
from retrieval.store.rows import (
    batches,
    read_article,
)
from retrieval.store.statements import Statements
from retrieval.types import (
    ArticleKind,
    ArticleRegion,
    CandidateText,
    IndexedPassage,
    Passage,
    RegionRole,
    SpanKind,
    StoredArticle,
)

_KINDS = {kind.value: kind for kind in SpanKind}


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds."""

    pages: int
    articles: int
    briefs: int
    passages: int


class StoredArticles:
    """Reads what is stored. Safe for several threads and processes."""

    def __init__(self, engine: Engine, region_names: Mapping[str, str] | None = None) -> None:
        """`region_names` maps division codes to names; a code without one is shown as it is."""
        self.engine = engine
        self._dialect = engine.dialect.name
        self._statements = Statements.of(self._dialect)
        self._region_names = region_names or {}

    def articles(self, ids: Iterable[str]) -> dict[str, StoredArticle]:
        """Articles by id; unknown ids are left out."""
        found: dict[str, StoredArticle] = {}
        regions: dict[str, list[ArticleRegion]] = {}
        distinct = dict.fromkeys(ids)
        if not distinct:
            return found
        wanted = self._listed(distinct)
        with self.reading() as connection:
            for row in connection.execute(self._statements.regions, wanted):
                regions.setdefault(row.article_id, []).append(self._region(row))
            for row in connection.execute(self._statements.articles, wanted):
                found[row.id] = read_article(row, tuple(regions.get(row.id, ())))
        return found

    def article(self, article_id: str) -> StoredArticle | None:
        """The article, or None."""
        return self.articles([article_id]).get(article_id)

    def passages(self, ids: Iterable[int]) -> dict[int, Passage]:
        """Passages by id; unknown ids are left out."""
        found: dict[int, Passage] = {}
        p, a = schema.passages, schema.articles
        with self.reading() as connection:
            for batch in batches(list(dict.fromkeys(ids))):
                rows = select(p, a.c.text).join(a, a.c.id == p.c.article_id).where(p.c.id.in_(batch))
                for row in connection.execute(rows):
                    found[row.id] = Passage(
                        id=row.id,
                        article_id=row.article_id,
                        kind=SpanKind(row.kind),
                        start=row.start,
                        end=row.end,
                        text=row.text[row.start : row.end],
                    )
        return found

    def candidate_texts(self, ids: Sequence[int]) -> list[CandidateText]:
        """What ranking needs of these passages, in no order; unknown ids are left out."""
        with self.reading() as connection:
            rows = connection.execute(self._statements.ranked, self._listed(ids)).all()
        return [
            CandidateText(
                id=passage_id,
                article_id=article_id,
                kind=_KINDS[kind],
                start=start,
                end=end,
                head=head,
                folded=folded,
                units=tuple(units.split()),
                is_first=is_first,
                day=date.fromordinal(day) if day else None,
            )
            for passage_id, article_id, kind, start, end, day, is_first, units, head, folded in rows
        ]

    def indexed_passages(self, ids: Sequence[int]) -> list[IndexedPassage]:
        """What an index needs of these passages, by id; unknown ids are left out."""
        t, r = schema.passage_terms, schema.article_regions
        chosen, wanted = among(t.c.passage_id, self._dialect), self._listed(ids)
        regions: dict[str, list[tuple[str, bool]]] = {}
        with self.reading() as connection:
            of_articles = select(r).where(r.c.article_id.in_(select(t.c.article_id).where(chosen)))
            for row in connection.execute(of_articles, wanted):
                regions.setdefault(row.article_id, []).append((row.code, row.role == RegionRole.PRIMARY))
            columns = (t.c.passage_id, t.c.article_id, t.c.title, t.c.body, t.c.day)
            rows = connection.execute(select(*columns).where(chosen).order_by(t.c.passage_id), wanted).all()
        return [
            IndexedPassage(
                passage_id,
                title,
                body,
                date.fromordinal(day) if day else None,
                tuple(regions.get(article_id, ())),
                article_id,
            )
            for passage_id, article_id, title, body, day in rows
        ]

    def stories(self, article_ids: Sequence[str]) -> dict[str, str]:
        """The ids of the articles that told these articles' stories first, by article id."""
        a = schema.articles
        with self.reading() as connection:
            chosen = select(a.c.id, a.c.story).where(among(a.c.id, self._dialect))
            rows = connection.execute(chosen, self._listed(article_ids))
            return {row.id: row.story for row in rows}

    def passage_ids(self, after: int = 0, limit: int = 4096) -> list[int]:
        """Ids of passages behind an id, ascending."""
        p = schema.passages
        with self.reading() as connection:
            return list(
                connection.scalars(select(p.c.id).where(p.c.id > after).order_by(p.c.id).limit(limit))
            )

    def passage(self, passage_id: int) -> Passage | None:
        """The passage, or None."""
        return self.passages([passage_id]).get(passage_id)

    def passages_of(self, article_ids: Iterable[str]) -> dict[str, list[Passage]]:
        """Articles' passages in order, by article id; articles without any are left out."""
        found: dict[str, list[Passage]] = {}
        with self.reading():
            for batch in batches(list(dict.fromkeys(article_ids))):
                for passage in self.passages(self.passage_ids_of(batch)).values():
                    found.setdefault(passage.article_id, []).append(passage)
        return {article_id: sorted(each, key=lambda one: one.start) for article_id, each in found.items()}

    def passage_ids_of(self, article_ids: Sequence[str]) -> list[int]:
        """Ids of the passages of a few articles."""
        p = schema.passages
        with self.reading() as connection:
            return list(connection.scalars(select(p.c.id).where(p.c.article_id.in_(article_ids))))

    def page_articles(self, path: str) -> list[str]:
        """Ids of a page's articles in their order on it; [] for an unknown page."""
        a, p = schema.articles, schema.pages
        with self.reading() as connection:
            return list(
                connection.scalars(
                    select(a.c.id)
                    .join(p, p.c.id == a.c.page_id)
                    .where(p.c.path == path)
                    .order_by(a.c.position)
                )
            )

    def same_story(self, text: str) -> StoredArticle | None:
        """The article that a text repeats for the most part, or None."""
        with self.reading() as connection:
            article_id = find_story(connection, text)
        return self.article(article_id) if article_id else None

    def newest_articles(self, n: int, first: int = 0) -> list[StoredArticle]:
        """Up to `n` articles, the newest issue first, in their order on the page, without the `first` before."""
        return self._in_order(self._statements.newest, {"n": n, "first": first})

    def newest_within(self, code: str, n: int, first: int = 0) -> list[StoredArticle]:
        """Up to `n` articles about a division or any within it, the newest issue first, without the `first` before."""
        low, high = code_range(code)
        limits = {"low": low, "high": high, "n": n, "first": first}
        return self._in_order(self._statements.newest_within, limits)

    def _in_order(self, chosen: Select[Any], values: Mapping[str, Any]) -> list[StoredArticle]:
        """The articles whose ids a statement chooses, in its order."""
        with self.reading() as connection:
            ids = connection.scalars(chosen, dict(values)).all()
        found = self.articles(ids)
        return [found[article_id] for article_id in ids if article_id in found]

    def articles_holding(
        self, code: str | None, first: date | None, last: date | None, words: Sequence[str]
    ) -> list[str]:
        """The ids of all articles about a division or any within it, of issue dates, with all words, the newest first.

        None limits nothing; a word is looked for in title and text as it is written.
        """
        a, r = schema.articles, schema.article_regions
        chosen = select(a.c.id).order_by(a.c.date.desc().nulls_last(), a.c.page_id.desc(), a.c.position)
        if code is not None:
            low, high = code_range(code)
            is_within = (r.c.code >= low) & (r.c.code < high) & (r.c.role == RegionRole.PRIMARY.value)
            chosen = chosen.where(a.c.id.in_(select(r.c.article_id).where(is_within)))
        if first is not None:
            chosen = chosen.where(a.c.date >= first)
        if last is not None:
            chosen = chosen.where(a.c.date <= last)
        for word in words:
            chosen = chosen.where(
                a.c.title.contains(word, autoescape=True) | a.c.text.contains(word, autoescape=True)
            )
        with self.reading() as connection:
            return list(connection.scalars(chosen))

    def articles_known(self, since: datetime, until: datetime) -> list[tuple[StoredArticle, datetime]]:
        """Articles that became known after `since`, up to and with `until`, in that order.

        Each comes with when its story first became known (aware), which may be before `since`.
        """
        a = schema.articles
        first, last = since.astimezone(UTC), until.astimezone(UTC)  # SQLite keeps no zone
        return self._with_known_at((a.c.known_at > first) & (a.c.known_at <= last))

    def articles_dated(self, day: date, code: str | None = None) -> list[tuple[StoredArticle, datetime]]:
        """Articles of an issue date in the order they became known, each with when its story first did (aware).

        With a code only those that name the division or any within it.
        """
        a, r = schema.articles, schema.article_regions
        if code is None:
            return self._with_known_at(a.c.date == day)
        low, high = code_range(code)
        of_day = select(a.c.id).where(a.c.date == day)
        named = select(r.c.article_id).where(r.c.article_id.in_(of_day), r.c.code >= low, r.c.code < high)
        return self._with_known_at(a.c.id.in_(named))

    def articles_between(
        self, first: date, last: date, code: str | None = None
    ) -> list[tuple[StoredArticle, datetime]]:
        """The same of the issue dates from one to another, both included; with a code those that name it or any within it."""
        a, r = schema.articles, schema.article_regions
        chosen = (a.c.date >= first) & (a.c.date <= last)
        if code is not None:
            low, high = code_range(code)
            chosen &= a.c.id.in_(select(r.c.article_id).where((r.c.code >= low) & (r.c.code < high)))
        return self._with_known_at(chosen)

    def _with_known_at(self, chosen: ColumnElement[bool]) -> list[tuple[StoredArticle, datetime]]:
        a = schema.articles
        with self.reading() as connection:
            rows = connection.execute(
                select(a.c.id, a.c.story).where(chosen).order_by(a.c.known_at, a.c.position)
            ).all()
            first_known: dict[str, datetime] = {}
            for batch in batches(list({row.story for row in rows})):
                first = select(a.c.story, func.min(a.c.known_at).label("known_at"))
                for told in connection.execute(first.where(a.c.story.in_(batch)).group_by(a.c.story)):
                    first_known[told.story] = aware(told.known_at)
        found = self.articles([row.id for row in rows])
        return [(found[row.id], first_known[row.story]) for row in rows if row.id in found]

    def known_until(self) -> datetime | None:
        """When the last article became known (aware); None while there is none.

        Whoever has read up to it misses nothing: pages are put one at a time, also from several hosts, and each
        page's moment is taken while the write lock is held, behind the last one's even where clocks differ.
        """
        with self.reading() as connection:
            last = connection.execute(select(func.max(schema.articles.c.known_at))).scalar()
        return aware(last) if last else None

    def known_after(self, since: datetime, n: int) -> datetime | None:
        """When the n-th article behind `since`, or the last if there are fewer, became known (aware); None: no one did."""
        a = schema.articles
        later = (
            select(a.c.known_at).where(a.c.known_at > since.astimezone(UTC)).order_by(a.c.known_at).limit(n)
        )
        with self.reading() as connection:
            last = connection.execute(select(func.max(later.subquery().c.known_at))).scalar()
        return aware(last) if last else None

    def articles_within(self, codes: Iterable[str]) -> dict[str, int]:
        """How many articles are about each division or any within it, by code (their primary region)."""
        r = schema.article_regions
        ranges = {code: code_range(code) for code in codes}
        if not ranges:
            return {}
        first, behind = min(low for low, _ in ranges.values()), max(high for _, high in ranges.values())
        is_within = (r.c.code >= first) & (r.c.code < behind) & (r.c.role == RegionRole.PRIMARY.value)
        counted = (
            select(r.c.code, func.count()).where(is_within).group_by(r.c.code)
        )  # an article is about one
        with self.reading() as connection:
            rows = [(row.code, int(row[1])) for row in connection.execute(counted)]
        return {
            code: sum(n for each, n in rows if low <= each < high) for code, (low, high) in ranges.items()
        }

    def counts(self) -> Counts:
        """How much there is."""
        a = schema.articles
        with self.reading() as connection:
            count = select(func.count())
            return Counts(
                pages=connection.execute(count.select_from(schema.pages)).scalar_one(),
                articles=connection.execute(count.select_from(a)).scalar_one(),
                briefs=connection.execute(
                    count.select_from(a).where(a.c.kind == ArticleKind.BRIEF.value)
                ).scalar_one(),
                passages=connection.execute(count.select_from(schema.passages)).scalar_one(),
            )

    def _region(self, row: Row[Any]) -> ArticleRegion:
        return ArticleRegion(row.code, self._region_names.get(row.code, row.code), RegionRole(row.role))

    def _listed(self, values: Iterable[Any]) -> dict[str, Any]:
        return listed(values, self._dialect)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading, whose failures are StoreErrors."""
        with reading_from(self.engine) as connection:
            yield connection

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Have all that this thread reads within seen as it was at the first of it."""
        with reading_at_once(self.engine):
            yield


def aware(moment: datetime) -> datetime:
    """SQLite gives times back without their zone, which is always UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
