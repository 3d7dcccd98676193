"""Sentences to the figures that they give for an indicator: what each counts, how, and of which time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from retrieval.text.dates import Period, PeriodKind, find_periods, told_periods
from retrieval.text.figures import Kind, Value, find_figures, kind_of, value_of
from retrieval.timelines.indicator import Indicator
from retrieval.timelines.values import PointKind
from retrieval.types import Figure



def _any_of(words: str) -> re.Pattern[str]:
    """A pattern of any of some words, written with | between them, the longer ones first."""
    return re.compile("|".join(sorted(words.split("|"), key=len, reverse=True)))


_BORDER = re.compile("[，,；;。！？：:\n]")
_SLACK = 8
"""Characters that may stand between the words of an indicator: 水稻的标准化种植."""
_LINK = _any_of(
    r"达到|达|到了?|至|为|是|约|超过|超|突破|稳定在|保持在|维持在|稳定|保持|完成|实现|接近|逼近|近|仅|已经|已|只有|有|了|将|会|就|也|可|能|高|升|重回|继续"
    r"|预计|预期|预测|有望|计划|力争|目标|拟|累计|总计|合计|共计|共|总|分别|大约|左右|历史性|历史|首次|首破|再次|再创|新高|创下?|最高|全部|全面|顺利|比重"
    r"|上涨|涨幅|降幅|涨|降至|下滑|指数|价格|面积|数量|规模|总量|总数|总数量|人数|金额|总额|总值|数|量|产量|总产量|均|在|的|出|由|从|增长|增加|增|扩大|提高|提升|上升|发展|下降|降低|降|减少|减|回落|跃|攀|同比|环比|比"
    r"|较|上年|同期|去年|上月|今年|大|全年|全国|初步|统计|核算|以上|（[^）]*）|\([^)]*\)|[“”\"'\s、]|[a-z0-9.]+"
)
"""What may stand between an indicator and its figure and adds nothing to what is counted."""
_GENERIC = _any_of(
    r"全国|我国|中国|全社会|全区|全市|全旗|全县|全省|全盟|全州|全自治区|当地|该[旗县市区]|其|目前|截至|截止|今年|去年|前年|上年|明年|年|月份?|日|底|末|初|全年|上半年|下半年|季度|前|第"
    r"|实现|完成|累计|共计|共|总计|合计|总|预计|预期|有望|力争|计划|确保|将|使|让|把|从|对|在|到|于|与|和|的|了|已|也|还|又|仅|约|是|有|达|数据显示|显示|数据|据|初步|统计|核算|介绍"
    r"|来看|看|情况|方面|中|上|下|内|里|间|期间|同期|连续|再创新高|创新高|新高|再|这|那|各|等|及|以来|以后|以|来|后|预算|一|二|三|四|五|六|七|八|九|十|个|两|几|第|至|即|即将|稳定|保持|推动|带动"
    r"|[0-9.\-—–~～至:：、“”\"'《》()（）\s]"
)
"""What may stand before an indicator and does not narrow it down."""
_CHANGE = re.compile(
    r"(?:增加|增长|减少|下降|提高|上升|新增|净增|增产|减产|多增|少增|增收|扩大|缩小|下滑|上涨|降低|提升|回落|回升|加快|放缓|攀升|多|少|增|减|降|涨|升)"
    r"(?:了|约|近|超|超过|达|幅度?|逾|将近|大约)*$"
)
_LEVEL = re.compile(r"(?:到|至|为|达到|达|在|突破|超过|超)(?:了|约|近)*$")
_AT_LEAST = re.compile("(?:超过|超|突破|破|逾|高于|不低于|迈上|站上)(?:了)?$")
_AT_MOST = re.compile("(?:近|接近|将近|逼近|不到|不足|低于)$")
_OLD_LEVEL = re.compile(r"(?:由|从|自)[^，,；;]{0,14}$")
_EVERY = re.compile("连续|年均|日均|月均|人均|户均|每[年月天日]")
_AVERAGE = re.compile("年均|平均|日均|月均|人均|户均|连续|每年|每月|每天|每日|每|历年|多年|单日|单月|最高时|其中|占")
_PLANNED_BEFORE = re.compile("计划|目标|力争|(?<!模)拟|规划|任务|确保|争取|要求|提出|不低于|新上")
_PLANNED_BEHIND = re.compile("^[^，,；;。]{0,4}的?(?:[全年度]{0,2}|[^，,；;。]{0,6})(?:预期|工作|总体|约束性)?(?:目标|任务|计划|指标)")
_FORECAST = re.compile("预计|预期|有望|预测|估计|预估|料将|或将|可能|可达|将达|将超|将突破|将有|将实现|将完成|将增|将会|能够实现|建成后|投产后|达产后")
_SO_FAR = re.compile("以来|截至|截止")
_BY_ITS_END = re.compile("(?:到|至)[“\"]?(?:十.五|20)|五[”\"]?(?:期?末|结束时)")
_SOON = 120
_ISSUED = 3
"""Days within which what was published is printed."""
_PUBLISHED = re.compile("^[^。；]{0,20}?(?:发布|公布|获悉|了解到|介绍|举行|召开|表示|消息|电$|讯|报道|通报|印发)")
_TOLD = re.compile("公布|发布|显示|获悉|了解到|介绍|表示|指出|统计|核算|测算|发展改革委|统计局|数据")
_ROLLING = re.compile("(?:最近|近|过去)一?[1一半]?年")
_EDGE = re.compile("(?:截至)?年[底末]$")
_EARLY = 3
_SEEN_FROM = re.compile("[^，。；]{0,10}看")
_BY_BRANCH = re.compile("从行业看|分行业|从行业来看|从品种看|从地区看|分地区")
_STEADY = re.compile("稳定|保持|维持|均")
_SUM = re.compile("累计")
_ALL_YEAR = re.compile(r"(?<![年去今前明0-9])全年")
_GROWN = re.compile("增长|上涨|增|涨|上升|提高|提升|高|增速|涨幅|增幅")
_FALLEN = re.compile("下降|减少|下滑|回落|降低|降|负增长|减|跌|收窄")
_YEAR = 365
_Time: TypeAlias = tuple[date, date, str, PeriodKind, bool]
"""First and last day, the last as exactly as it is said, how they are told of, and whether the text says so."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure that a sentence gives for an indicator."""

    figure: Figure
    value: Value
    kind: Kind
    point_kind: PointKind
    first: date
    last: date
    exactly: str
    is_from_text: bool
    narrowed: str
    """What stands before the indicator and narrows it down, "" for nothing: 民营企业."""
    bound: int
    """1: at least so much (超, 以上), -1: at most (近, 以下), 0: so much."""


