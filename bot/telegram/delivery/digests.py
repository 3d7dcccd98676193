"""Digests: what is due, planned, claimed, sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, func, insert, select, update
from telegram import Bot

from bot.chats.claims import DeliveryState, Worker
from bot.chats.schema import chats, deliveries
from bot.chats.subscriptions import ChatState, Subscriber, SubscriptionStore, aware
from bot.languages import texts_of
from bot.messages.daily.digests import DigestWriter
from bot.messages.daily.windows import Window
from bot.messages.links import Links
from bot.messages.reply import Reply
from bot.telegram.client.pace import Pace
from bot.telegram.client.rich import RichServer
from bot.telegram.delivery.outbox import Claimed, Outbox, unpack_parts
from bot.telegram.delivery.sender import AT_ONCE, Sender, most_at_once, open_sending_bot, utc_now

_log = logging.getLogger(__name__)


_PLANNED_AT_ONCE = 200


class Broadcaster(Sender):
    """Plans, claims and sends digests until it is told to stop."""

    def __init__(
        self,
        bot: Bot,
        ledger: Ledger,
        subscribers: SubscriptionStore,
        writer: DigestWriter,
        pace: Pace,
        *,
        in_flight: int = 1,
        at_once: int = AT_ONCE[0],
        rich: RichServer | None = None,
        clock: Callable[[], datetime] = utc_now,
        web_url: str | None = None,
    ) -> None:
        """`in_flight` messages are under way at a time: so many can come twice if the process is killed."""
        super().__init__(
            bot,
            ledger,
            subscribers,
            pace,
            in_flight=in_flight,
            at_once=at_once,
            rich=rich,
            clock=clock,
        )
        self._ledger = ledger
        self._writer = writer
        self._web_url = web_url

    def _begin(self) -> None:
        """Free what dead processes held, and work out anew when digests are due."""
        super()._begin()
        _log.info("%d chats wait for their digest", self._subscribers.rebuild_schedule(self._clock()))

    def _claim(self, n_free: int) -> list[tuple[Claimed, tuple[Reply, ...]]]:
        """Plan what has become due, then take on and write as much as there is room for."""
        now = self._clock()
        due = self._ledger.due_chats(now, _PLANNED_AT_ONCE)
        if due:
            self._ledger.plan(list(self._subscribers.get_many(due).values()), now)
        return self.prepare(self._ledger.claim(n_free, now)) if n_free > 0 else []

    def prepare(self, claimed: Sequence[Claimed]) -> list[tuple[Claimed, tuple[Reply, ...]]]:
        """Claimed digests with their messages; those that have nothing to send now are settled and left out."""
        now = self._clock()
        subscribers = self._subscribers.get_many([each.chat_id for each in claimed])
        until = self._writer.known_until() or now
        ready: list[tuple[Claimed, tuple[Reply, ...]]] = []
        written: list[tuple[Claimed, tuple[Reply, ...]]] = []
        for each in claimed:
            subscriber = subscribers.get(each.chat_id)
            if subscriber is None or not is_open_to_digests(subscriber):
                self._ledger.fail(each, "the chat no longer wants digests", now)
            elif subscriber.hours.is_quiet(now):
                self._ledger.postpone(each, subscriber.hours.end_of_quiet_hours(now))
                self.tally.put_off += 1
            elif each.parts is not None:
                ready.append((each, each.parts))
            else:
                window = Window(each.since, max(until, each.since))
                texts = texts_of(subscriber.language)
                links = Links(self._bot.username, self._web_url)
                parts = self._writer.write(
                    subscriber, window, each.issue_date, links, texts, is_rich=self._is_rich
                )
                written.append((each, tuple(parts)))
        return ready + self._keep(written, until, now)

    def _keep(
        self, written: Sequence[tuple[Claimed, tuple[Reply, ...]]], until: datetime, now: datetime
    ) -> list[tuple[Claimed, tuple[Reply, ...]]]:
        """Keep what was written, in one transaction. Return what of it is to be sent."""
        ready: list[tuple[Claimed, tuple[Reply, ...]]] = []
        for pair, is_ours in zip(written, self._ledger.keep_parts(written, until), strict=True):
            if is_ours and pair[1]:
                ready.append(pair)
            elif is_ours:
                self._ledger.sent(pair[0], now)
                self.tally.empty += 1
        return ready


def open_broadcaster(
    token: str,
    api: str,
    engine: Engine,
    writer: DigestWriter,
    pace: Pace,
    in_flight: int,
    web_url: str | None = None,
    *,
    rich: RichServer | None = None,
) -> Broadcaster:
    """A broadcaster with connections of its own to the Bot API server at `api`; titles lead to the pages at `web_url`."""
    at_once = most_at_once(pace)
    ledger = Ledger(engine, Worker.this())
    bot, subscribers = open_sending_bot(token, api, at_once), SubscriptionStore(engine)
    return Broadcaster(
        bot,
        ledger,
        subscribers,
        writer,
        pace,
        in_flight=in_flight,
        at_once=at_once,
        rich=rich,
        web_url=web_url,
    )


class Ledger(Outbox):
    """Digests: one row per chat and issue date."""

    # ---------------------------------------------------------------------------------------- planning

    def due_chats(self, now: datetime, limit: int = 500) -> list[int]:
        """Chats whose next digest is due, the longest waiting first."""
        with self._reading() as connection:
            chosen = select(chats.c.chat_id).where(chats.c.next_at <= now.astimezone(UTC))
            return list(connection.scalars(chosen.order_by(chats.c.next_at).limit(limit)))

    def plan(self, subscribers: Sequence[Subscriber], now: datetime) -> int:
        """Enter today's issue for chats that are due, and when their next one is. Return how many issues are new.

        After days without a bot there is one issue, the newest; issues before it that were not sent are given
        up, and their content is in the new one.
        """
        n_new = 0
        with self._writing() as connection:
            for each in subscribers:
                issue_date = each.hours.local_date(now)
                waiting = (chats.c.chat_id == each.chat_id) & (chats.c.next_at <= now.astimezone(UTC))
                next_at = each.hours.next_due(now)
                if not connection.execute(update(chats).where(waiting).values(next_at=next_at)).rowcount:
                    continue  # another process has planned it
                self._give_up_before(connection, each.chat_id, issue_date, now)
                n_new += self._enter(connection, each, issue_date, now)
        return n_new

    def _enter(self, connection: Connection, each: Subscriber, issue_date: date, now: datetime) -> int:
        key = (deliveries.c.chat_id == each.chat_id) & (deliveries.c.issue_date == issue_date)
        if connection.execute(select(deliveries.c.state).where(key)).first():
            return 0
        row = {
            "chat_id": each.chat_id,
            "issue_date": issue_date,
            "state": DeliveryState.DUE.value,
            "since": each.seen_until.astimezone(UTC),
            "n_sent": 0,
            "n_unsure": 0,
            "n_tries": 0,
            "try_at": now.astimezone(UTC),
        }
        connection.execute(insert(deliveries).values(**row))
        return 1

    def _give_up_before(self, connection: Connection, chat_id: int, issue_date: date, now: datetime) -> None:
        open_before = and_(
            deliveries.c.chat_id == chat_id,
            deliveries.c.issue_date < issue_date,
            deliveries.c.state.in_([DeliveryState.DUE.value, DeliveryState.UNKNOWN.value]),
            deliveries.c.settled_at.is_(None),
        )
        self._settle(connection, open_before, DeliveryState.FAILED, "a newer issue took its place", now)

    # --------------------------------------------------------------------------------------- recording

    def totals(self, issue_date: date | None = None) -> dict[str, int]:
        """Deliveries by state, of one issue date or of all."""
        chosen = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        if issue_date is not None:
            chosen = chosen.where(deliveries.c.issue_date == issue_date)
        with self._reading() as connection:
            return {row[0]: row[1] for row in connection.execute(chosen)}

    # ---------------------------------------------------------------------------------------- plumbing

    def _read(self, row: Row[Any]) -> Claimed:
        return Claimed(row.chat_id, row.issue_date, aware(row.since), unpack_parts(row.parts), row.n_sent)

    def _key(self, claimed: Claimed) -> Any:
        return (deliveries.c.chat_id == claimed.chat_id) & (deliveries.c.issue_date == claimed.issue_date)

    def _move_mark(self, connection: Connection, claimed: Claimed, until: datetime, _now: datetime) -> None:
        newer = (chats.c.chat_id == claimed.chat_id) & (chats.c.seen_until < until)
        connection.execute(update(chats).where(newer).values(seen_until=until))

    def _is_overtaken(self, connection: Connection, claimed: Claimed) -> bool:
        newer = and_(
            deliveries.c.chat_id == claimed.chat_id,
            deliveries.c.issue_date > claimed.issue_date,
            deliveries.c.state == DeliveryState.SENT.value,
        )
        return connection.execute(select(deliveries.c.chat_id).where(newer)).first() is not None


def is_open_to_digests(subscriber: Subscriber | None) -> bool:
    """Whether a chat still wants a digest that was planned for it."""
    return bool(subscriber and subscriber.state is ChatState.ACTIVE and subscriber.subscriptions)
