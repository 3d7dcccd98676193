"""The issue date of a page: front matter, else the file's name, else what the page itself says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from retrieval.reading.articles.dateline import Dateline, find_dateline
from retrieval.text.dates import DAY, MONTH, YEAR, made_day, stamped_day, starting_day
from retrieval.types import DateBasis

_MASTHEAD = re.compile(rf"{YEAR}年{MONTH}月{DAY}日(?=[ \t\u3000]*星期[一二三四五六日天])")
_ALONE = re.compile(
    rf"(?:(?:发布|更新|发稿|出版)?(?:时间|日期)[：:]\s*)?(?P<day>{YEAR}\s*[-/.年]\s*{MONTH}\s*[-/.月]\s*{DAY}日?)"
    r"(?:[ \t\u3000]*(?:星期|周)[一二三四五六日天])?(?:[ \t\u3000]+\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?"
)
_HEAD_LINES = 3
"""Lines at a page's head of which one may be its day."""
_HEAD_CHARS = 400
_YEAR = re.compile(r"(?<![到至0-9])(?<!力争)(?<!预计)(?<!规划)(\d{4})年(?![底前末])")


def infer_date(text: str, datelines: Iterable[Dateline], latest_year: int) -> date | None:
    """Return the date that the page itself tells, or None.

    A masthead (2022年6月30日 星期四) tells it alone, or a line at its head that is nothing else.
    Else day and month are those of most datelines, and the year
    is theirs, or the latest that the page names, up to `latest_year`; a year still to be reached (到2025年) is
    not counted.
    """
    masthead = _MASTHEAD.search(text)
    if masthead:
        return starting_day(masthead.group())
    alone = head_day(text)
    if alone:
        return alone
    dated = [each for each in datelines if each.month and each.day]
    if not dated:
        return None
    (month, day), _ = Counter((each.month, each.day) for each in dated).most_common(1)[0]
    years = [each.year for each in dated if each.year] or [
        year for year in map(int, _YEAR.findall(text)) if year <= latest_year
    ]
    if not years or month is None or day is None:
        return None
    return made_day(max(years), month, day)


def day_alone(line: str) -> date | None:
    """Return the day that a line is, and nothing else (2026年7月1日, 发布时间：2026-07-01 08:30), or None; never one to come."""
    match = _ALONE.fullmatch(line.strip())
    return stamped_day(match["day"]) if match else None


def head_day(text: str) -> date | None:
    """Return the day that one of a text's first lines is, or None."""
    head = [line for line in text[:_HEAD_CHARS].split("\n") if line.strip()][:_HEAD_LINES]
    return next((day for line in head if (day := day_alone(line))), None)


def choose_date(
    stated: date | None, named: date | None, inferred: date | None
) -> tuple[date | None, DateBasis]:
    """The most trustworthy of the dates there are, and where it was taken from."""
    for found, basis in (
        (stated, DateBasis.FRONT_MATTER),
        (named, DateBasis.FILE_NAME),
        (inferred, DateBasis.INFERRED),
    ):
        if found:
            return found, basis
    return None, DateBasis.NONE


def day_among(text: str, neighbours: Sequence[date], today: date) -> date | None:
    """Return the day that a text's dateline gives, in the year of the nearest of the neighbours' dates, or None.

    Without neighbours it is the last such day up to `today`.
    """
    alone = head_day(text)
    if alone:
        return alone
    told = find_dateline(text)
    if told is None or told.month is None or told.day is None:
        return None
    if told.year:
        return made_day(told.year, told.month, told.day)
    around = neighbours or [today]
    years = {each.year + step for each in around for step in (-1, 0, 1)}
    days = [day for year in years if (day := made_day(year, told.month, told.day)) and day <= today]
    return min(days, key=lambda day: min(abs(day - each) for each in around), default=None)