def may_hold(folded: str, indicator: Indicator) -> bool:
    """Whether a folded text has all the indicator's words."""
    return all(any(like in folded for like in word) for word in indicator.words)


def find_measured(text: str, start: int, end: int) -> tuple[Figure, ...]:
    """The figures of `text[start:end]` that measure or count something: no dates, no ordinals."""
    found = find_figures(text, start, end)
    return tuple(each for each in found if kind_of(each) not in (Kind.DATE, Kind.ORDINAL))


def read_figures(
    text: str, folded: str, start: int, end: int, before: str, day: date | None, indicator: Indicator
) -> Iterator[Reading]:
    """Yield what `text[start:end]`, a sentence, says of an indicator.

    `folded` is the whole text folded, `before` what a reader has read before the sentence, folded; `day` is the issue
    date.
    """
    figures = find_measured(text, start, end)
    previous_end = start
    periods = _told(folded[start:end], day) if day else ()
    for figure in figures:
        value = value_of(figure)
        if value is not None:
            found = _read(folded, start, end, figure, value, previous_end, before, day, periods, indicator)
            if found is not None:
                yield found
        if kind_of(figure) is not Kind.DURATION:  # 元旦档三天票房: the days belong to what is counted
            previous_end = figure.end


def _told(text: str, day: date) -> tuple[Period, ...]:
    """The periods that a text tells of, also behind 从, where it only means from what something is seen."""
    told = {each.start: each for each in told_periods(text, day)}
    for each in find_periods(text, day):
        if text[: each.start].endswith("从") and _SEEN_FROM.match(text, each.end):
            told[each.start] = each
    return tuple(_past_edge(told[start], day) for start in sorted(told))


