"""Rows of the store's tables: articles and passages to and from them, within a transaction that is open."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Insert, Row, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from retrieval.store import schema
from retrieval.store.term_counts import count_passages
from retrieval.text.figures import units_of
from retrieval.text.tokenization import fold, folded_head
from retrieval.types import (
    Article,
    ArticleKind,
    ArticleRegion,
    DateBasis,
    Page,
    PassageSlice,
    RegionRole,
    Span,
    SpanKind,
    StoredArticle,
)

_BATCH = 500
"""Values bound in one statement: below the smallest limit of the databases in use."""


@dataclass(frozen=True, slots=True)
class IndexedText:
    """A passage about to be stored, with what both sides of the index need of it."""

    passage: PassageSlice
    checksum: bytes
    """16 bytes: of the text that was encoded."""
    title_terms: str
    body_terms: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An article about to be stored: its passages in order and its regions (code, role)."""

    article: Article
    slices: tuple[IndexedText, ...]
    regions: tuple[tuple[str, RegionRole], ...]


def batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The values in order, a statement's worth at a time."""
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]


def insert_new(connection: Connection, table: Table) -> Insert:
    """An insert that leaves rows alone whose key is there already."""
    insert_here = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return insert_here(table).on_conflict_do_nothing()


def setting(connection: Connection, name: str) -> str | None:
    """A setting's value, or None."""
    table = schema.settings
    return connection.scalar(select(table.c.value).where(table.c.name == name))


def put_page_row(connection: Connection, page: Page, reader: int) -> int:
    """Write the page's own row. Return its id."""
    table = schema.pages
    values = {
        "path": str(page.path),
        "sha256": page.sha256,
        "reader": reader,
        "encoding": page.encoding,
        "date": page.date,
        "date_basis": page.date_basis.value,
        "source": page.source,
        "url": page.url,
        "ingested_at": datetime.now(UTC),
    }
    known = connection.scalar(select(table.c.id).where(table.c.path == values["path"]))
    if known is not None:
        connection.execute(update(table).where(table.c.id == known).values(values))
        return int(known)
    return int(connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())


def article_ids(
    connection: Connection, page_id: int, file_name: str, articles: Sequence[Article]
) -> list[str]:
    """Ids that depend on the page's file name and the article's words alone, told apart where those repeat."""
    table = schema.articles
    taken: set[str] = set()
    numbers: dict[tuple[str, str], int] = {}
    """Where to go on for words that repeat, so that a page of one item a thousand times stays cheap."""
    ids: list[str] = []
    for article in articles:
        n = numbers.get((article.title, article.text), 0)
        while True:
            article_id = digest_id(file_name, article.title, article.text, str(n))
            owner = connection.scalar(select(table.c.page_id).where(table.c.id == article_id))
            if article_id not in taken and owner in (None, page_id):
                break
            n += 1
        numbers[article.title, article.text] = n + 1
        taken.add(article_id)
        ids.append(article_id)
    return ids


def digest_id(*parts: str) -> str:
    """16 characters of [a-z2-7] that stand for these texts."""
    checksum = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).digest()
    return base64.b32encode(checksum).decode().lower()


def article_values(article: Article) -> dict[str, Any]:
    """An article's columns, without its ids."""
    return {
        "title": article.title,
        "title_is_derived": article.title_is_derived,
        "place": article.place,
        "section": article.section,
        "kind": article.kind.value,
        "date": article.date,
        "date_basis": article.date_basis.value,
        "byline": article.byline,
        "credit": article.credit,
        "source": article.source,
        "url": article.url,
        "text": article.text,
        "spans": json.dumps([[span.kind.value, span.start, span.end] for span in article.spans]),
        "first_line": article.lines[0],
        "last_line": article.lines[1],
    }


_KINDS = {kind.value: kind for kind in SpanKind}
"""Looked up: a long article has thousands of spans, and making each by its value takes most of reading it."""


def read_article(row: Row[Any], regions: tuple[ArticleRegion, ...]) -> StoredArticle:
    """The article that a row is."""
    return StoredArticle(
        id=row.id,
        page=row.path,
        story=row.story,
        regions=regions,
        title=row.title,
        title_is_derived=row.title_is_derived,
        place=row.place,
        section=row.section,
        kind=ArticleKind(row.kind),
        date=row.date,
        date_basis=DateBasis(row.date_basis),
        byline=row.byline,
        credit=row.credit,
        source=row.source,
        url=row.url,
        text=row.text,
        spans=tuple(Span(_KINDS[kind], start, end) for kind, start, end in json.loads(row.spans)),
        lines=(row.first_line, row.last_line),
    )


