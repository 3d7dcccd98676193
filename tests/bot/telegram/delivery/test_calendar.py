"""A chat's issues over weeks: through changes of the clocks, days without a bot, and a clock that is put forward or back."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.chats.claims import Worker
from bot.chats.database import open_chats
from bot.chats.hours import Hours
from bot.chats.subscriptions import SubscriptionStore
from bot.messages.reply import Reply
from bot.telegram.delivery.digests import Ledger
from retrieval import Choice

HOUR = timedelta(hours=1)


class Calendar:
    """A chat's days: what was sent for which day, when, and of which stretch of time."""

    def __init__(self, folder: Path) -> None:
        engine = open_chats(f"sqlite:///{folder / 'chats.db'}")
        self.subscribers = SubscriptionStore(engine)
        self.ledger = Ledger(engine, Worker.this())
        self.sent: list[tuple[date, datetime, datetime, datetime]] = []

    def follow(self, hours: Hours, now: datetime) -> None:
        self.subscribers.subscribe(7, Choice("150524"), now)
        self.subscribers.set_hours(7, hours, now)

    def tick(self, now: datetime, known_until: datetime | None = None) -> None:
        """Plan, write and send what is due; articles are known until a moment, by default until now."""
        due = self.ledger.due_chats(now)
        self.ledger.plan(list(self.subscribers.get_many(due).values()), now)
        for claimed in self.ledger.claim(5, now):
            until = max(known_until or now, claimed.since)
            self.ledger.keep_parts([(claimed, (Reply("一"),))], until)
            assert self.ledger.sent(claimed, now)
            self.sent.append((claimed.issue_date, now, claimed.since, until))

    def run(
        self,
        first: datetime,
        last: datetime,
        is_up: Callable[[datetime], bool] = lambda _now: True,
        step: timedelta = HOUR,
    ) -> None:
        now = first
        while now < last:
            if is_up(now):
                self.tick(now)
            now += step

    @property
    def days(self) -> list[date]:
        return [day for day, *_ in self.sent]

    def check_windows(self) -> None:
        """Each stretch of time is told once: an issue begins where the one before it ended."""
        for (*_, until), (_, _, since, _) in zip(self.sent, self.sent[1:], strict=False):
            assert since == until


@pytest.fixture
def calendar(tmp_path: Path) -> Iterator[Calendar]:
    calendar = Calendar(tmp_path)
    yield calendar
    calendar.ledger.engine.dispose()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "first", "last"),
    [
        (Hours(), "2022-06-27", "2022-07-02"),
        (Hours(2, "America/New_York"), "2026-03-06", "2026-03-11"),  # 02:00 is left out on the 8th
        (Hours(1, "America/New_York"), "2026-10-30", "2026-11-04"),  # 01:00 comes twice on the 1st
        (Hours(0, "Asia/Shanghai"), "2026-12-29", "2027-01-03"),
        (Hours(8, "Europe/Berlin", (22, 9)), "2026-10-23", "2026-10-28"),  # due within the quiet hours
    ],
)
def test_each_day_has_one_issue_at_its_hour_whatever_the_clocks_do(
    calendar: Calendar, hours: Hours, first: str, last: str
) -> None:
    calendar.follow(hours, utc(first))
    calendar.run(utc(first), utc(last))
    n_days = (calendar.days[-1] - calendar.days[0]).days + 1
    assert calendar.days == [calendar.days[0] + timedelta(days=n) for n in range(n_days)]
    assert n_days >= (utc(last) - utc(first)).days - 1
    zone = ZoneInfo(hours.zone)
    local = Counter(now.astimezone(zone).hour for _, now, *_ in calendar.sent)
    wanted = hours.quiet[1] if hours.quiet else hours.hour
    assert local.most_common(1)[0][0] == wanted
    assert local.total() - local[wanted] <= 1  # the hour that the clocks leave out
    calendar.check_windows()


def test_a_weekly_issue_comes_on_its_day_alone_and_tells_of_the_week(calendar: Calendar) -> None:
    calendar.follow(Hours(8, weekday=6), utc("2026-11-01"))
    calendar.run(utc("2026-11-01"), utc("2026-12-01"), step=8 * HOUR)
    assert calendar.days == [date(2026, 11, day) for day in (8, 15, 22, 29)]
    calendar.check_windows()
    weeks = [until - since for _, _, since, until in calendar.sent]
    assert set(weeks[1:]) == {timedelta(days=7)}  # the first looks back from when it was asked for
    # every day again: nothing is told twice, nothing is left out
    calendar.subscribers.set_hours(7, Hours(8), utc("2026-12-01"))
    calendar.run(utc("2026-12-01"), utc("2026-12-04"), step=8 * HOUR)
    assert calendar.days[-2:] == [date(2026, 12, day) for day in (2, 3)]
    calendar.check_windows()


def test_days_without_a_bot_are_told_in_one_issue(calendar: Calendar) -> None:
    calendar.follow(Hours(), utc("2026-11-01"))
    away = (utc("2026-11-05"), utc("2026-11-08 12:00"))
    calendar.run(
        utc("2026-11-01"), utc("2026-11-12"), lambda now: not away[0] <= now < away[1], step=4 * HOUR
    )
    assert date(2026, 11, 6) not in calendar.days
    assert calendar.days == sorted(set(calendar.days))
    assert calendar.days[-1] == date(2026, 11, 11)
    calendar.check_windows()


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(hours=-30), timedelta(days=-400)])
def test_a_clock_that_is_put_back_repeats_no_issue(calendar: Calendar, jump: timedelta) -> None:
    calendar.follow(Hours(), utc("2026-11-01"))
    calendar.run(utc("2026-11-01"), utc("2026-11-05"), step=4 * HOUR)
    told = list(calendar.sent)
    back = utc("2026-11-05") + jump
    calendar.run(back, back + timedelta(hours=20), step=4 * HOUR)
    calendar.run(utc("2026-11-05"), utc("2026-11-08"), step=4 * HOUR)
    assert calendar.days == sorted(set(calendar.days))
    assert calendar.sent[: len(told)] == told
    calendar.check_windows()


def test_a_clock_that_is_put_forward_and_put_right_again_skips_nothing(calendar: Calendar) -> None:
    calendar.follow(Hours(), utc("2026-11-01"))
    calendar.run(utc("2026-11-01"), utc("2026-11-04"), step=4 * HOUR)
    known = utc("2026-11-04")
    calendar.tick(utc("2027-02-01 01:00"), known)  # a year ahead for a moment
    ahead = calendar.days[-1]
    calendar.subscribers.rebuild_schedule(utc("2026-11-04"))  # as at a restart
    now = utc("2026-11-04")
    while now < utc("2026-11-08"):
        calendar.tick(now, max(known, now))
        now += 4 * HOUR
    assert ahead == date(2027, 2, 1)
    assert set(calendar.days) >= {
        date(2026, 11, day) for day in (5, 6, 7)
    }  # the one of the 4th came as that of February
    assert len(calendar.days) == len(set(calendar.days))
    calendar.check_windows()
