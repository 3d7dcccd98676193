"""Which period a sentence tells of: what it compares with or began in is not what it is about."""

from __future__ import annotations

import re
from datetime import date

from retrieval.text.dates.finding import find_periods
from retrieval.text.dates.grammar import YEAR_WORDS
from retrieval.text.dates.periods import Period, fits

_COMPARED_BEFORE = re.compile("[比较]$")
_COMPARED_BEHIND = re.compile("[^，。；,;]{0,4}?(?:同期|相比|(?<=年)[初底末]?的?基础上)")
_BEGAN_BEFORE = re.compile("(?:[自从]|早在|[建生]于|成立于|创[办立]于|毕业于)$")
_BEGAN_BEHIND = re.compile(
    "(?:以来|起|开始|后|成立|始建|创[办立]|出生|毕业|退[伍役休]|[^，。；,;]{0,12}(?:成立|出生|退[伍役休])的)"
)
_YEARS_AGO = re.compile("年[以之]?前$")


def told_periods(text: str, issued: date) -> tuple[Period, ...]:
    """The periods that a text of that day tells of, without those it compares with (比去年) or counts from (自2016年)."""
    return tuple(each for each in find_periods(text, issued) if not _is_beside(text, each, issued))


def _is_beside(text: str, period: Period, issued: date) -> bool:
    if _COMPARED_BEFORE.search(text, max(0, period.start - 1), period.start) or _COMPARED_BEHIND.match(
        text, period.end
    ):
        return True
    if issued <= period.last:
        return False
    return bool(
        _YEARS_AGO.search(period.text)
        or _BEGAN_BEFORE.search(text, max(0, period.start - 3), period.start)
        or _BEGAN_BEHIND.match(text, period.end)
    )


def names_period(text: str, asked: Period) -> bool:
    """Whether an undated article's text names a period: its part of the year, and no year but that asked for.

    今年 and 上个月 say nothing where nobody knows when they were written, and whoever asks for them means one year.
    """
    told = [each for each in find_periods(text, asked.last) if each.lacks_year or not each.is_relative]
    years = {each.first.year for each in told if not each.is_relative}
    means_a_year = asked.is_relative and not asked.lacks_year
    for each in told:
        if each.lacks_year and (years - {asked.first.year} or (means_a_year and not years)):
            continue
        if each.lacks_year and not asked.lacks_year and asked.n_days >= 365:
            continue  # a part of some year is no answer about one
        if fits(each, asked, asked.last):
            return True
    return False


def names_day(text: str) -> bool:
    """Whether a text names a time that is the same whenever it is read: 2022年, 2022年6月30日."""
    return any(not each.is_relative for each in find_periods(text, date.min.replace(year=2000)))


_PERIOD_WORD = re.compile("[上下本这][上下一这]*个?(?:月|周|星期|礼拜|季度)$")


def resolve_relative(text: str, issued: date) -> tuple[tuple[str, str], ...]:
    """Relative times in a sentence with what they mean in an issue of that day: (今年, 2022年), (上周, 2022年6月20日至26日)."""
    resolved: dict[str, str] = {}
    for period in find_periods(text, issued):
        words, year = period.text, period.first.year
        if period.lacks_year and words in ("上半年", "下半年"):
            resolved[words] = f"{year}年{words}"
        elif word := next((each for each in _YEARS if words.startswith(each)), None):
            resolved[word] = f"{issued.year + YEAR_WORDS[word]}年"
        elif period.is_relative and _PERIOD_WORD.fullmatch(words):
            resolved[words] = _written(period)
    return tuple(resolved.items())


_YEARS = sorted(YEAR_WORDS, key=len, reverse=True)


def _written(period: Period) -> str:
    first, last = period.first, period.last
    if period.n_days > 7:
        month = f"{first.year}年{first.month}月"
        return month if first.month == last.month else f"{month}至{last.month}月"
    end = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
    return f"{first.year}年{first.month}月{first.day}日至{end}"
