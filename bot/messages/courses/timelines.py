"""A figure over time as values: what is said of each point, apart from how Telegram, a terminal or a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.languages import Texts
from bot.messages.answers import Quote
from bot.messages.sources import Source, compose_source
from retrieval import Point, PointKind, Timeline


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One figure."""

    time: str
    """Of which time it is told: 2021, 2022-06, 2022-01～2022-06."""
    value: str
    """With its unit, in the timeline's unit: 3.2万亩; ≥3万亩 where it is told as the least."""
    note: str
    """What it is where it is no plain figure of that time: 计划, 累计; "" for none."""
    differs: bool
    """Whether another figure is told for the same time in the same way."""
    quote: Quote
    source: Source
    point: Point


@dataclass(frozen=True, slots=True)
class TimelineMessage:
    """All that is said of a figure over time."""

    heading: str
    lines: tuple[TimelineLine, ...]
    """The earliest first."""
    notes: tuple[str, ...]
    """What a reader has to know: that figures differ, or are all of something narrower."""


def compose_timeline(timeline: Timeline, place: str | None, texts: Texts) -> TimelineMessage:
    """Return what is said of a timeline; `place` is the name of the division whose figures they are."""
    stretches = [point.stretch for point in timeline.points]
    lines = tuple(_line(point, stretches.count(point.stretch) > 1, texts) for point in timeline.points)
    # 五常水稻种植面积 may name the place itself
    name = "" if place is None or place[:2] in timeline.indicator else place
    if not lines:
        heading = texts.timeline_none.format(indicator=f"{name}{timeline.indicator}")
    else:
        heading = texts.timeline_heading.format(
            indicator=f"{name}{timeline.indicator}", unit=timeline.unit, n=len(lines)
        )
    differs = (texts.timeline_differs,) if any(line.differs for line in lines) else ()
    narrowed = texts.courses.timeline_narrowed.format(
        narrowed=timeline.narrowed, indicator=timeline.indicator
    )
    return TimelineMessage(heading, lines, (narrowed, *differs) if timeline.narrowed else differs)


def say_time(point: Point) -> str:
    """Return the time that a point is told of, the same in all languages: 2021, 2022-06, 2022-01～2022-06."""
    first, last = point.first, point.last
    if (first.month, first.day) == (1, 1) and len(point.date) == 4 and first.year == last.year:
        return point.date
    if first == last or (len(point.date) == 7 and (first.year, first.month) == (last.year, last.month)):
        return point.date
    return f"{_as_exactly(first, point.date)}～{point.date}"


def _as_exactly(day: date, exactly: str) -> str:
    return day.isoformat()[: len(exactly)]


def say_value(value: Decimal) -> str:
    """Return a number as it is written, without an exponent."""
    return f"{value:f}"


def _line(point: Point, differs: bool, texts: Texts) -> TimelineLine:
    amount = say_value(point.value)
    if point.most != point.value:
        amount += f"～{say_value(point.most)}"
    kinds = {
        PointKind.ACTUAL: "",
        PointKind.PLANNED: texts.point_planned,
        PointKind.CUMULATIVE: texts.point_cumulative,
        PointKind.FORECAST: texts.point_forecast,
    }
    start = point.sentence[0]
    stretch = (point.figure[0] - start, point.figure[1] - start)
    words = [kinds[point.kind], "" if point.is_from_text else texts.point_of_issue]
    bound = {1: "≥", -1: "≤"}.get(point.bound, "")
    return TimelineLine(
        time=say_time(point),
        value=f"{bound}{amount}{point.unit}",
        note=texts.comma.join(filter(None, words)),
        differs=differs,
        quote=Quote(point.sentence_text, (stretch,), None, (stretch,), ()),
        source=compose_source(point.article, texts),
        point=point,
    )
