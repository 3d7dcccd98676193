"""A clock that ran ahead and was set back: no digest is lost for it, none comes twice, and nothing waits for the wrong day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from stores import ingester

from bot.chats.claims import LEASE, Worker
from bot.chats.database import open_chats
from bot.chats.subscriptions import SubscriptionStore
from bot.messages.daily.digests import DigestWriter
from bot.telegram.client.pace import Pace
from bot.telegram.delivery.digests import Broadcaster, Ledger
from retrieval import Choice, Gazetteer, Store

CHAT = 7
EVENING = datetime(2026, 11, 24, 12, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 0, 0, 5, tzinfo=UTC)
"""Five seconds past eight in 内蒙古, when a digest is due."""
DAY = timedelta(days=1)


class Morning:
    """A broadcaster whose clock is set by hand; what it claims is sent at once."""

    def __init__(self, url: str, folder: Path) -> None:
        pages = folder / "pages"
        pages.mkdir()
        (pages / "a.txt").write_text("## 库伦旗 水稻丰收\n\n库伦旗水稻面积达3万亩。\n", encoding="utf-8")
        self.store = Store.open(f"sqlite:///{folder / 'store.db'}")
        ingester(self.store).ingest([pages])
        self.engine = open_chats(url)
        self.now = EVENING
        self.ledger = Ledger(self.engine, Worker("host", 1, "a"))
        subscribers = SubscriptionStore(self.engine)
        subscribers.subscribe(CHAT, Choice("150524"), EVENING)
        subscribers.set_wants_empty(CHAT, True, EVENING)
        self.broadcaster = Broadcaster(
            cast(Any, SimpleNamespace(username="yunwen_bot")),
            self.ledger,
            subscribers,
            DigestWriter(self.store, Gazetteer.load()),
            Pace(25),
            clock=lambda: self.now,
        )
        self.broadcaster._begin()

    def issues_at(self, now: datetime) -> list[date]:
        """Set the clock. Return the dates of the issues that are sent then."""
        self.now = now
        self.broadcaster._heed_clock()
        claimed = [each for each, _ in self.broadcaster._claim(8)]
        for each in claimed:
            assert self.ledger.sent(each, now)
        return [each.issue_date for each in claimed]

    def close(self) -> None:
        self.engine.dispose()
        self.store.engine.dispose()


@pytest.fixture
def morning(database_url: str, tmp_path: Path) -> Iterator[Morning]:
    morning = Morning(database_url, tmp_path)
    yield morning
    morning.close()


def test_after_days_that_never_were_the_next_real_day_has_its_digest(morning: Morning) -> None:
    assert morning.issues_at(MORNING) == [date(2026, 11, 25)]
    assert morning.issues_at(MORNING + 3650 * DAY) == [date(2036, 11, 22)]
    assert morning.issues_at(MORNING + timedelta(hours=1)) == []
    assert morning.issues_at(MORNING + DAY) == [date(2026, 11, 26)]
    assert morning.issues_at(MORNING + 2 * DAY) == [date(2026, 11, 27)]


def test_an_hour_that_comes_twice_brings_no_digest_twice(morning: Morning) -> None:
    assert morning.issues_at(MORNING) == [date(2026, 11, 25)]
    assert morning.issues_at(MORNING - timedelta(hours=2)) == []
    assert morning.issues_at(MORNING) == []
    assert morning.issues_at(MORNING - 5 * DAY) == []
    assert morning.issues_at(MORNING) == []
    assert morning.issues_at(MORNING + DAY) == [date(2026, 11, 26)]


def test_what_was_put_off_while_the_clock_ran_ahead_is_tried_once_it_is_set_back(morning: Morning) -> None:
    morning.now = MORNING + 400 * DAY
    (claimed,) = [each for each, _ in morning.broadcaster._claim(8)]
    morning.broadcaster._heed_clock()
    morning.ledger.retry(claimed, "no connection", morning.now)
    assert morning.issues_at(MORNING + timedelta(minutes=1)) == [claimed.issue_date]


def test_a_claim_of_a_clock_that_ran_ahead_holds_no_longer_than_another(morning: Morning) -> None:
    other = Ledger(morning.engine, Worker("elsewhere", 2, "b"))
    morning.issues_at(EVENING)
    due = morning.ledger.due_chats(MORNING)
    other.plan(list(SubscriptionStore(morning.engine).get_many(due).values()), MORNING)
    (claimed,) = other.claim(5, MORNING + 400 * DAY)
    morning.now = MORNING + 400 * DAY
    morning.broadcaster._heed_clock()
    assert morning.issues_at(MORNING) == []
    assert morning.issues_at(MORNING + LEASE + timedelta(seconds=1)) == [claimed.issue_date]


def test_articles_that_became_known_meanwhile_come_in_the_next_digest(
    morning: Morning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What becomes known is numbered by moments that never go back, so nothing falls between two digests."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return MORNING + 400 * DAY

    assert morning.issues_at(MORNING) == [date(2026, 11, 25)]
    told = morning.store.known_until()
    assert told is not None
    for number, clock in enumerate((Ahead, datetime)):
        monkeypatch.setattr("retrieval.store.store.datetime", clock)
        page = tmp_path / "pages" / f"{number}.txt"
        page.write_text(f"## 库伦旗 荞麦{number}\n\n库伦旗荞麦面积达{number + 2}万亩。\n", encoding="utf-8")
        ingester(morning.store).ingest([tmp_path / "pages"])
        (new,) = morning.store.articles_known(told, morning.store.known_until() or told)
        assert f"荞麦{number}" in new[0].title
        told = morning.store.known_until()
        assert told is not None
