"""Words for times: what 今年, 6月30日 or 最近一周 mean as seen from a day.

A question is seen from today, a sentence from its article's issue date.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included, and the words that named it."""

    text: str
    start: int
    end: int
    first: date
    last: date
    is_relative: bool
    """It means another day when read on another day: 今年, 6月30日 without a year."""

    def __contains__(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day <= self.last


_NUMBERS = {
    "一": 1,
    "两": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "半": 0,
}
_YEAR_WORDS = {"今年": 0, "本年": 0, "本年度": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1}
_DAY_WORDS = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1}


def _year_pattern(number: int) -> str:
    """A year in figures or as a word; group names must differ within one expression."""
    return (
        rf"(?P<year{number}>(?:19|20)\d\d)年(?:度)?"
        rf"|(?P<year_word{number}>今年|本年度?|去年|上年(?!度)|前年|明年)"
    )


_TIME = re.compile(
    rf"(?:{_year_pattern(1)})?(?P<half>上半年|下半年)"
    rf"|(?:{_year_pattern(2)})?(?<![上下])(?:第)?(?P<quarter>[一二三四1-4])季度"
    rf"|(?:{_year_pattern(3)})?(?P<month>1[0-2]|0?[1-9])月(?:份)?(?:(?P<day>3[01]|[12]\d|0?[1-9])[日号])?"
    rf"|(?P<month_word>本月|这个月|上个月|上月)"
    rf"|(?P<week_word>本周|这周|上周)"
    rf"|(?:最近|近|过去)(?P<n>[一两二三四五六七八九十半\d]{{1,2}})(?:个)?(?P<unit>天|日|周|星期|月|年)"
    rf"|(?P<day_word>今天|今日|昨天|昨日|前天|明天)"
    r"|(?P<only_year>(?:19|20)\d\d)年(?:度)?|(?P<only_year_word>今年|本年度?|去年|前年|明年)"
)

_BEGINNING = re.compile(
    "[0-9](?=[0-9]{0,3}[年月季])|[今本去上前明下第一二三四这最近过昨](?=[年月季半个周近去天日0-9一两二三四五六七八九十])"
)
"""What a time named in `_TIME` may begin with."""


def find_periods(text: str, today: date) -> tuple[Period, ...]:
    """Times named in a text, in order, as seen from `today`; impossible dates are left out."""
    periods: list[Period] = []
    for match in _times(text):
        days = _days(match, today)
        if days is not None:
            first, last, is_relative = days
            periods.append(Period(match.group(), match.start(), match.end(), first, last, is_relative))
    return tuple(periods)


def _times(text: str) -> Iterator[re.Match[str]]:
    """What `_TIME.finditer` finds, several times as fast: most characters begin no time."""
    end = 0
    for beginning in _BEGINNING.finditer(text):
        if beginning.start() >= end and (match := _TIME.match(text, beginning.start())):
            end = match.end()
            yield match


def _days(match: re.Match[str], today: date) -> tuple[date, date, bool] | None:
    found = match.groupdict()
    for group, reader in _READERS.items():
        if found[group]:
            return reader(found, today)
    if found["only_year"]:
        year = int(found["only_year"])
        return date(year, 1, 1), date(year, 12, 31), False
    year = today.year + _YEAR_WORDS[found["only_year_word"] or "今年"]
    return date(year, 1, 1), date(year, 12, 31), True


def _year(found: dict[str, str | None], today: date) -> tuple[int, bool]:
    """The year named and whether it depends on today."""
    year = found["year1"] or found["year2"] or found["year3"]
    if year:
        return int(year), False
    word = found["year_word1"] or found["year_word2"] or found["year_word3"]
    return today.year + (_YEAR_WORDS[word] if word else 0), True


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _half(found: dict[str, str | None], today: date) -> tuple[date, date, bool]:
    year, is_relative = _year(found, today)
    return (*(_months(year, 1, 6) if found["half"] == "上半年" else _months(year, 7, 12)), is_relative)


