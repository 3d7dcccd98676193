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

papers = Table(
    "papers",
    metadata,
    Column("paper", Text, primary_key=True),  # host and folder
    Column("address", Text, nullable=False),  # as the operator gave it
    Column("name", Text),
    Column("kind", String(1)),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("first_looked_on", Date, nullable=False),
    Column("looked_on", Date, nullable=False),
    Column("problem", Text),  # of the last look
)

paper_issues = Table(
    "paper_issues",
    metadata,
    Column("paper", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("url", Text),  # of its first page; none where there is no issue
    Column("looked_on", Date, nullable=False),
    sqlite_with_rowid=False,
)

paper_pages = Table(
    "paper_pages",
    metadata,
    Column("paper", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("key", Text, primary_key=True),  # its address without the host
    Column("number", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("path", Text, nullable=False, index=True),  # of the page in the store
    Column("state", String(12), nullable=False),
    Column("n_tries", Integer, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    sqlite_with_rowid=False,
)

paper_articles = Table(
    "paper_articles",
    metadata,
    Column("paper", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("number", String(32), nullable=False),  # of its page
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),  # as its page lists it
    Column("state", String(12), nullable=False),
    Column("n_tries", Integer, nullable=False),
    Column("goes_on", Boolean, nullable=False),  # its other half is missing
    Column("problem", Text),
    Column("polygons", Text),  # JSON: [[[x, y], ...], ...], shares of the page's picture
    sqlite_with_rowid=False,
)

paper_pictures = Table(
    "paper_pictures",
    metadata,
    Column("path", Text, primary_key=True),  # of the page in the store
    Column("day", Date, nullable=False, index=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),  # JPEG
)

paper_alarms = Table(
    "paper_alarms",
    metadata,
    Column("paper", Text, primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("detail", Text, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("told_at", DateTime(timezone=True), index=True),
    sqlite_with_rowid=False,
)
