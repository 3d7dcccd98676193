"""Which of the figures found are points of one timeline: those of one thing, one place and one family of units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.text.figures import Kind, kind_counted, unit_worth
from retrieval.timelines.figures import POINT, Reading
from retrieval.timelines.indicator import Indicator
from retrieval.timelines.places import NATION
from retrieval.types import StoredArticle

_ANY = ("", "个")
"""Units that count anything: 网民10.51亿, 充电桩100万个 beside 台."""


@dataclass(frozen=True, slots=True)
class Found:
    """A figure with where it stands and whose it is."""

    reading: Reading
    article: StoredArticle
    sentence: tuple[int, int]
    place: str

    def counted_in(self, unit: str) -> Found:
        """It with another unit for the same things: 台 for 个, or where none is printed."""
        reading = self.reading
        return replace(self, reading=replace(reading, figure=replace(reading.figure, unit=unit)))


def of_one_place(found: Sequence[Found], regions: Sequence[str], indicator: Indicator) -> list[Found]:
    """The figures of exactly the division asked for; where none is, of the country, else of the one told of most."""
    if regions:
        return [each for each in found if each.place in regions]
    national = [each for each in found if each.place == NATION]
    if indicator.is_national or len({each.reading.moment.last for each in national}) > 1:
        return national
    counted = Counter(each.place for each in found)
    most = counted.most_common(1)[0][0] if counted else NATION
    return [each for each in found if each.place == most]


def of_one_family(found: Sequence[Found], indicator: Indicator) -> list[Found]:
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
    return reading.kind is indicator.kind or (indicator.is_share and reading.figure.unit == POINT)


def of_one_thing(found: Sequence[Found]) -> list[Found]:
    """The figures told without anything among the words; only where there are none, those with what stands there most."""
    narrowed = Counter(each.reading.narrowed for each in found)
    if not narrowed:
        return []
    most = "" if "" in narrowed else narrowed.most_common(1)[0][0]
    return [each for each in found if each.reading.narrowed == most]
