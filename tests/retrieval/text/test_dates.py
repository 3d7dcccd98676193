from datetime import date

import pytest

from retrieval.text.dates import PeriodKind, find_periods, names_period, resolve_relative, told_periods

TODAY = date(2022, 7, 1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("今年", date(2022, 1, 1), date(2022, 12, 31)),
        ("去年", date(2021, 1, 1), date(2021, 12, 31)),
        ("2020年", date(2020, 1, 1), date(2020, 12, 31)),
        ("上半年", date(2022, 1, 1), date(2022, 6, 30)),
        ("去年下半年", date(2021, 7, 1), date(2021, 12, 31)),
        ("第二季度", date(2022, 4, 1), date(2022, 6, 30)),
        ("6月30日", date(2022, 6, 30), date(2022, 6, 30)),
        ("2021年6月", date(2021, 6, 1), date(2021, 6, 30)),
        ("最近一周", date(2022, 6, 24), date(2022, 7, 1)),
        ("昨天", date(2022, 6, 30), date(2022, 6, 30)),
        ("上个月", date(2022, 6, 1), date(2022, 6, 30)),
        ("本周", date(2022, 6, 27), date(2022, 7, 3)),
    ],
)
def test_a_time_word_is_a_period_as_seen_from_today(text: str, first: date, last: date) -> None:
    (period,) = find_periods(f"库伦旗{text}水稻", TODAY)
    assert (period.text, period.first, period.last) == (text, first, last)


def test_a_month_still_to_come_is_last_years() -> None:
    (period,) = find_periods("12月", TODAY)
    assert period.first == date(2021, 12, 1)


def test_an_impossible_date_is_no_period() -> None:
    assert find_periods("2月30日", TODAY) == ()


def test_february_of_a_leap_year_goes_back_to_a_day_that_exists() -> None:
    (period,) = find_periods("2月29日", date(2024, 1, 1))
    assert period.first == date(2023, 2, 28)


def test_relative_words_are_read_from_the_articles_own_date() -> None:
    assert resolve_relative("今年全县3万亩，去年2万亩", date(2022, 6, 30)) == (
        ("今年", "2022年"),
        ("去年", "2021年"),
    )
    assert resolve_relative("上半年演出51场", date(2022, 6, 30)) == (("上半年", "2022年上半年"),)


@pytest.mark.parametrize(
    ("asked", "text", "is_named"),
    [
        ("2023年上半年", "2023年上半年增长", True),
        ("2023年上半年", "上半年增长", True),
        ("2023年上半年", "2021年的上半年增长", False),
        ("2023年", "增长", False),
        ("2023年", "2023年增长", True),
        ("上半年", "上半年增长", True),
        ("8月6日", "8月6日增长", True),
        ("8月6日", "8月增长", False),
        ("今年", "今年增长", False),
        ("去年", "2023年运货5622万吨", True),
        ("去年", "2022年运货5622万吨", False),
        ("去年6月", "6月运货3万吨", False),
        ("去年6月", "2023年6月运货3万吨", True),
    ],
)
def test_an_undated_text_names_a_part_of_a_year_and_no_other_year(
    asked: str, text: str, is_named: bool
) -> None:
    (period,) = find_periods(asked, date(2024, 1, 1))
    assert names_period(text, period) is is_named


def test_the_next_quarter_is_no_quarter_of_this_year() -> None:
    (period,) = find_periods("下一季度的收入", date(2024, 1, 1))
    assert (period.first, period.last) == (date(2024, 4, 1), date(2024, 6, 30))
    assert period.kind is PeriodKind.PLANNED


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("预计4月下旬进入春播高峰期", 2025),
        ("将于4月下旬开工", 2025),
        ("力争今年4月下旬完工", 2025),
        ("4月下旬将开工", 2025),
        ("4月下旬遭了雪灾", 2024),
    ],
)
def test_a_part_of_a_year_that_is_expected_is_still_to_come(text: str, year: int) -> None:
    periods = find_periods(text, date(2025, 4, 5))
    assert periods[-1].first == date(year, 4, 21)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("7日下午，调研组来到库伦旗。", date(2026, 3, 7), date(2026, 3, 7)),
        ("记者9日从文旅局获悉", date(2026, 3, 9), date(2026, 3, 9)),
        ("7日至8日，展览在通辽举行。", date(2026, 3, 7), date(2026, 3, 8)),
        ("27日，奈曼旗冰雪节闭幕。", date(2026, 2, 27), date(2026, 2, 27)),
        ("25日起将开放预约。", date(2026, 3, 25), date(2026, 3, 25)),
    ],
)
def test_a_day_without_its_month_is_the_last_one_or_the_next_where_it_is_still_to_come(
    text: str, first: date, last: date
) -> None:
    assert [(each.first, each.last) for each in told_periods(text, date(2026, 3, 10))] == [(first, last)]


@pytest.mark.parametrize(
    "text", ["呼和浩特7日游", "15日内办结", "30日龄羔羊", "第3日，", "31日，", "体重7.5日，", "满20日，"]
)
def test_days_that_are_counted_or_not_there_are_no_day_of_a_month(text: str) -> None:
    assert told_periods(text, date(2026, 3, 10)) == ()


def test_what_begins_tomorrow_is_told_of_tomorrow() -> None:
    assert [each.first for each in told_periods("明天起，气温下降。", date(2026, 3, 10))] == [
        date(2026, 3, 11)
    ]
    assert told_periods("昨天起，气温下降。", date(2026, 3, 10)) == ()
