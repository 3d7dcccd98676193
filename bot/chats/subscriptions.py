"""Chats that follow places: their subscriptions, hours, pauses, and all that is forgotten on request."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.chats import schema
from bot.chats.claims import DeliveryState
from bot.chats.database import Tables
from bot.chats.hours import Hours
from bot.chats.preferences import read_preferences
from bot.languages import DEFAULT, Language
from retrieval import Choice

MOST_SUBSCRIPTIONS = 50
"""Of one chat."""
BACKLOG = timedelta(days=7)
"""What a first digest looks back on."""

_ONE_A_CHAT = (schema.chats, schema.deliveries, schema.preferences)
"""Tables in which a chat that moved may have a row already."""
_MANY_A_CHAT = (schema.subscriptions, schema.answers, schema.standing, schema.feedback)
_OF_A_CHAT_ID = (schema.replies,)
"""Tables that mean nothing under another id: a supergroup counts its messages anew."""


class ChatState(StrEnum):
    """Whether a chat gets digests."""

    ACTIVE = "active"
    PAUSED = "paused"
    """People asked for a pause."""
    BLOCKED = "blocked"
    """Telegram says the chat cannot be written to; it is tried again only when it writes itself."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A place that a chat follows."""

    id: int
    choice: Choice


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A chat with its subscriptions."""

    chat_id: int
    state: ChatState
    hours: Hours
    wants_empty: bool
    """Whether a day without news is told too."""
    seen_until: datetime
    """Digests have told what became known until then; aware."""
    subscriptions: tuple[Subscription, ...]
    language: Language = DEFAULT

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What its subscriptions ask for."""
        return tuple(each.choice for each in self.subscriptions)


@dataclass(frozen=True, slots=True)
class Issue:
    """A digest that was delivered: what became known after `since`, up to and with `until`; both aware."""

    day: date
    since: datetime
    until: datetime


class TooMany(Exception):
    """A chat has as many subscriptions as it may have."""


