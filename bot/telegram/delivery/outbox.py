"""The ledger of digests: one row per chat and issue date, claimed by one process at a time, resumed by any.

States: due -> sending -> sent; sending -> due again (worth another try), unknown (a part may have arrived, or
not) or failed. A row is marked only after Telegram's answer. Nothing is known of the part that was under way
when a process died or a connection broke: it is sent once more, so that it may come twice but never not at all.
What was not delivered is not forgotten either: the chat's next digest begins where the last one sent ended.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, func, or_, select, update

from bot.chats.claims import LEASE, DeliveryState, Worker
from bot.chats.database import Tables
from bot.chats.schema import chats, deliveries
from bot.chats.subscriptions import ChatState
from bot.messages.reply import Button, Reply

"""How long a claim holds without a sign of life from its process."""
_UNSURE_TRIES = 2
"""Times that a part is sent whose arrival stays unknown: once, and once more."""
_MOST_TRIES = 8
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this process alone may send."""

    chat_id: int
    issue_date: date
    since: datetime
    """The chat has been told what became known until then; aware."""
    parts: tuple[Reply, ...] | None
    """What was written at the first claim; None: not yet written."""
    n_sent: int
    thread_id: int | None = None
    """The topic of a forum that it goes to."""
    question_id: int | None = None
    """The standing question that it answers; None: it is a digest."""


