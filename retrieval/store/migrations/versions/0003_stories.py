"""Articles filed under stories; those already there are filed when their pages are read again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("articles", sa.Column("story", sa.String(16), nullable=False, server_default=""))
    op.execute("UPDATE articles SET story = id")
    op.create_index("ix_articles_story", "articles", ["story"])
    op.create_table(
        "story_sketches",
        sa.Column("hash", sa.BigInteger, primary_key=True),
        sa.Column("article_id", sa.String(16), sa.ForeignKey("articles.id"), primary_key=True, index=True),
        sqlite_with_rowid=False,
    )
