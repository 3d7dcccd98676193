"""Which message answers which, so that a question put right is answered in place after a restart; how far 更多 got; weekly digests."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "replies",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("reply_id", sa.BigInteger, nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_replies_said_at", "replies", ["said_at"])
    op.add_column("answers", sa.Column("n_pages", sa.Integer))
    op.add_column("chats", sa.Column("weekday", sa.Integer))
