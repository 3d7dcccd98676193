"""A timeline as a picture: a PNG for a chat, an SVG for a page, both of one layout.

The picture holds digits and dates alone, so it needs no font of Chinese characters; what is counted is said beside it.
A point of another kind has another mark, only points of one kind and of like stretches are joined, and gaps in time
stay as wide as they are.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from bot.messages.courses.timelines import say_value
from retrieval import Point, PointKind, Timeline

WIDTH, HEIGHT = 780, 440
"""Pixels; shown on a phone of 390 at half of it."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 96, 60, 44, 64
_INSET = 36
"""Between the axis and the first point, so that its value and the axis' do not lie over each other."""
_GROUND, _INK, _FAINT = "#ffffff", "#1f2933", "#cbd2d9"
_COLOURS = {
    PointKind.ACTUAL: "#0b69a3",
    PointKind.CUMULATIVE: "#7b4397",
    PointKind.PLANNED: "#c05621",
    PointKind.FORECAST: "#b7791f",
}
_FONT = 20
_N_RULES = 4
_YEARS = 12
"""What a picture shows at most, back from its last point."""
_GAPS = {10: 200, 31: 45, 92: 130, 366: 400, 10**9: 0}
"""Days of a stretch, with how far apart two of them may end and still be joined: further is a gap, and stays one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point in the picture."""

    x: float
    y: float
    kind: PointKind
    label: str
    """Its value; "" where there is no room."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Where everything stands, in pixels."""

    marks: tuple[Mark, ...]
    joined: tuple[tuple[int, int], ...]
    """Marks that a line joins, by number."""
    rules: tuple[tuple[float, str], ...]
    """Heights of the horizontal rules with their values."""
    ticks: tuple[tuple[float, str], ...]
    """Places on the time axis with their dates."""


def lay_out(timeline: Timeline) -> Chart:
    """Return where the points of a timeline stand. Raises ValueError where it has none."""
    if not timeline.points:
        raise ValueError("a timeline without points has no picture")
    points = _recent(timeline.points)
    days = [point.last.toordinal() for point in points]
    values = [float(point.value) for point in points]
    low, high = _limits(values)
    first, last = min(days), max(days)

    def x_of(day: int) -> float:
        share = (day - first) / (last - first) if last > first else 0.5
        return _LEFT + _INSET + share * (WIDTH - _LEFT - _INSET - _RIGHT)

    def y_of(value: float) -> float:
        return _TOP + (high - value) / (high - low) * (HEIGHT - _TOP - _BOTTOM)

    spots = [(x_of(day), y_of(value)) for day, value in zip(days, values, strict=True)]
    labels = _labels(points, spots)
    marks = tuple(
        Mark(x, y, point.kind, label) for (x, y), point, label in zip(spots, points, labels, strict=True)
    )
    rules = tuple((y_of(value), text) for value, text in _rules(low, high))
    return Chart(
        marks, tuple(_joined(points)), rules, tuple((x_of(day), text) for day, text in _ticks(points))
    )