def _quarter(found: dict[str, str | None], today: date) -> tuple[date, date, bool]:
    year, is_relative = _year(found, today)
    quarter = _number(found["quarter"] or "1")
    return (*_months(year, quarter * 3 - 2, quarter * 3), is_relative)


def _month_or_day(found: dict[str, str | None], today: date) -> tuple[date, date, bool] | None:
    year, is_relative = _year(found, today)
    month, day = int(found["month"] or 1), int(found["day"] or 0)
    says_year = bool(found["year3"] or found["year_word3"])
    try:
        first, last = (date(year, month, day),) * 2 if day else _months(year, month, month)
    except ValueError:
        return None
    if not says_year and first > today:  # 12月 said in January is last year's
        first, last = _back_a_year(first), _back_a_year(last)
    return first, last, is_relative


def _back_a_year(day: date) -> date:
    length = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, length))


def _month_word(found: dict[str, str | None], today: date) -> tuple[date, date, bool]:
    first = today.replace(day=1)
    if (found["month_word"] or "").startswith("上"):
        first = (first - timedelta(days=1)).replace(day=1)
    return (*_months(first.year, first.month, first.month), True)


def _week_word(found: dict[str, str | None], today: date) -> tuple[date, date, bool]:
    monday = today - timedelta(days=today.weekday())
    if found["week_word"] == "上周":
        monday -= timedelta(weeks=1)
    return monday, monday + timedelta(days=6), True


def _recent(found: dict[str, str | None], today: date) -> tuple[date, date, bool]:
    n, unit = _number(found["n"] or "1"), found["unit"]
    days = {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "年": 365}[unit or "天"]
    n_days = n * days if n else (183 if unit == "年" else 15)  # 近半年, 近半月
    return today - timedelta(days=n_days), today, True


def _day_word(found: dict[str, str | None], today: date) -> tuple[date, date, bool]:
    day = today + timedelta(days=_DAY_WORDS[found["day_word"] or "今天"])
    return day, day, True


_READERS: dict[str, Callable[[dict[str, str | None], date], tuple[date, date, bool] | None]] = {
    "half": _half,
    "quarter": _quarter,
    "month": _month_or_day,
    "month_word": _month_word,
    "week_word": _week_word,
    "n": _recent,
    "day_word": _day_word,
}
"""By the group of `_TIME` that a time is told from."""


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    return sum(_NUMBERS.get(character, 0) for character in word)  # 十二 = 10 + 2


_RELATIVE_YEAR = re.compile(
    r"(?:今年|本年度?|去年|前年|明年)(?:上半年|下半年|前?[一二三四]季度|以来)?|(?<!年)(?:上半年|下半年)"
)


def resolve_relative(text: str, issued: date) -> tuple[tuple[str, str], ...]:
    """Relative year words in a sentence with what they mean in an issue of that day: (今年, 2022年)."""
    resolved: dict[str, str] = {}
    for match in _RELATIVE_YEAR.finditer(text):
        words = match.group()
        if words[0] in "上下":
            resolved[words] = f"{issued.year}年{words}"
            continue
        word = next(
            word for word in ("今年", "本年度", "本年", "去年", "前年", "明年") if words.startswith(word)
        )
        resolved[word] = f"{issued.year + _YEAR_WORDS[word]}年"
    return tuple(resolved.items())


_YEAR = re.compile(r"\d{4}年")
_PART_OF_YEAR = re.compile(r"[上下]半年|第?[一二三四1-4]季度|\d{1,2}月")


def names_period(text: str, period: Period) -> bool:
    """Whether an undated article's text names a period: its part of the year, and no year but that asked for.

    今年 and 上个月 say nothing where nobody knows when they were written.
    """
    year = _YEAR.match(period.text)
    rest = period.text[year.end() :] if year else period.text
    if rest and (not _PART_OF_YEAR.match(rest) or rest not in text):
        return False
    return year is None or year.group() in text or (bool(rest) and not _YEAR.search(text))
