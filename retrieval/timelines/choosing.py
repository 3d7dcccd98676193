"""Which of the figures found are points of one timeline: each by what its sentence says and by the company it keeps."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.text.figures import Kind, kind_counted, unit_worth
from retrieval.timelines.figures import Reading
from retrieval.timelines.indicator import Indicator
from retrieval.timelines.likelihood import Likelihood, Numbers
from retrieval.timelines.moments import YEAR
from retrieval.timelines.places import NATION, Owner
from retrieval.timelines.values import PointKind
from retrieval.types import StoredArticle

SURE = 0.85
"""From which likelihood on a figure is shown."""
_ANY = ("", "个")
"""Units that count anything: 网民10.51亿, 充电桩100万个 beside 台."""
_MONEY = "元"
"""What a sum without a unit is in where others of it have one: 票房超100亿."""
_MONTH = 28
"""The days of a sum from which it is told for each day."""
_ROUNDED = 0.05
"""How far the logarithms of two amounts are apart at most where one is the other told less exactly."""
_ANCHOR, _ANCHOR_OF_BEST, _N_ANCHORS = 0.3, 0.5, 60
"""What others are held against: figures from so likely on, also beside the likeliest, at most so many."""
_ALONE_FROM = 9.0
"""A difference of logarithms larger than any, for a figure without others to hold it against."""


@dataclass(frozen=True, slots=True)
class Found:
    """A figure with where it stands and whose it is."""

    reading: Reading
    article: StoredArticle
    sentence: tuple[int, int]
    owner: Owner
    relevance: float = 0.0
    """The search's score of its passage, of the best one's."""

    def counted_in(self, unit: str) -> Found:
        """It with another unit for the same things: 台 for 个, or where none is printed."""
        reading = self.reading
        return replace(self, reading=replace(reading, figure=replace(reading.figure, unit=unit)))


def of_one_figure(
    found: Sequence[Found],
    regions: Sequence[str],
    indicator: Indicator,
    model: Likelihood,
    sure: float = SURE,
) -> list[Found]:
    """The figures of one thing, one place and one family of units that are as likely as `sure`."""
    if not found:
        return []
    likely = likelihoods(found, regions, indicator, model)
    return of_one_family([(each, float(p)) for each, p in zip(found, likely, strict=True) if p >= sure])


def likelihoods(
    found: Sequence[Found], regions: Sequence[str], indicator: Indicator, model: Likelihood
) -> Numbers:
    """How likely each figure is one of what is followed: not at all if it is another division's."""
    alone = numbers_alone(found, regions, indicator)
    first = model.alone.probabilities(alone)
    together = np.hstack([alone, numbers_together(found, first, alone, indicator)])
    likely = model.together.probabilities(together)
    likely[[_is_of_another(each.owner, regions, indicator) for each in found]] = 0
    return likely


def _is_of_another(owner: Owner, regions: Sequence[str], indicator: Indicator) -> bool:
    """Whether a figure is not of the very division that the question names, or of the country that it names.

    Without a place in the question, what is followed may lie in one (a port, a railway).
    """
    if regions:
        return owner.code not in regions
    return indicator.is_national and (bool(owner.code) or (owner.code is None and owner.is_said))


def of_one_family(found: Sequence[tuple[Found, float]]) -> list[Found]:
    """The figures, of those with their likelihoods, that are told in each other's units: of the likeliest family."""
    weights: Counter[str] = Counter()
    for each, likely in found:
        weights[each.reading.value.family] += likely  # type: ignore[assignment]
    families = [family for family, _ in weights.most_common() if family not in _ANY] or [*weights]
    if not families or not families[0]:
        return []
    family = families[0]
    units = Counter(each.reading.figure.unit for each, _ in found if each.reading.value.family == family)
    counter = units.most_common(1)[0][0]
    is_counted = kind_counted(counter) in (Kind.COUNT, Kind.PEOPLE) and unit_worth(counter) == 1
    without_unit = _ANY if is_counted else ("",) if counter == _MONEY else ()
    return [
        each if each.reading.value.family == family else each.counted_in(counter)
        for each, _ in found
        if each.reading.value.family == family or each.reading.value.family in without_unit
    ]


def numbers_alone(found: Sequence[Found], regions: Sequence[str], indicator: Indicator) -> Numbers:
    """What each figure's own sentence says of it, figures x numbers."""
    of_question = (
        *(bool(regions), indicator.is_national, indicator.is_share, indicator.is_growth),
        *(indicator.is_index, indicator.is_state),
    )
    rows = []
    for each in found:
        reading, owner, moment = each.reading, each.owner, each.reading.moment
        is_asked = owner.code in regions if regions else owner.code == NATION
        lag = abs(((each.article.date or moment.last) - moment.last).days)
        rows.append(
            (
                *reading.evidence,
                *(is_asked, owner.code is None, owner.is_said, owner.code == NATION),
                *(reading.figure.unit == "", reading.figure.unit == "个"),
                0.5 if indicator.unit is None else reading.figure.unit == indicator.unit,
                0.5 if indicator.kind is None else reading.kind is indicator.kind,
                *(moment.is_from_text, math.log(moment.n_days), math.log1p(lag)),
                *(reading.point_kind is kind for kind in PointKind),
                *(abs(reading.bound), each.relevance, reading.is_risen),
                *of_question,
            )
        )
    return np.array(rows, dtype=np.float64)


