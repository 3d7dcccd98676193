"""The store by day and place: on which days there is something, what came last, who else told a story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from retrieval.regions.codes import code_range
from retrieval.store import schema
from retrieval.store.articles import StoredArticles, aware
from retrieval.types import RegionRole, StoredArticle


class Archive:
    """Looks things up by day and place; a code of None is everywhere. Safe for several threads."""

    def __init__(self, store: StoredArticles) -> None:
        self._store = store

    def last_day(self, code: str | None, before: date | None = None) -> date | None:
        """The newest issue date with an article about a place, of those before a day; None if there is none."""
        return self._day(func.max, code, schema.articles.c.date < before if before else None)

    def first_day(self, code: str | None, after: date) -> date | None:
        """The oldest issue date with an article about a place, of those after a day; None if there is none."""
        return self._day(func.min, code, schema.articles.c.date > after)

    def n_articles(self, code: str | None, first: date, last: date) -> dict[date, int]:
        """How many articles are about a place, for each issue date from `first` to `last` that has some."""
        a = schema.articles
        counted = (
            select(a.c.date, func.count())
            .where(a.c.date >= first, a.c.date <= last, *self._within(code))
            .group_by(a.c.date)
            .order_by(a.c.date)
        )
        with self._store.reading() as connection:
            return {row.date: int(row[1]) for row in connection.execute(counted)}

    def newest_known(self, code: str | None, n: int) -> list[tuple[StoredArticle, datetime]]:
        """Up to `n` articles about a place that became known last, the oldest of them first, each with when (aware)."""
        a = schema.articles
        newest = (a.c.known_at.desc(), a.c.date.desc().nulls_last(), a.c.page_id.desc(), a.c.position)
        chosen = select(a.c.id, a.c.known_at).where(*self._within(code)).order_by(*newest).limit(n)
        with self._store.reading() as connection:
            rows = connection.execute(chosen).all()
        found = self._store.articles([row.id for row in rows])
        return [(found[row.id], aware(row.known_at)) for row in reversed(rows) if row.id in found]

    def copies(self, article: StoredArticle, n: int) -> list[StoredArticle]:
        """Up to `n` other articles that tell the same story, the newest first."""
        a = schema.articles
        others = (
            select(a.c.id)
            .where(a.c.story == article.story, a.c.id != article.id)
            .order_by(a.c.date.desc().nulls_last(), a.c.id)
            .limit(n)
        )
        with self._store.reading() as connection:
            ids = list(connection.scalars(others))
        found = self._store.articles(ids)
        return [found[each] for each in ids if each in found]

    def article_ids(self, passage_ids: Sequence[int]) -> list[str]:
        """The ids of passages' articles, each once, in the order of their first passages."""
        p = schema.passages
        with self._store.reading() as connection:
            rows = connection.execute(select(p.c.id, p.c.article_id).where(p.c.id.in_(passage_ids)))
            of = {row.id: row.article_id for row in rows}
        return list(dict.fromkeys(of[each] for each in passage_ids if each in of))

    def ids(self, after: str, n: int) -> list[str]:
        """Up to `n` ids of articles behind an id, ascending."""
        a = schema.articles
        with self._store.reading() as connection:
            return list(connection.scalars(select(a.c.id).where(a.c.id > after).order_by(a.c.id).limit(n)))

    def _day(self, which: Any, code: str | None, limit: ColumnElement[bool] | None) -> date | None:
        a = schema.articles
        chosen = select(which(a.c.date)).where(*self._within(code))
        with self._store.reading() as connection:
            day: date | None = connection.scalar(chosen if limit is None else chosen.where(limit))
        return day

    def _within(self, code: str | None) -> list[ColumnElement[bool]]:
        """What chooses the articles about a place, by their primary region."""
        if code is None:
            return []
        r = schema.article_regions
        low, high = code_range(code)
        is_within = (r.c.code >= low) & (r.c.code < high) & (r.c.role == RegionRole.PRIMARY.value)
        return [schema.articles.c.id.in_(select(r.c.article_id).where(is_within))]
