"""The bot's own tables, in the same database as the articles; migrations bring a file here."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

HEAD = "0008"
MIGRATIONS = str(Path(__file__).parent / "migrations")
"""Where the bot's tables come from."""

metadata = MetaData()

answers = Table(
    "answers",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("question", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("hits", Text, nullable=False),  # JSON, see storage.py
    Column("turn", Text),  # JSON: [question, [region code, ...]]
    Column("previous", Text),  # JSON: the turn that the question went on from; NULL where it began the talk
    Column("given_at", DateTime(timezone=True), nullable=False),
    Column("versions", Text),  # JSON: what answered; NULL before it was kept
    Column("n_pages", Integer),  # of its further reports, shown so far; NULL: none
)

replies = Table(
    "replies",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),  # a person's
    Column("reply_id", BigInteger, nullable=False),  # the bot's, which answers it
    Column("said_at", DateTime(timezone=True), nullable=False, index=True),
)

chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),  # active, paused (by people), blocked (by Telegram)
    Column("hour", Integer, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("weekday", Integer),  # of a digest that comes once a week, 0 for Monday; NULL: every day
    Column("wants_empty", Boolean, nullable=False),
    Column("seen_until", DateTime(timezone=True), nullable=False),  # digests have told all known until then
    Column("next_at", DateTime(timezone=True)),  # NULL: nothing is due for this chat
    Index("ix_chats_next_at", "next_at"),
)

preferences = Table(
    "preferences",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(8)),  # NULL: nothing is known
    Column("is_chosen", Boolean, nullable=False),
    Column("only_commands", Boolean, nullable=False),
    Column("home", String(12)),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("code", String(12), nullable=False),
    Column("with_descendants", Boolean, nullable=False),
    Column("excluded", Text, nullable=False),  # JSON: [code, ...]
    Column("must", Text, nullable=False),  # JSON: [word, ...]
    Column("must_not", Text, nullable=False),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("issue_date", Date, primary_key=True),
    Column("state", String(16), nullable=False),  # due, sending, sent, unknown, failed
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True)),  # set with the parts
    Column("parts", Text),  # JSON: the messages, kept from the first claim until all are sent
    Column("n_parts", Integer),
    Column("n_sent", Integer, nullable=False),
    Column(
        "n_unsure", Integer, nullable=False
    ),  # times that the next part may have arrived without our knowing
    Column("n_tries", Integer, nullable=False),
    Column("try_at", DateTime(timezone=True), nullable=False),
    Column("worker", String(80)),  # who is sending
    Column("lease_until", DateTime(timezone=True)),
    Column("reason", Text),  # why it failed, for the operator
    Column("settled_at", DateTime(timezone=True)),
    Index("ix_deliveries_open", "state", "try_at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(24), primary_key=True),  # of the payload
    Column("payload", Text),  # the update's JSON; NULL once it is handled
    Column("worker", String(80), nullable=False),  # who handles it
    Column("lease_until", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, index=True),
)

blocks = Table(
    "blocks",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # of a chat or a person
    Column("blocked_at", DateTime(timezone=True), nullable=False),
)

standing = Table(
    "standing",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("thread_id", BigInteger),  # the topic of a forum in which it was set
    Column("question", Text, nullable=False),
    Column("regions", Text, nullable=False),  # JSON: [code, ...] that it was taken to be about
    Column("told", Text, nullable=False),  # JSON: [digest of a sentence that was told, ...], the newest last
    Column(
        "seen_until", DateTime(timezone=True), nullable=False, index=True
    ),  # asked against all known until then
    Column("told_at", DateTime(timezone=True)),
    # from here on as in deliveries: what is on its way; idle where nothing ever was
    Column("state", String(16), nullable=False),
    Column("until", DateTime(timezone=True)),
    Column("telling", Text),  # JSON: the digests of the sentences that are on their way
    Column("parts", Text),
    Column("n_parts", Integer),
    Column("n_sent", Integer, nullable=False),
    Column("n_unsure", Integer, nullable=False),
    Column("n_tries", Integer, nullable=False),
    Column("try_at", DateTime(timezone=True)),
    Column("worker", String(80)),
    Column("lease_until", DateTime(timezone=True)),
    Column("reason", Text),
    Column("settled_at", DateTime(timezone=True)),
    Index("ix_standing_open", "state", "try_at"),
    sqlite_autoincrement=True,
)

feedback = Table(
    "feedback",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("answer_id", String(12), primary_key=True),
    Column("verdict", String(8), nullable=False),  # good, bad
    Column("reason", String(16)),  # place, figure, outdated, other; NULL: good, or not said
    Column("question", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("hits", Text, nullable=False),  # as in answers
    Column("turn", Text),
    Column("versions", Text, nullable=False),  # JSON: what answered
    Column("given_at", DateTime(timezone=True), nullable=False),
)