class SubscriptionStore(Tables):
    """Chats' subscriptions in the database. Safe for several threads and processes."""

    # ----------------------------------------------------------------------------------------- reading

    def get(self, chat_id: int) -> Subscriber | None:
        """The chat with its subscriptions, or None if it never subscribed."""
        return self.get_many([chat_id]).get(chat_id)

    def get_many(self, chat_ids: Sequence[int]) -> dict[int, Subscriber]:
        """Chats by id; unknown ones are left out."""
        found: dict[int, Subscriber] = {}
        s = schema.subscriptions
        with self._reading() as connection:
            for start in range(0, len(chat_ids), 500):
                batch = chat_ids[start : start + 500]
                subscriptions: dict[int, list[Subscription]] = {}
                for row in connection.execute(select(s).where(s.c.chat_id.in_(batch)).order_by(s.c.id)):
                    subscriptions.setdefault(row.chat_id, []).append(_subscription(row))
                c, p = schema.chats, schema.preferences
                chosen = (
                    select(c, p.c.language, p.c.is_chosen, p.c.only_commands, p.c.home)
                    .outerjoin(p, p.c.chat_id == c.c.chat_id)
                    .where(c.c.chat_id.in_(batch))
                )
                for row in connection.execute(chosen):
                    found[row.chat_id] = _subscriber(row, subscriptions.get(row.chat_id, []))
        return found

    def last_issue(self, chat_id: int) -> Issue | None:
        """The newest digest that a chat was sent, or None."""
        d = schema.deliveries
        sent = (d.c.chat_id == chat_id) & (d.c.state == DeliveryState.SENT.value) & d.c.until.is_not(None)
        with self._reading() as connection:
            row = connection.execute(select(d).where(sent).order_by(d.c.issue_date.desc()).limit(1)).first()
        return Issue(row.issue_date, aware(row.since), aware(row.until)) if row else None

    # ---------------------------------------------------------------------------------------- changing

    def subscribe(self, chat_id: int, choice: Choice, now: datetime) -> bool:
        """Add a subscription; one for the same division and words takes the new one's place.

        False if it was there just so. Raises TooMany. A chat that Telegram had shut out is open again.
        """
        s = schema.subscriptions
        values = _choice_values(choice)
        with self._writing() as connection:
            ensure_chat(connection, chat_id, now)
            same = [
                row
                for row in connection.execute(select(s).where(s.c.chat_id == chat_id))
                if (row.code, row.must, row.must_not) == (values["code"], values["must"], values["must_not"])
            ]
            if same:
                connection.execute(update(s).where(s.c.id == same[0].id).values(**values))
                self._reschedule(connection, chat_id, now)
                return _subscription(same[0]).choice != choice
            if self._n_subscriptions(connection, chat_id) >= MOST_SUBSCRIPTIONS:
                raise TooMany
            connection.execute(insert(s).values(chat_id=chat_id, **values))
            self._reschedule(connection, chat_id, now)
            return True

    def change(self, chat_id: int, subscription_id: int, choice: Choice) -> None:
        """Make a chat's subscription ask for something else; one that is gone changes nothing."""
        s = schema.subscriptions
        with self._writing() as connection:
            mine = (s.c.id == subscription_id) & (s.c.chat_id == chat_id)
            connection.execute(update(s).where(mine).values(**_choice_values(choice)))

    def unsubscribe(self, chat_id: int, subscription_id: int | None, now: datetime) -> int:
        """Delete one of a chat's subscriptions, or all with None. Return how many went."""
        s = schema.subscriptions
        chosen = s.c.chat_id == chat_id
        if subscription_id is not None:
            chosen &= s.c.id == subscription_id
        with self._writing() as connection:
            n_gone = connection.execute(delete(s).where(chosen)).rowcount
            self._reschedule(connection, chat_id, now)
            return n_gone

    def replace_all(
        self, chat_id: int, choices: Sequence[Choice], hours: Hours, wants_empty: bool, now: datetime
    ) -> None:
        """Make a chat's subscriptions exactly these, in one transaction. Raises TooMany, and nothing is changed."""
        if len(choices) > MOST_SUBSCRIPTIONS:
            raise TooMany
        s = schema.subscriptions
        with self._writing() as connection:
            ensure_chat(connection, chat_id, now)
            connection.execute(delete(s).where(s.c.chat_id == chat_id))
            if choices:
                rows = [{"chat_id": chat_id, **_choice_values(choice)} for choice in choices]
                connection.execute(insert(s), rows)
            self._set(connection, chat_id, **_hours_values(hours), wants_empty=wants_empty)
            self._reschedule(connection, chat_id, now)

    def set_hours(self, chat_id: int, hours: Hours, now: datetime) -> None:
        """Change when a chat's digest comes."""
        with self._writing() as connection:
            ensure_chat(connection, chat_id, now)
            self._set(connection, chat_id, **_hours_values(hours))
            self._reschedule(connection, chat_id, now)

    def set_wants_empty(self, chat_id: int, wants_empty: bool, now: datetime) -> None:
        """Change whether a day without news is told."""
        with self._writing() as connection:
            ensure_chat(connection, chat_id, now)
            self._set(connection, chat_id, wants_empty=wants_empty)

    def set_state(self, chat_id: int, state: ChatState, now: datetime) -> bool:
        """Change whether a chat gets digests. Return whether that was a change. An unknown chat changes nothing."""
        c = schema.chats
        with self._writing() as connection:
            chosen = (c.c.chat_id == chat_id) & (c.c.state != state.value)
            is_changed = connection.execute(update(c).where(chosen).values(state=state.value)).rowcount > 0
            if is_changed and state is ChatState.ACTIVE:
                reopen_standing(connection, chat_id)
            if is_changed:
                self._reschedule(connection, chat_id, now)
            return is_changed

    def welcome_back(self, chat_id: int, now: datetime) -> bool:
        """A chat wrote: if Telegram had shut it out, it is active again. Whether it was."""
        c = schema.chats
        with self._reading() as connection:
            state = connection.scalar(select(c.c.state).where(c.c.chat_id == chat_id))
        return state == ChatState.BLOCKED and self.set_state(chat_id, ChatState.ACTIVE, now)

    def move(self, old: int, new: int) -> None:
        """A group became a supergroup: everything about it goes to its new id; done twice, nothing more happens."""
        with self._writing() as connection:
            for table in _ONE_A_CHAT:
                known = set(connection.scalars(select(table.c.chat_id).where(table.c.chat_id == new)))
                if known:
                    connection.execute(delete(table).where(table.c.chat_id == old))
            for table in (*_ONE_A_CHAT, *_MANY_A_CHAT):
                connection.execute(update(table).where(table.c.chat_id == old).values(chat_id=new))
            for table in _OF_A_CHAT_ID:
                connection.execute(delete(table).where(table.c.chat_id == old))

    def forget(self, chat_id: int) -> int:
        """Delete everything about a chat, at once. Return how many rows went."""
        tables = (*_ONE_A_CHAT, *_MANY_A_CHAT, *_OF_A_CHAT_ID)
        with self._writing() as connection:
            return sum(
                connection.execute(delete(table).where(table.c.chat_id == chat_id)).rowcount
                for table in tables
            )

    def rebuild_schedule(self, now: datetime) -> int:
        """Work out anew when every chat's digest is due, as zones and rules may have changed. Return how many chats.

        One that is overdue stays so: it is caught up.
        """
        c = schema.chats
        with self._reading() as connection:
            waiting = list(connection.scalars(select(c.c.chat_id).where(c.c.next_at > now.astimezone(UTC))))
        for start in range(0, len(waiting), 500):
            with self._writing() as connection:
                for chat_id in waiting[start : start + 500]:
                    self._reschedule(connection, chat_id, now)
        return len(waiting)

    # ---------------------------------------------------------------------------------------- plumbing

    def _set(self, connection: Connection, chat_id: int, **values: Any) -> None:
        connection.execute(update(schema.chats).where(schema.chats.c.chat_id == chat_id).values(**values))

    def _n_subscriptions(self, connection: Connection, chat_id: int) -> int:
        s = schema.subscriptions
        return len(connection.execute(select(s.c.id).where(s.c.chat_id == chat_id)).all())

    def _reschedule(self, connection: Connection, chat_id: int, now: datetime) -> None:
        """Set when the next digest is due: never for a chat without subscriptions, or one that is not active."""
        c = schema.chats
        row = connection.execute(select(c).where(c.c.chat_id == chat_id)).first()
        if row is None:
            return
        is_waiting = row.state == ChatState.ACTIVE and self._n_subscriptions(connection, chat_id) > 0
        next_at = _hours(row).next_due(now) if is_waiting else None
        self._set(connection, chat_id, next_at=next_at)


