"""Where place names stand in a text: an automaton finds, then rules throw out what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from retrieval.regions.gazetteer import Gazetteer
from retrieval.regions.names import FAR_WORDS, WEAK, WORDS, Kind, Name, build_names

_WINDOW = 8
"""Characters around a short name that are cut into words to see whether it cuts one."""
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦昌马苗凤方俞任袁柳唐罗薛雷贺倪汤"
    "殷毕郝安常于傅齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄米贝戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊"
    "胡凌霍虞万柯管卢莫房丁邓洪包左石崔吉龚程邢裴陆翁段侯武刘景詹龙叶白乔温庄晏柴瞿阎连艾向古易廖耿关都简曾"
)
_LIST_START = "、，。,.；;：:（(“\n \u3000"
_HALVES = re.compile("[\ud800-\udfff]")
_STREET = re.compile(r"(?:[东西南北中]?(?:路|街|大街|大道|巷)(?![线上中边办])|饭店|宾馆|酒家|大厦)")
_BETWEEN = r"[^的市省区县旗一某个两多各等和与及、，。；：“”（）()\s\d]"
_FAR_NAMED = re.compile(
    rf"{_BETWEEN}{{0,3}}?(?:小区|花园|公寓|大厦|大酒店|饭店|酒店|宾馆|酒楼|酒家|餐厅|餐馆|面馆|拉面|火锅|烤鸭|板鸭|扒鸡|小吃|小笼包?|炒饭|米线|"
    r"菜馆|商会|资产|证券|银行|保险|基金|信托|茅台|啤酒(?!节)|白药|大众|汽车(?!站|客)|航空|石化|城建|股份|集团|公司|大学(?!城|生)|学院)"
    r"|(?:街|大街|大道)(?!道|办)|火锅城|城(?:小区|花园|广场|公寓|国际)"
)
"""What makes a far place's name part of another: 上海城小区, 重庆火锅城, 阿里资产, 西安交通大学."""
_SHIP = re.compile(
    r"[”’」]?(?:舰(?![船只艇长员上])|号?(?:航空母舰|航母|驱逐舰|护卫舰|巡洋舰|补给舰|登陆舰|护卫艇|潜艇|舰艇编队))"
)
_SHIP_BEGINS = frozenset("”’」舰号航驱护巡补登潜")
"""A ship, or a fleet, that is called by a place's name: 库伦舰, “库伦”号驱逐舰, 北海舰队."""
_VILLAGE = re.compile(
    r"嘎查(?!村(?!民))|村(?![民镇庄落里级集干居医卫B超晚两])|屯(?!垦)|(?:苏木|镇)(?![、乡长域区])|乡(?![村镇亲土愁情间下音贤])"
)
"""What makes the name of a larger division's that of a village or a township of the same name: 赤峰嘎查."""
_WATERS = "河江湖海山"
_RIVER = re.compile("河(?![道长流畔段口岸南北西东套谷畅])")
"""A far place's name with a river's behind it is another: 阿里河."""
_SIDE = re.compile(
    r"(?<=[\u3400-\u9fff])(?:河源(?=[头区流])|[河江湖海山][东西南北](?=[岸麓坡缘畔侧])|(?<=[入出])海口)"
)
"""What a river or a mountain whose name ends in it has: 老哈河|源头, 老哈河|南岸 name no 河源, no 河南."""
_WEAK_NAMED = re.compile(
    rf"{_BETWEEN}{{0,3}}?(?:公司|集团|股份|合作社)|牛业|草业|乳业|肉牛|黄牛|草原|沙地|沙漠|文化|品牌|肉业"
)
"""The same for home names that mean more than a county: 科尔沁牛业公司, 科尔沁草原."""
_QUESTION_WORDS = frozenset("东胜 兴和 红山 松山 东河 化德 正蓝 镶黄 玉泉 元宝山".split())
"""Words that, at the head of a question to a paper of the province, are its counties."""


@dataclass(frozen=True, slots=True)
class Match:
    """A name at its place in a text."""

    name: Name
    start: int
    end: int
    needs_support: bool
    """It is also a word, so it counts only behind an ancestor or where its full name is nearby."""
    full_names: frozenset[str]
    """The full names of divisions in the same text."""


