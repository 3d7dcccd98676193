"""A question to the figure that it follows: its words, its kind, and the times that limit it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from retrieval.text.figures import Kind

_COURSE = re.compile(
    r"(?:这|近|最近|过去)(?:几|些)年(?:来|里|间)?(?:的)?|近年来?|历年(?:来|的)?|逐年|[每各]年(?:度)?(?:的)?|[每各]个?月(?:份)?(?:的)?|逐月|历次"
    r"|(?:的)?(?:变化|走势|趋势|变动|曲线|进度|进展)(?:情况|趋势|过程|如何|怎么?样)?|(?:是)?(?:如何|怎么|怎样|咋)(?:变化?|走|发展)(?:的|了)?|有(?:什么|啥|何)变化"
    r"|一年比一年|逐步|按(?:年|月)|时间线"
)
"""Words that ask for a course and are no part of what is followed."""
_OF_A_PLACE = re.compile("地区(?=生产总值)")
"""In 广东地区生产总值 it would hide the place's name."""
_GROWTH = re.compile("同比|环比|增速|增幅|涨幅|降幅|增长率?|涨跌幅?|(?<!定)增减")
_STATE = re.compile(
    "存栏|装机|参保|在册|在校|(?<!保费)规模$|里程|人口|保有量|余额|储备|(?<!造林)(?<!治理)(?<!绿化)面积|普及率|指数|覆盖率|数量|户数|总数|拥有|存量|蓄积量|用户|率$|占比|比重|总资产|资产总额|存煤|库存|持卡"
    "|^(?!.*(?:新|累计|完成|开行|卖|销|产|发放|补)).*有多少[个家座只头处所项名位条]"
)
_SHARE = re.compile("(?:率|指数|占比|比重|比例|盖度|满意度)$")
"""What is told in percent, or in points."""
_FLOW = re.compile(
    "收入|保费|投资|产量|销量|票房|销售额|零售额|成交额|增量|利润|电量|换新|新[增建改]|开工|改造|量$"
)
_NEW_VERB = "新(?:[增改建签]|设(?!备|施)|开工|登记|注册|投产|认定|成立|启动|入库)|净增"
_NEW = re.compile(f"{_NEW_VERB}|换新|增量|开工|改造")
"""It is no state, though the measure is one's: 新改建农村公路里程."""
_MEASURE_WORDS = frozenset(
    "面积 数量 规模 总量 总数 人数 金额 总额 总值 数 量 达到 情况 全国 我国 中国 全区 全市 全旗 全县 全省 地区 总 "
    "电影 营业 运营 人次 多少 数据 指标 水平 一共 总共 目前 现有 累计 全年 户数 个数".split()
)
"""Words of a question that its figure's unit already says, or that a report may leave out."""
_HAN = re.compile("[一-鿿]+")
_MEASURES = ("产量", "销量", "面积", "数量", "里程", "规模", "总值", "总额", "存栏", "人数", "装机", "产值")
_ALIKE = (
    ("种植", "播种", "栽植", "栽种", "种"),
    ("播种", "种植"),
    ("产量", "总产", "产粮"),
    ("存栏", "存栏量"),
    ("gdp", "生产总值"),
    ("生产总值", "gdp"),
    ("国内生产总值", "gdp"),
    ("cpi", "居民消费价格"),
    ("居民消费价格指数", "居民消费价格", "cpi"),
    ("pmi", "采购经理指数"),
    ("采购经理指数", "pmi"),
    ("社零", "社会消费品零售"),
    ("全社会", "全国", "我国"),
    ("高速铁路", "高铁"),
    ("高铁", "高速铁路"),
    ("营业", "运营"),
    ("网民", "互联网用户"),
    ("票房", "电影票房"),
    ("游客", "旅客", "旅游"),
    ("调水", "输水"),
    ("调水量", "调水", "输水"),
)
"""A word of a question, with what reports call the same thing."""
_SAME = (
    ("贸易额", "进出口", "贸易总额", "贸易总值"),
    ("老年人口", "60岁及以上人口", "60周岁及以上人口"),
)
"""Words that mean exactly the same with hardly a character in common: reports are looked for by all of them."""
_ADDED = re.compile(_NEW_VERB)
_DONE = re.compile("开工|改造|建成|完成|竣工")
_IN_ALL = re.compile("累计|已|共有|一共|总计|合计|现有")


@dataclass(frozen=True, slots=True)
class Indicator:
    """What a figure is a figure of."""

    text: str
    """The question's words for it: 水稻种植面积."""
    words: tuple[re.Pattern[str], ...]
    """What a report has to say, folded: each word with its like."""
    terms: tuple[str, ...]
    """Its words as the question has them."""
    kind: Kind | None
    """What the question's words ask for."""
    unit: str | None
    is_growth: bool
    """Whether a rate of growth is followed, and no amount."""
    growth_base: str | None
    """同比 or 环比 where the question says which."""
    is_national: bool
    """Whether the question speaks of the whole country."""
    is_state: bool = False
    """Whether it is counted at a moment, so that no time's figure is a sum: a herd, what is installed, a rate."""
    is_share: bool = False
    """Whether it is a rate or an index."""
    places: tuple[str, ...] = ()
    """Names of the place asked for and of what it lies in, and the question's words that a report may leave out."""

    wordings: tuple[str, ...] = ()
    """Its words together, also with what means the same for one of them."""

    @property
    def same(self) -> tuple[str, ...]:
        """What means exactly the same as one of its words."""
        return tuple(like for term in self.terms for like in _same_as(term))

    def wording_of(self, text: str) -> str:
        """Its words together, as most of their characters stand in a text."""
        if len(self.wordings) == 1:
            return self.wordings[0]
        return max(self.wordings, key=lambda wording: covered(wording, text))

    def is_change(self, clause: str, *, is_over_time: bool) -> bool:
        """Whether a clause tells what came anew, or was done in a time, and not how much there is, which is followed.

        新增充电桩3万个 is no number of 充电桩, nor is 今年建成3万个; 累计建成3万个 is.
        """
        if not self.is_state or self.is_share:
            return False
        words = _ADDED.findall(clause)
        if is_over_time and not _IN_ALL.search(clause):
            words += _DONE.findall(clause)
        return any(word not in self.text for word in words)

    @property
    def is_index(self) -> bool:
        """Whether it is one of many that are about as large: an index, or a rate of growth."""
        return self.is_growth or self.text.endswith("指数")

    @property
    def is_new(self) -> bool:
        """Whether what has come anew is followed, and not how much there is."""
        return _NEW.search(self.text) is not None

    @property
    def is_flow(self) -> bool:
        """Whether it is summed up from a year's beginning, so that what it is up to a day is a sum."""
        return _FLOW.search(self.text) is not None

    @property
    def is_measure(self) -> tuple[bool, ...]:
        """Of each of its words whether it is a measure, which a unit says too."""
        return tuple(term in _MEASURES for term in self.terms)

    @property
    def is_level(self) -> bool:
        """Whether it is told now and then, as a rate or a herd is, and not for each month as an index."""
        return self.is_state and not self.text.endswith("指数")