def _limits(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    if low >= 0 and low - room < (high - low):  # a scale that begins near nothing begins there
        return 0.0, high + room
    return low - room, high + room


def _recent(points: Sequence[Point]) -> Sequence[Point]:
    """The points of the last years, where there are any to compare: one of long before would press them together."""
    since = points[-1].last.year - _YEARS
    recent = [point for point in points if point.last.year >= since]
    return recent if len({point.last for point in recent}) > 1 else points


def _rules(low: float, high: float) -> list[tuple[float, str]]:
    """Round values between two limits, about _N_RULES of them."""
    rough = (high - low) / _N_RULES
    scale = 10 ** math.floor(math.log10(rough))
    step = next(scale * factor for factor in (1, 2, 2.5, 5, 10) if scale * factor >= rough)
    first = math.ceil(low / step)
    values = [number * step for number in range(first, math.floor(high / step) + 1)]
    digits = max(0, 1 - math.floor(math.log10(step)))
    return [
        (value, f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}")
        for value in values
    ]


def _labels(points: Sequence[Point], spots: Sequence[tuple[float, float]]) -> list[str]:
    """The points' values, "" where one would lie over another: the last, the least and the most come first."""
    order = sorted(range(len(points)), key=lambda number: points[number].value)
    first = dict.fromkeys([len(points) - 1, order[0], order[-1], 0, *range(len(points))])
    labels, taken = [""] * len(points), list[tuple[float, float, float]]()
    for number in first:
        text, (x, y) = say_value(points[number].value), spots[number]
        half = len(text) * _FONT * 0.3
        is_clear = not any(abs(x - other) < half + 8 and y - 40 < height < y - 6 for other, height in spots)
        if is_clear and all(
            abs(x - other) > half + width or abs(y - height) > _FONT for other, height, width in taken
        ):
            labels[number] = text
            taken.append((x, y, half))
    return labels


def _joined(points: Sequence[Point]) -> list[tuple[int, int]]:
    """Neighbours of one kind that are told of stretches of one length; never across kinds, nor across what differs."""
    series: dict[tuple[PointKind, int], list[int]] = {}
    for number, point in enumerate(points):
        series.setdefault((point.kind, _length(point)), []).append(number)
    lines = []
    for numbers in series.values():
        alone = [n for n in numbers if sum(points[n].last == points[other].last for other in numbers) == 1]
        if points[numbers[0]].kind in (PointKind.ACTUAL, PointKind.FORECAST):
            near = _GAPS[_length(points[numbers[0]])]
            lines += [
                (one, other)
                for one, other in pairwise(alone)
                if (points[other].last - points[one].last).days <= near
            ]
    return lines


def _length(point: Point) -> int:
    """A class of stretches: days, months, quarters, years."""
    days = (point.last - point.first).days + 1
    return next(limit for limit in _GAPS if days <= limit)


def _ticks(points: Sequence[Point]) -> list[tuple[int, str]]:
    first, last = points[0].last, max(point.last for point in points)
    years = range(first.year, last.year + 1)
    if len(years) > 2:
        step = max(1, len(years) // 6)
        marked = [date(year, 12, 31) for year in years if (years[-1] - year) % step == 0]
        marked = [day for day in marked if first <= day <= last]
        if len(marked) >= 2:
            return [(day.toordinal(), f"{day.year}-12") for day in marked]
    return [(day.toordinal(), day.isoformat()) for day in dict.fromkeys((first, last))]


# ------------------------------------------------------------------------------------------------ drawing


def draw_png(timeline: Timeline) -> bytes:
    """Return the picture as a PNG; its ground is opaque, so that it reads the same in dark and light."""
    chart = lay_out(timeline)
    image = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(_FONT)
    for y, text in chart.rules:
        draw.line([(_LEFT, y), (WIDTH - _RIGHT // 2, y)], fill=_FAINT, width=1)
        draw.text((_LEFT - 10, y), text, fill=_INK, font=font, anchor="rm")
    for x, text in chart.ticks:
        draw.line([(x, HEIGHT - _BOTTOM), (x, HEIGHT - _BOTTOM + 8)], fill=_INK, width=2)
        draw.text((_within(x), HEIGHT - _BOTTOM + 14), text, fill=_INK, font=font, anchor="mt")
    for one, other in chart.joined:
        first, second = chart.marks[one], chart.marks[other]
        draw.line([(first.x, first.y), (second.x, second.y)], fill=_COLOURS[first.kind], width=3)
    for mark in chart.marks:
        _draw_mark(draw, mark)
        if mark.label:
            draw.text((_within(mark.x), mark.y - 14), mark.label, fill=_INK, font=font, anchor="mb")
    held = io.BytesIO()
    image.save(held, "PNG", optimize=True)
    return held.getvalue()


def _within(x: float) -> float:
    return min(max(x, _LEFT), WIDTH - _RIGHT)


def _draw_mark(draw: ImageDraw.ImageDraw, mark: Mark) -> None:
    """A disc for what was so, a square for a sum, a hollow triangle for a plan, a ring for a forecast."""
    x, y, colour, r = mark.x, mark.y, _COLOURS[mark.kind], 7
    if mark.kind is PointKind.ACTUAL:
        draw.ellipse([x - r, y - r, x + r, y + r], fill=colour)
    elif mark.kind is PointKind.CUMULATIVE:
        draw.rectangle([x - r, y - r, x + r, y + r], fill=colour)
    elif mark.kind is PointKind.PLANNED:
        draw.polygon(
            [(x, y - r - 2), (x - r - 1, y + r), (x + r + 1, y + r)], fill=_GROUND, outline=colour, width=3
        )
    else:
        draw.ellipse([x - r, y - r, x + r, y + r], fill=_GROUND, outline=colour, width=3)


def draw_svg(timeline: Timeline, label: str = "") -> str:
    """Return the picture as an SVG for a page, `label` being what it says to who cannot see it.

    Words take the page's colour, and marks have classes by their kinds, so that it reads in dark and light.
    """
    chart = lay_out(timeline)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-size="{_FONT}"'
        f' aria-label="{escape(label)}" font-family="sans-serif" fill="currentColor">'
    ]
    for y, text in chart.rules:
        parts.append(
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{WIDTH - _RIGHT // 2}" y2="{y:.1f}" stroke="currentColor"'
            f' opacity="0.2"/><text x="{_LEFT - 10}" y="{y + 6:.1f}" text-anchor="end">{text}</text>'
        )
    for x, text in chart.ticks:
        parts.append(
            f'<text x="{_within(x):.1f}" y="{HEIGHT - _BOTTOM + 32}" text-anchor="middle">{text}</text>'
        )
    for one, other in chart.joined:
        first, second = chart.marks[one], chart.marks[other]
        parts.append(
            f'<line x1="{first.x:.1f}" y1="{first.y:.1f}" x2="{second.x:.1f}" y2="{second.y:.1f}"'
            f' stroke="{_COLOURS[first.kind]}" class="{first.kind.value}" stroke-width="3"/>'
        )
    for mark in chart.marks:
        parts.append(_svg_mark(mark))
        if mark.label:
            parts.append(
                f'<text x="{_within(mark.x):.1f}" y="{mark.y - 14:.1f}" text-anchor="middle">{mark.label}</text>'
            )
    return "".join([*parts, "</svg>"])


def _svg_mark(mark: Mark) -> str:
    x, y, r = mark.x, mark.y, 7
    drawn = f'stroke="{_COLOURS[mark.kind]}" class="{mark.kind.value}" stroke-width="3"'
    if mark.kind is PointKind.CUMULATIVE:
        size = f'x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r}" height="{2 * r}"'
        return f'<rect {size} fill="{_COLOURS[mark.kind]}" {drawn}/>'
    if mark.kind is PointKind.PLANNED:
        corners = f"{x:.1f},{y - r - 2:.1f} {x - r - 1:.1f},{y + r:.1f} {x + r + 1:.1f},{y + r:.1f}"
        return f'<polygon points="{corners}" fill="none" {drawn}/>'
    filled = _COLOURS[mark.kind] if mark.kind is PointKind.ACTUAL else "none"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{filled}" {drawn}/>'
