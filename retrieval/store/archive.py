"""The store by day and place: on which days there is something, what came last, who else told a story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from retrieval.regions.codes import code_range
from retrieval.store import schema
from retrieval.store.articles import StoredArticles, aware
from retrieval.store.database import listed
from retrieval.store.statements import Statements
from retrieval.types import RegionRole, StoredArticle


class Archive:
    """Looks things up by day and place; a code of None is everywhere. Safe for several threads."""

    def __init__(self, store: StoredArticles) -> None:
        self._store = store
        self._dialect = store.engine.dialect.name
        self._statements = Statements.of(self._dialect)

    def last_day(self, code: str | None, before: date | None = None) -> date | None:
        """The newest issue date with an article about a place, of those before a day; None if there is none."""
        return self._day(_days(is_last=True, is_somewhere=bool(code), is_limited=bool(before)), code, before)

    def first_day(self, code: str | None, after: date) -> date | None:
        """The oldest issue date with an article about a place, of those after a day; None if there is none."""
        return self._day(_days(is_last=False, is_somewhere=bool(code), is_limited=True), code, after)

    def n_articles(self, code: str | None, first: date, last: date) -> dict[date, int]:
        """How many articles are about a place, for each issue date from `first` to `last` that has some."""
        limits = _limits(code) | {"first": first, "last": last}
        with self._store.reading() as connection:
            counted = connection.execute(_counted(is_somewhere=bool(code)), limits)
            return {row.date: int(row[1]) for row in counted}

    def newest_known(self, code: str | None, n: int) -> list[tuple[StoredArticle, datetime]]:
        """Up to `n` articles about a place that became known last, the oldest of them first, each with when (aware)."""
        a = schema.articles
        newest = (a.c.known_at.desc(), a.c.date.desc().nulls_last(), a.c.page_id.desc(), a.c.position)
        chosen = (
            select(a.c.id, a.c.known_at).where(*_within(is_somewhere=bool(code))).order_by(*newest).limit(n)
        )
        with self._store.reading() as connection:
            rows = connection.execute(chosen, _limits(code)).all()
        found = self._store.articles([row.id for row in rows])
        return [(found[row.id], aware(row.known_at)) for row in reversed(rows) if row.id in found]

    def copies(self, article: StoredArticle, n: int) -> list[StoredArticle]:
        """Up to `n` other articles that tell the same story, the newest first."""
        others = {"of": article.story, "but": article.id, "most": n}
        with self._store.reading() as connection:
            ids = list(connection.scalars(self._statements.copies, others))
        found = self._store.articles(ids)
        return [found[each] for each in ids if each in found]

    def told(self, passage_ids: Sequence[int]) -> dict[str, str]:
        """The stories that passages tell, each with its article, in the order of their first passages."""
        if not passage_ids:
            return {}
        with self._store.reading() as connection:
            rows = connection.execute(self._statements.told, listed(passage_ids, self._dialect))
            of = {row.id: (row.story, row.article_id) for row in rows}
        stories: dict[str, str] = {}
        for story, article_id in (of[each] for each in passage_ids if each in of):
            stories.setdefault(story, article_id)
        return stories

    def ids(self, after: str, n: int) -> list[str]:
        """Up to `n` ids of articles behind an id, ascending."""
        a = schema.articles
        with self._store.reading() as connection:
            return list(connection.scalars(select(a.c.id).where(a.c.id > after).order_by(a.c.id).limit(n)))

    def _day(self, chosen: Select[Any], code: str | None, limit: date | None) -> date | None:
        with self._store.reading() as connection:
            day: date | None = connection.scalar(chosen, _limits(code) | {"limit": limit})
        return day


@cache
def _days(*, is_last: bool, is_somewhere: bool, is_limited: bool) -> Select[Any]:
    """The last or first issue date, before or after a `limit`; like the next built once, as are all of `Statements`."""
    a = schema.articles
    chosen = select((func.max if is_last else func.min)(a.c.date)).where(*_within(is_somewhere=is_somewhere))
    limit = bindparam("limit", type_=a.c.date.type)
    if is_limited:
        chosen = chosen.where(a.c.date < limit if is_last else a.c.date > limit)
    return chosen


@cache
def _counted(*, is_somewhere: bool) -> Select[Any]:
    """How many articles each issue date has, from `first` to `last`."""
    a = schema.articles
    first, last = (bindparam(name, type_=a.c.date.type) for name in ("first", "last"))
    chosen = select(a.c.date, func.count()).where(a.c.date >= first, a.c.date <= last)
    return chosen.where(*_within(is_somewhere=is_somewhere)).group_by(a.c.date).order_by(a.c.date)


def _within(*, is_somewhere: bool) -> list[ColumnElement[bool]]:
    """What chooses the articles about a place whose codes run from `low` to `high`, by their primary region."""
    if not is_somewhere:
        return []
    r = schema.article_regions
    is_within = (r.c.code >= bindparam("low")) & (r.c.code < bindparam("high"))
    chosen = select(r.c.article_id).where(is_within & (r.c.role == RegionRole.PRIMARY.value))
    return [schema.articles.c.id.in_(chosen)]


def _limits(code: str | None) -> dict[str, Any]:
    """The values of `_within`."""
    return dict(zip(("low", "high"), code_range(code), strict=True)) if code else {}
