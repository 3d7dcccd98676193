"""Chats with their wishes, subscriptions, and the ledger of digests."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "chats",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("quiet_from", sa.Integer),
        sa.Column("quiet_to", sa.Integer),
        sa.Column("wants_empty", sa.Boolean, nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_chats_next_at", "chats", ["next_at"])
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("with_descendants", sa.Boolean, nullable=False),
        sa.Column("excluded", sa.Text, nullable=False),
        sa.Column("must", sa.Text, nullable=False),
        sa.Column("must_not", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_chat_id", "subscriptions", ["chat_id"])
    op.create_table(
        "deliveries",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("issue_date", sa.Date, primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("parts", sa.Text),
        sa.Column("n_parts", sa.Integer),
        sa.Column("n_sent", sa.Integer, nullable=False),
        sa.Column("n_unsure", sa.Integer, nullable=False),
        sa.Column("n_tries", sa.Integer, nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker", sa.String(80)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_deliveries_open", "deliveries", ["state", "try_at"])
