"""Sentences to the figures that they give for an indicator: how much, in which way, of which time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.answer_types import Figure
from retrieval.text.dates import Period, PeriodKind
from retrieval.text.figures import Kind, Value, find_figures, kind_of, value_of
from retrieval.timelines.evidence import Label, Reader, without_words
from retrieval.timelines.indicator import Indicator, covered
from retrieval.timelines.moments import YEAR, Moment, moment_of, periods_of
from retrieval.timelines.values import PointKind, Sentence

POINT = "点"
"""The unit of an index; elsewhere a time of day."""
_CHANGE = re.compile(
    r"(?:增加|增长|减少|下降|提高|上升|新增|净增|增产|减产|多增|少增|增收|扩大|缩小|下滑|上涨|降低|提升|回落|回升|加快|放缓|攀升|多|少|增|减|降|涨|升)"
    r"(?:了|约|近|超|超过|达|幅度?|逾|将近|大约)*$"
)
_LEVEL = re.compile(r"(?:到|至|为|达到|达|在|突破|超过|超)(?:了|约|近)*$")
_AT_LEAST = re.compile("(?:超过|超|突破|破|逾|高于|不低于|迈上|站上)(?:了)?$")
_AT_MOST = re.compile("(?:近|接近|将近|逼近|不到|不足|低于)$")
_OLD_LEVEL = re.compile("(?:由|从|自)(?:[0-9]{4}年)?[^，,；;0-9]{0,14}$")
_EVERY = re.compile("连续|年均|日均|月均|人均|户均|每[年月天日百千万亿人户亩]")
_AVERAGE = re.compile(
    "年均|平均|均值|日均|月均|人均|户均|连续|每年|每月|每天|每日|每|历年|多年|单日|单月|最高时"
)
_PLANNED_BEFORE = re.compile("计划|目标|力争|(?<!模)拟|规划|任务|确保|争取|要求|提出|不低于|新上")
_PLANNED_BEHIND = re.compile(
    "^[^，,；;。]{0,4}的?(?:[全年度]{0,2}|[^，,；;。]{0,6})(?:预期|工作|总体|约束性)?(?:目标|任务|计划|指标)"
)
_FORECAST = re.compile(
    "预计|预期|有望|预测|估计|预估|料将|或将|可能|可达|将(?:新|达|超|突破|有|实现|完成|增|会|提|升|扩|降|稳|保持)|能够实现|建成后|投产后|达产后"
)
_IN_A_PLAN = re.compile(
    "(?:计划|规划|方案|意见|要点)[^，,；;。]{0,12}》[^，,；;。]{0,6}(?:明确|提出|指出|要求)"
)
_AIMS = re.compile("目标[^，,；;。]{0,6}[：:]")
_ADDED = re.compile("(?:新增|净增)了?$")
_ROSE = re.compile("[由从].*[0-9].*[到至]")
"""From what it rose, and when, is told, but not when it was what it is."""
_NOW = re.compile("目前|现在|如今")
_STEADY = re.compile("稳定|保持|维持|均")
_SUM = re.compile("累计")
_DONE = re.compile("累计(?:完成|实施|新增|治理|种植)")
"""It is a sum, be it of what is a state elsewhere: 累计完成国土绿化面积."""
_SINCE = re.compile("以来|截[至止]")
"""It is summed up from when something began, or up to now: 党的十八大以来, 截至目前."""
_BEGAN = re.compile("以来")
_SO_FAR = re.compile("目前|至今|已|以来|今年|年产")
"""It is told of up to now, though no day is named."""
_GROWN = re.compile("增长|上涨|增|涨|上升|提高|提升|高|增速|涨幅|增幅")
_FALLEN = re.compile("下降|减少|下滑|回落|降低|降|负增长|减|跌|收窄")
_BASES = re.compile("同比|环比|比上月")
_MONTH = 28
"""The days of a time in which something is done."""
_BEHIND, _NEAR = 16, 60
"""Characters behind a figure, and before its sentence, that may say what it is."""
_IN_SENTENCE, _IN_CONTEXT = 0.34, 0.5
"""Of an indicator's characters that a figure's sentence has, and this with the title and what stands before it."""
_COUNTED_BEFORE = re.compile(
    "(?P<unit>人次|(?:[人户台辆件家](?=数)))数?量?(?:首次|已|就|将|约|近|超过?|突破|达到?|了|为|是|有|至)*$"
)
"""The unit of a number without one, said before it: 出游人次14.19亿."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A figure that may be worth reading."""

    figure: Figure
    value: Value
    score: float
    """Larger where more of the indicator's characters stand around it, nearer ones weighing more."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure that a sentence gives for an indicator."""

    figure: Figure
    value: Value
    kind: Kind
    point_kind: PointKind
    moment: Moment
    narrowed: str
    """What narrows the indicator down, "" for nothing: 民营企业."""
    said: str
    """What its clause says before it: those of one wording are mostly of one thing."""
    evidence: tuple[float, ...]
    """What of the sentence speaks for it being of the indicator (`evidence.NAMES`)."""
    bound: int
    """1: at least so much (超, 以上), -1: at most (近, 以下), 0: so much."""
    is_risen: bool
    """Whether it is said from what it rose, and not when it was so much."""


