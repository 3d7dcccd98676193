from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import cast

import pytest
from sqlalchemy import select
from waiting import HANG_SECONDS

from bot.chats.claims import LEASE, Worker
from bot.chats.database import open_chats
from bot.chats.hours import Hours
from bot.chats.schema import deliveries
from bot.chats.subscriptions import SubscriptionStore, aware
from bot.messages.reply import Button, Reply
from bot.telegram.delivery.digests import Ledger
from bot.telegram.delivery.outbox import Claimed
from retrieval import Choice

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 0, 0, 5, tzinfo=UTC)
ISSUE = date(2026, 11, 25)
PARTS = (Reply("<b>一</b>"), Reply("二", ((Button("还有 3 条", "page:1:2:3"),),)))


class Workers:
    """Two workers' ledgers over one database."""

    def __init__(self, url: str) -> None:
        engine = open_chats(url)
        self.subscribers = SubscriptionStore(engine)
        self.mine = Ledger(engine, Worker("host", 1, "a"))
        self.other = Ledger(engine, Worker("other", 2, "b"))

    def plan(self, now: datetime = MORNING) -> int:
        due = self.mine.due_chats(now)
        return self.mine.plan(list(self.subscribers.get_many(due).values()), now)

    def row(self, chat_id: int = 7, issue: date = ISSUE) -> dict[str, object]:
        with self.mine._reading() as connection:
            d = deliveries
            found = connection.execute(select(d).where(d.c.chat_id == chat_id, d.c.issue_date == issue))
            return dict(found.mappings().one())

    def begin(self, now: datetime = MORNING) -> Claimed:
        (claimed,) = self.mine.claim(5, now)
        self.mine.keep_parts([(claimed, PARTS)], now)
        return claimed


@pytest.fixture
def workers(database_url: str) -> Iterator[Workers]:
    workers = Workers(database_url)
    workers.subscribers.subscribe(7, Choice("150524"), NOW)
    yield workers
    workers.mine.engine.dispose()


def test_a_chat_that_is_due_gets_one_issue_a_day(workers: Workers) -> None:
    assert workers.plan(MORNING - timedelta(minutes=1)) == 0
    assert workers.plan() == 1
    assert workers.plan() == 0
    assert workers.mine.due_chats(MORNING) == []
    assert workers.plan(MORNING + timedelta(days=1)) == 1


def test_one_worker_alone_gets_a_delivery(workers: Workers) -> None:
    workers.plan()
    assert [each.chat_id for each in workers.mine.claim(5, MORNING)] == [7]
    assert workers.other.claim(5, MORNING) == []


def test_who_resumes_a_delivery_sends_the_same_parts_from_where_it_stood(workers: Workers) -> None:
    workers.plan()
    claimed = workers.begin()
    assert workers.mine.part_sent(claimed, 1, MORNING)
    later = MORNING + LEASE + timedelta(seconds=1)
    (resumed,) = workers.other.claim(5, later)
    assert (resumed.parts, resumed.n_sent) == (PARTS, 1)
    assert not workers.mine.part_sent(claimed, 2, later)
    assert not workers.mine.sent(claimed, later)


def test_a_lease_that_is_renewed_is_not_taken(workers: Workers) -> None:
    workers.plan()
    claimed = workers.begin()
    assert workers.mine.renew(claimed, MORNING + LEASE)
    assert workers.other.claim(5, MORNING + LEASE + timedelta(seconds=1)) == []


def test_what_a_dead_process_of_this_host_held_is_free_at_once(workers: Workers) -> None:
    workers.plan()
    workers.begin()
    successor = Ledger(workers.mine.engine, Worker("host", 1, "c"))
    assert workers.other.release_dead(MORNING) == 0
    assert successor.release_dead(MORNING) == 1
    assert [each.parts for each in successor.claim(5, MORNING)] == [PARTS]


def test_all_sent_moves_what_the_chat_has_seen_and_drops_the_texts(workers: Workers) -> None:
    workers.plan()
    claimed = workers.begin()
    assert workers.mine.sent(claimed, MORNING)
    row = workers.row()
    assert (row["state"], row["parts"]) == ("sent", None)
    subscriber = workers.subscribers.get(7)
    assert subscriber is not None
    assert subscriber.seen_until == MORNING
    assert workers.mine.claim(5, MORNING + timedelta(hours=1)) == []


def test_a_part_that_may_have_arrived_is_sent_once_more_and_then_left(workers: Workers) -> None:
    workers.plan()
    workers.mine.unsure(workers.begin(), "TimedOut", MORNING)
    assert workers.row()["state"] == "unknown"
    (again,) = workers.mine.claim(5, MORNING + timedelta(minutes=1))
    assert again.parts == PARTS
    workers.mine.unsure(again, "TimedOut", MORNING)
    assert workers.row()["state"] == "unknown"
    assert workers.mine.claim(5, MORNING + timedelta(hours=9)) == []
    subscriber = workers.subscribers.get(7)
    assert subscriber is not None
    assert subscriber.seen_until < NOW  # what it told comes again tomorrow rather than never


def test_a_part_that_arrived_clears_the_doubt(workers: Workers) -> None:
    workers.plan()
    workers.mine.unsure(workers.begin(), "TimedOut", MORNING)
    (again,) = workers.mine.claim(5, MORNING + timedelta(minutes=1))
    assert workers.mine.part_sent(again, 1, MORNING)
    workers.mine.unsure(again, "TimedOut", MORNING)
    assert len(workers.mine.claim(5, MORNING + timedelta(minutes=2))) == 1


