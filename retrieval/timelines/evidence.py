"""What speaks for a figure being one of an indicator: what of it stands where, and what stands between and before.

Nothing here decides. Each figure of a sentence gets the same numbers, and what they are worth was learned
(`likelihood.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retrieval.answer_types import Figure
from retrieval.text.figures import Kind, find_figures, kind_of
from retrieval.timelines.indicator import Indicator, covered
from retrieval.timelines.values import Sentence


def _any_of(words: str) -> re.Pattern[str]:
    """A pattern of any of some words, written with | between them, the longer ones first."""
    return re.compile("|".join(sorted(words.split("|"), key=len, reverse=True)))


_NEAR = 60
"""Characters before a sentence that may still say what it is about."""
_BEHIND = 16
"""Characters behind a figure that may say what it counts: 460万公里的农村公路."""
_TAIL = 6
_FAR = 99
"""For a distance where there is none."""
_LINK = _any_of(
    r"平均值|平均|均值|达到|达|到了?|至|为|是|约|超过|超|突破|稳定在|保持在|维持在|稳定|保持|完成|实现|接近|逼近|近|仅|已经|已|只有|有|了|将|会|就|也|可|能|高|升|重回|继续"
    r"|预计|预期|预测|有望|计划|力争|目标|拟|累计|总计|合计|共计|共|总|分别|大约|左右|首次|最高|比重"
    r"|年|上涨|涨幅|降幅|涨|降至|下滑|指数|价格|面积|数量|规模|总量|总数|总数量|人数|金额|总额|总值|数|量|产量|总产量|均|在|的|出|由|从|增长|增加|增|扩大|提高|提升|上升|发展|下降|降低|降|减少|减|回落|跃|攀|同比|环比|比"
    r"|较|上年|同期|去年|上月|今年|大|全年|全国|初步|统计|核算|以上|（[^）]*）|\([^)]*\)|[“”\"'\s、，,]|[a-z0-9.]+"
)
"""What may stand between an indicator and its figure and adds nothing to what is counted."""
_GENERIC = _any_of(
    r"今[天日]|昨[天日]|如今|现在|而|其中|另外|此外|份|当前|拥有|已有|当月|全国|我国|中国|全社会|全区|全市|全旗|全县|全省|全盟|全州|全自治区|当地|该[旗县市区]|其|目前|截至|截止|今年|去年|前年|上年|明年|年|月份?|日|底|末|初|全年|上半年|下半年|季度|前|第"
    r"|规模以上|规上|实现|完成|累计|共计|共|总计|合计|总|预计|预期|有望|力争|计划|确保|将|使|让|把|从|对|在|到|于|与|和|的|了|已|也|还|又|仅|约|是|有|达|数据显示|显示|地区|数据|据|初步|统计|核算|介绍"
    r"|来看|看|情况|方面|中|上|下|内|里|间|期间|同期|连续|再创新高|创新高|新高|再|这|那|各|等|及|以来|以后|以|来|后|预算|一|二|三|四|五|六|七|八|九|十|个|两|几|第|至|即|即将|稳定|保持|推动|带动"
    r"|[0-9.\-—–~～至:：、“”\"'《》()（）\s]"
)
"""What may stand before an indicator and does not narrow it down."""
_TOLD = re.compile(
    "公布|发布|显示|获悉|了解到|介绍|表示|指出|统计|核算|测算|发展改革委|统计局|数据|(?:作为|代表)[^，,；;。]*的"
)
"""What is told begins behind it."""
_BY_BRANCH = re.compile("从行业看|分行业|从行业来看|从品种看|从地区看|分地区")
_HOLIDAY = re.compile("元旦|春节|清明|五一|劳动节|端午|中秋|国庆|假期|小长假|黄金周|春运|暑运|暑期|寒假")
_HELD = re.compile("超过|突破|近|约|超|逾|建成|有|已|的|左右|以上|长")
_COORDINATION = frozenset("和与及、")
_BREAK = re.compile("[，,。、；;]")
_ITEM_BREAK = re.compile("、|以及|及|和|与")
_LIST_END = re.compile("[，,；;。]")

NAMES = (
    *("in_clause", "since_figure", "in_sentence", "in_paragraph", "in_title", "behind", "here", "anywhere"),
    *("chars_in_clause", "chars_since_figure", "chars_in_sentence", "chars_behind", "chars_in_title"),
    *("first_in_clause", "last_in_clause", "first_in_sentence", "last_in_sentence", "rarest_missing"),
    *("inside", "gap", "before", "behind_before", "slack", "distance", "in_order", "figures_between"),
    *("coordinated", "coordinated_inside", "by_branch", "figures_before", "figures_in_clause", "listed"),
    *("clauses_before", "of_which", "length", "tail", "holiday", "words", "characters"),
    *("paired", "is_listed", "run_in_clause", "run_in_sentence"),
)
"""Of the numbers that `evidence_of` gives, in order."""


@dataclass(frozen=True, slots=True)
class Label:
    """The indicator's words around a figure."""

    start: int
    end: int
    """From where to where the last of them before the figure stand; where its clause begins if there are none."""
    narrowed: str
    """What stands among and before them, "" for nothing: 东中线工程 of 南水北调东中线工程调水量."""
    said: str
    """What its clause says before it, without what reports fill it with."""
    evidence: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """A figure's name in a list of names that a list of figures follows."""

    own: float
    """How much more of the indicator its own name has than any other's."""
    others: tuple[tuple[int, int], ...]
    """Where the other names stand."""


