"""A question to what it asks for: its words, kind and times, the places it names, and what may have been meant.

One that goes on from the one before is written out in full (那奈曼旗呢 behind 库伦旗水稻面积: 奈曼旗水稻面积), as a person would
write it: it is searched for, read by the reranker and said back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from retrieval.answer_types import PlaceChoice, Turn, Wanted
from retrieval.answering.interrogatives import ASKING_WORDS, find_post
from retrieval.answering.query import Query, asks_for_sum, clean, parse_question
from retrieval.regions import Division, Gazetteer, Resolution, Resolver
from retrieval.regions.places import asked_codes
from retrieval.text.colloquial import as_written
from retrieval.text.figures import Kind, units
from retrieval.text.tokenization import Tokenizer, fold

CountArticles = Callable[[Sequence[str]], Mapping[str, int]]
"""How many articles are about each division or any within it, by code."""

Stretch = tuple[int, int]
"""Where something stands in a text, half open."""

_PARSED = 256
"""Queries that are kept: a question is read as one for news first, and then as one that has an answer."""
_WHO = "是谁"
_FOLLOW_UP = re.compile(r"(?P<mark>那么?|还有)?(?P<what>.{1,12}?)呢[？?]?")
_ASKING = re.compile(ASKING_WORDS)
_EVENT = "开始|结束|举[办行]|进行|开[幕工通业]|通车|完工|竣工|建成|实施|启动|发生"
_UNITS = "|".join(map(re.escape, units()))
_OF_NOTHING = re.compile(
    "(?:到底|究竟|具体|大概|大约|一共|总共|全部|现在|以前|之前|原来|原先|上一任|前任|那么|[那都又还是有要会能得在从花用给被这个])*"
    f"(?:(?:[一-鿿]|{_EVENT})[了过]?)?(?:{ASKING_WORDS})+(?:[一-鿿]|{_EVENT}|{_UNITS})?[的了过呢啊呀吗吧么]*[?!。\\s]*"
)
"""A question whose words ask, and say nothing of what: 啥时候开的, 到底多少公里, 在哪举办."""
_MARK = re.compile("那么?")
_SUBJECT_END = re.compile("(?:到底|究竟|具体|大概|一共|总共|[是有在到为达共于从的，,、\\s])+$")
_JOINTS = re.compile(r"[和与跟及、，,\s]?")
"""Between two places that are named together."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question understood: what is looked for and where."""

    query: Query
    regions: tuple[str, ...]
    resolution: Resolution

    @property
    def is_unclear(self) -> bool:
        """Whether the place is to be asked back."""
        return bool(self.resolution.candidates) and not self.regions

    @property
    def is_of_its_place(self) -> bool:
        """Whether what answers belongs to the place asked for and no other: a figure, a date, who holds its post.

        Where something happened, why and to whom may stand in a sentence about another place.
        """
        return not self.query.is_told