@lru_cache(maxsize=2)
def _build(gazetteer: Gazetteer, home: str) -> tuple[list[Name], AhoCorasick]:
    """Return the names that are looked for, and what finds them by their number: built once for all who look for the same."""
    names = list(build_names(gazetteer, home).values())
    automaton = AhoCorasick(
        [name.text for name in names],
        matchkind=MatchKind.LeftmostLongest,
        implementation=Implementation.DFA,
    )
    return names, automaton


class Matcher:
    """Finds names in texts."""

    def __init__(self, gazetteer: Gazetteer, home: str, cut: Callable[[str], list[str]] | None) -> None:
        self._gazetteer = gazetteer
        self._home = home
        self._cut = cut

    @cached_property
    def _built(self) -> tuple[list[Name], AhoCorasick]:
        return _build(self._gazetteer, self._home)

    def find(self, text: str, *, is_question: bool = False) -> list[Match]:
        """Names in order, not overlapping, the longest first found from the left."""
        if not text:
            return []
        names, _ = self._built
        raw = [(names[number], start, end) for number, start, end in self._find_raw(text)]
        full_names = frozenset(name.text for name, _, _ in raw if name.kind is Kind.FULL)
        matches: list[Match] = []
        for name, start, end in raw:
            is_behind_another = (
                bool(matches) and matches[-1].end == start and self._is_within(name, matches[-1])
            )
            if name.kind is Kind.STOP or self._is_other(
                text, name, start, end, is_behind_another=is_behind_another
            ):
                continue
            needs_support = name.kind is Kind.SHORT and name.text in WORDS | FAR_WORDS
            if is_question and start == 0 and name.text in _QUESTION_WORDS:
                needs_support = False
            if is_question and len(name.codes) > 1:
                needs_support = False
            matches.append(Match(name, start, end, needs_support, full_names))
        return matches

    def _is_within(self, name: Name, above: Match) -> bool:
        """Whether a division of a name may lie in one of a name before it."""
        return any(self._gazetteer.is_within(code, its) for code in name.codes for its in above.name.codes)

    def _find_raw(self, text: str) -> Iterator[tuple[int, int, int]]:
        # half a character cannot be handed over; another of its length keeps the offsets true
        whole = _HALVES.sub("\ufffd", text)
        found: Sequence[tuple[int, int, int]] = self._built[1].find_matches_as_indexes(whole)
        yield from found

    def _is_other(self, text: str, name: Name, start: int, end: int, *, is_behind_another: bool) -> bool:
        """Whether the match is no place: a person, a street, a ship, a village, a piece of a longer word."""
        if (text[end : end + 1] in _SHIP_BEGINS and _SHIP.match(text, end)) or (
            name.text[0] in _WATERS and _SIDE.match(text, start)
        ):
            return True
        if name.kind is Kind.SHORT and not is_behind_another:
            if (
                _STREET.match(text, end)
                or (_VILLAGE.match(text, end) and name.codes != (self._home,))
                or _is_person(text, start, end)
                or self._names_another(text, name, end)
            ):
                return True
        is_short = len(name.text) == 2 and name.kind in (Kind.SHORT, Kind.ALIAS)
        is_loose = name.kind is Kind.TOWNSHIP and len(name.text) <= 3
        return (is_short or is_loose) and not is_behind_another and self._cuts_a_word(text, start, end)

    def _names_another(self, text: str, name: Name, end: int) -> bool:
        """Whether a name is only the first part of a firm's, a dish's, an estate's."""
        if name.text in WEAK:
            return _WEAK_NAMED.match(text, end) is not None
        is_far = not any(self._gazetteer.is_within(code, self._home) for code in name.codes)
        return is_far and (_FAR_NAMED.match(text, end) or _RIVER.match(text, end)) is not None

    def _cuts_a_word(self, text: str, start: int, end: int) -> bool:
        if self._cut is None:
            return False
        first = max(0, start - _WINDOW)
        position = first
        for word in self._cut(text[first : end + _WINDOW]):
            word_end = position + len(word)
            for border in (start, end):
                if position < border < word_end:
                    return True
            position = word_end
        return False


def _is_person(text: str, start: int, end: int) -> bool:
    """马东胜、李青山: a surname that begins an item of a list, and then the name."""
    if start == 0 or text[start - 1] not in _SURNAMES:
        return False
    is_item = start == 1 or text[start - 2] in _LIST_START
    return is_item and (end == len(text) or not text[end : end + 1].isalpha() or text[end] in "等同是说在的")
