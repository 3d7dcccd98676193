"""The truth: pages, articles, their regions and passages, and each passage's vector, in one SQL database.

A page changes in one transaction, which also writes its passages' search terms and the log that indexes
follow; whatever kills the process, a page is there in its old state or its new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, func, insert, select, update

from embeddings import Encoder
from retrieval.errors import EncoderMismatch
from retrieval.regions.codes import code_range
from retrieval.store import schema
from retrieval.store.copies import put_story
from retrieval.store.database import (
    among,
    listed,
    migrate,
    open_engine,
    reading_from,
    store_errors,
    writing_to,
)
from retrieval.store.rows import (
    Entry,
    article_ids,
    article_values,
    batches,
    insert_new,
    put_page_row,
    put_passages,
    put_regions,
    read_article,
    remove_articles,
    setting,
)
from retrieval.store.statements import Statements
from retrieval.types import (
    ArticleKind,
    ArticleRegion,
    CandidateText,
    IndexedPassage,
    Page,
    Passage,
    RegionRole,
    SpanKind,
    StoredArticle,
)

HEAD = "0005"
_KINDS = {kind.value: kind for kind in SpanKind}
VERSION_TABLE = "yunwen_retrieval_version"
_MIGRATIONS = str(Path(__file__).parent / "migrations")


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds."""

    pages: int
    articles: int
    briefs: int
    passages: int


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log that indexes follow."""

    seq: int
    passage_id: int
    is_removal: bool


class Store:
    """Reads and writes the truth. Safe for several threads and processes."""

    def __init__(self, engine: Engine, region_names: Mapping[str, str] | None = None) -> None:
        """`region_names` maps division codes to names; a code without one is shown as it is."""
        self.engine = engine
        self._dialect = engine.dialect.name
        self._statements = Statements.of(self._dialect)
        self._region_names = region_names or {}

    @classmethod
    def open(cls, url: str, region_names: Mapping[str, str] | None = None) -> Store:
        """Open the database at a SQLAlchemy URL, made or brought up to date where needed.

        Raises StoreError if it cannot be opened, SchemaError if a newer version made it.
        """
        with store_errors(url):
            engine = open_engine(url)
            migrate(engine, _MIGRATIONS, VERSION_TABLE, HEAD)
        return cls(engine, region_names)

    # ------------------------------------------------------------------------------------------ pages

    def page_states(self) -> dict[str, tuple[str, int]]:
        """Every page's path with the SHA-256 of its bytes and the version of the rules that read it."""
        with self.reading() as connection:
            rows = connection.execute(
                select(schema.pages.c.path, schema.pages.c.sha256, schema.pages.c.reader)
            )
            return {row.path: (row.sha256, row.reader) for row in rows}

    def put_page(self, page: Page, reader: int, entries: Sequence[Entry]) -> None:
        """Make the page's articles exactly these, in one transaction.

        An article that is unchanged keeps its id; one whose passages are unchanged too keeps theirs.
        """
        with self._writing() as connection:
            page_id = put_page_row(connection, page, reader)
            ids = article_ids(connection, page_id, page.path.name, [entry.article for entry in entries])
            table = schema.articles
            on_page = select(table.c.id, table.c.date).where(table.c.page_id == page_id)
            old = {row.id: row.date for row in connection.execute(on_page)}
            remove_articles(connection, sorted(old.keys() - set(ids)))
            known_at = _next_moment(connection)
            for position, (article_id, entry) in enumerate(zip(ids, entries, strict=True)):
                values = article_values(entry.article) | {"page_id": page_id, "position": position}
                if article_id in old:
                    connection.execute(update(table).where(table.c.id == article_id).values(values))
                else:
                    values |= {"id": article_id, "known_at": known_at, "story": article_id}
                    connection.execute(insert(table).values(values))
                is_moved = put_regions(connection, article_id, entry.regions)
                is_moved |= article_id in old and old[article_id] != entry.article.date
                put_story(connection, article_id, entry.article.text, entry.regions)
                put_passages(connection, article_id, entry, is_moved=is_moved)

    def remove_page(self, path: str) -> None:
        """Forget a page with all its articles, in one transaction; an unknown path changes nothing."""
        with self._writing() as connection:
            page_id = connection.scalar(select(schema.pages.c.id).where(schema.pages.c.path == path))
            if page_id is None:
                return
            articles = schema.articles
            remove_articles(
                connection,
                list(connection.scalars(select(articles.c.id).where(articles.c.page_id == page_id))),
            )
            connection.execute(delete(schema.pages).where(schema.pages.c.id == page_id))

    # ----------------------------------------------------------------------------------------- vectors

    def known_digests(self, encoder: str, digests: Iterable[bytes]) -> set[bytes]:
        """Those of the digests whose vectors by this encoder are stored."""
        table = schema.vectors
        known: set[bytes] = set()
        with self.reading() as connection:
            for batch in batches(sorted(set(digests))):
                known.update(
                    connection.scalars(
                        select(table.c.digest).where(table.c.encoder == encoder, table.c.digest.in_(batch))
                    )
                )
        return known

    def put_vectors(self, encoder: str, digests: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Keep vectors, row by row, at once: an interrupted ingest goes on behind the last of them."""
        table = schema.vectors
        rows = [
            {"digest": digest, "encoder": encoder, "vector": row.astype("<f4").tobytes()}
            for digest, row in zip(digests, vectors, strict=True)
        ]
        known = self.known_digests(encoder, digests)
        unique = {row["digest"]: row for row in rows if row["digest"] not in known}
        if unique:
            with writing_to(self.engine, beside_others=True) as connection:
                connection.execute(insert_new(connection, table), list(unique.values()))

    def vectors_of(self, encoder: str, passage_ids: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """Passages' vectors by id; passages that are gone or not encoded are left out."""
        found: dict[int, NDArray[np.float32]] = {}
        p, v = schema.passages, schema.vectors
        with self.reading() as connection:
            for batch in batches(passage_ids):
                statement = (
                    select(p.c.id, v.c.vector)
                    .join(v, v.c.digest == p.c.digest)
                    .where(v.c.encoder == encoder, p.c.id.in_(batch))
                )
                for row in connection.execute(statement):
                    found[row.id] = np.frombuffer(row.vector, dtype="<f4")
        return found

    def prune_vectors(self) -> int:
        """Delete vectors that no passage has, or of another encoder than the store's; how many went."""
        v, p = schema.vectors, schema.passages
        used = select(p.c.id).where(p.c.digest == v.c.digest).exists()
        with self._writing() as connection:
            current = setting(connection, "encoder")
            return connection.execute(delete(v).where(~used | (v.c.encoder != current))).rowcount

    def passage_digests(self) -> list[tuple[int, str, bytes]]:
        """Every passage's id, article id and digest, by id."""
        p = schema.passages
        with self.reading() as connection:
            rows = connection.execute(select(p.c.id, p.c.article_id, p.c.digest).order_by(p.c.id))
            return [(row.id, row.article_id, row.digest) for row in rows]

    @property
    def id(self) -> str:
        """Names this database for ever; no other has it."""
        with self.reading() as connection:
            return setting(connection, "store_id") or ""

    @property
    def encoder(self) -> tuple[str, str] | None:
        """Fingerprint and name of the encoder that the index uses; None before the first ingest."""
        with self.reading() as connection:
            fingerprint = setting(connection, "encoder")
            return (fingerprint, setting(connection, "encoder_name") or fingerprint) if fingerprint else None

    def note(self, name: str) -> str | None:
        """A small text kept under a name of at most 32 characters, or None."""
        with self.reading() as connection:
            return setting(connection, name)

    def keep_note(self, name: str, value: str) -> None:
        """Keep a small text under a name of at most 32 characters."""
        table = schema.settings
        with self._writing() as connection:
            connection.execute(delete(table).where(table.c.name == name))
            connection.execute(insert(table).values(name=name, value=value))

    def check_encoder(self, encoder: Encoder) -> None:
        """Raise EncoderMismatch if the stored passages were encoded by another encoder than this."""
        stored = self.encoder
        if stored is not None and stored[0] != encoder.fingerprint:
            fingerprint, name = stored
            raise EncoderMismatch(
                *((name, encoder.name) if name != encoder.name else (fingerprint, encoder.fingerprint))
            )

    def set_encoder(self, fingerprint: str, name: str) -> None:
        """Name the encoder whose vectors the index uses from now on."""
        table = schema.settings
        with self._writing() as connection:
            connection.execute(delete(table).where(table.c.name.in_(["encoder", "encoder_name"])))
            connection.execute(
                insert(table),
                [{"name": "encoder", "value": fingerprint}, {"name": "encoder_name", "value": name}],
            )

    # ----------------------------------------------------------------------------------------- reading

    def articles(self, ids: Iterable[str]) -> dict[str, StoredArticle]:
        """Articles by id; unknown ids are left out."""
        found: dict[str, StoredArticle] = {}
        regions: dict[str, list[ArticleRegion]] = {}
        wanted = self._listed(dict.fromkeys(ids))
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
        p = schema.passages
        found: dict[str, list[Passage]] = {}
        with self.reading() as connection:
            for batch in batches(list(dict.fromkeys(article_ids))):
                ids = connection.scalars(
                    select(p.c.id).where(p.c.article_id.in_(batch)).order_by(p.c.article_id, p.c.position)
                ).all()
                for passage in self.passages(ids).values():
                    found.setdefault(passage.article_id, []).append(passage)
        return {article_id: sorted(each, key=lambda one: one.start) for article_id, each in found.items()}

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

    def newest_articles(self, n: int) -> list[StoredArticle]:
        """Up to `n` articles, the newest issue first, in their order on the page."""
        a = schema.articles
        with self.reading() as connection:
            ids = connection.scalars(
                select(a.c.id)
                .order_by(a.c.date.desc().nulls_last(), a.c.page_id.desc(), a.c.position)
                .limit(n)
            ).all()
        found = self.articles(ids)
        return [found[article_id] for article_id in ids if article_id in found]

    def newest_within(self, code: str, n: int, first: int = 0) -> list[StoredArticle]:
        """Up to `n` articles about a division or any within it, the newest issue first, without the `first` before."""
        a, r = schema.articles, schema.article_regions
        low, high = code_range(code)
        is_within = (r.c.code >= low) & (r.c.code < high) & (r.c.role == RegionRole.PRIMARY.value)
        newest = (a.c.date.desc().nulls_last(), a.c.page_id.desc(), a.c.position)
        chosen = select(a.c.id).where(a.c.id.in_(select(r.c.article_id).where(is_within))).order_by(*newest)
        with self.reading() as connection:
            ids = connection.scalars(chosen.limit(n).offset(first)).all()
        found = self.articles(ids)
        return [found[article_id] for article_id in ids if article_id in found]

    def articles_known(self, since: datetime, until: datetime) -> list[tuple[StoredArticle, datetime]]:
        """Articles that became known after `since`, up to and with `until`, in that order.

        Each comes with when its story first became known (aware), which may be before `since`.
        """
        a = schema.articles
        first, last = since.astimezone(UTC), until.astimezone(UTC)  # SQLite keeps no zone
        return self._with_known_at((a.c.known_at > first) & (a.c.known_at <= last))

    def articles_dated(self, day: date) -> list[tuple[StoredArticle, datetime]]:
        """Articles of an issue date in the order they became known, each with when its story first did (aware)."""
        return self._with_known_at(schema.articles.c.date == day)

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
                    first_known[told.story] = _aware(told.known_at)
        found = self.articles([row.id for row in rows])
        return [(found[row.id], first_known[row.story]) for row in rows if row.id in found]

    def known_until(self) -> datetime | None:
        """When the last article became known (aware); None while there is none.

        Whoever has read up to it misses nothing: pages are put one at a time, also from several hosts, and each
        page's moment is taken while the write lock is held, behind the last one's even where clocks differ.
        """
        with self.reading() as connection:
            last = connection.execute(select(func.max(schema.articles.c.known_at))).scalar()
        return _aware(last) if last else None

    def known_after(self, since: datetime, n: int) -> datetime | None:
        """When the n-th article behind `since`, or the last if there are fewer, became known (aware); None: no one did."""
        a = schema.articles
        later = (
            select(a.c.known_at).where(a.c.known_at > since.astimezone(UTC)).order_by(a.c.known_at).limit(n)
        )
        with self.reading() as connection:
            last = connection.execute(select(func.max(later.subquery().c.known_at))).scalar()
        return _aware(last) if last else None

    def articles_within(self, codes: Iterable[str]) -> dict[str, int]:
        """How many articles are about each division or any within it, by code (their primary region)."""
        r = schema.article_regions
        found: dict[str, int] = {}
        with self.reading() as connection:
            for code in codes:
                low, high = code_range(code)
                is_within = (r.c.code >= low) & (r.c.code < high) & (r.c.role == RegionRole.PRIMARY.value)
                found[code] = connection.execute(
                    select(func.count(r.c.article_id.distinct())).where(is_within)
                ).scalar_one()
        return found

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

    # ----------------------------------------------------------------------------------------- the log

    def log_head(self) -> int:
        """The log's last sequence number, 0 when it is empty."""
        with self.reading() as connection:
            return int(connection.execute(self._statements.head).scalar_one())

    def changes(self, after: int, limit: int = 10_000) -> list[Change]:
        """The log's lines behind a sequence number, in order."""
        table = schema.index_log
        with self.reading() as connection:
            rows = connection.execute(
                select(table).where(table.c.seq > after).order_by(table.c.seq).limit(limit)
            )
            return [Change(row.seq, row.passage_id, row.is_removal) for row in rows]

    def all_vectors(
        self, encoder: str
    ) -> tuple[int, Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]]:
        """The log's head and, in batches, ids and vectors of all passages that this encoder has encoded.

        The head is read first: a change that comes in between is met again when the log is followed, and
        following it twice changes nothing.
        """
        head = self.log_head()
        return head, self._vector_batches(encoder)

    def _vector_batches(self, encoder: str) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        p, v = schema.passages, schema.vectors
        last = 0
        while True:
            statement = (
                select(p.c.id, v.c.vector)
                .join(v, v.c.digest == p.c.digest)
                .where(v.c.encoder == encoder, p.c.id > last)
                .order_by(p.c.id)
                .limit(4096)
            )
            with self.reading() as connection:
                rows = connection.execute(statement).all()
            if not rows:
                return
            last = rows[-1].id
            ids = np.array([row.id for row in rows], dtype=np.int64)
            vectors = np.frombuffer(b"".join(row.vector for row in rows), dtype="<f4")
            yield ids, vectors.reshape(len(rows), -1)

    # ---------------------------------------------------------------------------------------- plumbing

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
    def _writing(self) -> Iterator[Connection]:
        with writing_to(self.engine) as connection:
            yield connection


def _next_moment(connection: Connection) -> datetime:
    """Now, but behind every moment that an article became known at; the write lock is held."""
    last = connection.scalar(select(func.max(schema.articles.c.known_at)))
    now = datetime.now(UTC)
    return now if last is None else max(now, _aware(last) + timedelta(microseconds=1))


def _aware(moment: datetime) -> datetime:
    """SQLite gives times back without their zone, which is always UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
