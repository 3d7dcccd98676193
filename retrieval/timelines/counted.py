"""What a figure counts: the words before it that name an indicator, and what narrows that down."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.text.figures import Kind, find_figures, kind_of
from retrieval.timelines.indicator import Indicator
from retrieval.timelines.sentences import Sentence, clause_start


def _any_of(words: str) -> re.Pattern[str]:
    """A pattern of any of some words, written with | between them, the longer ones first."""
    return re.compile("|".join(sorted(words.split("|"), key=len, reverse=True)))


_NEAR = 60
"""Characters before a clause that is short for what they say."""
_SLACK = 16
"""Characters that may stand between the words of an indicator: 水稻的标准化种植."""
_LINK = _any_of(
    r"平均值|平均|均值|达到|达|到了?|至|为|是|约|超过|超|突破|稳定在|保持在|维持在|稳定|保持|完成|实现|接近|逼近|近|仅|已经|已|只有|有|了|将|会|就|也|可|能|高|升|重回|继续"
    r"|预计|预期|预测|有望|计划|力争|目标|拟|累计|总计|合计|共计|共|总|分别|大约|左右|首次|最高|比重"
    r"|年|上涨|涨幅|降幅|涨|降至|下滑|指数|价格|面积|数量|规模|总量|总数|总数量|人数|金额|总额|总值|数|量|产量|总产量|均|在|的|出|由|从|增长|增加|增|扩大|提高|提升|上升|发展|下降|降低|降|减少|减|回落|跃|攀|同比|环比|比"
    r"|较|上年|同期|去年|上月|今年|大|全年|全国|初步|统计|核算|以上|（[^）]*）|\([^)]*\)|[“”\"'\s、]|[a-z0-9.]+"
)
"""What may stand between an indicator and its figure and adds nothing to what is counted."""
_GENERIC = _any_of(
    r"今[天日]|昨[天日]|如今|现在|而|其中|另外|此外|份|当前|拥有|已有|当月|全国|我国|中国|全社会|全区|全市|全旗|全县|全省|全盟|全州|全自治区|当地|该[旗县市区]|其|目前|截至|截止|今年|去年|前年|上年|明年|年|月份?|日|底|末|初|全年|上半年|下半年|季度|前|第"
    r"|实现|完成|累计|共计|共|总计|合计|总|预计|预期|有望|力争|计划|确保|将|使|让|把|从|对|在|到|于|与|和|的|了|已|也|还|又|仅|约|是|有|达|数据显示|显示|地区|数据|据|初步|统计|核算|介绍"
    r"|来看|看|情况|方面|中|上|下|内|里|间|期间|同期|连续|再创新高|创新高|新高|再|这|那|各|等|及|以来|以后|以|来|后|预算|一|二|三|四|五|六|七|八|九|十|个|两|几|第|至|即|即将|稳定|保持|推动|带动"
    r"|[0-9.\-—–~～至:：、“”\"'《》()（）\s]"
)
"""What may stand before an indicator and does not narrow it down."""
_TOLD = re.compile(
    "公布|发布|显示|获悉|了解到|介绍|表示|指出|统计|核算|测算|发展改革委|统计局|数据|(?:作为|代表)[^，,；;。]*的"
)
"""What is told begins behind it."""
_ROSE_FROM = re.compile("[从由自][^，,；;。]*(?=[增提上升扩下降减攀跃回][^，,；;。]{0,4}[到至])")
_BY_BRANCH = re.compile("从行业看|分行业|从行业来看|从品种看|从地区看|分地区")
_HELD = re.compile("超过|突破|近|约|超|逾|建成|有|已|的")
_OF = re.compile("(?:左右|以上)?长?的?")
_BORDER = re.compile("[，。；、！？：\n）)]|四通|纵横|通[向达]|让|如|使|将|已|得|在|成|正|搭|构|织|覆盖|$")
"""What may stand behind what is counted: it is no part of a longer name."""
_MOST = 0.6
"""Of an indicator's characters that its figure's own clause has."""
_COORDINATION = frozenset("和与及、")


@dataclass(frozen=True, slots=True)
class Label:
    """What a figure counts."""

    start: int
    end: int
    """Where the indicator's words stand in the text."""
    narrowed: str
    """What stands among its words, "" for nothing: 东中线工程 of 南水北调东中线工程调水量."""
    is_sure: bool = True
    """Whether the words alone say so; else only a figure that goes on from the others is one of them."""


def label_of(sentence: Sentence, at: int, indicator: Indicator) -> Label | None:
    """The indicator's words before a figure that stands at `at`; None if the figure is of something else."""
    folded, start = sentence.folded, sentence.start
    clause = sentence.clause_start(at)
    found = _words_within(folded, clause, at, indicator)
    if found is None:
        elliptic = _elliptic(sentence, clause, at, indicator)
        if elliptic is not None and not _rest(_without_figures(folded[elliptic.end : at]), _LINK):
            return elliptic
        found = _continued(sentence, clause, at, indicator)
    if found is None:
        return None
    first, last = found
    if folded[first - 1 : first] in _COORDINATION or _BY_BRANCH.search(folded, start, first):
        return None  # 货物和服务贸易 is not 服务贸易
    border = max(last, clause)
    gap = _ROSE_FROM.sub("", folded[last:border].strip("，,") + folded[border:at])
    if _rest(_without_figures(gap), _LINK):
        return None
    inside = without_words(folded[first:last], indicator)
    for word in indicator.places:
        inside = inside.replace(word, "")
    between = _rest(_rest(inside, _LINK), _GENERIC)
    before = _without_figures(folded[sentence.clause_start(first) : first])
    return None if _narrowing(before, indicator) else Label(first, last, between)


