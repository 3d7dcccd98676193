"""Which message of the bot answers which message of a person, for as long as Telegram lets people put theirs right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.chats.database import Tables
from bot.chats.schema import replies as _replies

KEPT = timedelta(days=2)
"""Telegram takes no edits of people's messages after that."""


_DROP = delete(_replies).where(
    _replies.c.chat_id == bindparam("chat"), _replies.c.message_id == bindparam("message")
)
_KEEP = insert(_replies)
"""Built once, as they are run for every answer."""


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
    connection.execute(_DROP, [{"chat": chat, "message": message} for chat, message in last])
    rows = [
        {"chat_id": chat, "message_id": message, "reply_id": reply, "said_at": now}
        for (chat, message), reply in last.items()
    ]
    connection.execute(_KEEP, rows)


def forget_replies(connection: Connection, now: datetime) -> None:
    """Drop answers whose messages cannot be put right any more."""
    connection.execute(delete(_replies).where(_replies.c.said_at < now - KEPT))
