"""The day of a time as feeds, records and web pages state it: RFC 822, ISO 8601, Chinese, seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from retrieval.text.dates.days import DAY, MONTH, YEAR, full_year, made_day
from retrieval.text.numbers import whole_number

_HOME = timezone(timedelta(hours=8))
"""A time without a zone is China's, and so is a day."""
_NO_DAY = (date(1969, 12, 31), date(1970, 1, 1), date(1970, 1, 2))
"""What a program writes that knows no date, in whatever zone."""
_AHEAD = timedelta(days=1)
"""A paper may be dated tomorrow, because it comes out tomorrow; nothing is dated later."""
_MILLISECONDS = 100_000_000_000
"""A larger number counts these: as seconds it would be in the sixth millennium."""

_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_ENGLISH_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?:星期|周)[一二三四五六日天])[,，.]?\s*"
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<y>{YEAR}|\d\d(?=[-/.年]))\s*[-/.年]\s*(?P<m>{MONTH})\s*[-/.月]\s*(?P<d>{DAY})(?!\d)\s*日?",
        r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:\d{4}|\d{6})?(?!\d)",
        rf"(?:{_WEEKDAY})?(?P<d>\d{{1,2}})[\s-]+(?P<m>{_ENGLISH_MONTH}|{MONTH}月)[\s,-]+(?P<y>\d{{4}}|\d\d)(?!\d)",
        rf"(?:{_WEEKDAY})?(?P<m>{_ENGLISH_MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)",
        # as the system's own tools print it: Thu Jul 9 23:30:00 2026
        rf"(?:{_WEEKDAY})?(?P<m>{_ENGLISH_MONTH})\s+(?P<d>\d{{1,2}})\s+(?=[\d:]+\s+(?:[a-z]+\s+)?(?P<y>\d{{4}}))",
    )
)
_SECONDS = re.compile(r"(?:\d{9,10}|\d{13})(?:\.\d+)?")
_TIME = re.compile(
    r"[T\s,]*(?:(?:星期|周)[一二三四五六日天]\s*)?(?P<h>2[0-4]|[01]?\d)(?!\d)(?:[:：时]\s*(?P<min>[0-5]\d))?分?"
    r"(?:[:：]?(?P<s>[0-5]\d|60)秒?(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z\b|(?:GMT|UTC|UT)?\s*[+-]\d{1,2}(?::?\d\d)?|[A-Z]{2,4}\b)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:GMT|UTC|UT)?\s*(?P<sign>[+-])(?P<h>\d{1,2}):?(?P<min>\d\d)?", re.IGNORECASE)
_ZONES = {"Z": 0, "GMT": 0, "UTC": 0, "UT": 0, "CST": 8, "JST": 9, "KST": 9, "EST": -5, "EDT": -4}
_ZONES |= {"CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "BST": 1, "CET": 1, "CEST": 2, "MSK": 3}
"""In hours; CST is China's standard time here."""


def stamped_day(text: str, today: date | None = None) -> date | None:
    """Return the day, in China, of the time that a value begins with, or None.

    Only a zone that is stated shifts a day. None too are 1 January 1970, which programs write for no date, and what
    lies after tomorrow, counted from `today`.
    """
    text = text.strip().strip("\"'[]（）()")
    found = _counted(text) if _SECONDS.fullmatch(text) else _written(text)
    if found is None or found in _NO_DAY:
        return None
    return found if found <= (today or datetime.now(_HOME).date()) + _AHEAD else None


def _counted(digits: str) -> date | None:
    """The day of so many seconds or milliseconds since 1970."""
    number = float(digits)
    seconds = number / 1000 if number >= _MILLISECONDS else number
    try:
        moment = datetime.fromtimestamp(seconds, UTC).astimezone(_HOME)
    except (OverflowError, ValueError, OSError):
        return None
    return made_day(moment.year, moment.month, moment.day)


def _written(text: str) -> date | None:
    for form in _FORMS:
        match = form.match(text)
        if match:
            day = made_day(full_year(match["y"]), _month(match["m"]), whole_number(match["d"]))
            return _at_home(day, text[match.end() :]) if day else None
    return None


def _month(written: str) -> int:
    return _MONTHS.get(written[:3].lower()) or whole_number(written.removesuffix("月"))


def _at_home(day: date, rest: str) -> date:
    """The day in China of a time of that day, where it states another zone."""
    time = _TIME.match(rest)
    hours = _zone(time["zone"]) if time and time["zone"] else None
    if time is None or hours is None:
        return day
    moment = datetime(day.year, day.month, day.day, tzinfo=timezone(timedelta(hours=hours)))
    moment += timedelta(hours=int(time["h"]), minutes=int(time["min"] or 0))
    return moment.astimezone(_HOME).date()


def _zone(written: str) -> float | None:
    """How many hours a zone is ahead of Greenwich, or None where the word (AM, PM) is no zone."""
    offset = _OFFSET.fullmatch(written.strip())
    if offset is None:
        return _ZONES.get(written.strip().upper())
    hours = int(offset["h"]) + int(offset["min"] or 0) / 60
    return (hours if offset["sign"] == "+" else -hours) if hours <= 14 else None