def numbers_together(
    found: Sequence[Found], likely: Numbers, alone: Numbers, indicator: Indicator
) -> Numbers:
    """What the other figures say of each, figures x numbers; `likely` is what each is by its own sentence."""
    n, best = len(found), float(likely.max())
    total = float(likely.sum()) + 1e-9
    amounts = [_amount(each, indicator) for each in found]
    lasts = [each.reading.moment.last.toordinal() for each in found]
    families = [each.reading.value.family for each in found]
    keys = [_key(each) for each in found]
    order = np.argsort(-likely, kind="stable")
    anchors = [int(i) for i in order[:_N_ANCHORS] if likely[i] >= max(_ANCHOR, _ANCHOR_OF_BEST * best)]
    by_family, by_place, by_narrowed, by_said = (
        _summed(names, likely)
        for names in (
            families,
            [each.owner.code for each in found],
            [each.reading.narrowed for each in found],
            [each.reading.said for each in found],
        )
    )
    told, valued, timed, near, worded = (defaultdict(list) for _ in range(5))
    for i, each in enumerate(found):
        told[keys[i]].append(i)
        valued[keys[i][-1]].append(i)
        timed[keys[i][:-1]].append(i)
        near[each.article.id, each.sentence].append(i)
        worded[each.reading.said].append(i)
    against_of = [
        max(
            (
                float(likely[j])
                for j in timed[keys[i][:-1]]
                if j != i and families[j] == families[i] and _differ(amounts[i], amounts[j])
            ),
            default=0.0,
        )
        for i in range(n)
    ]
    against_narrowed: dict[str, float] = defaultdict(float)
    for each, against in zip(found, against_of, strict=True):
        narrowed = each.reading.narrowed
        against_narrowed[narrowed] = max(against_narrowed[narrowed], against if narrowed else 0.0)
    rows = []
    for i, each in enumerate(found):
        article, own = each.article.id, amounts[i]
        again = [likely[j] for j in told[keys[i]] if found[j].article.id != article]
        same = [likely[j] for j in valued[keys[i][-1]] if found[j].article.id != article]
        alike = [likely[j] for j in worded[each.reading.said] if found[j].article.id != article]
        rivals = [likely[j] for j in near[article, each.sentence] if j != i]
        against = against_of[i]
        like = [
            j
            for j in anchors
            if j != i and keys[j] != keys[i] and families[j] == families[i] and _is_like(own, amounts[j])
        ]
        like.sort(key=lambda j: abs(lasts[j] - lasts[i]))
        away = [abs(amounts[j][0] - own[0]) for j in like]  # type: ignore[index]
        rows.append(
            (
                *(likely[i], likely[i] / (best + 1e-9), best, math.log1p(len(anchors))),
                *(by_family[families[i]] / total, by_place[each.owner.code] / total),
                by_narrowed[each.reading.narrowed] / total,
                *(by_said[each.reading.said] / total, max(alike, default=0)),
                *(max(again, default=0), math.log1p(len(again)), max(same, default=0)),
                *(against, against - likely[i], against_narrowed[each.reading.narrowed]),
                *(not each.reading.narrowed, by_narrowed[""] / total if "" in by_narrowed else 0),
                max(rivals, default=0) - likely[i] if rivals else -1,
                *((min(away[:2]), away[0], float(np.median(away))) if away else (_ALONE_FROM,) * 3),
                math.log1p(abs(lasts[like[0]] - lasts[i])) if like else -1,
                math.log1p(len(like)),
            )
        )
    most = np.where(alone[:, :_N_RELATIVE].max(axis=0) > 0, alone[:, :_N_RELATIVE].max(axis=0), 1)
    return np.hstack([np.array(rows, dtype=np.float64).reshape(n, -1), alone[:, :_N_RELATIVE] / most])


_N_RELATIVE = 11
"""The first of a figure's numbers, which say how much of the indicator stands where: they are also told of the best one's."""


def _summed(names: Sequence[object], likely: Numbers) -> dict[object, float]:
    sums: dict[object, float] = defaultdict(float)
    for name, each in zip(names, likely, strict=True):
        sums[name] += float(each)
    return sums


def _key(found: Found) -> tuple[object, ...]:
    moment = found.reading.moment
    return moment.first, moment.last, found.reading.point_kind, found.reading.value.least


def _is_like(one: tuple[float, bool] | None, other: tuple[float, bool] | None) -> bool:
    return one is not None and other is not None and one[1] == other[1]


def _differ(one: tuple[float, bool] | None, other: tuple[float, bool] | None) -> bool:
    return one is not None and other is not None and abs(one[0] - other[0]) > _ROUNDED


def _amount(found: Found, indicator: Indicator) -> tuple[float, bool] | None:
    """The logarithm of an amount, of a sum's for each day, and whether it is such a one."""
    value, moment = found.reading.value.least, found.reading.moment
    is_daily = not indicator.is_state and _MONTH <= moment.n_days <= YEAR + 1
    return (math.log(value / moment.n_days if is_daily else value), is_daily) if value > 0 else None