def _past_edge(period: Period, day: date) -> Period:
    """年末, read in the first months of a year: the last year's, unless it is planned for."""
    if period.lacks_year and _EDGE.match(period.text) and day.month <= _EARLY and period.last > day:
        first, last = (each.replace(year=each.year - 1) for each in (period.first, period.last))
        return replace(period, first=first, last=last, kind=PeriodKind.AS_OF)
    return period


def _read(
    folded: str,
    start: int,
    end: int,
    figure: Figure,
    value: Value,
    previous_end: int,
    before: str,
    day: date | None,
    periods: tuple[Period, ...],
    indicator: Indicator,
) -> Reading | None:
    label = _label(folded, start, figure.start, previous_end, before, indicator)
    if label is None:
        return None
    at, label_end, narrowed = label
    gap = folded[label_end : figure.start]
    clause = folded[_clause_start(folded, start, figure.start) : figure.start]
    behind = folded[figure.end : min(end, figure.end + 16)]
    if figure.unit == "个百分点" or _OLD_LEVEL.search(gap):
        return None
    if indicator.is_growth:
        value_or_none = _grown(value, gap, indicator)
        if value_or_none is None:
            return None
        value = value_or_none
    elif _is_change(gap):
        return None
    if "分别" in gap or _EVERY.search(clause) or _AVERAGE.search(folded[max(at - 4, start) : figure.start]):
        return None
    is_planned = bool(_PLANNED_BEFORE.search(clause) or _PLANNED_BEHIND.search(behind))
    is_forecast = bool(_FORECAST.search(clause))
    bound = _bound(gap, figure.text + behind[:2])
    # by July a year's sum is still growing, but its early harvest is in
    is_growing = bound > 0 and value.family != "克" and not indicator.is_state
    time = _time(folded, start, figure, before, day, periods, is_planned or is_forecast, is_growing)
    if time is None:
        return None
    first, last, exactly, period_kind, is_from_text = time
    if (last - first).days > _YEAR and _STEADY.search(gap):
        return None
    point_kind = PointKind.ACTUAL
    if is_forecast:
        point_kind = PointKind.FORECAST
    elif is_planned or period_kind is PeriodKind.PLANNED:
        point_kind = PointKind.PLANNED
    elif not indicator.is_state and not _is_year(first, last):
        is_sum = period_kind is PeriodKind.CUMULATIVE or _SUM.search(clause)
        if is_sum or _is_since_new_year(first, last):
            point_kind = PointKind.CUMULATIVE
    return Reading(
        figure, value, kind_of(figure), point_kind, first, last, exactly, is_from_text, narrowed, bound
    )


def _bound(gap: str, behind: str) -> int:
    if _AT_LEAST.search(gap) or re.search("[余多]|以上", behind):
        return 1
    return -1 if _AT_MOST.search(gap) or "以下" in behind else 0


def _clause_start(folded: str, start: int, at: int) -> int:
    borders = [match.end() for match in _BORDER.finditer(folded, start, at)]
    return borders[-1] if borders else start


# ------------------------------------------------------------------------------------------- what is counted