class Reader:
    """Reads the figures of one sentence for an indicator."""

    def __init__(self, sentence: Sentence, indicator: Indicator, rarities: Sequence[float]) -> None:
        folded, start, end = sentence.folded, sentence.start, sentence.end
        self.sentence, self.indicator, self.rarities = sentence, indicator, rarities
        self.figures = [each for each in find_figures(folded, start, end) if kind_of(each) is not Kind.DATE]
        self.spots = [
            [(each.start(), each.end()) for each in word.finditer(folded, start, end)]
            for word in indicator.words
        ]
        self.characters = indicator.wording_of(folded[start:end])
        title, _, paragraph = sentence.before.partition("\n")
        self.title = title
        self.in_title = [word.search(title) is not None for word in indicator.words]
        near = max(0, len(paragraph) - _NEAR)
        self.in_paragraph = [word.search(paragraph, near) is not None for word in indicator.words]

    def label(self, figure: Figure) -> Label:
        """What speaks for one of its figures."""
        sentence, folded, at = self.sentence, self.sentence.folded, figure.start
        start, clause = sentence.start, sentence.clause_start(at)
        figures = [each for each in self.figures if each.end <= at]
        # 零售额18.76万亿元，同比增长9.3%: the amount is no other figure for the rate
        earlier = [each for each in figures if _is_rate(each) == _is_rate(figure)]
        pairing = self._pairing(figure)
        is_own = pairing is not None and pairing.own > 0
        since = earlier[-1].end if earlier and not is_own else start
        until = min(sentence.end, figure.end + _BEHIND)
        clause_has, since_has, said = (self._has(each, at) for each in (clause, since, start))
        behind = self._has(figure.end, until)
        if any(behind):  # 460万公里的农村公路: the unit says 里程
            behind = [one or other for one, other in zip(behind, self.indicator.is_measure, strict=True)]
        here = [one or other for one, other in zip(clause_has, behind, strict=True)]
        anywhere = [any(each) for each in zip(said, behind, self.in_title, self.in_paragraph, strict=True)]
        where = clause if any(clause_has) else start
        last_places = [self._last(spots, where, at) for spots in self.spots]
        places = [each for each in last_places if each is not None]
        first = min((each[0] for each in places), default=clause)
        last = max((each[1] for each in places), default=clause)
        others = pairing.others if pairing is not None and is_own else ()
        before = (sentence.clause_start(first), first) if places else (clause, at)
        narrowed = self._narrowing(_outside(folded, *before, others))
        inside = self._plain(_outside(folded, first, last, others), _LINK, _GENERIC)
        gap = _rest(_without(folded, last, at, figures), _LINK) if places else ""
        held = _rest(_rest(folded[clause:at], _HELD), _GENERIC)
        tail = _BREAK.split(folded[figure.end : min(sentence.end, figure.end + _TAIL)])[0]
        holiday = _HOLIDAY.search(folded, start, at)
        characters = self.characters
        numbers = (
            *map(self._share, (clause_has, since_has, said, self.in_paragraph, self.in_title, behind)),
            *map(self._share, (here, anywhere)),
            *(covered(characters, text) for text in (folded[clause:at], folded[since:at], folded[start:at])),
            *(covered(characters, text) for text in (folded[figure.end : until], self.title)),
            *(clause_has[0], clause_has[-1], said[0], said[-1]),
            max(
                (rarity for rarity, *has in zip(self.rarities, said, behind, strict=True) if not any(has)),
                default=0,
            ),
            *(len(inside), len(gap), len(narrowed), len(held)),
            last - first - len(characters) if places else _FAR,
            at - last if places else _FAR,
            all(one[0] <= other[0] for one, other in pairwise(places)),
            0 if is_own else sum(each.start >= last for each in earlier),
            folded[first - 1 : first] in _COORDINATION if places and first else False,
            bool(_COORDINATION & set(folded[first:last])),
            bool(_BY_BRANCH.search(folded, start, at)),
            *(len(earlier), sum(each.start >= clause for each in earlier)),
            "、" in folded[clause:at] or "分别" in folded[clause:at],
            *(folded.count(",", start, at), "其中" in folded[start:at], sentence.end - start),
            len(_rest(tail, _HELD)),
            holiday is not None and holiday.group() not in self.indicator.text,
            *(len(self.spots), len(characters)),
            *((pairing.own, 1) if pairing is not None else (0, 0)),
            *(_longest_run(characters, text) for text in (folded[clause:at], folded[start:at])),
        )
        return Label(first, last, narrowed + inside, held, tuple(map(float, numbers)))

    def _pairing(self, figure: Figure) -> Pairing | None:
        """Whose a figure is where names and figures are listed apart: 养老、失业保险参保人数分别为10亿人、2亿人."""
        folded, start = self.sentence.folded, self.sentence.start
        at = folded.rfind("分别", start, figure.start)
        if at < 0:
            return None
        like = [each for each in self.figures if each.start >= at and _is_rate(each) == _is_rate(figure)]
        if not like:
            return None
        until = _LIST_END.search(folded, like[0].end)
        listed = [each.start for each in like if until is None or each.start < until.start()]
        if figure.start not in listed:
            return None
        names = _items(folded, self.sentence.clause_start(at), at)
        if len(names) < 2 and (before := self.sentence.clause_start(at) - 1) > start:
            names = _items(folded, self.sentence.clause_start(before), before)
        if len(names) < 2 or len(listed) % len(names):
            return None
        own = listed.index(figure.start) % len(names)
        shares = [self._share(self._has(*self._own_part(name, names))) for name in names]
        return Pairing(
            shares[own] - max(share for number, share in enumerate(shares) if number != own),
            tuple(name for number, name in enumerate(names) if number != own),
        )

    def _own_part(self, name: tuple[int, int], names: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """A listed name without what all of them share: 保险参保人数 of 工伤保险参保人数 if 失业保险 is followed.

        That the first one begins with the indicator but ends otherwise, or the last one the reverse, says so.
        """
        within = [each for spots in self.spots for each in spots if name[0] <= each[0] and each[1] <= name[1]]
        is_shared = within and (
            (name == names[0] and max(each[1] for each in within) < name[1])
            or (name == names[-1] and min(each[0] for each in within) > name[0])
        )
        return (name[0], name[0]) if is_shared else name

    def _has(self, start: int, end: int) -> list[bool]:
        return [any(first >= start and last <= end for first, last in spots) for spots in self.spots]

    @staticmethod
    def _last(spots: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
        return next((each for each in reversed(spots) if each[0] >= start and each[1] <= end), None)

    def _share(self, has: Sequence[bool]) -> float:
        """How much of the indicator's words there is, the rarer ones weighing more."""
        return sum(rarity for rarity, is_there in zip(self.rarities, has, strict=True) if is_there) / sum(
            self.rarities
        )

    def _narrowing(self, text: str) -> str:
        """What stands before an indicator and narrows it down: 民营企业, of 记者获悉，库伦旗今年民营企业."""
        told = list(_TOLD.finditer(text))
        return self._plain(text[told[-1].end() :] if told else text, _GENERIC)

    def _plain(self, text: str, *fillers: re.Pattern[str]) -> str:
        text = without_words(text, self.indicator)
        for place in self.indicator.places:
            text = text.replace(place, "")
        for filler in fillers:
            text = _rest(text, filler)
        return text


def without_words(text: str, indicator: Indicator) -> str:
    """What a text says beside the indicator's words."""
    for word in indicator.words:
        text = word.sub("", text)
    return text


def _is_rate(figure: Figure) -> bool:
    return kind_of(figure) is Kind.SHARE


def _items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the names of a list stand."""
    borders = [start, *(at for each in _ITEM_BREAK.finditer(text, start, end) for at in each.span()), end]
    return [(first, last) for first, last in zip(borders[::2], borders[1::2], strict=True) if first < last]


def _longest_run(characters: str, text: str) -> float:
    """How long the longest run of the characters is that a text has, of all."""
    n = len(characters)
    for length in range(n, 0, -1):
        if any(characters[at : at + length] in text for at in range(n - length + 1)):
            return length / n
    return 0.0


def _outside(text: str, start: int, end: int, stretches: Iterable[tuple[int, int]]) -> str:
    """`text[start:end]` without what stands in stretches."""
    left_out = {at for first, last in stretches for at in range(first, last)}
    return "".join(text[at] for at in range(start, end) if at not in left_out)


def _rest(text: str, fillers: re.Pattern[str]) -> str:
    return fillers.sub("", text)


def _without(text: str, start: int, end: int, figures: Iterable[Figure]) -> str:
    """`text[start:end]` without the figures in it."""
    kept = []
    for figure in figures:
        if figure.start >= start:
            kept.append(text[start : figure.start])
            start = figure.end
    return "".join(kept) + text[start:end]