def without_course(question: str) -> str:
    """Return a question without the words that ask for a course: 水稻种植面积这几年 is 水稻种植面积."""
    return " ".join(_OF_A_PLACE.sub(" ", _COURSE.sub(" ", question)).split())


def asks_for_course(question: str) -> bool:
    """Whether a question asks how something went over time."""
    return _COURSE.search(question) is not None


def parse_indicator(
    folded: str,
    topic_runs: Sequence[str],
    cut: Callable[[str], list[str]],
    kind: Kind | None,
    unit: str | None,
    places: Sequence[str] = (),
) -> Indicator:
    """Return what a folded question follows; `topic_runs` are its words without places and times."""
    text = "".join(topic_runs)
    is_growth = _GROWTH.search(folded) is not None
    is_share = not is_growth and _SHARE.search(text) is not None
    base = next((word for word in ("环比", "同比") if word in folded), None)
    plain = [_GROWTH.sub("", run) if is_growth else run for run in topic_runs]
    cut_words = [part for run in plain for word in _joined(cut(run)) for part in _parted(word)]
    words = [
        word
        for word in cut_words
        if word not in _MEASURE_WORDS and word != unit and (len(word) > 1 or not word.isdigit())
    ]
    if _NEW.search(text):  # 新改建农村公路 has its unit
        words = [word for word in words if word not in _MEASURES]
    words = list(dict.fromkeys(words or cut_words))
    return Indicator(
        text=text,
        terms=tuple(words),
        words=tuple(_pattern(word) for word in words),
        kind=Kind.SHARE if is_growth or is_share else kind,
        unit=unit,
        is_growth=is_growth,
        growth_base=base,
        is_national=re.search("全国|我国|中国|国内|全社会", folded) is not None,
        is_state=not is_growth
        and (is_share or (_STATE.search(folded) is not None and not _NEW.search(text))),
        is_share=is_share,
        wordings=_wordings(words),
        places=(*places, *(word for word in cut_words if word not in words)),
    )


_ALIKE_OF = {group[0]: group for group in _ALIKE}


def covered(characters: str, text: str) -> float:
    """How many of the characters a text has, of all."""
    return sum(each in text for each in characters) / len(characters)


def _same_as(word: str) -> tuple[str, ...]:
    return next((tuple(each for each in group if each != word) for group in _SAME if word in group), ())


def _wordings(words: Sequence[str]) -> tuple[str, ...]:
    swapped = [
        "".join([*words[:at], like, *words[at + 1 :]])
        for at, word in enumerate(words)
        for like in _same_as(word)
    ]
    return ("".join(words), *swapped)


def _pattern(word: str) -> re.Pattern[str]:
    """Find a word or what reports say for it: 社保 is short for 社会保障 and 社保卡 for 社会保障卡, 吞吐 may stand for 吞吐量."""
    likes = [*_ALIKE_OF.get(word, (word,)), *_same_as(word)]
    if _HAN.fullmatch(word) and len(word) == 4:
        likes.append(word[::2])
    found = [re.escape(like) for like in sorted(likes, key=len, reverse=True)]
    if _HAN.fullmatch(word) and len(word) == 3:
        found.append("[一-鿿]".join(word))
    if word.endswith("额") and len(word) > 2 and not _same_as(word):
        found.append(f"{word.removesuffix('额')}(?!总?[收费量])")
    if word.startswith("出口"):
        found = [f"(?<!进){each}" for each in found]
    if word.endswith("量") and word not in _MEASURES and word not in _ALIKE_OF:
        found.append(f"{word.removesuffix('量')}(?!总?[值额收费])")
    return re.compile("|".join(found))


def _joined(words: Sequence[str]) -> list[str]:
    """Words of which two that are cut apart stand together where the table has them as one: 国内 and 生产总值."""
    joined: list[str] = []
    for word in words:
        if joined and (joined[-1] + word in _ALIKE_OF or _same_as(joined[-1] + word)):
            word = joined.pop() + word
        joined.append(word)
    return joined


def _parted(word: str) -> list[str]:
    """A word that the dictionary has with its measure, parted from it: 汽车产量 is 汽车 and 产量."""
    if word in _ALIKE_OF or _same_as(word):
        return [word]
    measure = next((each for each in _MEASURES if word.endswith(each) and len(word) > len(each)), None)
    return [word.removesuffix(measure), measure] if measure else [word]