class Understanding:
    """Understands questions by the gazetteer, the tokenizer's words and what the library has reports of."""

    def __init__(self, resolver: Resolver, tokenizer: Tokenizer, count: CountArticles | None = None) -> None:
        """`count` decides which of the paper's own places an unclear name means; without it all are asked back."""
        self._resolver = resolver
        self._gazetteer: Gazetteer = resolver.gazetteer
        self._tokenizer = tokenizer
        self._count = count
        self._parsed = lru_cache(_PARSED)(self._parse_anew)

    def understand(self, question: str, today: date, region: str | None, previous: Turn | None) -> Asked:
        """Return what a cleaned question asks for on a day.

        `region`, a division's code, decides an unclear place; `previous` is what the question before was about.
        """
        context = previous.regions if previous else ()
        resolution = self._resolver.resolve_question(question, context)
        query = self._parse(question, today, resolution)
        inherited: tuple[str, ...] = ()
        if previous and not query.topic_terms and (resolution.mentions or region or query.periods):
            # 那奈曼旗呢: a new place or time for the question before
            question = self._with_topic_of(previous, question, today, resolution, query)
            resolution = self._resolver.resolve_question(question, context)
            query = self._parse(question, today, resolution)
            is_there = resolution.mentions or resolution.candidates
            inherited = () if is_there else previous.regions
        elif previous and not (resolution.mentions or resolution.candidates or region):
            asked = _what_of_it(question) if previous.regions else None
            if asked is None:  # 啥时候开的, 到底多少公里, 那补贴给多少钱: of what was asked about before
                in_full = self._of_what_was_asked(previous, question)
                if in_full != question:
                    question = in_full
                    resolution = self._resolver.resolve_question(question, context)
                    query = self._parse(question, today, resolution)
                    inherited = () if resolution.mentions else previous.regions
            else:  # 那产量呢: the place of the question before
                inherited = previous.regions
                if find_post(fold(previous.question)) and find_post(fold(asked + _WHO)):
                    asked += _WHO  # 市长呢 behind 市委书记是谁
                question = self._named(inherited) + asked
                resolution = self._resolver.resolve_question(question, inherited)
                query = self._parse(question, today, resolution)
        regions = (region,) if region else inherited or asked_codes(self._gazetteer, resolution)
        regions = regions or self._only_known(resolution)
        if len(regions) > 1 and asks_for_sum(query.question):
            query = replace(query, needs_counting=True)
        return Asked(query, regions, resolution)

    def _with_topic_of(
        self, previous: Turn, question: str, today: date, resolution: Resolution, query: Query
    ) -> str:
        before = previous.question
        earlier = self._resolver.resolve_question(before, ())
        times = [(each.start, each.end) for each in self._parse(before, today, earlier).periods]
        place = _span_of(question, named_stretches(resolution))
        time = _span_of(question, [(each.start, each.end) for each in query.periods])
        return _replaced(before, named_stretches(earlier), times, place, time)

    def _of_what_was_asked(self, previous: Turn, question: str) -> str:
        """A question that does not say of what it asks, with that before it; any other as it is."""
        what = None if previous.regions else _what_of_it(question)
        if what is not None:  # 总投资呢 behind 霍林河循环经济总装机多少
            return _subject(previous.question) + what
        folded = as_written(fold(question))
        if _OF_NOTHING.fullmatch(folded):
            return _subject(previous.question) + question
        marked = _MARK.match(question)
        if marked is None or self._tokenizer.cut(folded)[:1] != [marked.group()]:
            return question
        if not _ASKING.search(folded):
            return question
        return (self._named(previous.regions) or _subject(previous.question)) + question[marked.end() :]

    def _named(self, codes: Sequence[str]) -> str:
        return "、".join(division.name for code in codes if (division := self._gazetteer.get(code)))

    def _only_known(self, resolution: Resolution) -> tuple[str, ...]:
        """Of the paper's own places that a name may mean (阿旗), the only one that there are reports of."""
        if self._count is None or len(resolution.candidates) != 1:
            return ()
        codes = resolution.candidates[0].codes
        if not all(self._gazetteer.is_within(code, self._resolver.home) for code in codes):
            return ()
        known = [code for code, n in self._count(codes).items() if n]
        return (known[0],) if len(known) == 1 else ()

    def stands_alone(self, question: str, today: date) -> bool:
        """Whether a text says what it is about, and where, or that it asks."""
        asked = self.understand(clean(question), today, None, None)
        says_where = bool(asked.resolution.mentions or asked.resolution.candidates)
        is_asking = _ASKING.search(fold(question)) is not None or question.rstrip().endswith(
            ("？", "?", "吗")
        )
        return bool(asked.query.topic_terms) and (says_where or is_asking)

    def around(self, code: str) -> tuple[Division, ...]:
        """The divisions that a place lies in, the nearest first."""
        return self._gazetteer.ancestors(code)

    def place_to_follow(self, regions: Sequence[str]) -> tuple[str, str] | None:
        """Code and name of the one place asked for, or of the paper's own province for none; None for several."""
        division = self._gazetteer.get(regions[0] if regions else self._resolver.home)
        return (division.code, division.name) if division is not None and len(regions) < 2 else None

    def corrected(self, question: str, region: str | None) -> str:
        """The question with a slip in a place's name put right, once the person has said that it was one."""
        slip = self._resolver.suggest(question) if region else None
        if slip is None or slip[1].code != region:
            return question
        start = fold(question).index(slip[0])
        return question[:start] + slip[1].name + question[start + len(slip[0]) :]

    def _parse(self, question: str, today: date, resolution: Resolution) -> Query:
        return self._parsed(question, today, tuple(named_stretches(resolution)))

    def _parse_anew(self, question: str, today: date, places: Sequence[Stretch]) -> Query:
        return parse_question(question, self._tokenizer, today, places)

    def choices(self, asked: Asked) -> tuple[PlaceChoice, ...]:
        """Return what the unclear names of a question may mean."""
        return tuple(
            choice
            for candidate in asked.resolution.candidates
            for code in candidate.codes
            if (choice := self._choice(candidate.text, code))
        )

    def meant(self, question: str, asked: Asked) -> tuple[PlaceChoice, ...]:
        """The place that a slip of the pen means, offered and never taken silently."""
        slip = None if asked.regions else self._resolver.suggest(question)
        if slip is None:
            return ()
        text, division = slip
        return (PlaceChoice(text, division.code, division.name, self._gazetteer.path_name(division.code)),)

    def wanted(self, asked: Asked) -> Wanted:
        """Return what a question was taken to look for, in words to say it with."""
        divisions = (self._gazetteer.get(code) for code in asked.regions)
        return Wanted(
            question=asked.query.question,
            places=tuple(division.name for division in divisions if division is not None),
            times=tuple(period.text for period in asked.query.periods),
            topic=_phrase(asked.query),
        )

    def _choice(self, text: str, code: str) -> PlaceChoice | None:
        division = self._gazetteer.get(code)
        if division is None:
            return None
        return PlaceChoice(text, code, division.name, self._gazetteer.path_name(code))


