"""What stands at the head of a page about the page: `date:`, `source:`, `url:`, with or without --- around."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from retrieval.reading.articles.dates import day_alone
from retrieval.text.dates import starting_day

_FENCE = re.compile(r"-{3,}\s*")
_PAIR = re.compile(r"\s*([A-Za-z_\u3400-\u9fff]{1,20})\s*[:：]\s*(.*?)\s*")
_NAMES = {
    "date": "date",
    "日期": "date",
    "出版日期": "date",
    "source": "source",
    "来源": "source",
    "报纸": "source",
    "url": "url",
    "link": "url",
    "链接": "url",
    "网址": "url",
}
_LONGEST = 40
"""Lines within which front matter must end."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What was found, and where the page proper begins."""

    n_lines: int
    """Lines that belong to it, the fences included."""
    date: date | None = None
    source: str | None = None
    url: str | None = None
    bad_date: tuple[int, str] | None = None
    """Line and value of a date that is none."""


def parse_front_matter(lines: Sequence[str]) -> FrontMatter:
    """Return the front matter that the lines begin with; one of no lines if there is none.

    Fenced by ---, every line in it belongs to it, known or not. Unfenced, only lines of known names do, and a first line
    that is nothing but a day.
    """
    start = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if start < len(lines) and _FENCE.fullmatch(lines[start]):
        for end in range(start + 1, min(len(lines), start + _LONGEST)):
            if _FENCE.fullmatch(lines[end]):
                return _collect(lines, start + 1, end, end + 1)
        return FrontMatter(0)
    day = day_alone(lines[start]) if start < len(lines) else None
    first = end = start + 1 if day else start
    while end < len(lines) and _known(lines[end]):
        end += 1
    found = _collect(lines, first, end, end) if end > start else FrontMatter(0)
    return replace(found, date=found.date or day)


def _known(line: str) -> bool:
    match = _PAIR.fullmatch(line)
    return match is not None and match[1].lower() in _NAMES


def _collect(lines: Sequence[str], start: int, end: int, n_lines: int) -> FrontMatter:
    values: dict[str, str] = {}
    bad_date = found = None
    for number in range(start, end):
        match = _PAIR.fullmatch(lines[number])
        name = _NAMES.get(match[1].lower()) if match else None
        if match is None or name is None or not match[2]:
            continue
        if name == "date":
            found = starting_day(match[2])
            bad_date = None if found else (number + 1, match[2])
        else:
            values.setdefault(name, match[2].strip("\"'"))
    return FrontMatter(n_lines, found, values.get("source"), values.get("url"), bad_date)
