"""What each answer's question went on from, so that a place chosen later by a button keeps the topic."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("answers", sa.Column("previous", sa.Text))