def named_stretches(resolution: Resolution) -> list[Stretch]:
    """Where a question names places, clearly or not."""
    return [
        *((each.start, each.end) for each in resolution.mentions),
        *((each.start, each.end) for each in resolution.candidates),
    ]


_ASKED_PLAINLY = re.compile(
    "(?:的情况)?[是有共达为]{0,2}(?:多少|多[大高长重远久]|几|什么|啥|怎么样|咋样|如何|呢|吗)?[一-鿿]{0,2}[?？。！!]*"
)
"""What may stand behind the words for a thing: 水稻种植面积, 水稻种植面积是多少亩."""
_ASKED_BEFORE = re.compile("(?:哪|什么|啥|几|多少|怎么|咋|为何)[一-鿿]?$")
_NO_NOUN = re.compile(
    "^[那这](?:边|里|儿|个)|[花要装种投养挖修建卖赔罚招产住来去买搞办开得给用涨跌拉运]$|没有?$"
)


def _phrase(query: Query) -> str:
    """What a question is about, where it says so by a name for it: pieces put together would be nobody's words."""
    # 市长换成谁了, 羊肉一斤多钱: neither 市长换成 nor 羊肉一斤 is a name for anything
    if query.asks_for is Kind.PERSON or query.per is not None:
        return ""
    topic = "".join(query.topic_runs)
    folded = fold(query.question)
    start = folded.find(topic)
    end = start + len(topic)
    is_cut = _ASKED_BEFORE.search(folded, 0, max(0, start)) is not None
    if start < 0 or is_cut or _NO_NOUN.search(topic) or not _ASKED_PLAINLY.fullmatch(folded, end):
        return ""
    return query.question[start:end]


def _what_of_it(question: str) -> str | None:
    """What is asked of the place that was talked of (那产量呢, 产量呢: 产量); None for what is no such question."""
    found = _FOLLOW_UP.fullmatch(fold(question).strip())
    if found is None or (not found["mark"] and _ASKING.search(found["what"])):
        return None
    return question.strip()[found.start("what") : found.end("what")].strip() or None


def _subject(question: str) -> str:
    """What a question asks about: its words before those that ask; "" where it begins with these."""
    asking = _ASKING.search(fold(question))
    before = question[: asking.start()] if asking else question
    subject = _SUBJECT_END.sub("", before)
    return subject if len(subject) > 1 else ""


def _replaced(
    before: str, places: Sequence[Stretch], times: Sequence[Stretch], place: str | None, time: str | None
) -> str:
    """The question before with another place or time; `places` and `times` are where it names its own."""
    changes: list[tuple[int, int, str]] = []
    if place is not None:
        changes += _instead(before, places, place)
    if time is not None:
        changes += _instead(before, times, time)
    text = before
    for start, end, new in sorted(changes, key=lambda each: (-each[0], -each[1])):
        text = text[:start] + new + text[end:]
    return " ".join(text.split())


def _instead(text: str, stretches: Sequence[Stretch], new: str) -> list[tuple[int, int, str]]:
    """The new name where the first stood, and nothing where its like stood; at the front where none did."""
    groups: list[Stretch] = []
    for start, end in sorted(stretches):
        if groups and start >= groups[-1][1] and _JOINTS.fullmatch(text[groups[-1][1] : start]):
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
    if not groups:
        return [(0, 0, new)]
    return [(*groups[0], new), *((start, end, "") for start, end in groups[1:])]


def _span_of(text: str, stretches: Sequence[Stretch]) -> str | None:
    """The words from the first stretch to the last, as they were typed; None for no stretch."""
    if not stretches:
        return None
    return text[min(start for start, _ in stretches) : max(end for _, end in stretches)]
