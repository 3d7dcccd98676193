"""The truth: pages, articles, their regions and passages, and each passage's vector, in one SQL database.

A page changes in one transaction, which also writes its passages' search terms and the log that indexes
follow; whatever kills the process, a page is there in its old state or its new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, func, insert, select, update

from embeddings import Encoder
from retrieval.errors import EncoderMismatch
from retrieval.store import schema
from retrieval.store.articles import StoredArticles, aware
from retrieval.store.copies import put_story
from retrieval.store.database import (
    migrate,
    open_engine,
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
    remove_articles,
    setting,
)
from retrieval.types import Page

HEAD = "0006"
VERSION_TABLE = "yunwen_retrieval_version"
_MIGRATIONS = str(Path(__file__).parent / "migrations")


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log that indexes follow."""

    seq: int
    passage_id: int
    is_removal: bool


class Store(StoredArticles):
    """Reads and writes the truth. Safe for several threads and processes."""

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

    def known_checksums(self, encoder: str, checksums: Iterable[bytes]) -> set[bytes]:
        """Those of the checksums whose vectors by this encoder are stored."""
        table = schema.vectors
        known: set[bytes] = set()
        with self.reading() as connection:
            for batch in batches(sorted(set(checksums))):
                known.update(
                    connection.scalars(
                        select(table.c.digest).where(table.c.encoder == encoder, table.c.digest.in_(batch))
                    )
                )
        return known

    def put_vectors(self, encoder: str, checksums: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Keep vectors, row by row, at once: an interrupted ingest goes on behind the last of them."""
        table = schema.vectors
        rows = [
            {"digest": checksum, "encoder": encoder, "vector": row.astype("<f4").tobytes()}
            for checksum, row in zip(checksums, vectors, strict=True)
        ]
        known = self.known_checksums(encoder, checksums)
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
        """Delete vectors that no passage has, or of another encoder than the store's. Return how many went."""
        v, p = schema.vectors, schema.passages
        used = select(p.c.id).where(p.c.digest == v.c.digest).exists()
        with self._writing() as connection:
            current = setting(connection, "encoder")
            return connection.execute(delete(v).where(~used | (v.c.encoder != current))).rowcount

    def passage_checksums(self) -> list[tuple[int, str, bytes]]:
        """Every passage's id, article id and checksum, by id."""
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

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with writing_to(self.engine) as connection:
            yield connection


def _next_moment(connection: Connection) -> datetime:
    """Now, but behind every moment that an article became known at; the write lock is held."""
    last = connection.scalar(select(func.max(schema.articles.c.known_at)))
    now = datetime.now(UTC)
    return now if last is None else max(now, aware(last) + timedelta(microseconds=1))