def test_a_doubtful_issue_is_not_sent_again_behind_a_newer_one(workers: Workers) -> None:
    workers.plan()
    old = workers.begin()
    next_morning = MORNING + timedelta(days=1)
    workers.plan(next_morning)
    (new,) = [each for each in workers.other.claim(5, next_morning) if each.issue_date != ISSUE]
    workers.other.keep_parts([(new, PARTS)], next_morning)
    workers.other.sent(new, next_morning)
    (taken,) = [each for each in [replace(old)] if each.issue_date == ISSUE]
    for ledger in (workers.mine, workers.other):
        ledger.unsure(taken, "TimedOut", next_morning)
    assert (workers.row()["state"], workers.row()["settled_at"] is not None) == ("unknown", True)


def test_tries_wait_longer_each_time_and_end(workers: Workers) -> None:
    workers.plan()
    now, waits = MORNING, []
    while claimed := workers.mine.claim(5, now):
        workers.mine.retry(claimed[0], "ConnectError", now)
        if workers.row()["state"] == "failed":
            break
        at = aware(cast(datetime, workers.row()["try_at"]))
        waits.append((at - now).total_seconds() / 60)
        assert workers.mine.claim(5, at - timedelta(seconds=1)) == []
        now = at
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert (workers.row()["state"], workers.row()["reason"]) == ("failed", "ConnectError")


def test_after_days_without_a_bot_there_is_one_issue_that_has_it_all(workers: Workers) -> None:
    workers.plan()
    later = MORNING + timedelta(days=3)
    assert workers.plan(later) == 1
    assert workers.row()["state"] == "failed"
    (claimed,) = workers.mine.claim(5, later)
    assert claimed.issue_date == ISSUE + timedelta(days=3)
    subscriber = workers.subscribers.get(7)
    assert subscriber is not None
    assert claimed.since == subscriber.seen_until


def test_a_delivery_that_is_postponed_waits_without_counting_as_a_try(workers: Workers) -> None:
    workers.plan()
    workers.mine.postpone(workers.begin(), MORNING + timedelta(hours=2))
    assert workers.mine.claim(5, MORNING + timedelta(hours=1)) == []
    assert len(workers.mine.claim(5, MORNING + timedelta(hours=2))) == 1
    assert workers.row()["n_tries"] == 0


def test_totals_count_by_state(workers: Workers) -> None:
    workers.subscribers.subscribe(8, Choice("150524"), NOW)
    workers.subscribers.set_hours(8, Hours(8), NOW)
    workers.plan()
    first, second = workers.mine.claim(5, MORNING)
    workers.mine.keep_parts([(first, PARTS)], MORNING)
    workers.mine.sent(first, MORNING)
    workers.mine.fail(second, "Forbidden", MORNING)
    assert workers.mine.totals(ISSUE) == {"sent": 1, "failed": 1}
    assert workers.mine.n_open() == 0


def test_a_chat_that_shut_the_bot_out_is_not_planned_for_again(workers: Workers) -> None:
    workers.plan()
    workers.mine.fail(workers.begin(), "Forbidden", MORNING, is_shut_out=True)
    later = MORNING + timedelta(days=2)
    assert (workers.row()["state"], workers.mine.due_chats(later)) == ("failed", [])


_CONTEXT = multiprocessing.get_context("forkserver")  # what it has loaded is not loaded by each


def claim_all(url: str, name: str, barrier: Barrier, found: Queue[tuple[str, list[int]]]) -> None:
    engine = open_chats(url)
    ledger = Ledger(engine, Worker("host", os.getpid(), name))
    barrier.wait(HANG_SECONDS)
    mine: list[int] = []
    while claimed := ledger.claim(3, MORNING):
        mine += [each.chat_id for each in claimed]
    engine.dispose()
    found.put((name, mine))


def test_processes_that_claim_at_once_get_every_delivery_and_none_twice(database_url: str) -> None:
    workers = Workers(database_url)
    wanted = list(range(1, 121))
    for chat_id in wanted:
        workers.subscribers.subscribe(chat_id, Choice("150524"), NOW)
    assert workers.plan() == len(wanted)
    barrier, found = _CONTEXT.Barrier(3), _CONTEXT.Queue()
    processes = [
        _CONTEXT.Process(target=claim_all, args=(database_url, name, barrier, found)) for name in "xyz"
    ]
    for process in processes:
        process.start()
    claimed = dict(found.get(timeout=HANG_SECONDS) for _ in processes)
    for process in processes:
        process.join(HANG_SECONDS)
    assert sorted(chat for mine in claimed.values() for chat in mine) == wanted
    for name, mine in claimed.items():
        assert all(str(workers.row(chat)["worker"]).endswith(f":{name}") for chat in mine)
    workers.mine.engine.dispose()


def test_processes_that_plan_at_once_enter_one_issue_for_each_chat(database_url: str) -> None:
    workers = Workers(database_url)
    chats = list(range(1, 41))
    for chat_id in chats:
        workers.subscribers.subscribe(chat_id, Choice("150524"), NOW)
    due = list(workers.subscribers.get_many(chats).values())
    with ThreadPoolExecutor(4) as pool:
        planned = list(pool.map(lambda ledger: ledger.plan(due, MORNING), [workers.mine, workers.other] * 2))
    assert sum(planned) == len(chats)
    assert workers.mine.n_open() == len(chats)
    workers.mine.engine.dispose()