class Outbox(Tables):
    """What is to be sent, in rows of a table with the ledger's columns. Safe for several threads, processes and hosts."""

    table = deliveries
    """Where the rows are; a subclass may have its own."""

    def __init__(self, engine: Engine, worker: Worker) -> None:
        super().__init__(engine)
        self.worker = worker

    # ---------------------------------------------------------------------------------------- claiming

    def claim(self, limit: int, now: datetime) -> list[Claimed]:
        """Up to `limit` deliveries that are ready, now this process's own."""
        now = now.astimezone(UTC)
        waiting = self.table.c.state.in_([DeliveryState.DUE.value, DeliveryState.UNKNOWN.value])
        is_ready = or_(
            and_(waiting, self.table.c.settled_at.is_(None), self.table.c.try_at <= now),
            and_(self.table.c.state == DeliveryState.SENDING.value, self.table.c.lease_until < now),
        )
        chosen = select(self.table).where(is_ready).order_by(self.table.c.try_at).limit(limit)
        with self._reading() as connection:
            if connection.execute(chosen).first() is None:
                return []
        values = {
            "state": DeliveryState.SENDING.value,
            "worker": str(self.worker),
            "lease_until": now + LEASE,
        }
        with self._writing(beside_others=True) as connection:
            # rows that another process is claiming at this moment are passed over, where the database locks rows
            claimed = [
                self._read(row) for row in connection.execute(chosen.with_for_update(skip_locked=True)).all()
            ]
            for each in claimed:
                connection.execute(update(self.table).where(self._key(each)).values(**values))
        return claimed

    def release_dead(self, now: datetime) -> int:
        """Free what processes of this host claimed that live no more. Return how many deliveries."""
        with self._writing() as connection:
            sending = self.table.c.state == DeliveryState.SENDING.value
            workers = set(connection.scalars(select(self.table.c.worker).where(sending).distinct()))
            dead = [each for each in workers if each and self.worker.has_outlived(each)]
            freed = and_(sending, self.table.c.worker.in_(dead))
            values = {"state": DeliveryState.DUE.value, "try_at": now.astimezone(UTC)}
            return connection.execute(update(self.table).where(freed).values(**values)).rowcount

    def end_waits(self, now: datetime) -> None:
        """Let what waits be tried now, and no claim hold longer than one made now: the clock may have run ahead before."""
        now = now.astimezone(UTC)
        open_states = [DeliveryState.DUE.value, DeliveryState.UNKNOWN.value]
        waiting = self.table.c.state.in_(open_states) & (self.table.c.try_at > now)
        held = (self.table.c.state == DeliveryState.SENDING.value) & (self.table.c.lease_until > now + LEASE)
        with self._writing() as connection:
            connection.execute(update(self.table).where(waiting).values(try_at=now))
            connection.execute(update(self.table).where(held).values(lease_until=now + LEASE))

    # --------------------------------------------------------------------------------------- recording

    def keep_parts(self, written: Sequence[tuple[Claimed, Sequence[Reply]]], until: datetime) -> list[bool]:
        """Keep what is going to be sent, so that whoever resumes it sends the same; whether each is still ours."""
        with self._writing() as connection:
            return [
                connection.execute(
                    update(self.table)
                    .where(self._mine(claimed))
                    .values(
                        parts=pack_parts(parts),
                        n_parts=len(parts),
                        until=until.astimezone(UTC),
                    )
                ).rowcount
                > 0
                for claimed, parts in written
            ]

    def renew(self, claimed: Claimed, now: datetime) -> bool:
        """Show a sign of life. Return whether the delivery is still ours."""
        return self._mark(claimed, lease_until=now.astimezone(UTC) + LEASE)

    def part_sent(self, claimed: Claimed, n_sent: int, now: datetime) -> bool:
        """So many parts have arrived. Return whether the delivery is still ours."""
        return self._mark(claimed, n_sent=n_sent, n_unsure=0, lease_until=now.astimezone(UTC) + LEASE)

    def sent(self, claimed: Claimed, now: datetime) -> bool:
        """All parts have arrived: what became known until then has been told."""
        with self._writing() as connection:
            mine = self._mine(claimed)
            until = connection.scalar(select(self.table.c.until).where(mine))
            if until is None:
                return False
            self._settle(connection, mine, DeliveryState.SENT, None, now)
            self._move_mark(connection, claimed, until, now)
            return True

    def unsure(self, claimed: Claimed, reason: str, now: datetime) -> None:
        """The next part may have arrived: send it once more unless a newer issue went out; then leave it."""
        with self._writing() as connection:
            mine = self._mine(claimed)
            row = connection.execute(select(self.table.c.n_unsure).where(mine)).first()
            if row is None:
                return
            if self._is_overtaken(connection, claimed) or row.n_unsure + 1 >= _UNSURE_TRIES:
                self._settle(connection, mine, DeliveryState.UNKNOWN, reason, now)
                return
            values = {
                "state": DeliveryState.UNKNOWN.value,
                "n_unsure": row.n_unsure + 1,
                "try_at": now.astimezone(UTC) + timedelta(seconds=2),
                "reason": reason,
            }
            connection.execute(update(self.table).where(mine).values(**values))

    def retry(self, claimed: Claimed, reason: str, now: datetime) -> None:
        """It certainly did not arrive: try again later, with waits that double, and not for ever."""
        with self._writing() as connection:
            mine = self._mine(claimed)
            n_tries = (connection.scalar(select(self.table.c.n_tries).where(mine)) or 0) + 1
            if n_tries >= _MOST_TRIES:
                self._settle(connection, mine, DeliveryState.FAILED, reason, now)
                return
            wait = min(_FIRST_WAIT * 2 ** (n_tries - 1), _LONGEST_WAIT)
            self._wait(connection, mine, now + wait, n_tries=n_tries, reason=reason)

    def postpone(self, claimed: Claimed, until: datetime) -> None:
        """Put a delivery back for later, as nothing is wrong with it."""
        with self._writing() as connection:
            self._wait(connection, self._mine(claimed), until)

    def fail(self, claimed: Claimed, reason: str, now: datetime, *, is_shut_out: bool = False) -> None:
        """It will not arrive; its content is in the chat's next digest, if there is one.

        A chat that has shut the bot out is not written to again until it writes itself.
        """
        with self._writing() as connection:
            self._settle(connection, self._mine(claimed), DeliveryState.FAILED, reason, now)
            if is_shut_out:
                blocked = {"state": ChatState.BLOCKED.value, "next_at": None}
                connection.execute(update(chats).where(chats.c.chat_id == claimed.chat_id).values(**blocked))

    def n_open(self) -> int:
        """Deliveries that are not settled."""
        states = [DeliveryState.DUE.value, DeliveryState.SENDING.value, DeliveryState.UNKNOWN.value]
        is_open = self.table.c.state.in_(states) & self.table.c.settled_at.is_(None)
        with self._reading() as connection:
            return int(connection.execute(select(func.count()).where(is_open)).scalar_one())

    # ---------------------------------------------------------------------------------------- plumbing

    def _read(self, row: Row[Any]) -> Claimed:
        """What a row says, once it is claimed."""
        raise NotImplementedError

    def _key(self, claimed: Claimed) -> Any:
        """Which row it is."""
        raise NotImplementedError

    def _move_mark(self, connection: Connection, claimed: Claimed, until: datetime, now: datetime) -> None:
        """Note that what became known until then has been told."""
        raise NotImplementedError

    def _is_overtaken(self, _connection: Connection, _claimed: Claimed) -> bool:
        """Whether something newer went out, so that this need not be sent again."""
        return False

    def _mine(self, claimed: Claimed) -> Any:
        return and_(
            self._key(claimed),
            self.table.c.worker == str(self.worker),
            self.table.c.state == DeliveryState.SENDING.value,
        )

    def _mark(self, claimed: Claimed, **values: Any) -> bool:
        with self._writing(beside_others=True) as connection:
            return (
                connection.execute(update(self.table).where(self._mine(claimed)).values(**values)).rowcount
                > 0
            )

    def _wait(self, connection: Connection, chosen: Any, until: datetime, **values: Any) -> None:
        values |= {"state": DeliveryState.DUE.value, "try_at": until.astimezone(UTC)}
        connection.execute(update(self.table).where(chosen).values(**values))

    def _settle(
        self, connection: Connection, chosen: Any, state: DeliveryState, reason: str | None, now: datetime
    ) -> None:
        values = {
            "state": state.value,
            "reason": reason,
            "settled_at": now.astimezone(UTC),
            "parts": None,
            "lease_until": None,
        }
        connection.execute(update(self.table).where(chosen).values(**values))


def pack_parts(parts: Sequence[Reply]) -> str:
    """Messages as the ledger keeps them."""
    return json.dumps([_pack(part) for part in parts], ensure_ascii=False)


def unpack_parts(packed: str | None) -> tuple[Reply, ...] | None:
    """Messages from what the ledger keeps; None: they are not yet written."""
    return None if packed is None else tuple(_unpack(each) for each in json.loads(packed))


def _pack(part: Reply) -> list[Any]:
    rows = [
        [[each.label, each.data, *([each.copies] if each.copies else [])] for each in row]
        for row in part.buttons
    ]
    return [part.html, rows, *([part.rich] if part.rich else [])]


def _unpack(packed: list[Any]) -> Reply:
    html, rows, *rich = packed
    buttons = tuple(tuple(_unpack_button(*each) for each in row) for row in rows)
    return Reply(html, buttons, rich=rich[0] if rich else "")


def _unpack_button(label: str, data: str, copies: str = "") -> Button:
    return Button(label, data, copies=copies)