def may_hold(folded: str, indicator: Indicator) -> bool:
    """Whether a folded text may tell of an indicator: it has half of its characters."""
    return covered(indicator.wording_of(folded), folded) >= _IN_CONTEXT


def find_measured(text: str, start: int, end: int) -> tuple[Figure, ...]:
    """The figures of `text[start:end]` that say in which unit they measure or count something: no dates, no ordinals."""
    found = find_figures(text, start, end)
    return tuple(each for each in found if each.unit and not _is_date(each))


def _is_date(figure: Figure) -> bool:
    return kind_of(figure) in (Kind.DATE, Kind.ORDINAL)


def glimpse_figures(text: str, sentence: Sentence, indicator: Indicator) -> Iterator[Glimpse]:
    """Yield the figures of a sentence of `text` that may tell of an indicator, at a glance."""
    folded, start = sentence.folded, sentence.start
    characters = indicator.wording_of(folded[start : sentence.end])
    if covered(characters, folded[start : sentence.end]) < _IN_SENTENCE:
        return
    title, _, paragraph = sentence.before.partition("\n")
    around = title + paragraph[-_NEAR:]
    for printed in find_figures(text, start, sentence.end):
        figure = counted_before(sentence, printed)
        is_share = kind_of(figure) is Kind.SHARE or (figure.unit == POINT and indicator.is_share)
        if is_share != (indicator.is_share or indicator.is_growth) or (_is_date(figure) and not is_share):
            continue
        until = min(sentence.end, figure.end + _BEHIND)
        said = covered(characters, folded[start:until])
        if said < _IN_SENTENCE or (known := covered(characters, around + folded[start:until])) < _IN_CONTEXT:
            continue
        value = value_told(figure)
        if value is not None:
            here = covered(characters, folded[sentence.clause_start(figure.start) : until])
            yield Glimpse(figure, value, 2 * here + said + known)


def read_figures(
    sentence: Sentence, glimpses: Sequence[Glimpse], indicator: Indicator, rarities: Sequence[float]
) -> Iterator[Reading]:
    """Yield what a sentence says with some of its figures; `rarities` are of the indicator's words."""
    reader, periods = Reader(sentence, indicator, rarities), periods_of(sentence)
    for each in glimpses:
        found = _read(sentence, each.figure, each.value, reader.label(each.figure), periods, indicator)
        if found is not None:
            yield found


def counted_before(sentence: Sentence, figure: Figure) -> Figure:
    """A figure, with the unit that stands before it where it has none."""
    if figure.unit:
        return figure
    found = _COUNTED_BEFORE.search(sentence.folded, sentence.clause_start(figure.start), figure.start)
    return replace(figure, unit=found["unit"]) if found else figure


def value_told(figure: Figure) -> Value | None:
    """A figure's value in its unit, which may stand before it."""
    is_counted = figure.unit and not figure.text.endswith(figure.unit) and figure.text[-1:] in "万亿"
    return value_of(replace(figure, text=figure.text + figure.unit) if is_counted else figure)


