"""Updates accepted and not yet handled; chats and people that are not answered."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(24), primary_key=True),
        sa.Column("payload", sa.Text),
        sa.Column("worker", sa.String(80), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_table(
        "blocks",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=False),
    )