def _label(
    folded: str, start: int, at: int, previous_end: int, before: str, indicator: Indicator
) -> tuple[int, int, str] | None:
    """Where the indicator's words stand before a figure, and what narrows them down; None if the figure is of something else."""
    clause = _clause_start(folded, start, at)
    found = _words_within(folded, clause, at, indicator)
    if found is None:
        # 其产量达…: a part of the words here, the others before, if nothing here names something else
        elliptic = _elliptic(folded, start, clause, at, before, indicator)
        if elliptic is not None and not _rest(_without_figures(folded[elliptic[1] : at]), _LINK):
            return elliptic
    if found is None and not _rest(folded[clause:at], _LINK):
        # 社会消费品零售总额18.76万亿元，同比增长9.3%: the clause goes on from the one before
        earlier = _clause_start(folded, start, max(clause - 1, start))
        found = _words_within(folded, earlier, max(clause - 1, start), indicator)
        if found is not None and not indicator.is_growth and find_figures(folded, found[1], clause - 1):
            return None
    if found is None:
        return None
    first, last = found
    if folded[first - 1 : first] in tuple("和与及、") or _BY_BRANCH.search(folded, start, first):
        return None  # 货物和服务贸易 is not 服务贸易
    if _rest(_without_figures(folded[last:at]), _LINK):
        return None
    between = _rest(_without_words(folded[first:last], indicator), _LINK)
    own_clause = max(_clause_start(folded, start, first), min(previous_end, first))
    return first, last, _narrowing(folded[own_clause:first], indicator) + between


def _words_within(folded: str, start: int, end: int, indicator: Indicator) -> tuple[int, int] | None:
    """The last and shortest stretch of `folded[start:end]` with all the indicator's words, close together."""
    spots = []
    for word in indicator.words:
        found = max(
            ((folded.rfind(like, start, end), len(like)) for like in word), default=(-1, 0)
        )
        if found[0] < 0:
            return None
        spots.append(found)
    # all words at their last place; where that is far apart, those before the first of them
    first = min(spot for spot, _ in spots)
    last = max(spot + length for spot, length in spots)
    length = sum(length for _, length in spots)
    return (first, last) if last - first <= length + _SLACK else None


def _elliptic(
    folded: str, start: int, clause: int, at: int, before: str, indicator: Indicator
) -> tuple[int, int, str] | None:
    here = [any(like in folded[clause:at] for like in word) for word in indicator.words]
    n_missing = here.count(False)
    if not any(here) or not n_missing or any(here[:n_missing]):  # what is left out stands first
        return None
    missing, here = indicator.words[:n_missing], indicator.words[n_missing:]
    spots = [max((folded.rfind(like, clause, at), len(like)) for like in word) for word in here]
    first, last = min(spot for spot, _ in spots), max(spot + length for spot, length in spots)
    if _rest(folded[clause:first], _GENERIC):
        return None
    context = before + folded[start:clause]
    spot = -1
    for word in missing:
        place = max(context.rfind(like) for like in word)
        if place < 0:
            return None
        spot = place if spot < 0 else min(spot, place)
    if spot < len(before) and _narrowing(folded[start:clause], indicator):
        return None  # something else has been spoken of since
    if "其中" in context[spot:]:
        return None
    return first, last, _narrowing(context[_clause_start(context, 0, spot) : spot], indicator)


def _narrowing(text: str, indicator: Indicator) -> str:
    """What stands before an indicator and narrows it down: 民营企业, of 记者获悉，库伦旗今年民营企业."""
    told = list(_TOLD.finditer(text))
    text = text[told[-1].end() :] if told else text
    for place in indicator.places:
        text = text.replace(place, "")
    return _rest(text, _GENERIC)


def _rest(text: str, fillers: re.Pattern[str]) -> str:
    return fillers.sub("", text)


def _without_words(text: str, indicator: Indicator) -> str:
    for like in sorted((like for word in indicator.words for like in word), key=len, reverse=True):
        text = text.replace(like, "")
    return text


def _without_figures(text: str) -> str:
    for figure in reversed(find_figures(text)):
        text = text[: figure.start] + text[figure.end :]
    return text


def _is_change(gap: str) -> bool:
    if _LEVEL.search(gap):
        return False
    return bool(_CHANGE.search(gap) or re.search("比|较|同比|环比", gap))


