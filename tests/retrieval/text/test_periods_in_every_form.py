"""A day or a period is written in every form that people use, and read back from each."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.dates import Period, PeriodKind, find_day, find_periods, starting_day

TODAY = date(2026, 11, 26)
DAYS = st.dates(date(2000, 1, 1), date(2025, 12, 31))
CHINESE = "〇一二三四五六七八九"
AROUND = st.sampled_from([("", ""), ("奈曼旗", "造林多少亩"), ("据悉，", "，完成投资3.2亿元"), ("（", "）")])


def in_chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else CHINESE[tens]) + ("十" if tens else "") + (CHINESE[ones] if ones else "")


def year_in_chinese(year: int) -> str:
    return "".join(CHINESE[int(digit)] for digit in str(year))


def only(text: str, today: date = TODAY) -> Period:
    (period,) = find_periods(text, today)
    assert text[period.start : period.end] == period.text
    return period


def days_of(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


@given(DAYS, AROUND, st.data())
def test_a_day_is_read_from_every_form(day: date, around: tuple[str, str], data: st.DataObject) -> None:
    y, m, d = day.year, day.month, day.day
    written = data.draw(
        st.sampled_from(
            [
                f"{y}年{m}月{d}日",
                f"{y}年{m:02}月{d:02}号",
                f"{y % 100:02}年{m}月{d}日",
                f"{y}-{m:02}-{d:02}",
                f"{y}/{m}/{d}",
                f"{y}.{m}.{d}",
                f"{y}.{m:02}.{d:02}",
                f"{y}{m:02}{d:02}",
                f"{year_in_chinese(y)}年{in_chinese(m)}月{in_chinese(d)}日",
                f"{y}年{in_chinese(m)}月{in_chinese(d)}日",
            ]
        )
    )
    period = only(around[0] + written + around[1])
    assert (period.text, period.first, period.last) == (written, day, day)
    assert period.kind is PeriodKind.SINGLE
    assert not period.is_relative


STATED = [
    "{0}-{1:02}-{2:02}", "{0}/{1}/{2}", "{0}.{1}.{2}", "{0}{1:02}{2:02}T08:00", "{0}年{1}月{2}日",
    "{3:02}-{1:02}-{2:02}",
]  # fmt: skip
IN_NAMES = ["{0}-{1:02}-{2:02}", "{0}.{1}.{2}", "{0}_{1}_{2}", "{0}{1:02}{2:02}", "{0}年{1}月{2}日"]


@given(DAYS, st.sampled_from(STATED))
def test_metadata_tells_the_same_day(day: date, form: str) -> None:
    written = form.format(day.year, day.month, day.day, day.year % 100)
    assert starting_day(written) == day


@given(DAYS, st.sampled_from(IN_NAMES))
def test_a_file_name_tells_the_same_day(day: date, form: str) -> None:
    assert find_day(f"晚报 {form.format(day.year, day.month, day.day)} 三版") == day


@given(st.integers(2000, 2025), st.integers(1, 12), st.data())
def test_a_month_is_read_from_every_form(year: int, month: int, data: st.DataObject) -> None:
    written = data.draw(
        st.sampled_from(
            [
                f"{year}年{month}月",
                f"{year}年{month:02}月份",
                f"{year}年{in_chinese(month)}月",
                f"{year_in_chinese(year)}年{in_chinese(month)}月份",
                f"{year}.{month}",
                f"{year}-{month:02}",
                f"{year % 100:02}年{month}月",
            ]
        )
    )
    period = only(f"开鲁县{written}收购价")
    assert (period.text, period.first, period.last) == (written, *days_of(year, month, month))


@given(st.integers(2, 12), st.sampled_from(["至", "到", "-", "—", "——", "～", "–"]), st.data())
def test_the_months_up_to_one_are_a_sum(last: int, to: str, data: st.DataObject) -> None:
    forms = [
        f"1{to}{last}月",
        f"1月{to}{last}月",
        f"1月份{to}{last}月份",
        f"一{to}{in_chinese(last)}月",
        f"前{last}个月",
        f"前{in_chinese(last)}个月",
        f"前{last}月",
        f"头{last}个月",
    ]
    if last % 3 == 0 and last > 3:
        n = last // 3
        forms += [f"前{CHINESE[n]}季度", f"前{n}个季度", f"一{to}{CHINESE[n]}季度", f"1{to}{n}季度"]
    written = data.draw(st.sampled_from(forms))
    period = only(f"奈曼旗2025年{written}固定资产投资")
    assert (period.first, period.last) == days_of(2025, 1, last)
    assert period.kind is PeriodKind.CUMULATIVE


@given(st.integers(1, 4), st.sampled_from(["第{0}季度", "{0}季度", "第{1}季度", "{1}季度", "Q{1}"]))
def test_a_quarter_is_no_sum(quarter: int, form: str) -> None:
    period = only(f"霍林郭勒市2025年{form.format(CHINESE[quarter], quarter)}发电量")
    assert (period.first, period.last) == days_of(2025, quarter * 3 - 2, quarter * 3)
    assert period.kind is PeriodKind.SINGLE


@given(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.integers(1, 4))
def test_each_shang_goes_one_step_further_back(today: date, n: int) -> None:
    week = only("上" * n + "周", today)
    assert week.first.weekday() == 0
    assert (week.last - week.first).days == 6
    assert (today - week.first).days // 7 == n
    month = only("上" * n + "个月", today)
    assert (today.year - month.first.year) * 12 + today.month - month.first.month == n
    assert (month.last + timedelta(days=1)).day == 1


@given(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.integers(2, 30))
def test_so_many_days_ago_is_that_day(today: date, n: int) -> None:
    day = today - timedelta(days=n)
    for written in (f"{n}天前", f"{in_chinese(n)}天以前"):
        assert (only(written, today).first, only(written, today).last) == (day, day)


@pytest.mark.parametrize(
    ("text", "first", "last", "kind"),
    [
        ("大前天", date(2026, 11, 23), date(2026, 11, 23), PeriodKind.SINGLE),
        ("两个月前", date(2026, 9, 1), date(2026, 9, 30), PeriodKind.SINGLE),
        ("三周前", date(2026, 11, 2), date(2026, 11, 8), PeriodKind.SINGLE),
        ("上周五", date(2026, 11, 20), date(2026, 11, 20), PeriodKind.SINGLE),
        ("大前年12月", date(2023, 12, 1), date(2023, 12, 31), PeriodKind.SINGLE),
        ("去年最后一个月", date(2025, 12, 1), date(2025, 12, 31), PeriodKind.SINGLE),
        ("上一季度", date(2026, 7, 1), date(2026, 9, 30), PeriodKind.SINGLE),
        ("上上个季度", date(2026, 4, 1), date(2026, 6, 30), PeriodKind.SINGLE),
        ("下周", date(2026, 11, 30), date(2026, 12, 6), PeriodKind.PLANNED),
        ("近三年", date(2023, 11, 27), date(2026, 11, 26), PeriodKind.CUMULATIVE),
        ("十四五", date(2021, 1, 1), date(2025, 12, 31), PeriodKind.CUMULATIVE),
        ("2021—2023年", date(2021, 1, 1), date(2023, 12, 31), PeriodKind.CUMULATIVE),
        ("2021年至2023年", date(2021, 1, 1), date(2023, 12, 31), PeriodKind.CUMULATIVE),
        ("去年10月至今年3月", date(2025, 10, 1), date(2026, 3, 31), PeriodKind.CUMULATIVE),
        ("11月9日至15日", date(2026, 11, 9), date(2026, 11, 15), PeriodKind.SINGLE),
        ("6月上旬", date(2026, 6, 1), date(2026, 6, 10), PeriodKind.SINGLE),
        ("截至6月底", date(2026, 6, 30), date(2026, 6, 30), PeriodKind.AS_OF),
        ("截止到2024年底", date(2024, 12, 31), date(2024, 12, 31), PeriodKind.AS_OF),
        ("到2030年底", date(2030, 12, 31), date(2030, 12, 31), PeriodKind.PLANNED),
    ],
)
def test_words_are_read_with_their_days_and_kind(
    text: str, first: date, last: date, kind: PeriodKind
) -> None:
    period = only(f"库伦旗{text}造林")
    assert (period.text, period.first, period.last, period.kind) == (text, first, last, kind)


def test_an_end_that_was_planned_once_stays_a_plan() -> None:
    assert only("到2025年底将建成多少公里").kind is PeriodKind.PLANNED


@given(st.decimals(0, 99, places=1), st.sampled_from(["万亩", "元", "公里", "%", "亿千瓦时", "吨", "月龄"]))
def test_a_decimal_is_no_date(number: object, unit: str) -> None:
    assert find_periods(f"达到{number}{unit}。", TODAY) == ()


@pytest.mark.parametrize(
    "text",
    [
        "2025.4万亩", "2024.10元", "1100至1200斤", "4000—5000斤", "0475-8263110", "192.168.2.1", "目前年产3万吨",
        "60岁以上年龄", "目前天然气", "90年代", "12个月", "3月龄", "八十四五岁", "近年来", "经过多年",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert find_periods(f"全旗{text}", TODAY) == ()


@given(st.text("上下前今去本第一二三十1290年月日季度半个周天至到-—./截底旬近来大", max_size=40))
def test_any_words_of_time_give_periods_in_order(text: str) -> None:
    end = 0
    for period in find_periods(text, TODAY):
        assert end <= period.start < period.end <= len(text)
        assert period.first <= period.last
        end = period.end