def put_regions(connection: Connection, article_id: str, regions: Sequence[tuple[str, RegionRole]]) -> bool:
    """Make the article's regions exactly these; a division that is both is primary. Whether that changed any."""
    table = schema.article_regions
    roles: dict[str, str] = {}
    for code, role in regions:
        is_primary = RegionRole.PRIMARY in (role, roles.get(code))
        roles[code] = RegionRole.PRIMARY.value if is_primary else role.value
    mine = table.c.article_id == article_id
    if roles == {row.code: row.role for row in connection.execute(select(table).where(mine))}:
        return False
    connection.execute(delete(table).where(mine))
    if roles:
        rows = [{"article_id": article_id, "code": code, "role": role} for code, role in roles.items()]
        connection.execute(insert(table), rows)
    return True


def put_passages(connection: Connection, article_id: str, entry: Entry, *, is_moved: bool) -> None:
    """Make the article's passages exactly these, with their terms and the log; unchanged ones keep their ids.

    `is_moved`: the article's date or regions are others than before, which indexes have to be told.
    """
    table, terms = schema.passages, schema.passage_terms
    with_terms = (
        select(
            table,
            *(column for column in terms.c if column.name not in table.c and column.name != "passage_id"),
        )
        .join(terms, terms.c.passage_id == table.c.id)
        .where(table.c.article_id == article_id)
        .order_by(table.c.position)
    )
    stored = connection.execute(with_terms).all()
    slices = entry.slices
    old = [(row.kind, row.start, row.end, row.digest) for row in stored]
    new = [(each.passage.kind.value, each.passage.start, each.passage.end, each.checksum) for each in slices]
    wanted = [_terms(article_id, entry.article, each) for each in slices]
    if old == new:
        changed = [
            {"of": row.id, **values}
            for row, values in zip(stored, wanted, strict=True)
            if any(getattr(row, name) != value for name, value in values.items())
        ]
        if changed:
            of_changed = [each["of"] for each in changed]
            count_passages(connection, of_changed, -1)
            connection.execute(update(terms).where(terms.c.passage_id == bindparam("of")), changed)
            count_passages(connection, of_changed, 1)
        moved = [row.id for row in stored] if is_moved else [each["of"] for each in changed]
        if moved:
            log(connection, moved, is_removal=False)
        return
    remove_passages(connection, [row.id for row in stored])
    rows = [
        {
            "article_id": article_id,
            "position": position,
            "kind": kind,
            "start": start,
            "end": end,
            "digest": checksum,
        }
        for position, (kind, start, end, checksum) in enumerate(new)
    ]
    if not rows:
        return
    added = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    ids = list(connection.scalars(added, rows))
    of_ids = [{"passage_id": i, **values} for i, values in zip(ids, wanted, strict=True)]
    connection.execute(insert(terms), of_ids)
    count_passages(connection, ids, 1)
    log(connection, ids, is_removal=False)


def _terms(article_id: str, article: Article, indexed: IndexedText) -> dict[str, Any]:
    """What search needs of a passage, by the columns' names."""
    first = next((span.start for span in article.spans if span.kind is SpanKind.BODY), 0)
    text = article.text[indexed.passage.start : indexed.passage.end]
    return {
        "article_id": article_id,
        "kind": indexed.passage.kind.value,
        "start": indexed.passage.start,
        "end": indexed.passage.end,
        "day": article.date.toordinal() if article.date else 0,
        "is_first": indexed.passage.start <= first,
        "units": " ".join(units_of(text)),
        "head": folded_head(article.place, article.title, article.section),
        "folded": fold(text),
        "title": indexed.title_terms,
        "body": indexed.body_terms,
    }


def remove_articles(connection: Connection, ids: Sequence[str]) -> None:
    """Delete articles with all that hangs on them."""
    a, p, r, s = schema.articles, schema.passages, schema.article_regions, schema.story_sketches
    for batch in batches(ids):
        remove_passages(connection, list(connection.scalars(select(p.c.id).where(p.c.article_id.in_(batch)))))
        connection.execute(delete(r).where(r.c.article_id.in_(batch)))
        connection.execute(delete(s).where(s.c.article_id.in_(batch)))
        connection.execute(delete(a).where(a.c.id.in_(batch)))


def remove_passages(connection: Connection, ids: Sequence[int]) -> None:
    """Delete passages with their terms, and log it."""
    if not ids:
        return
    count_passages(connection, ids, -1)
    p, t = schema.passages, schema.passage_terms
    for batch in batches(ids):
        connection.execute(delete(t).where(t.c.passage_id.in_(batch)))
        connection.execute(delete(p).where(p.c.id.in_(batch)))
    log(connection, ids, is_removal=True)


def log(connection: Connection, passage_ids: Iterable[int], *, is_removal: bool) -> None:
    """Tell the indexes what came or went."""
    connection.execute(
        insert(schema.index_log), [{"passage_id": i, "is_removal": is_removal} for i in passage_ids]
    )