def _read(
    sentence: Sentence,
    figure: Figure,
    value: Value,
    label: Label,
    periods: Sequence[Period],
    indicator: Indicator,
) -> Reading | None:
    folded = sentence.folded
    gap, clause = (
        folded[label.end : figure.start],
        sentence.clause(figure.start),
    )  # no gap where it stands behind
    behind = folded[figure.end : min(sentence.end, figure.end + _BEHIND)]
    told = _value_told(figure, value, gap, indicator)
    around = folded[max(label.start - 4, sentence.start) : figure.start]
    is_average = bool(_EVERY.search(clause) or (_AVERAGE.search(around) and not indicator.is_level))
    is_added = _ADDED.search(folded[sentence.start : label.start]) and not indicator.is_new
    if told is None or is_added or (is_average and not _EVERY.search(indicator.text)):
        return None
    said = without_words(clause, indicator)  # 预期指数 is not expected
    is_planned = bool(
        _PLANNED_BEFORE.search(said)
        or _AIMS.search(folded, sentence.start, figure.start)
        or _IN_A_PLAN.search(folded, sentence.start, figure.start)
        or _PLANNED_BEHIND.search(behind)
    )
    is_forecast = bool(_FORECAST.search(said))
    bound = _bound(gap, figure.text + behind[:2])
    # by July a year's sum is still growing, but its early harvest is in
    is_growing = bound > 0 and value.family != "克" and not indicator.is_state
    moment = moment_of(
        sentence,
        figure.start,
        periods,
        is_ahead=is_planned or is_forecast,
        is_growing=is_growing,
        indicator=indicator,
    )
    if moment is None or (moment.n_days > YEAR + 1 and _STEADY.search(gap)):
        return None
    is_over_time = moment.is_from_text and moment.n_days >= _MONTH and moment.kind is not PeriodKind.AS_OF
    if indicator.is_change(clause, is_over_time=is_over_time):
        return None
    is_risen = bool(not moment.is_from_text and _ROSE.search(gap) and not _NOW.search(gap))
    if is_risen and not indicator.is_state:
        return None
    if (is_planned or is_forecast) and not moment.is_from_text:
        return None  # for when is open
    kind = PointKind.ACTUAL
    if is_forecast:
        kind = PointKind.FORECAST
    elif is_planned or moment.kind is PeriodKind.PLANNED:
        is_expected = _FORECAST.search(folded, sentence.start, figure.start) and not is_planned
        kind = PointKind.FORECAST if is_expected else PointKind.PLANNED
    elif not moment.is_year and (not indicator.is_state or _DONE.search(clause)):
        is_up_to = moment.kind is PeriodKind.AS_OF and indicator.is_flow
        is_sum = moment.kind is PeriodKind.CUMULATIVE or moment.is_since_new_year or is_up_to
        since = _SINCE if not moment.is_from_text else _BEGAN if moment.kind is PeriodKind.AS_OF else None
        is_since = since is not None and since.search(folded, sentence.start, figure.start)
        is_summed = bool(is_since or _SUM.search(clause)) and not moment.is_month
        if not (
            moment.is_from_text or is_sum or is_summed or _SO_FAR.search(folded, sentence.start, figure.start)
        ):
            return None  # of which time it is the sum is open
        kind = PointKind.CUMULATIVE if is_sum or is_summed else kind
    return Reading(
        figure,
        told,
        kind_of(figure),
        kind,
        moment,
        label.narrowed,
        label.said,
        label.evidence,
        bound,
        is_risen,
    )


def _value_told(figure: Figure, value: Value, gap: str, indicator: Indicator) -> Value | None:
    """The value, below nothing where a rate has fallen; None for a change where an amount is followed, and the reverse."""
    if figure.unit == "个百分点" or "增量" in gap or (_OLD_LEVEL.search(gap) and "年" not in gap[-6:]):
        return None
    if indicator.is_growth:
        return _grown(value, gap, indicator)
    is_level = _LEVEL.search(gap) is not None
    return value if is_level or not (_CHANGE.search(gap) or re.search("比|较", gap)) else None


def _grown(value: Value, gap: str, indicator: Indicator) -> Value | None:
    fallen, grown = _FALLEN.search(gap), _GROWN.search(gap)
    if not (fallen or grown):
        return None
    bases = _BASES.findall(gap)
    base = bases[-1] if bases else None
    wanted = indicator.growth_base or "同比"
    if base is not None and (base == "同比") != (wanted == "同比") and "同比、环比" not in gap:
        return None
    if base is None and wanted == "环比":
        return None
    if fallen and not (grown and grown.start() > fallen.start()):
        return Value(value.family, -value.most, -value.least)
    return value


def _bound(gap: str, behind: str) -> int:
    if _AT_LEAST.search(gap) or re.search("[余多]|以上", behind):
        return 1
    return -1 if _AT_MOST.search(gap) or "以下" in behind else 0
