"""Single calendar days as metadata, feeds and file names write them, and what all dates are written with."""

from __future__ import annotations

import re
from datetime import date

from retrieval.text.numbers import whole_number

_FIRST_YEAR, _LAST_YEAR = 1949, 2100

YEAR = "(?:(?:19|20)[0-9]{2}|[一二][九〇零○][〇零○一二三四五六七八九]{2})"
"""2024, 二〇二四; the patterns have no groups."""
MONTH = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY = "(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"

_WRITTEN = re.compile(
    rf"(?P<y>{YEAR}|(?<!\d)\d\d(?=[-/.年]))\s*[-/.年]\s*(?P<m>{MONTH})\s*[-/.月]\s*(?P<d>{DAY})(?!\d)"
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?!\d)")
_IN_NAME = re.compile(
    rf"(?<![0-9A-Za-z])(?P<y>{YEAR})(?P<gap>[-_.年]?)(?P<m>{MONTH})(?:(?P=gap)|月)(?P<d>{DAY})日?(?![0-9A-Za-z])"
)


def starting_day(text: str) -> date | None:
    """The day that a value begins with, or None.

    2022-06-30, 2022/6/30, 2022.6.30, 2022年6月30日, 二〇二二年六月三十日, 22-06-30, 20220630T08:00.
    """
    text = text.strip().strip("\"'")
    match = _WRITTEN.match(text) or _COMPACT.match(text)
    return _day(match) if match else None


def find_day(stem: str) -> date | None:
    """The day that stands alone in a file's name, or None; digits within a longer code are none."""
    for match in _IN_NAME.finditer(stem):
        is_compact = not match["gap"]
        if is_compact and (len(match["m"]), len(match["d"])) != (2, 2):
            continue
        found = _day(match)
        if found:
            return found
    return None


def made_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has no such, or newspapers would not."""
    try:
        return date(year, month, day) if _FIRST_YEAR <= year <= _LAST_YEAR else None
    except ValueError:
        return None


def full_year(written: str) -> int:
    """The year of 2024, 二〇二四 or 24."""
    year = whole_number(written)
    return year if year > 99 else 2000 + year


def _day(match: re.Match[str]) -> date | None:
    return made_day(full_year(match["y"]), whole_number(match["m"]), whole_number(match["d"]))
