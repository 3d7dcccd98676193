"""What each answer's question was about, so that the next one may refer to it, also after a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("answers", sa.Column("turn", sa.Text))
    op.create_index("ix_answers_chat", "answers", ["chat_id", "given_at"])
