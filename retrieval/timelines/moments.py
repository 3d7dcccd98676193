"""Of which time a figure is told: the period that its sentence speaks of, and not merely the issue's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from retrieval.text.dates import Period, PeriodKind, find_periods, told_periods
from retrieval.timelines.indicator import Indicator
from retrieval.timelines.values import Sentence

YEAR = 365
_SO_FAR = re.compile("以来|截至|截止")
_BY_ITS_END = re.compile('(?:到|至)[“"]?(?:十.五|20)|五[”"]?(?:期?末|结束时)')
_SOON = 120
"""Days ahead of an issue that a day without a year is taken to mean, where something is expected on it."""
_ISSUED = 3
"""Days within which what was published is printed."""
_PUBLISHED = re.compile(
    "^[^。；]{0,20}?(?:发布|公布|获悉|了解到|介绍|举行|召开|表示|消息|电$|讯|报道|通报|印发)"
)
_TAKEN_OVER = 2 * YEAR
"""Days before an issue that a time lies at most which a sentence takes over from the one before."""
_ROLLING = re.compile("(?:最近|近|过去)一?[1一半]?年")
_LEVEL_CHARS = 8
_ROSE_TO = re.compile("[0-9][^，,；;。]*[到至]")
_SINCE_THEN = re.compile("[自从][^，,；;。]{2,30}以来")
"""What is told is told up to now: 自2024年政策实施以来."""
_ONCE = re.compile("之初|初期|当时|当年|曾经")
_EDGE = re.compile("(?:截至)?年[底末]$")
_EARLY, _LATE = 3, 10
"""Months: up to the one 年末 is the last year's, from the other on 全年 is this year's."""
_SEEN_FROM = re.compile("[^，。；]{0,10}看")
_YEARS_SINCE = re.compile("[0-9一二两三四五六七八九十]+(?:多)?年(?:来|间)")
_PART_OF_YEAR = re.compile(
    '[“"]?(?:元旦|春节|清明|五一|劳动节|端午|中秋|国庆|假期|小长假|黄金周|春运|暑运|暑期|寒假)'
)
"""Behind a year: what is told is of these days."""
_NOW = re.compile("目前|至今(?!年)")
_ITS_END = re.compile("[末底]")
_ALL_YEAR = re.compile(r"(?<![年去今前明0-9])全年")


@dataclass(frozen=True, slots=True)
class Moment:
    """The time of a figure."""

    first: date
    last: date
    exactly: str
    """`last` as exactly as it is said: 2021, 2022-06, 2022-06-30."""
    kind: PeriodKind
    is_from_text: bool

    @property
    def is_year(self) -> bool:
        """Whether it is one whole year."""
        return _is_year(self.first, self.last)

    @property
    def is_month(self) -> bool:
        """Whether it is a month that the text names."""
        is_whole = self.first.day == 1 and (self.last + timedelta(days=1)).day == 1
        return self.is_from_text and self.kind is PeriodKind.SINGLE and is_whole and self.n_days <= 31

    @property
    def is_since_new_year(self) -> bool:
        """Whether it is more than a month, from a year's first day, and no whole year: 上半年, 1至10月."""
        begins = (self.first.month, self.first.day) == (1, 1) and self.first.year == self.last.year
        return begins and not self.is_year and (self.last - self.first).days > 31

    @property
    def n_days(self) -> int:
        """How long it is."""
        return (self.last - self.first).days + 1


def periods_of(sentence: Sentence) -> tuple[Period, ...]:
    """The periods that a sentence tells of, also behind 从, where something is seen from it or was so much then."""
    text, day = sentence.folded[sentence.start : sentence.end], sentence.day
    told = {each.start: each for each in told_periods(text, day)}
    for each in find_periods(text, day):
        is_seen = text[: each.start].endswith("从") and _SEEN_FROM.match(text, each.end)
        is_level = text[: each.start].endswith(("从", "由")) and text.startswith("的", each.end)
        if is_seen or is_level:
            told[each.start] = each
    for each in list(told.values()):
        if each.text.endswith(("季度", "半年")) and _ITS_END.match(text, each.end):
            told[each.start] = replace(each, first=each.last, kind=PeriodKind.AS_OF)
    is_lunar = {
        each.start
        for each in told.values()
        if each.text.startswith("年初") and text[: each.start].endswith("大")
    }
    return tuple(_past_edge(told[start], day) for start in sorted(told.keys() - is_lunar))


