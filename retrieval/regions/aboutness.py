"""What an article is about among the places that it names: never one that is named in passing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from retrieval.regions.gazetteer import Gazetteer

Where: TypeAlias = Literal["heading", "dateline", "body"]
Stretches: TypeAlias = tuple[tuple[int, int], ...]
"""Offsets in a part's text, half open."""

_ALL_OF_HOME = re.compile(r"(?:^|[\s，。、：])?(?:全区|我区|自治区)(?!域|间|块|别|分|划)")
_PREFECTURE = 2
_MANY, _MAINLY = 3, 0.6
"""Provinces from which a piece is about none, unless this share of the names lies in one; the same for counties."""
_BEGINNING = 120
"""Characters in which a piece says that it is about all of its province."""
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
_SENTENCE_ENDS = tuple("。！？!?；;\n”")
_ORIGIN = re.compile(
    r"(?:[男女](?:篮|排|足|乒|子.{2,4}队)|队(?![伍列长员友])|俱乐部)|[^，。、的市区县旗省]{0,2}(?:籍|选手|游客|旅客|客商|运动员|队员|网友|问题)"
)
_RESIDENT = re.compile(
    "(?:居民|村民|牧民|市民|农民|农牧民|群众|人)(?=[\u3400-\u9fff]{1,3}(?:先生|女士|大爷|大妈|大姐|大哥|老人|某)|[赵钱孙李周吴郑王陈张刘杨黄徐朱林何郭马罗梁宋谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]某)"
)
"""Somebody who only lives there: 库伦旗居民王先生, and not 库伦旗居民收入."""
_LIVING = re.compile("(?:家住|现住|住在|户籍|籍贯|老家在?|出生于|出生在|嫁到)$")
_CLAUSE_ENDS = "，,。！？!?；;：:\n"
_LINKS = ("、", "和", "与", "及")
_BESIDE = re.compile("[^，,。；;：:！？\n]{0,10}[、和与及]")
"""What stands between the places of a list: 库伦旗人民法院、奈曼旗."""
_RIDDEN = re.compile(
    r"[东西南北]?站?(?:开往|驶往|发往|飞往)[\u3400-\u9fff]|[东西南北]?站(?:出发|始发|发车|开出)|(?:旅游|避暑|研学|观光|赏花)+专列|(?<![省市区县旗盟])[-—][\u3400-\u9fff]{2}"
)
_NUMBERED = re.compile(
    r"[A-Z]\d{1,4}次(?:旅客|城际)?(?:列车|动车)?[（(]?(?P<on>[\u3400-\u9fff]{2,8}(?:至|到|—+|-+))?$"
)
_RUNS_TO = re.compile(r"[东西南北]?站?(?:至|到|—+|-+)[\u3400-\u9fff]")
"""Where a train runs, behind its number: K600次包头至广州."""
_RIDDEN_TO = re.compile(
    "(?:开往|驶往|发往|飞往)[\u3400-\u9fff]{0,6}$|[\u3400-\u9fff](?<![省市区县旗盟地])[-—]$"
)
_COUNTRY = re.compile("全国(?!政协|人大)|我国|各地|多地")
_IN_PASSING = re.compile(
    r"(?:[东西南北]起|起于|始于|起自|止于|去过|到过|来过|走过|来自|远销|销往|运往|发往|飞往|前往|赶往|返回|毕业于|籍贯|祖籍|出生于|就读于|畅销|辐射|途经|经过|抵达|出口|据|对接|邀请|位居|"
    r"学习|借鉴|考察|对口支援|帮扶|赴|从|由|向|往|到|至|与|和|及|同|跟|比|、|像|如|及其)$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place name in a text and the division it was taken for."""

    text: str
    start: int
    end: int
    """Offsets in the part of the article that `where` names; for a plain text, in the text."""
    code: str
    name: str
    path: str
    rule: str
    confidence: float
    where: Where = "body"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an article that is looked through for places."""

    where: Where
    text: str
    offset: int = 0
    """Where it begins in the article's text."""
    captions: Stretches = ()
    """Stretches of its text that stand below pictures: what they name the article need not be about."""
    datelines: Stretches = ()
    """Those that say where the reporter was, behind a title or a caption."""

    def report(self) -> Part:
        """Return it with all but the report itself blank."""
        text = self.text
        for start, end in (*self.captions, *self.datelines):
            # a title runs over its dateline into its report: both are its first sentence
            is_run_over = (start, end) in self.datelines and not text.endswith(_SENTENCE_ENDS, 0, start)
            text = text[:start] + (" " if start and is_run_over else "\n") * (end - start) + text[end:]
        return Part(self.where, text, self.offset)


def _is_within(mention: Mention, part: Part, stretches: Sequence[tuple[int, int]]) -> bool:
    at = mention.start - part.offset
    return mention.where == part.where and any(start <= at < end for start, end in stretches)


def is_subject(text: str, at: int) -> bool:
    """Whether a place that stands at `at` says what its clause is about, and not where something comes from or goes."""
    return not _IN_PASSING.search(text[max(0, at - 6) : at])


def heads_clause(text: str, at: int) -> bool:
    """Whether a place begins a clause, or stands where it says that something happens: 在库伦旗, 位于库伦旗."""
    clause = max(text.rfind(mark, 0, at) for mark in _CLAUSE_ENDS) + 1
    before = text[clause:at]
    return not before.strip("“《（( \u3000") or before.endswith(("在", "位于", "地处"))


def with_lists(
    text: str, mentions: Sequence[Mention], is_kept: Callable[[Mention], bool], *, offset: int = 0
) -> list[Mention]:
    """Those of a text's mentions, in order, that are kept by themselves or follow a kept one: 内蒙古赤峰市, 库伦旗、奈曼旗."""
    kept: list[Mention] = []
    for before, each in zip([None, *mentions], mentions, strict=False):
        follows = before is not None and bool(kept) and kept[-1] is before
        between = text[before.end - offset : each.start - offset] if before is not None and follows else None
        if (between is not None and (between == "" or _BESIDE.fullmatch(between))) or is_kept(each):
            kept.append(each)
    return kept


def is_origin(text: str, end: int) -> bool:
    """Whether a place that ends at `end` only tells where somebody comes from: 黑龙江选手, 湖南游客."""
    return _ORIGIN.match(text, end) is not None


def is_ridden_between(text: str, start: int, end: int) -> bool:
    """Whether a train or a plane only comes from a place or goes there: 从乌海西开往北京丰台的列车, K600次包头至广州, 通辽—佳木斯."""
    numbered = _NUMBERED.search(text[max(0, start - 24) : start])
    if numbered and (numbered["on"] or _RUNS_TO.match(text, end)):
        return True
    return bool(_RIDDEN.match(text, end) or _RIDDEN_TO.search(text[max(0, start - 8) : start]))


def _is_only_ridden(part: Part, each: Mention) -> bool:
    return is_ridden_between(part.text, each.start - part.offset, each.end - part.offset)


def told_of(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Those of a text's mentions, in order, that begin a clause, with what follows each: 内蒙古赤峰市克什克腾旗."""
    return with_lists(
        text, mentions, lambda each: heads_clause(text, each.start) and not is_origin(text, each.end)
    )


def _is_told_of(part: Part, each: Mention) -> bool:
    """Whether a place of the body is one of several that are told of, in a list or a clause each."""
    at = each.start - part.offset
    return each.where == "body" and (part.text.endswith(_LINKS, 0, at) or heads_clause(part.text, at))


def _first_sentence(text: str) -> int:
    end = _SENTENCE_END.search(text, len(text) - len(text.lstrip("\n")) + 1)
    return end.end() if end else len(text)


def _without_residences(part: Part, mentions: list[Mention]) -> list[Mention]:
    """Return a body's mentions without those behind its first sentence that only say where somebody lives, unless they are all."""
    first = part.offset + _first_sentence(part.text)
    kept: list[Mention] = []
    residence: int | None = None
    """Where the last place begins that is one: of 兴安盟突泉县居民 both are."""
    for each in reversed(mentions):
        start, end = each.start - part.offset, each.end - part.offset
        lives_there = (
            end == residence
            or _RESIDENT.match(part.text, end)
            or _LIVING.search(part.text[max(0, start - 4) : start])
        )
        if each.start >= first and lives_there:
            residence = start
        else:
            kept.append(each)
    return kept[::-1] if kept else mentions


class Aboutness:
    """Decides what a text is about, for the papers of one province."""

    def __init__(self, gazetteer: Gazetteer, home: str) -> None:
        """`home` is the code of the province."""
        self.gazetteer = gazetteer
        self.home = home

    def primary(self, parts: Sequence[Part], mentions: Sequence[Mention]) -> str | None:
        """The division that an article is about: its heading's, else that of its first sentence, else the one that it keeps
        naming; never one that is named in passing. Where the reporter was decides last, and only within the home province.
        """
        body = next((part for part in parts if part.where == "body"), None)
        if body is not None and (body.captions or body.datelines):
            mentions = self._of_report(body, mentions)
            body = body.report()
            parts = [body if part.where == "body" else part for part in parts]
        heading = [each for each in mentions if each.where == "heading"]
        named = [each for each in mentions if each.where == "body"]
        if body is not None:
            named = _without_residences(body, named)
        begun = body.offset + _first_sentence(body.text) if body is not None else 0
        first = [each for each in named if each.start < begun]
        for among, told in (
            (heading, heading),
            (first, self._leading(body, first)),
            (named, self._recurring(parts, body, named)),
        ):
            known = set(told)
            beside = [each for each in among if body and each not in known and _is_told_of(body, each)]
            found = None if self._are_all_over([*told, *beside]) else self._most_named(told)
            if found:
                return found
        if _ALL_OF_HOME.search(
            " ".join(part.text[:_BEGINNING] for part in parts if part.where != "dateline")
        ):
            return self.home
        found = self._most_named([each for each in mentions if each.where == "dateline"])
        return found if found and self.gazetteer.is_within(found, self.home) else None

    def _of_report(self, body: Part, mentions: Sequence[Mention]) -> Sequence[Mention]:
        """Return the mentions without those below pictures, unless there are no others; those of its datelines as such."""
        apart = [
            replace(each, where="dateline") if _is_within(each, body, body.datelines) else each
            for each in mentions
        ]
        told = [each for each in apart if not _is_within(each, body, body.captions)]
        return told if any(each.where != "dateline" for each in told) else apart

    def _most_named(self, mentions: Sequence[Mention]) -> str | None:
        """The county, or higher division, named most; of several the first.

        A prefecture that is named with several of its counties is it itself.
        """
        counts = Counter(self._county(each.code) for each in mentions)
        if not counts:
            return None
        above = self._above(set(counts))
        lowest = {code: n for code, n in counts.items() if code not in above}
        best = max(lowest, key=lowest.__getitem__)
        for parent in self.gazetteer.ancestors(best):
            beside = [code for code in lowest if self.gazetteer.is_within(code, parent.code)]
            if parent.code in counts and len(beside) > 1 and parent.level == _PREFECTURE:
                return parent.code if lowest[best] < _MAINLY * sum(lowest[code] for code in beside) else best
        return best

    def _are_all_over(self, mentions: Sequence[Mention]) -> bool:
        """Whether the places named lie in several provinces, and in none of them mainly: it is about none of them."""
        provinces = Counter(each.code[:2] for each in mentions)
        return len(provinces) >= _MANY and max(provinces.values()) < _MAINLY * provinces.total()

    def _leading(self, part: Part | None, first: Sequence[Mention]) -> list[Mention]:
        """Those of the body's first sentence that say what it is about: at its head, or where something happens."""
        if part is None:
            return []
        return with_lists(
            part.text,
            first,
            lambda each: (
                is_subject(part.text, each.start - part.offset)
                and not is_origin(part.text, each.end - part.offset)
                and not _is_only_ridden(part, each)
            ),
            offset=part.offset,
        )

    def _recurring(self, parts: Sequence[Part], part: Part | None, body: Sequence[Mention]) -> list[Mention]:
        """Those of the body that are named more than once with all within them, or head a sentence."""
        if part is None:
            return []
        counts = Counter(code for each in body for code in {each.code, *self._above({each.code})})
        stands = {self._county(each.code) for each in body if not _is_only_ridden(part, each)}
        # a report about the whole country names places as examples
        is_national = any(
            _COUNTRY.search(each.text[: _first_sentence(each.text)])
            for each in parts
            if each.where != "dateline"
        )
        named = Counter(self._county(each.code) for each in body) if is_national else counts
        least = max(1, len(body) / 2) if is_national else 1
        kept = with_lists(
            part.text,
            body,
            lambda each: (
                (
                    named[self._county(each.code)] > least
                    or (not is_national and heads_clause(part.text, each.start - part.offset))
                )
                and self._county(each.code) in stands
            ),
            offset=part.offset,
        )
        home = [
            each
            for each in body
            if self.gazetteer.is_within(each.code, self.home) and not _is_only_ridden(part, each)
        ]
        # the only place of the province that is named at all, as in （库伦旗融媒体中心）
        return kept or (home if len({self._county(each.code) for each in home}) == 1 else [])

    def _county(self, code: str) -> str:
        return code[:6]  # a township counts for its county

    def _above(self, codes: Set[str]) -> set[str]:
        """Return the codes of all divisions above some."""
        return {above.code for code in codes for above in self.gazetteer.ancestors(code)}
