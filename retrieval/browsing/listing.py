"""Stories of a place and a time out of the store, the newest issue first, copies of one story as one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from retrieval.regions.codes import code_range
from retrieval.store import schema
from retrieval.store.store import Store
from retrieval.types import RegionRole, StoredArticle

_COUNTY_DIGITS = 6
_BATCH = 64
_MOST_COPIES = 20


@dataclass(frozen=True, slots=True)
class Within:
    """What stories are wanted."""

    codes: tuple[str, ...]
    """Divisions that they are about, or any within these; () for anywhere."""
    days: tuple[tuple[date, date], ...]
    """First and last days of the times that they were issued in; () for any time."""
    today: date
    """Nothing issued later is news yet."""
    ids: frozenset[str] | None = None
    """Articles that they are among; None for all."""


@dataclass(frozen=True, slots=True)
class Story:
    """One of them."""

    article: StoredArticle
    """The newest that tells it."""
    also: tuple[StoredArticle, ...]
    """Its copies."""


def list_stories(store: Store, within: Within, n: int, first: int) -> tuple[list[Story], bool]:
    """Up to `n` stories behind the `first` before, and whether others follow."""
    chosen: list[str] = []
    has_more = False
    for number, article_id in enumerate(_distinct(store, within)):
        if number >= first + n:
            has_more = True
            break
        if number >= first:
            chosen.append(article_id)
    copies = _copies(store, chosen)
    articles = store.articles([*chosen, *(each for found in copies.values() for each in found)])
    stories = [
        Story(
            articles[article_id],
            tuple(articles[each] for each in copies.get(article_id, ()) if each in articles),
        )
        for article_id in chosen
        if article_id in articles
    ]
    return stories, has_more


def newest_day(store: Store, within: Within) -> date | None:
    """The newest issue that has a wanted story, or None."""
    with store.reading() as connection:
        newest: date | None = connection.scalar(
            select(func.max(schema.articles.c.date)).where(_wanted(within))
        )
    return newest


def _distinct(store: Store, within: Within) -> Iterator[str]:
    """The newest article of each story, in order."""
    a = schema.articles
    order = (a.c.date.desc().nulls_last(), a.c.page_id.desc(), a.c.position)
    statement = select(a.c.story, a.c.id).where(_wanted(within)).order_by(*order)
    seen: set[str] = set()
    offset = 0
    while True:
        with store.reading() as connection:
            rows = connection.execute(statement.limit(_BATCH).offset(offset)).all()
        for row in rows:
            if row.story not in seen:
                seen.add(row.story)
                yield row.id
        if len(rows) < _BATCH:
            return
        offset += _BATCH


def _wanted(within: Within) -> ColumnElement[bool]:
    a = schema.articles
    conditions: list[ColumnElement[bool]] = [or_(a.c.date <= within.today, a.c.date.is_(None))]
    if within.days:
        conditions = [
            a.c.date <= within.today,
            or_(*((a.c.date >= first) & (a.c.date <= last) for first, last in within.days)),
        ]
    if within.codes:
        conditions.append(a.c.id.in_(select(schema.article_regions.c.article_id).where(_about(within.codes))))
    if within.ids is not None:
        conditions.append(a.c.id.in_(sorted(within.ids)) if within.ids else false())
    return and_(*conditions)


def _about(codes: Collection[str]) -> ColumnElement[bool]:
    """Of articles' regions those within the divisions: what an article is about, and for a township what it names."""
    r = schema.article_regions
    found: ColumnElement[bool] = false()
    for code in codes:
        low, high = code_range(code)
        is_within = (r.c.code >= low) & (r.c.code < high)
        is_about = r.c.role == RegionRole.PRIMARY.value if len(code) <= _COUNTY_DIGITS else true()
        found = found | (is_within & is_about)
    return found


def _copies(store: Store, ids: Sequence[str]) -> dict[str, list[str]]:
    """Other articles of the same stories, by article id, the first that came in first."""
    a = schema.articles
    stories = store.stories(ids)
    if not stories:
        return {}
    with store.reading() as connection:
        rows = connection.execute(
            select(a.c.id, a.c.story)
            .where(a.c.story.in_(set(stories.values())))
            .order_by(a.c.known_at, a.c.id)
        ).all()
    return {
        article_id: [row.id for row in rows if row.story == story and row.id != article_id][:_MOST_COPIES]
        for article_id, story in stories.items()
    }
