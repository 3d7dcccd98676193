"""Which message of the bot answers which message of a person, for as long as Telegram lets people put theirs right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, insert, or_, select

from bot.chats.database import Tables
from bot.chats.schema import replies as _replies

KEPT = timedelta(days=2)
"""Telegram takes no edits of people's messages after that."""


@dataclass(frozen=True, slots=True)
class GivenReply:
    """A message that was answered."""

    chat_id: int
    message_id: int
    reply_id: int
    """The answer's."""


class ReplyStore(Tables):
    """Finds answers again. Safe for several threads."""

    def reply_to(self, chat_id: int, message_id: int) -> int | None:
        """Return the id of the answer to a message, or None."""
        is_it = (_replies.c.chat_id == chat_id) & (_replies.c.message_id == message_id)
        with self._reading() as connection:
            return connection.scalar(select(_replies.c.reply_id).where(is_it))


def keep_replies(connection: Connection, given: Sequence[GivenReply], now: datetime) -> None:
    """Remember answers in the caller's transaction; what was answered again has its last one."""
    last = {(each.chat_id, each.message_id): each.reply_id for each in given}
    is_known = or_(*(and_(_replies.c.chat_id == chat, _replies.c.message_id == id) for chat, id in last))
    connection.execute(delete(_replies).where(is_known))
    rows = [
        {"chat_id": chat, "message_id": message, "reply_id": reply, "said_at": now}
        for (chat, message), reply in last.items()
    ]
    connection.execute(insert(_replies), rows)


def forget_replies(connection: Connection, now: datetime) -> None:
    """Drop answers whose messages cannot be put right any more."""
    connection.execute(delete(_replies).where(_replies.c.said_at < now - KEPT))
