"""Periods named in a text: what 今年, 6月30日, 前三季度 or 最近一周 mean as seen from a day.

A question is seen from today, a sentence from its article's issue date.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from retrieval.text.dates import grammar
from retrieval.text.dates.days import DAY, full_year, made_day
from retrieval.text.dates.periods import (
    Period,
    PeriodKind,
    months,
    months_before,
    week_before,
    years_before,
)
from retrieval.text.numbers import whole_number

_UNTIL = re.compile("(?:(?P<as_of>截[至止]到?|截至到)|[到至])$")
_EXPECTED = re.compile("(?:预计|拟于?|将[于在]?|计划[于在]?|力争|有望|争取)(?:今年)?$")
_STILL_TO_COME = re.compile("[^，。；,;]{0,8}?(?:将|拟|计划|力争|预计|目标|规划)")
_BARE_DAY = re.compile(rf"({DAY})[日号]")
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "年": 365}
_HALVES = {"月": 15, "年": 183}
_LATE = timedelta(days=31)
"""A sum that is told so long before its time is over is that of the year before."""


class _Stretch(NamedTuple):
    """What was read at a place: days, and how they were named."""

    end: int
    first: date
    last: date
    is_relative: bool = True
    kind: PeriodKind = PeriodKind.SINGLE
    lacks_year: bool = False
    is_edge: bool = False
    """The end of a month or a year: 6月底."""


def find_periods(text: str, today: date) -> tuple[Period, ...]:
    """Periods named in a text, in order, as seen from `today`; impossible dates are left out."""
    periods: list[Period] = []
    end = 0
    for beginning in grammar.BEGINNING.finditer(text):
        start = beginning.start()
        if start < end:
            continue
        try:
            found = _read(text, start, today)
            if found is None:
                continue
            found = _joined(text, found, today)
        except (ValueError, OverflowError):  # 2月30日, 99年前 before the calendar begins
            continue
        start, found = _with_limit(text, start, found, today)
        end = found.end
        periods.append(
            Period(
                text[start:end],
                start,
                end,
                found.first,
                found.last,
                found.is_relative,
                found.kind,
                found.lacks_year,
            )
        )
    return tuple(periods)


def _read(text: str, start: int, today: date, year: int | None = None) -> _Stretch | None:
    """The period that begins there; one without a year lies in `year`, if that is given."""
    before = text[start - 1] if start else ""
    if before == ".":  # 1.8月5日 stands in a list, 1.5年前 names nothing
        match = grammar.PART.match(text, start)
        return _part(match, today.year, today, is_said=False) if match and match["day"] else None
    if text[start + 1 : start + 2] != "月":  # 6月, the commonest of all, is no year
        if match := grammar.YEAR_NAMED.match(text, start):
            return _in_year(match, text, today)
        if text.startswith(("1", "2"), start) and (match := grammar.NUMERIC.match(text, start)):
            return _numeric(match, text)
    if match := grammar.PART.match(text, start):
        if match["quarter"] and before in ("上", "下"):
            return None  # of 上一季度 the second half is no quarter's name
        return _part(match, year if year is not None else today.year, today, is_said=year is not None)
    if match := grammar.LONE_EDGE.match(text, start):
        return _edge(match.group(), today.year, match.end())._replace(lacks_year=True)
    if match := grammar.WORDS.match(text, start):
        return _word(match, today)
    return None


def _numeric(match: re.Match[str], text: str) -> _Stretch | None:
    year, end = int(match["year"]), match.end()
    month, day = match["month"] or match["month2"], match["day"] or match["day2"]
    if not match["day"] and _counts(text, end):
        return None  # 2025.4万亩, 20240307元
    if day:
        made = made_day(year, int(month), int(day))
        return _Stretch(end, made, made, is_relative=False) if made else None
    return _Stretch(end, *months(year, int(month), int(month)), is_relative=False)


_COUNTED = re.compile(
    r"[ ]?[十百千万亿余多%％‰℃个名人位户口亩头只吨元斤克米升件家次公平立千毫厘美欧度倍岁分度台辆]"
)


def _counts(text: str, end: int) -> bool:
    return _COUNTED.match(text, end) is not None


def _in_year(match: re.Match[str], text: str, today: date) -> _Stretch | None:
    if match["first"]:
        first, last = full_year(match["first"]), full_year(match["last"])
        if first >= last:
            return None
        return _Stretch(
            match.end(), date(first, 1, 1), date(last, 12, 31), is_relative=False, kind=PeriodKind.CUMULATIVE
        )
    written = match["year"] or match["short"] or match["lone"]
    word = match.group().removesuffix("全年")
    year = full_year(written) if written else today.year + grammar.YEAR_WORDS[word]
    is_relative, end = written is None, match.end()
    behind = end + 1 if text[end : end + 1] == "的" else end
    if part := grammar.PART.match(text, behind):
        found = _part(part, year, today, is_said=True)
    elif edge := grammar.EDGE.match(text, end):
        found = _edge(edge["edge"], year, edge.end())
    else:
        found = _Stretch(end, date(year, 1, 1), date(year, 12, 31))
    return found and found._replace(is_relative=is_relative, lacks_year=False)


def _edge(word: str, year: int, end: int) -> _Stretch:
    if word.endswith("初"):
        return _Stretch(end, *months(year, 1, 1))
    return _Stretch(end, date(year, 12, 21), date(year, 12, 31), is_edge=True)


def _part(match: re.Match[str], year: int, today: date, *, is_said: bool) -> _Stretch | None:
    """A part of a year; where the year is not said, the last one that fits."""
    found = _part_of(match, year)
    if found is None:
        return None
    if not is_said and _is_last_years(match, found, today):  # 12月 said in January is last year's
        if match["day"]:  # that year may have no such day
            found = found._replace(first=years_before(found.first, 1), last=years_before(found.last, 1))
        else:
            found = _part_of(match, year - 1) or found
    return found._replace(lacks_year=not is_said)


def _is_last_years(match: re.Match[str], found: _Stretch, today: date) -> bool:
    """Whether a part of a year without its year would be still to come, and nothing says that it is."""
    is_sum = found.kind is PeriodKind.CUMULATIVE
    is_ahead = found.last > today + _LATE if is_sum else found.first > today and not match["half"]
    return (
        is_ahead
        and not match.string.endswith(("到", "至"), 0, match.start())
        and not _STILL_TO_COME.match(match.string, found.end)
        and not _EXPECTED.search(match.string, max(0, match.start() - 6), match.start())
    )


def _part_of(match: re.Match[str], year: int) -> _Stretch | None:
    end = match.end()
    if match["half"]:
        return _Stretch(end, *(months(year, 1, 6) if match["half"][0] == "上" else months(year, 7, 12)))
    if match["last_month"]:
        return _Stretch(end, *months(year, 12, 12))
    if quarter := match["quarter"] or match["q"]:
        n = whole_number(quarter)
        return _Stretch(end, *months(year, n * 3 - 2, n * 3))
    if match["month"]:
        return _month_or_day(match, year)
    if match["n_quarters"]:
        first, last = 1, whole_number(match["n_quarters"]) * 3
    elif match["n_months"]:
        first, last = 1, whole_number(match["n_months"])
    elif match["quarter1"]:
        first, last = whole_number(match["quarter1"]) * 3 - 2, whole_number(match["quarter2"]) * 3
    else:
        first, last = whole_number(match["month1"]), whole_number(match["month2"])
    if not 1 <= first <= last <= 12:
        return None
    is_one = first == last and not match["n_months"]
    return _Stretch(
        end, *months(year, first, last), kind=PeriodKind.SINGLE if is_one else PeriodKind.CUMULATIVE
    )


def _month_or_day(match: re.Match[str], year: int) -> _Stretch:
    month, end = whole_number(match["month"]), match.end()
    first, last = months(year, month, month)
    if match["day"]:
        day = date(year, month, whole_number(match["day"]))
        other = date(year, month, whole_number(match["day2"])) if match["day2"] else day
        return _Stretch(end, min(day, other), max(day, other))
    third = match["third"] or ""
    if third in ("上旬", "初"):
        last = first.replace(day=10)
    elif third == "中旬":
        first, last = first.replace(day=11), first.replace(day=20)
    elif third:
        first = first.replace(day=21)
    return _Stretch(end, first, last, is_edge=third in ("底", "末"))


def _word(match: re.Match[str], today: date) -> _Stretch | None:
    end = match.end()
    if match["day"]:
        day = today + timedelta(days=grammar.DAY_WORDS[match["day"]])
        return _Stretch(end, day, day)
    if match["lone_day"]:
        day = _day_of_month(int(match["lone_day"]), match, today)
        return _Stretch(end, day, day)
    if word := match["month"]:
        return _Stretch(end, *months_before(today, _steps(word)))
    if word := match["week"]:
        return _week(end, *week_before(today, _steps(word)), match["weekday"])
    if word := match["quarter"]:
        first, _ = months_before(today, (today.month - 1) % 3 + 3 * _steps(word))
        return _Stretch(end, *months(first.year, first.month, first.month + 2))
    if match["plan"]:
        year = 2021 + 5 * (whole_number(match["plan"]) - 4)
        return _Stretch(
            end, date(year, 1, 1), date(year + 4, 12, 31), is_relative=False, kind=PeriodKind.CUMULATIVE
        )
    if match["ago"]:
        return _ago(end, match["ago"], match["ago_unit"], today)
    n, unit = match["recent"] or match["coming"], match["recent_unit"] or match["coming_unit"]
    length = timedelta(days=_HALVES.get(unit, 0) if n == "半" else whole_number(n) * _DAYS[unit])
    if match["coming"]:
        return _Stretch(end, today, today + length, kind=PeriodKind.PLANNED)
    is_long = unit == "年" and n not in ("一", "1", "半")
    return _Stretch(end, today - length, today, kind=PeriodKind.CUMULATIVE if is_long else PeriodKind.SINGLE)


def _day_of_month(n: int, match: re.Match[str], today: date) -> date:
    """The last such day, or the next where what stands behind it is still to come. Raises ValueError if there is none."""
    if n <= today.day or _STILL_TO_COME.match(match.string, match.end()):
        return today.replace(day=n)
    return months_before(today, 1)[0].replace(day=n)


def _steps(word: str) -> int:
    """How many months, weeks or quarters back: 上上 is 2, 下 is -1."""
    return word.count("上") + word.count("大") - word.count("下")


def _week(end: int, monday: date, sunday: date, weekday: str | None) -> _Stretch:
    if weekday is None:
        return _Stretch(end, monday, sunday)
    if weekday == "末":
        return _Stretch(end, sunday - timedelta(days=1), sunday)
    day = monday + timedelta(days=grammar.WEEKDAYS.index(weekday.replace("天", "日")))
    return _Stretch(end, day, day)


def _ago(end: int, n: str, unit: str, today: date) -> _Stretch:
    count = whole_number(n)
    if n == "半":
        day = today - timedelta(days=_HALVES.get(unit, 0))
        return _Stretch(end, *((day, day) if unit != "年" else months(day.year, day.month, day.month)))
    if unit == "年":
        return _Stretch(end, date(today.year - count, 1, 1), date(today.year - count, 12, 31))
    if unit == "月":
        return _Stretch(end, *months_before(today, count))
    if unit in ("周", "星期"):
        return _Stretch(end, *week_before(today, count))
    day = today - timedelta(days=count)
    return _Stretch(end, day, day)


def _joined(text: str, found: _Stretch, today: date) -> _Stretch:
    """The whole of a range: 11月9日至15日, 去年10月至今年3月."""
    if text[found.end : found.end + 1] not in grammar.TO_BEGINS:
        return found
    to = grammar.TO.match(text, found.end)
    if to is None or found.kind is PeriodKind.PLANNED:
        return found
    if (bare := _BARE_DAY.match(text, to.end())) and found.first == found.last:
        last, end = found.first.replace(day=whole_number(bare[1])), bare.end()
    else:
        other = _read(text, to.end(), today, found.first.year)
        if other is None:
            return found
        last, end = other.last, other.end
    if last < found.first:
        return found
    is_long = (last - found.first).days > 31
    return found._replace(last=last, end=end, kind=PeriodKind.CUMULATIVE if is_long else PeriodKind.SINGLE)


def _with_limit(text: str, start: int, found: _Stretch, today: date) -> tuple[int, _Stretch]:
    """The period with what stands before it: 截至6月底 is a state on that day, 到2030年 is still to come."""
    is_limited = start > 0 and text[start - 1] in "至到止"
    until = _UNTIL.search(text, max(0, start - 3), start) if is_limited else None
    if until is None:
        return start, found._replace(kind=PeriodKind.PLANNED) if found.first > today else found
    is_planned = not until["as_of"] and (
        found.last > today or (found.is_edge and _STILL_TO_COME.match(text, found.end))
    )
    if is_planned or until["as_of"] or found.is_edge:
        kind = PeriodKind.PLANNED if is_planned else PeriodKind.AS_OF
        return until.start(), found._replace(first=found.last, kind=kind)
    return start, found
