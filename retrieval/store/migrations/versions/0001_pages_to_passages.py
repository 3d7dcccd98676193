"""Pages, articles, their regions, passages, vectors, the index log, and the sparse side's terms."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("path", sa.Text, nullable=False, unique=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("reader", sa.Integer, nullable=False),
        sa.Column("encoding", sa.String(32), nullable=False),
        sa.Column("date", sa.Date),
        sa.Column("date_basis", sa.String(16), nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("ingested_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("page_id", sa.Integer, sa.ForeignKey("pages.id"), nullable=False, index=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_is_derived", sa.Boolean, nullable=False),
        sa.Column("place", sa.Text),
        sa.Column("section", sa.Text),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("date", sa.Date, index=True),
        sa.Column("date_basis", sa.String(16), nullable=False),
        sa.Column("byline", sa.Text),
        sa.Column("credit", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("spans", sa.Text, nullable=False),
        sa.Column("first_line", sa.Integer, nullable=False),
        sa.Column("last_line", sa.Integer, nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "article_regions",
        sa.Column("article_id", sa.String(16), sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column(
            "code",
            # compared byte by byte: ranges of codes are divisions
            sa.String(12).with_variant(sa.String(12, collation="C"), "postgresql"),
            primary_key=True,
        ),
        sa.Column("role", sa.String(16), nullable=False),
    )
    op.create_index("ix_article_regions_code", "article_regions", ["code"])
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("article_id", sa.String(16), sa.ForeignKey("articles.id"), nullable=False, index=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary(16), nullable=False, index=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "vectors",
        sa.Column("digest", sa.LargeBinary(16), primary_key=True),
        sa.Column("encoder", sa.Text, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "index_log",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
        ),
        sa.Column("passage_id", sa.Integer, nullable=False),
        sa.Column("is_removal", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    settings = op.create_table(
        "settings",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    # tells this database's snapshots from those of another one
    op.bulk_insert(settings, [{"name": "store_id", "value": secrets.token_hex(8)}])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE passage_terms USING fts5("
            "title, body, tokenize=\"unicode61 remove_diacritics 0 tokenchars '.'\")"
        )
        op.execute("CREATE VIRTUAL TABLE passage_vocabulary USING fts5vocab('passage_terms', 'row')")