def ensure_chat(connection: Connection, chat_id: int, now: datetime) -> None:
    """Make a row for the chat if it has none, and open it if Telegram had shut it out."""
    c = schema.chats
    state = connection.scalar(select(c.c.state).where(c.c.chat_id == chat_id))
    if state is None:
        values = _hours_values(Hours())
        seen_until = now.astimezone(UTC) - BACKLOG
        row = {"chat_id": chat_id, "state": "active", "wants_empty": False, "seen_until": seen_until}
        connection.execute(insert(c).values(**row, **values))
    elif state == ChatState.BLOCKED:
        connection.execute(update(c).where(c.c.chat_id == chat_id).values(state=ChatState.ACTIVE.value))
        reopen_standing(connection, chat_id)


def reopen_standing(connection: Connection, chat_id: int) -> None:
    """Ask a chat's standing questions again whose answers could not be sent: what they missed is not forgotten."""
    s = schema.standing
    missed = (s.c.chat_id == chat_id) & (s.c.state == "failed")
    connection.execute(update(s).where(missed).values(state="idle"))


def aware(moment: datetime) -> datetime:
    """SQLite gives times back without their zone, which is always UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _hours(row: Row[Any]) -> Hours:
    quiet = None if row.quiet_from is None else (row.quiet_from, row.quiet_to)
    return Hours(row.hour, row.zone, quiet, row.weekday)


def _hours_values(hours: Hours) -> dict[str, Any]:
    first, last = hours.quiet or (None, None)
    return {
        "hour": hours.hour,
        "zone": hours.zone,
        "quiet_from": first,
        "quiet_to": last,
        "weekday": hours.weekday,
    }


def _choice_values(choice: Choice) -> dict[str, Any]:
    return {
        "code": choice.code,
        "with_descendants": choice.with_descendants,
        "excluded": json.dumps(sorted(choice.excluded)),
        "must": json.dumps(sorted(choice.must), ensure_ascii=False),
        "must_not": json.dumps(sorted(choice.must_not), ensure_ascii=False),
    }


def _subscription(row: Row[Any]) -> Subscription:
    lists = (tuple(json.loads(text)) for text in (row.excluded, row.must, row.must_not))
    excluded, must, must_not = lists
    return Subscription(row.id, Choice(row.code, row.with_descendants, excluded, must, must_not))


def _subscriber(row: Row[Any], subscriptions: Sequence[Subscription]) -> Subscriber:
    return Subscriber(
        chat_id=row.chat_id,
        state=ChatState(row.state),
        hours=_hours(row),
        wants_empty=row.wants_empty,
        seen_until=aware(row.seen_until),
        subscriptions=tuple(subscriptions),
        language=read_preferences(row).language or DEFAULT,
    )
