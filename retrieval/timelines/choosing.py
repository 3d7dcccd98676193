"""Which of the figures found are points of one timeline: those of one thing, one place and one family of units."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.text.figures import Kind, kind_counted, unit_worth
from retrieval.timelines.figures import POINT, Reading
from retrieval.timelines.indicator import Indicator
from retrieval.timelines.moments import YEAR
from retrieval.timelines.places import NATION, Owner
from retrieval.types import StoredArticle

_ANY = ("", "个")
"""Units that count anything: 网民10.51亿, 充电桩100万个 beside 台."""
_ALIKE, _MONTH = 0.2, 28
"""How far the logarithms of two amounts may be apart; the days of a sum from which it is told for each day."""
_ROUNDED = 0.05
"""How far they are apart at most where one is the other told less exactly."""
_COUNTED = {Kind.COUNT, Kind.PEOPLE}
"""A question need not say which: 网民规模."""


@dataclass(frozen=True, slots=True)
class Found:
    """A figure with where it stands and whose it is."""

    reading: Reading
    article: StoredArticle
    sentence: tuple[int, int]
    owner: Owner

    def counted_in(self, unit: str) -> Found:
        """It with another unit for the same things: 台 for 个, or where none is printed."""
        reading = self.reading
        return replace(self, reading=replace(reading, figure=replace(reading.figure, unit=unit)))


def of_one_figure(found: Sequence[Found], regions: Sequence[str], indicator: Indicator) -> list[Found]:
    """The figures of one thing, one place and one family of units: those that their words tell, and what goes on from them."""
    sure = [each for each in found if each.reading.is_sure and each.owner.code is not None]
    chosen = _of_one_family(_of_one_place(_of_one_thing(sure), regions, indicator), indicator)
    if indicator.is_index:
        return chosen
    if not chosen:
        placed = [each for each in found if each.owner.code is not None]
        chosen = _of_one_family(_of_one_place(_of_one_thing(placed), regions, indicator), indicator)
        chosen = [
            each for each in chosen if _goes_on(each, [one for one in chosen if one is not each], indicator)
        ]
    if not chosen:
        return []
    family, code = chosen[0].reading.value.family, chosen[0].owner.code
    others = [
        each
        for each in found
        if each.reading.value.family == family
        and (each.owner.code == code or (each.reading.is_sure and code == NATION and not each.owner.is_said))
        and not any(each.reading is one.reading for one in chosen)
    ]
    parts = {each.reading.narrowed for each in others if _contradicts(each, chosen, indicator)} - {""}
    return chosen + [
        each
        for each in others
        if each.reading.narrowed not in parts
        and not _contradicts(each, chosen, indicator)
        and _goes_on(each, chosen, indicator)
    ]


def _of_one_place(found: Sequence[Found], regions: Sequence[str], indicator: Indicator) -> list[Found]:
    """The figures of exactly the division asked for; where none is, of the country, else of the one told of most."""
    if regions:
        return [each for each in found if each.owner.code in regions]
    national = [each for each in found if each.owner.code == NATION]
    if indicator.is_national or len({each.reading.moment.last for each in national}) > 1:
        return national
    counted = Counter(each.owner.code for each in found)
    most = counted.most_common(1)[0][0] if counted else NATION
    return [each for each in found if each.owner.code == most]


def _of_one_family(found: Sequence[Found], indicator: Indicator) -> list[Found]:
    """The figures told in each other's units: of the kind asked for, else of the family met most."""
    exact = [each for each in found if indicator.unit and each.reading.figure.unit == indicator.unit]
    kind = [each for each in found if indicator.kind and _is_of_kind(each.reading, indicator)]
    chosen = exact or kind or [each for each in found if each.reading.kind is not Kind.SHARE] or list(found)
    families = Counter(each.reading.value.family for each in chosen if each.reading.value.family not in _ANY)
    families = families or Counter(each.reading.value.family for each in chosen if each.reading.value.family)
    if not families:
        return []
    family = families.most_common(1)[0][0]
    unit = Counter(each.reading.figure.unit for each in chosen if each.reading.value.family == family)
    counter = unit.most_common(1)[0][0]
    is_counted = kind_counted(counter) in (Kind.COUNT, Kind.PEOPLE) and unit_worth(counter) == 1
    return [
        each if each.reading.value.family == family else each.counted_in(counter)
        for each in chosen
        if each.reading.value.family == family or (is_counted and each.reading.value.family in _ANY)
    ]


def _is_of_kind(reading: Reading, indicator: Indicator) -> bool:
    is_counted = {reading.kind, indicator.kind} <= _COUNTED
    return (
        is_counted or reading.kind is indicator.kind or (indicator.is_share and reading.figure.unit == POINT)
    )


def _of_one_thing(found: Sequence[Found]) -> list[Found]:
    """The figures told without anything among the words; only where there are none, those with what stands there most."""
    narrowed = Counter(each.reading.narrowed for each in found)
    if not narrowed:
        return []
    most = "" if "" in narrowed else narrowed.most_common(1)[0][0]
    return [each for each in found if each.reading.narrowed == most]


def _goes_on(found: Found, others: Sequence[Found], indicator: Indicator) -> bool:
    """Whether a figure is about as large as one of the two of others that are nearest in time."""
    own = _amount(found, indicator)
    like = [
        (each, amount)
        for each in others
        if (amount := _amount(each, indicator)) and own and amount[1] == own[1]
    ]
    last = found.reading.moment.last
    like.sort(key=lambda each: abs((each[0].reading.moment.last - last).days))
    return own is not None and any(abs(own[0] - amount[0]) <= _ALIKE for _, amount in like[:2])


def _contradicts(found: Found, others: Sequence[Found], indicator: Indicator) -> bool:
    """Whether one of others is told of the same time and is another amount: the part of a whole is."""
    own, moment = _amount(found, indicator), found.reading.moment
    then = [
        amount
        for each in others
        if (each.reading.moment.first, each.reading.moment.last) == (moment.first, moment.last)
        and each.reading.point_kind is found.reading.point_kind
        and (amount := _amount(each, indicator))
    ]
    return own is not None and bool(then) and all(abs(own[0] - amount[0]) > _ROUNDED for amount in then)


def _amount(found: Found, indicator: Indicator) -> tuple[float, bool] | None:
    """The logarithm of an amount, of a sum's for each day, and whether it is such a one."""
    value, moment = found.reading.value.least, found.reading.moment
    is_daily = not indicator.is_state and _MONTH <= moment.n_days <= YEAR + 1
    return (math.log(value / moment.n_days if is_daily else value), is_daily) if value > 0 else None
