"""How each chat wants to be spoken to: its language, and in groups what the bot answers to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("language", sa.String(8)),
        sa.Column("is_chosen", sa.Boolean, nullable=False),
        sa.Column("only_commands", sa.Boolean, nullable=False),
        sa.Column("home", sa.String(12)),
    )
