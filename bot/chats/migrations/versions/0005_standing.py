"""Standing questions with what is on its way for them, people's verdicts on answers, and what gave each answer."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "standing",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("regions", sa.Text, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("telling", sa.Text),
        sa.Column("parts", sa.Text),
        sa.Column("n_parts", sa.Integer),
        sa.Column("n_sent", sa.Integer, nullable=False),
        sa.Column("n_unsure", sa.Integer, nullable=False),
        sa.Column("n_tries", sa.Integer, nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True)),
        sa.Column("worker", sa.String(80)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_standing_chat_id", "standing", ["chat_id"])
    op.create_index("ix_standing_seen_until", "standing", ["seen_until"])
    op.create_index("ix_standing_open", "standing", ["state", "try_at"])
    op.create_table(
        "feedback",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("answer_id", sa.String(12), primary_key=True),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("hits", sa.Text, nullable=False),
        sa.Column("turn", sa.Text),
        sa.Column("versions", sa.Text, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("answers", sa.Column("versions", sa.Text))
