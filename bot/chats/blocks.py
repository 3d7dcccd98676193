"""Chats and people that admins have blocked while the bot runs."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from bot.chats.database import Tables
from bot.chats.schema import blocks as _blocks


class BlockStore(Tables):
    """The list in the database. Safe for several threads and processes."""

    def all(self) -> frozenset[int]:
        """Ids of chats and people that are not answered."""
        with self._reading() as connection:
            return frozenset(connection.scalars(select(_blocks.c.id)))

    def block(self, id_: int, now: datetime | None = None) -> bool:
        """Block a chat or a person. Return whether they were not yet."""
        with self._writing() as connection:
            if connection.execute(select(_blocks.c.id).where(_blocks.c.id == id_)).first():
                return False
            connection.execute(insert(_blocks).values(id=id_, blocked_at=now or datetime.now(UTC)))
            return True

    def unblock(self, id_: int) -> bool:
        """Answer a chat or a person again. Return whether they were blocked."""
        with self._writing() as connection:
            return connection.execute(delete(_blocks).where(_blocks.c.id == id_)).rowcount > 0
