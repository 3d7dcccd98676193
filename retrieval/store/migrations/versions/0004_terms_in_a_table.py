"""What search needs of each passage, in an ordinary table on every database; SQLite's FTS5 goes.

Both sides of the index follow the log from here on. Passages already there are folded and their units noted.
"""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
_AT_ONCE = 2000


def upgrade() -> None:
    connection = op.get_bind()
    has_fts = connection.dialect.name == "sqlite"
    if has_fts:
        op.execute("DROP TABLE passage_vocabulary")
        op.execute("ALTER TABLE passage_terms RENAME TO old_passage_terms")
    table = op.create_table(
        "passage_terms",
        sa.Column("passage_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("article_id", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("is_first", sa.Boolean, nullable=False),
        sa.Column("units", sa.Text, nullable=False),
        sa.Column("head", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    if has_fts:
        _take_over(connection, table)
        op.execute("DROP TABLE old_passage_terms")


def _first_body(spans: str) -> int:
    return next((int(start) for kind, start, _ in json.loads(spans) if kind == "body"), 0)


def _take_over(connection: sa.Connection, table: sa.Table) -> None:
    from retrieval.text.figures import units_of
    from retrieval.text.tokenization import fold, folded_head

    last = 0
    while True:
        rows = connection.execute(
            sa.text(
                "SELECT p.id, p.article_id, p.kind, p.start, p.end, t.title, t.body, "
                "a.place, a.title AS a_title, a.section, a.text, a.spans, a.date "
                "FROM passages p JOIN old_passage_terms t ON t.rowid = p.id JOIN articles a ON a.id = p.article_id "
                "WHERE p.id > :last ORDER BY p.id LIMIT :n"
            ),
            {"last": last, "n": _AT_ONCE},
        ).all()
        if not rows:
            return
        last = rows[-1].id
        values = []
        for row in rows:
            text = row.text[row.start : row.end]
            head = folded_head(row.place, row.a_title, row.section)
            values.append(
                {
                    "passage_id": row.id,
                    "article_id": row.article_id,
                    "kind": row.kind,
                    "start": row.start,
                    "end": row.end,
                    "day": date.fromisoformat(row.date).toordinal() if row.date else 0,
                    "is_first": row.start <= _first_body(row.spans),
                    "units": " ".join(units_of(text)),
                    "head": head,
                    "folded": fold(text),
                    "title": row.title,
                    "body": row.body,
                }
            )
        connection.execute(sa.insert(table), values)