def moment_of(
    sentence: Sentence,
    at: int,
    periods: Sequence[Period],
    *,
    is_ahead: bool,
    is_growing: bool,
    indicator: Indicator,
) -> Moment | None:
    """The time of a figure that stands at `at`; None where the words leave it open.

    `is_ahead`: it is planned or expected; `is_growing`: it is a sum that grows until the year is over.
    """
    said, day = sentence.folded[sentence.start : at], sentence.day
    now = list(_NOW.finditer(said))
    if now and not any(now[-1].start() < each.start for each in periods):
        return _of_issue(day)
    told = [
        each
        for each in periods
        if each.end <= len(said)
        and not _is_of_publishing(each, said[each.end :], day)
        and not _is_of_another(said, each)
    ]
    years = list(_YEARS_SINCE.finditer(said))
    if years and not any(each.start >= years[-1].start() for each in told):
        # of how many years a sum is, or when they ended, is open
        return _of_issue(day) if indicator.is_state else None
    if told and _ALL_YEAR.search(said, told[-1].end) and told[-1].n_days == 1:
        return _whole_year(day, is_ahead=is_ahead)
    part = _PART_OF_YEAR.match(said, told[-1].end) if told and told[-1].n_days >= YEAR else None
    if part is not None and part.group() not in indicator.text:
        return None
    if told and indicator.is_state and not is_ahead and told[-1].n_days > YEAR + 1:
        return _of_issue(day) if told[-1].first <= day <= told[-1].last else None
    if told:
        is_so_far = is_growing or bool(_SO_FAR.search(said) or re.search("已|累计", sentence.clause(at)))
        return _told(told, said, day, is_ahead=is_ahead, is_so_far=is_so_far)
    if _ALL_YEAR.search(said):
        return _whole_year(day, is_ahead=is_ahead)
    if _SINCE_THEN.search(said):
        return _of_issue(day)
    earlier = [
        each
        for each in told_periods(sentence.before, day)
        if each.first <= day
        and each.n_days <= YEAR + 1
        and (day - each.last).days <= _TAKEN_OVER
        and (not indicator.is_level or _holds_on(each, sentence.before, day))
        and not _is_of_publishing(each, sentence.before[each.end : each.end + 20], day)
    ]
    if earlier:
        return _told(earlier[-1:], said, day, is_ahead=is_ahead, is_so_far=is_growing)
    return None if _ONCE.search(said) else _of_issue(day)


def _holds_on(period: Period, before: str, day: date) -> bool:
    """Whether a level is of a time named before it: the title's, an end (截至6月底), or a year that is over."""
    is_over = _is_year(period.first, period.last) and period.last < day
    return is_over or period.kind is PeriodKind.AS_OF or period.end <= before.find("\n")


def _told(told: Sequence[Period], said: str, day: date, *, is_ahead: bool, is_so_far: bool) -> Moment | None:
    """The time of the last period named before a figure."""
    period = told[-1]
    if _ROLLING.match(period.text):
        return None
    is_running = period.first <= day < period.last and not is_ahead
    is_years_since = period.n_days > YEAR + 1 and said.startswith(("以来", "”以来", '"以来'), period.end)
    if is_running and (is_years_since or (is_so_far and _is_year(period.first, period.last))):
        until = next((each.last for each in reversed(told) if each.kind is PeriodKind.AS_OF), None)
        last = until or day
        return Moment(period.first, last, last.isoformat(), PeriodKind.CUMULATIVE, until is not None)
    if period.last > day and period.n_days > YEAR + 1 and _BY_ITS_END.search(said):
        period = replace(period, first=period.last, kind=PeriodKind.PLANNED)
    return _of(_next_one(period, day) if is_ahead else period)


def _whole_year(day: date, *, is_ahead: bool) -> Moment | None:
    """全年 without its year: in spring the last one, in autumn or where it is planned this one."""
    if is_ahead or day.month >= _LATE:
        year = day.year
    elif day.month <= _EARLY + 1:
        year = day.year - 1
    else:
        return None
    return Moment(date(year, 1, 1), date(year, 12, 31), str(year), PeriodKind.SINGLE, is_from_text=True)


def _past_edge(period: Period, day: date) -> Period:
    """年末, read in the first months of a year: the last year's."""
    if period.lacks_year and _EDGE.match(period.text) and day.month <= _EARLY and period.last > day:
        first, last = (each.replace(year=each.year - 1) for each in (period.first, period.last))
        return replace(period, first=first, last=last, kind=PeriodKind.AS_OF)
    return period


def _next_one(period: Period, day: date) -> Period:
    """A day or month without a year that is still to come, where it was taken for last year's."""
    if not period.lacks_year or period.last >= day:
        return period
    with suppress(ValueError):  # 2月29日
        first, last = (each.replace(year=each.year + 1) for each in (period.first, period.last))
        if 0 <= (last - day).days <= _SOON:
            return replace(period, first=first, last=last)
    return period


def _is_of_another(said: str, period: Period) -> bool:
    """Whether a level is told of a period, 从2013年的57万亿元, and the figure is one behind it."""
    is_level = said.endswith(("从", "由"), 0, period.start) and said.startswith("的", period.end)
    return is_level and (
        len(said) - period.end > _LEVEL_CHARS or _ROSE_TO.search(said, period.end) is not None
    )


def _is_of_publishing(period: Period, behind: str, day: date) -> bool:
    """Whether a day is named because something was published on it."""
    is_near = period.n_days == 1 and abs((day - period.last).days) <= _ISSUED
    return is_near and period.kind is PeriodKind.SINGLE and _PUBLISHED.search(behind) is not None


def _of(period: Period) -> Moment:
    first, last = period.first, period.last
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        exactly = str(last.year)
    elif first.day == 1 and (last + timedelta(days=1)).day == 1:
        exactly = f"{last:%Y-%m}"
    else:
        exactly = last.isoformat()
    return Moment(first, last, exactly, period.kind, is_from_text=True)


def _of_issue(day: date) -> Moment:
    return Moment(day, day, day.isoformat(), PeriodKind.SINGLE, is_from_text=False)


def _is_year(first: date, last: date) -> bool:
    return (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year
