from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chats.hours import Hours, open_zone


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "after", "due"),
    [
        (Hours(), "2026-11-24 00:00", "2026-11-25 00:00"),  # 08:00 in Shanghai is midnight UTC: the next one
        (Hours(), "2026-11-23 23:59", "2026-11-24 00:00"),
        (Hours(0), "2026-12-31 15:59", "2026-12-31 16:00"),  # midnight in Shanghai on new year's day
        (
            Hours(8, "America/New_York"),
            "2026-03-07 14:00",
            "2026-03-08 12:00",
        ),  # clocks go forward that night
        (Hours(8, "America/New_York"), "2026-10-31 13:00", "2026-11-01 13:00"),  # and back
        (Hours(2, "America/New_York"), "2026-03-07 08:00", "2026-03-08 07:00"),  # 02:00 is left out: 03:00
        (
            Hours(1, "America/New_York"),
            "2026-10-31 06:00",
            "2026-11-01 05:00",
        ),  # 01:00 comes twice: the first
        (Hours(1, "America/New_York"), "2026-11-01 05:00", "2026-11-02 06:00"),  # and not the second
        (Hours(3, quiet=(22, 7)), "2026-11-24 00:00", "2026-11-24 23:00"),  # waits for 07:00
        (Hours(23, quiet=(22, 7)), "2026-11-24 00:00", "2026-11-24 23:00"),
        (Hours(8, quiet=(9, 11)), "2026-11-23 20:00", "2026-11-24 00:00"),
        (Hours(10, quiet=(9, 11)), "2026-11-23 20:00", "2026-11-24 03:00"),
    ],
)
def test_the_next_digest_is_due_at_its_hour_in_its_zone(hours: Hours, after: str, due: str) -> None:
    assert hours.next_due(utc(after)) == utc(due)


@given(
    st.integers(0, 23),
    st.sampled_from(
        ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Europe/London"]
    ),
    st.integers(1_577_836_800, 1_893_456_000),
)
def test_a_digest_comes_once_a_day_whatever_the_clocks_do(hour: int, zone: str, start: int) -> None:
    hours, moment = Hours(hour, zone), datetime.fromtimestamp(start, UTC)
    days = []
    for _ in range(5):
        following = hours.next_due(moment)
        assert timedelta() < following - moment <= timedelta(hours=26)
        moment = following
        days.append(hours.local_date(moment))
    assert len(set(days)) == 5


def test_the_day_is_the_chats_own() -> None:
    assert Hours().local_date(utc("2026-12-31 16:00")) == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("quiet", "hour", "is_quiet"),
    [((22, 7), 23, True), ((22, 7), 7, False), ((22, 7), 3, True), ((9, 11), 10, True), ((9, 11), 11, False)],
)
def test_quiet_hours_may_go_over_midnight(quiet: tuple[int, int], hour: int, is_quiet: bool) -> None:
    assert Hours(zone="UTC", quiet=quiet).is_quiet(utc(f"2026-11-24 {hour:02}:30")) is is_quiet


@pytest.mark.parametrize("bad", [{"hour": 25}, {"hour": -1}, {"quiet": (22, 24)}, {"zone": "Mars/Phobos"}])
def test_hours_and_zones_that_there_are_not_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="hours are|no time zone"):
        Hours(**bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["", "../etc/passwd", "Mars/Phobos", "\x00", "a" * 300])
def test_no_name_opens_anything_but_a_zone(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        open_zone(name)
