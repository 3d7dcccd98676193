"""Made-up timelines."""

from datetime import date
from decimal import Decimal

from samples import article

from retrieval import Point, PointKind, Timeline


def point(
    year: int,
    value: str,
    kind: PointKind = PointKind.ACTUAL,
    *,
    months: tuple[int, int] | None = None,
    **more: object,
) -> Point:
    """A figure of a year, or of some months of it."""
    text = f"{year}年水稻<种植>面积达{value}万亩。"
    first, last = months or (1, 12)
    start = text.index(value)
    values: dict[str, object] = {
        "first": date(year, first, 1),
        "last": date(year, last, 31 if last == 12 else 30),
        "date": str(year) if months is None else f"{year}-{last:02}",
        "value": Decimal(value),
        "most": Decimal(value),
        "unit": "万亩",
        "kind": kind,
        "is_from_text": True,
        "bound": 0,
        "figure": (start, start + len(value) + 2),
        "sentence": (0, len(text)),
        "article": article(year, text),
    }
    return Point(**(values | more))  # type: ignore[arg-type]


def timeline(*points: Point) -> Timeline:
    return Timeline("水稻种植面积这几年", "水稻种植面积", "150524", "万亩", points, 12.5)
