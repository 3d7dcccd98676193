"""Figures in one unit: 3万亩 and 2000公顷 become comparable by exact numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from retrieval.text.figures import unit_worth, units
from retrieval.timelines.values import Point

_SCALES = {"": Decimal(1), "百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000), "百万": Decimal(10**6),
           "千万": Decimal(10**7), "亿": Decimal(10**8), "万亿": Decimal(10**12)}  # fmt: skip
_SCALED = re.compile(r"(?P<scale>万亿|千万|百万|亿|万|千|百)[余多几]?$")


def printed_unit(text: str, unit: str) -> str:
    """The unit of a figure with the scale before it, as printed: 万亩 of 3.2万余亩."""
    at = text.rfind(unit)
    found = _SCALED.search(text, 0, at if at >= 0 else len(text))
    return f"{found['scale']}{unit}" if found else unit


def common_unit(units: Sequence[str]) -> str:
    """The unit that stands most often; "" without any."""
    counted = Counter(units)
    return counted.most_common(1)[0][0] if counted else ""


def told_in(point: Point, unit: str) -> Point:
    """A point whose amounts are of its family's base unit, told in a unit of the family."""
    return replace(point, value=in_unit(point.value, unit), most=in_unit(point.most, unit), unit=unit)


def in_unit(amount: Decimal, wanted: str) -> Decimal:
    """An amount in its family's base unit, told in another unit of the family, perhaps with a scale: 万亩."""
    unit = next(each for each in units() if wanted.endswith(each) and wanted.removesuffix(each) in _SCALES)
    return _plain(amount / (_SCALES[wanted.removesuffix(unit)] * unit_worth(unit)))


def _plain(value: Decimal) -> Decimal:
    """Without an exponent and without zeros at the end."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() and abs(value) < 10**20 else value


def is_same(one: Point, other: Point) -> bool:
    """Whether two figures agree: equal, or one is the other told less exactly (1.4万亿, or 超1.3万亿, of 13908亿)."""
    if (one.value, one.most) == (other.value, other.most):
        return True
    if one.value != one.most or other.value != other.most:
        return False
    return _is_told_roughly(one, other) or _is_told_roughly(other, one)


def _is_told_roughly(rough: Point, exact: Point) -> bool:
    """Whether `rough` has fewer digits than `exact`, and is what that is rounded either way, or a bound near it."""
    one, other = rough.value, exact.value
    if not one or not other or one.is_signed() != other.is_signed():
        return False
    away = abs(one - other) / abs(other)
    if rough.bound and not exact.bound:
        return away <= _NEAR and (one <= other if rough.bound > 0 else one >= other)
    step = _step(rough)
    return step is not None and _is_finer(exact, step) and away < step and away <= _ROUNDED


def n_digits(text: str) -> int:
    """How many digits a figure is told with: 3 of 78.0, 2 of 1.4万亿."""
    found = _NUMBER.search(text)
    return len(found.group().replace(".", "").lstrip("0")) if found else 1


def _step(point: Point) -> Decimal | None:
    """What the last digit of a figure is worth, beside the whole: a fourteenth of 1.4万亿; None for numerals."""
    found = _NUMBER.search(point.figure_text)
    if found is None or not Decimal(found.group()):
        return None
    number = Decimal(found.group())
    return Decimal(1).scaleb(int(number.as_tuple().exponent)) / number


def _is_finer(point: Point, step: Decimal) -> bool:
    own = _step(point)
    return own is not None and own * 3 < step  # of 3.5 and 3.4 neither is the finer


_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NEAR, _ROUNDED = Decimal("0.1"), Decimal("0.05")
"""How far, relatively, a bound and a rounded figure may be from what they stand for."""


def base_amount(value: str, unit: str) -> str:
    """An amount in its family's base unit, as text that is equal for equal amounts: 3 and 万亩, 30000 and 亩."""
    own = next(each for each in units() if unit.endswith(each) and unit.removesuffix(each) in _SCALES)
    amount = Decimal(value) * _SCALES[unit.removesuffix(own)] * unit_worth(own)
    return f"{amount.normalize():f}"
