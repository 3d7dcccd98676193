"""The issue date of a page: front matter, else the file's name, else what the page itself says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from retrieval.reading.articles.dateline import Dateline
from retrieval.types import DateBasis

_FIRST_YEAR = 1949
_WRITTEN = re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?!\d)")
_IN_NAME = re.compile(
    r"(?<![0-9A-Za-z])(?P<y>\d{4})(?P<gap>[-_.年]?)(?P<m>\d{1,2})(?:(?P=gap)|月)(?P<d>\d{1,2})日?(?![0-9A-Za-z])"
)
_MASTHEAD = re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日[ \t\u3000]*星期[一二三四五六日天]")
_YEAR = re.compile(r"(?<![到至0-9])(?<!力争)(?<!预计)(?<!规划)(\d{4})年(?![底前末])")


def parse_date(text: str) -> date | None:
    """Return the date that a value begins with (2022-06-30, 2022/6/30, 2022年6月30日, 20220630T08:00), or None."""
    text = text.strip().strip("\"'")
    match = _WRITTEN.match(text) or _COMPACT.match(text)
    return _date(match) if match else None


def date_in_name(stem: str) -> date | None:
    """Return the date that stands alone in a file's name, or None; digits within a longer code are none."""
    for match in _IN_NAME.finditer(stem):
        is_compact = not match["gap"]
        if is_compact and (len(match["m"]), len(match["d"])) != (2, 2):
            continue
        found = _date(match)
        if found:
            return found
    return None


def infer_date(text: str, datelines: Iterable[Dateline], latest_year: int) -> date | None:
    """Return the date that the page itself tells, or None.

    A masthead (2022年6月30日 星期四) tells it alone. Else day and month are those of most datelines, and the year
    is theirs, or the latest that the page names, up to `latest_year`; a year still to be reached (到2025年) is
    not counted.
    """
    masthead = _MASTHEAD.search(text)
    if masthead:
        return _date(masthead)
    dated = [each for each in datelines if each.month and each.day]
    if not dated:
        return None
    (month, day), _ = Counter((each.month, each.day) for each in dated).most_common(1)[0]
    years = [each.year for each in dated if each.year] or [
        year for year in map(int, _YEAR.findall(text)) if _FIRST_YEAR <= year <= latest_year
    ]
    if not years or month is None or day is None:
        return None
    return _made(max(years), month, day)


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


def _date(match: re.Match[str]) -> date | None:
    return _made(int(match["y"]), int(match["m"]), int(match["d"]))


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _FIRST_YEAR <= year <= 2100 else None
    except ValueError:
        return None
