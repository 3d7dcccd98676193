"""The ledger of followed newspapers: what each issue lists, what was read of it, pictures, alarms."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "papers",
        sa.Column("paper", sa.Text, primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("kind", sa.String(1)),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("first_looked_on", sa.Date, nullable=False),
        sa.Column("looked_on", sa.Date, nullable=False),
        sa.Column("problem", sa.Text),
    )
    op.create_table(
        "paper_issues",
        sa.Column("paper", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("url", sa.Text),
        sa.Column("looked_on", sa.Date, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paper_pages",
        sa.Column("paper", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("path", sa.Text, nullable=False, index=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("n_tries", sa.Integer, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paper_articles",
        sa.Column("paper", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("n_tries", sa.Integer, nullable=False),
        sa.Column("goes_on", sa.Boolean, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("polygons", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paper_pictures",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, nullable=False, index=True),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "paper_alarms",
        sa.Column("paper", sa.Text, primary_key=True),
        sa.Column("kind", sa.String(12), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), index=True),
        sqlite_with_rowid=False,
    )
