"""Where place names stand in a text: an automaton finds, then rules throw out what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from retrieval.regions.gazetteer import Gazetteer
from retrieval.regions.names import FAR_WORDS, WORDS, Kind, Name, build_names

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
            is_behind_another = bool(matches) and matches[-1].end == start
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

    def _find_raw(self, text: str) -> Iterator[tuple[int, int, int]]:
        # half a character cannot be handed over; another of its length keeps the offsets true
        whole = _HALVES.sub("\ufffd", text)
        found: Sequence[tuple[int, int, int]] = self._built[1].find_matches_as_indexes(whole)
        yield from found

    def _is_other(self, text: str, name: Name, start: int, end: int, *, is_behind_another: bool) -> bool:
        """Whether the match is no place: a person, a street, a piece of a longer word."""
        if name.kind is Kind.SHORT and not is_behind_another:
            if _STREET.match(text, end) or _is_person(text, start, end):
                return True
        is_short = len(name.text) == 2 and name.kind in (Kind.SHORT, Kind.ALIAS)
        is_loose = name.kind is Kind.TOWNSHIP and len(name.text) <= 3
        return (is_short or is_loose) and not is_behind_another and self._cuts_a_word(text, start, end)

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
