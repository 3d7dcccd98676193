"""Finding what became known in a window without reading every article."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("ix_articles_known_at", "articles", ["known_at"])