def _grown(value: Value, gap: str, indicator: Indicator) -> Value | None:
    fallen, grown = _FALLEN.search(gap), _GROWN.search(gap)
    if not (fallen or grown):
        return None
    if indicator.growth_base and indicator.growth_base not in gap and any(w in gap for w in ("同比", "环比", "比上月")):
        return None
    if indicator.growth_base != "环比" and ("环比" in gap or "比上月" in gap):
        return None
    if fallen and not (grown and grown.start() > fallen.start()):
        return Value(value.family, -value.most, -value.least)
    return value


# --------------------------------------------------------------------------------------------- of which time


def _time(
    folded: str,
    start: int,
    figure: Figure,
    before: str,
    day: date | None,
    periods: tuple[Period, ...],
    is_ahead: bool,
    is_growing: bool,
) -> _Time | None:
    if day is None:
        return None
    sentence = folded[start : figure.start]
    clause = folded[_clause_start(folded, start, figure.start) : figure.start]
    if "目前" in sentence and not any(sentence.rfind("目前") < each.start for each in periods):
        return day, day, day.isoformat(), PeriodKind.SINGLE, False
    told = [
        each
        for each in periods
        if each.end <= len(sentence)
        and not (each.text.startswith("年初") and folded.startswith("大", start + each.start - 1))
        and not _is_of_issue(each, folded[start + each.end : figure.start], day)
    ]
    if told:
        found = told[-1]
        if _ROLLING.match(found.text):
            return None
        if _is_running(found, day) and not is_ahead and (is_growing or _SO_FAR.search(sentence) or "已" in clause):
            until = next((each.last for each in reversed(told) if each.kind is PeriodKind.AS_OF), None)
            last = until or day
            return found.first, last, last.isoformat(), PeriodKind.CUMULATIVE, until is not None
        if found.last > day and found.n_days > _YEAR + 1 and _BY_ITS_END.search(sentence):
            found = replace(found, first=found.last, kind=PeriodKind.PLANNED)
        return _of(_next_one(found, day) if is_ahead else found)
    if _ALL_YEAR.search(sentence):
        if is_ahead or day.month >= 10:
            year = day.year
        elif day.month <= 4:
            year = day.year - 1
        else:
            return None
        return date(year, 1, 1), date(year, 12, 31), str(year), PeriodKind.SINGLE, True
    earlier = [
        each
        for each in told_periods(before, day)
        if each.first <= day and each.n_days <= _YEAR + 1 and not _is_of_issue(each, before[each.end : each.end + 20], day)
    ]
    if earlier:
        return _of(earlier[-1])
    return day, day, day.isoformat(), PeriodKind.SINGLE, False


def _is_running(period: Period, day: date) -> bool:
    """Whether a period is a year that is not over."""
    return _is_year(period.first, period.last) and period.first <= day < period.last


def _next_one(period: Period, day: date) -> Period:
    """A day or month without a year that is still to come, where it was taken for last year's."""
    if not period.lacks_year or period.last >= day:
        return period
    with suppress(ValueError):  # 2月29日
        first, last = (each.replace(year=each.year + 1) for each in (period.first, period.last))
        if 0 <= (last - day).days <= _SOON:
            return replace(period, first=first, last=last)
    return period


def _is_of_issue(period: Period, behind: str, day: date) -> bool:
    """Whether a day is named because something was published on it."""
    is_near = period.n_days == 1 and abs((day - period.last).days) <= _ISSUED
    return is_near and period.kind is PeriodKind.SINGLE and _PUBLISHED.search(behind) is not None


def _of(period: Period) -> _Time:
    first, last = period.first, period.last
    if _is_year(first, last) or (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        exactly = str(last.year)
    elif first.day == 1 and (last.replace(day=28) <= last) and _is_months_end(last):
        exactly = f"{last:%Y-%m}"
    else:
        exactly = last.isoformat()
    return first, last, exactly, period.kind, True


def _is_months_end(day: date) -> bool:
    return (day.toordinal() + 1) and date.fromordinal(day.toordinal() + 1).day == 1


def _is_year(first: date, last: date) -> bool:
    return (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year


def _is_since_new_year(first: date, last: date) -> bool:
    return (first.month, first.day) == (1, 1) and first.year == last.year and 31 < (last - first).days < _YEAR - 1
