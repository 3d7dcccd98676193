from datetime import date

import pytest

from retrieval.text.dates import stamped_day

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    "written",
    [
        "2024-09-29",
        "2024-09-29 23:30:00",
        "2024-09-29T23:30:00",
        "2024-09-29T23:30:00+08:00",
        "2024-09-29 23:30:00.364419679 +0800 CST",
        "2024-09-29 11:05:00 AM",
        "2024/9/29 23:30",
        "2024.09.29",
        "24-09-29",
        "20240929",
        "20240929233000",
        "2024年9月29日",
        "2024年09月29日 23时",
        "2024年9月29日星期日 23:30",
        "二〇二四年九月二十九日",
        "Sun, 29 Sep 2024 23:30:00",
        "Sun, 29 Sep 2024 23:30:00 CST",
        "Sun, 29 Sep 2024 23:30:00 GMT+8",
        "Sun, 29 Sep 2024 15:30:00 GMT",
        "Sun, Sep 29 2024 23:30:00 +0800",
        "Sun Sep 29 2024 23:30:00 GMT+0800",
        "Sun Sep 29 23:30:00 CST 2024",
        "September 29, 2024",
        "星期日, 29 九月 2024 23:30:00 +0800",
        "1727579100",
        "1727579100000",
    ],
)
def test_every_form_of_a_time_gives_its_day_in_china(written: str) -> None:
    assert stamped_day(written, TODAY) == date(2024, 9, 29)


@pytest.mark.parametrize(
    "written",
    ["2024-09-29T16:30:00Z", "Sun, 29 Sep 24 20:30 GMT", "2024-09-29 16:00 UTC", "2024-09-29T23:30:00-04:00"],
)
def test_only_a_zone_that_is_stated_shifts_a_day(written: str) -> None:
    assert stamped_day(written, TODAY) == date(2024, 9, 30)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "今天 10:20",
        "3小时前",
        "09-29 11:05",
        "0000-00-00 00:00:00",
        "1970-01-01",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0",
        "2024-13-45",
        "2026-11-29",
        "2086-01-01",
        "9999999999999",
    ],
)
def test_what_is_no_date_or_lies_ahead_is_none(written: str) -> None:
    assert stamped_day(written, TODAY) is None


def test_a_paper_may_be_dated_tomorrow() -> None:
    assert stamped_day("2026-11-28", TODAY) == date(2026, 11, 28)
