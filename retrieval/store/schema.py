"""The tables of the truth. What the columns mean is said in `types.py`; migrations bring a file here."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

BYTEWISE = String(12).with_variant(String(12, collation="C"), "postgresql")
"""Compared byte by byte, as ranges of codes need; a database's own order may be that of a language."""

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", Text, nullable=False, unique=True),
    Column("sha256", String(64), nullable=False),
    Column("reader", Integer, nullable=False),  # version of the reading rules; a newer one reads again
    Column("encoding", String(32), nullable=False),
    Column("date", Date),
    Column("date_basis", String(16), nullable=False),
    Column("source", Text),
    Column("url", Text),
    Column("ingested_at", DateTime(timezone=True), nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("page_id", ForeignKey("pages.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_is_derived", Boolean, nullable=False),
    Column("place", Text),
    Column("section", Text),
    Column("kind", String(16), nullable=False),
    Column("date", Date, index=True),
    Column("date_basis", String(16), nullable=False),
    Column("byline", Text),
    Column("credit", Text),
    Column("source", Text),
    Column("url", Text),
    Column("text", Text, nullable=False),
    Column("spans", Text, nullable=False),  # JSON: [[kind, start, end], ...]
    Column("first_line", Integer, nullable=False),
    Column("last_line", Integer, nullable=False),
    Column("known_at", DateTime(timezone=True), nullable=False, index=True),
    Column("story", String(16), nullable=False, index=True),  # the id of the first article that told it
)

story_sketches = Table(
    "story_sketches",
    metadata,
    Column("hash", BigInteger, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

article_regions = Table(
    "article_regions",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("code", BYTEWISE, primary_key=True),
    Column("role", String(16), nullable=False),
    Index("ix_article_regions_code", "code"),
)

passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("digest", LargeBinary(16), nullable=False, index=True),  # of the text that was encoded
    sqlite_autoincrement=True,  # an id is never used twice: buttons and the index log rely on it
)

passage_terms = Table(
    "passage_terms",
    metadata,
    # without a foreign key: a passage is replaced with its terms in one transaction
    # all that ranking reads of a passage, so that a candidate costs one row
    Column("passage_id", Integer, primary_key=True, autoincrement=False),
    Column("article_id", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("day", Integer, nullable=False),  # the article's date as a proleptic ordinal; 0: none
    Column("is_first", Boolean, nullable=False),  # the report begins in it
    Column("units", Text, nullable=False),  # units of its figures, each once, space-joined
    Column("head", Text, nullable=False),  # what stands above the article, folded
    Column("folded", Text, nullable=False),  # the passage, folded
    Column("title", Text, nullable=False),  # search terms of the head, space-joined
    Column("body", Text, nullable=False),  # search terms of the passage
)

term_counts = Table(
    "term_counts",
    metadata,
    # empty for the number of all passages; any text, and no order is ever asked for
    Column("term", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True),
    Column(
        "n", Integer, nullable=False
    ),  # passages that it stands in; kept only once somebody asks, see counting.py
    sqlite_with_rowid=False,
)

vectors = Table(
    "vectors",
    metadata,
    Column("digest", LargeBinary(16), primary_key=True),
    Column("encoder", Text, primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # float32, little endian
    sqlite_with_rowid=False,
)

index_log = Table(
    "index_log",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("passage_id", Integer, nullable=False),
    Column("is_removal", Boolean, nullable=False),
    sqlite_autoincrement=True,
)

settings = Table(
    "settings",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