def label_behind(sentence: Sentence, at: int, end: int, indicator: Indicator) -> Label | None:
    """The indicator's words right behind a figure that is the clause's first: 460万公里的农村公路."""
    folded = sentence.folded
    clause = sentence.clause_start(at)
    if _rest(_rest(folded[clause:at], _HELD), _GENERIC):
        return None
    border = _OF.match(folded, end)
    first = border.end() if border else end
    within = min(sentence.end, end + _SLACK)
    spots = [spot for word in indicator.words_behind if (spot := word.search(folded, first, within))]
    if not spots or len(spots) < len(indicator.words_behind):
        return None
    last = max(each.end() for each in spots)
    if min(each.start() for each in spots) > first or without_words(folded[first:last], indicator):
        return None
    return Label(first, last, "") if _BORDER.match(folded, last) else None


def doubtful_label(sentence: Sentence, at: int, indicator: Indicator) -> Label | None:
    """All of the indicator's characters in the figure's own clause, in whichever words: 电影暑期档总票房 for 暑期档电影票房."""
    folded, clause = sentence.folded, sentence.clause_start(at)
    here = [folded.rfind(character, clause, at) for character in indicator.characters]
    spots = [spot for spot in here if spot >= 0]
    figures = [
        each.end for each in find_figures(folded, sentence.start, at) if kind_of(each) is not Kind.DATE
    ]
    since = max(figures, default=sentence.start)
    if len(spots) < _MOST * len(here) or not indicator.characters <= set(folded[since:at]):
        return None
    first, last = min(spots), max(spots) + 1
    if since >= last or _COORDINATION & set(folded[first:last]):
        return None
    return Label(first, last, _narrowing(folded[clause:first], indicator), is_sure=False)


def _words_within(folded: str, start: int, end: int, indicator: Indicator) -> tuple[int, int] | None:
    """Where the indicator's words stand in `folded[start:end]`, each at its last place; None where they are far apart."""
    spots = [_last_place(folded, start, end, word) for word in indicator.words]
    if any(spot < 0 for spot, _ in spots):
        return None
    first = min(spot for spot, _ in spots)
    last = max(spot + length for spot, length in spots)
    length = sum(length for _, length in spots)
    return (first, last) if last - first <= length + _SLACK else None


def _last_place(text: str, start: int, end: int, word: re.Pattern[str]) -> tuple[int, int]:
    found = list(word.finditer(text, start, end))
    return (found[-1].start(), len(found[-1].group())) if found else (-1, 0)


def _continued(sentence: Sentence, clause: int, at: int, indicator: Indicator) -> tuple[int, int] | None:
    """The words in the clause before, where this one only goes on from it: 零售总额18.76万亿元，同比增长9.3%."""
    folded, end = sentence.folded, max(clause - 1, sentence.start)
    if _rest(folded[clause:at], _LINK):
        return None
    found = _words_within(folded, sentence.clause_start(end), end, indicator)
    is_level = "达" in folded[clause:at]  # 突破13亿千瓦，达到13.22亿千瓦
    if found is not None and not (indicator.is_growth or is_level) and find_figures(folded, found[1], end):
        return None
    return found


def _elliptic(sentence: Sentence, clause: int, at: int, indicator: Indicator) -> Label | None:
    """The last words here, the first ones before: 新能源汽车产销两旺，产量达…."""
    folded, start = sentence.folded, sentence.start
    is_here = [word.search(folded, clause, at) is not None for word in indicator.words]
    n_missing = is_here.count(False)
    if not any(is_here) or not n_missing or any(is_here[:n_missing]):
        return None
    spots = [_last_place(folded, clause, at, word) for word in indicator.words[n_missing:]]
    first, last = min(spot for spot, _ in spots), max(spot + length for spot, length in spots)
    if _rest(folded[clause:first], _GENERIC):
        return None
    context = sentence.before + folded[start:clause]
    if _words_within(context, max(0, len(context) - _NEAR), len(context), indicator):
        return None  # the whole name has its own figure
    missing = [_last_place(context, 0, len(context), word)[0] for word in indicator.words[:n_missing]]
    spot = min(missing)
    if spot < 0 or "其中" in context[spot:]:
        return None
    if spot < len(sentence.before) and _narrowing(folded[start:clause], indicator):
        return None  # something else has been spoken of since
    if _narrowing(context[clause_start(context, 0, spot) : spot], indicator):
        return None
    return Label(first, last, "")


def _narrowing(text: str, indicator: Indicator) -> str:
    """What stands before an indicator and narrows it down: 民营企业, of 记者获悉，库伦旗今年民营企业."""
    told = list(_TOLD.finditer(text))
    text = without_words(text[told[-1].end() :] if told else text, indicator)
    for place in indicator.places:
        text = text.replace(place, "")
    return _rest(text, _GENERIC)


def _rest(text: str, fillers: re.Pattern[str]) -> str:
    return fillers.sub("", text)


def without_words(text: str, indicator: Indicator) -> str:
    """What a text says beside the indicator's words."""
    for word in indicator.words:
        text = word.sub("", text)
    return text


def _without_figures(text: str) -> str:
    for figure in reversed(find_figures(text)):
        text = text[: figure.start] + text[figure.end :]
    return text
