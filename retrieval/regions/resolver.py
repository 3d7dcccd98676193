"""Place names in a text to divisions, by rules in a fixed order; docs/regions.md lists them with examples.

A name that could be several divisions and that no rule decides is a candidate, never a guess. Nothing is
remembered between two texts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from retrieval.regions.aboutness import Aboutness, Mention, Part, Stretches, Where
from retrieval.regions.garble import Heads, find_garbled, name_heads, near_names
from retrieval.regions.gazetteer import Division, Gazetteer
from retrieval.regions.matching import Match, Matcher
from retrieval.regions.names import FAR_WORDS, WEAK, Kind
from retrieval.text.tokenization import fold
from retrieval.types import Article, SpanKind

_ELLIPSIS = re.compile(r"(?:[、，,]|和|及|与)(?P<rest>[前中后左右]旗)")
_DATELINE = re.compile(
    r"(?:本报|本网|本台|新华社|中新社)(?:记者.{2,12}?)?(?P<place>[\u3400-\u9fff]{2,8}?)\d{1,2}月\d{1,2}日(?:专?电|讯|消息|报道)"
)
_CONFIDENCE = {
    "full": 0.98,
    "composite": 0.97,
    "parent": 0.97,
    "alias": 0.95,
    "short": 0.9,
    "full form": 0.9,
    "ellipsis": 0.9,
    "ancestors": 0.85,
    "township": 0.85,
    "dateline": 0.8,
    "home": 0.75,
    "garbled": 0.5,
}


_REMEMBERED = 1024
"""Articles whose resolutions are kept: an answer asks for each of its articles' several times, the next one again."""
_QUESTIONS_REMEMBERED = 256
"""Questions: whether one is a command, asks for news or has an answer is each asked of its places."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place name that could be several divisions."""

    text: str
    start: int
    end: int
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Resolution:
    """What a text names, in order. `primary` is the one county or higher division that it is about, or None."""

    primary: str | None
    mentions: tuple[Mention, ...]
    candidates: tuple[Candidate, ...]

    @cached_property
    def in_body(self) -> tuple[Mention, ...]:
        """What its body names, by where it begins."""
        return tuple(each for each in self.mentions if each.where == "body")

    def between(self, start: int, end: int) -> tuple[Mention, ...]:
        """Return what its body names that begins in `[start, end)`, without looking at the rest of a long text."""
        body = self.in_body
        first = bisect_left(body, start, key=_start)
        return body[first : bisect_left(body, end, first, key=_start)]


def _start(mention: Mention) -> int:
    return mention.start


class Resolver:
    """Finds the divisions that texts name. Safe for several threads."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        home: str = "150000",
        cuts_word: Callable[[str, int], bool] | None = None,
    ) -> None:
        """`home` is the province whose short names are understood; `cuts_word` says whether a place lies within a word of a text.

        It only vetoes two-character names that would cut a word in two; without it none is vetoed.
        Raises ValueError if `home` is no division's code.
        """
        if gazetteer.get(home) is None:
            raise ValueError(f"{home} is no division's code")
        self.gazetteer = gazetteer
        self.home = home
        self._matcher = Matcher(gazetteer, home, cuts_word)
        self._aboutness = Aboutness(gazetteer, home)
        self._remembered = lru_cache(_REMEMBERED)(self._resolve_anew)
        self._remembered_questions = lru_cache(_QUESTIONS_REMEMBERED)(self._resolve_question_anew)

    # ------------------------------------------------------------------------------------------- texts

    def resolve_article(self, article: Article) -> Resolution:
        """What an article names: in its heading (place and title), its dateline, its body."""
        title = "" if article.title_is_derived else article.title
        heading = " ".join(part for part in (article.place, title) if part)
        body_start = next((span.end for span in article.spans[:1] if span.kind is SpanKind.DATELINE), 0)
        captions, datelines = (
            tuple(
                (span.start - body_start, span.end - body_start)
                for span in article.spans
                if span.kind is kind and span.start >= body_start
            )
            for kind in (SpanKind.CAPTION, SpanKind.DATELINE)
        )
        return self._remembered(heading, article.text, body_start, captions, datelines)

    def _resolve_anew(
        self, heading: str, text: str, body_start: int, captions: Stretches, datelines: Stretches
    ) -> Resolution:
        parts = [
            Part("heading", heading),
            Part("dateline", text[:body_start]),
            Part("body", text[body_start:], body_start, captions=captions, datelines=datelines),
        ]
        return self._resolve(parts, (), is_question=False)

    def resolve_text(self, text: str) -> Resolution:
        """What a plain text names; a first line without a full stop, with more below it, is its heading.

        Offsets count from the text's beginning.
        """
        head, line_end, rest = text.partition("\n")
        is_headed = bool(line_end) and bool(rest.strip()) and not re.search(r"[。！？；]", head)
        body, at = (rest, len(head) + 1) if is_headed else (text, 0)
        dateline = _DATELINE.match(body)
        cut = dateline.end() if dateline else 0
        parts = [
            Part("heading", head if is_headed else ""),
            Part("dateline", body[:cut], at),
            Part("body", body[cut:], at + cut),
        ]
        return self._resolve(parts, (), is_question=False)

    def resolve_question(self, question: str, context: Sequence[str] = ()) -> Resolution:
        """What a question names, in either kind of characters; `context`, the turn before's codes, decides unclear names."""
        return self._remembered_questions(fold(question), tuple(context))

    def _resolve_question_anew(self, question: str, context: tuple[str, ...]) -> Resolution:
        found = self._resolve([Part("body", question)], context, is_question=True)
        if found.mentions or found.candidates:
            return found
        return replace(found, candidates=tuple(self._leading_word(question)))

    def _leading_word(self, question: str) -> Iterator[Candidate]:
        """朝阳 at a question's head may be a prefecture or several districts: too unclear to take, or to pass over."""
        for length in (4, 3, 2):
            divisions = self.gazetteer.find(question[:length]) if question[:length] in FAR_WORDS else ()
            if len(divisions) > 1:
                yield Candidate(question[:length], 0, length, tuple(each.code for each in divisions))
                return

    def suggest(self, question: str) -> tuple[str, Division] | None:
        """A slip in a county's name and the home county meant (库轮旗, 库伦旗), if exactly one is that close.

        Compared are full names and short ones of four and more characters; one character may be wrong.
        """
        question = fold(question)
        # a name that is right (巴林左旗) is no slip of its neighbour's (巴林右旗)
        found = [
            (text, division)
            for text, division in near_names(question, self._slips)
            if not self.gazetteer.find(text)
        ]
        return found[0] if len({division.code for _, division in found}) == 1 else None

    @cached_property
    def _slips(self) -> Heads:
        """The home province's counties' names."""
        return name_heads(each for each in self.gazetteer.descendants(self.home) if each.level == 3)

    # ------------------------------------------------------------------------------------------- rules

    def _resolve(self, parts: Sequence[Part], context: Sequence[str], *, is_question: bool) -> Resolution:
        matches = [
            (part, match)
            for part in parts
            for match in self._matcher.find(part.text, is_question=is_question)
        ]
        known = self._anchors([match for _, match in matches], context)
        dateline = [
            c for p, m in matches if p.where == "dateline" and len(m.name.codes) == 1 for c in m.name.codes
        ]
        mentions: list[Mention] = []
        candidates: list[Candidate] = []
        before: tuple[Part, Mention] | None = None
        for part, match in matches:
            parent = (
                before[1]
                if before and before[0] is part and before[1].end == match.start + part.offset
                else None
            )
            code, rule = self._decide(match, parent, known, dateline, is_question=is_question)
            start, end = match.start + part.offset, match.end + part.offset
            if code:
                mention = self._mention(match.name.text, start, end, code, rule, part.where)
                mentions.append(mention)
                before = (part, mention)
            elif rule == "unclear":
                candidates.append(Candidate(match.name.text, start, end, match.name.codes))
        mentions = self._with_ellipses(parts, mentions)
        mentions = self._without_false_headings(mentions)
        mentions += self._garbled(parts, mentions)
        mentions.sort(key=lambda each: (("heading", "dateline", "body").index(each.where), each.start))
        return Resolution(self._aboutness.primary(parts, mentions), tuple(mentions), tuple(candidates))

    def _anchors(self, matches: Iterable[Match], context: Sequence[str]) -> Counter[str]:
        """Divisions that the text names beyond doubt, each with all above it, by how often."""
        known: Counter[str] = Counter()
        sure = [
            match.name.codes[0]
            for match in matches
            if len(match.name.codes) == 1 and not match.needs_support and match.name.text not in WEAK
        ]
        for code in [*sure, *context]:
            division = self.gazetteer.get(code)
            if division is not None and division.level < 4:
                known.update([code, *(each.code for each in self.gazetteer.ancestors(code))])
        return known

    def _decide(
        self,
        match: Match,
        parent: Mention | None,
        known: Counter[str],
        dateline: Sequence[str],
        *,
        is_question: bool,
    ) -> tuple[str | None, str]:
        """The division and the rule that chose it; (None, "unclear") for a candidate, (None, "") for no place."""
        name, codes = match.name, match.name.codes
        if parent is not None:
            below = [
                code for code in codes if code != parent.code and self.gazetteer.is_within(code, parent.code)
            ]
            if len(below) == 1:
                return below[0], "parent"
        if name.kind is Kind.TOWNSHIP:
            return self._township(codes, known, dateline, is_question=is_question)
        if name.kind in (Kind.SHORT, Kind.ALIAS):
            full = [code for code in codes if known[code] and self._is_told_in_full(code, match)]
            if len(full) == 1:
                return full[0], "full form"
        if match.needs_support:
            return None, ""
        if not is_question and match.name.text in WEAK and not known[self.home]:
            return None, ""
        if len(codes) == 1:
            return codes[0], name.kind.name.lower()
        return self._choose(match, known, dateline)

    def _is_told_in_full(self, code: str, match: Match) -> bool:
        division = self.gazetteer.get(code)
        return division is not None and division.name in match.full_names

    def _choose(self, match: Match, known: Counter[str], dateline: Sequence[str]) -> tuple[str | None, str]:
        codes = match.name.codes
        named = [code for code in codes if code.endswith("0000") and known[code]]
        if len(named) == 1 and not any(known[code] for code in codes if code != named[0]):
            return named[0], "ancestors"  # 吉林延边: the province that something of is named, not the city
        support = {
            code: sum(1 for each in self.gazetteer.ancestors(code) if known[each.code]) for code in codes
        }
        best = max(support.values())
        leading = [code for code in codes if support[code] == best]
        if best and len(leading) == 1:
            return leading[0], "ancestors"
        near = [code for code in leading if any(self.gazetteer.is_within(code, city) for city in dateline)]
        if len(near) == 1:
            return near[0], "dateline"
        at_home = [code for code in leading if self.gazetteer.is_within(code, self.home)]
        is_elsewhere = bool(known) and not known[self.home]
        if len(at_home) == 1 and not is_elsewhere:
            return at_home[0], "home"
        provinces = [code for code in leading if code.endswith("0000")]
        if len(provinces) == 1 and match.name.kind is Kind.SHORT:
            return provinces[0], "short"  # 吉林 alone is the province
        return None, "unclear"

    def _township(
        self, codes: Sequence[str], known: Counter[str], dateline: Sequence[str], *, is_question: bool
    ) -> tuple[str | None, str]:
        """Townships need their county in the text, or their prefecture and no other of the name there."""
        for level in (3, 2):
            near = [
                code
                for code in codes
                for above in self.gazetteer.ancestors(code)
                if above.level == level and (known[above.code] or above.code in dateline)
            ]
            if len(near) == 1:
                return near[0], "township"
        if is_question and len(codes) == 1 and not known:
            return codes[0], "township"
        return None, ""

    def _with_ellipses(self, parts: Sequence[Part], mentions: Sequence[Mention]) -> list[Mention]:
        """乌拉特前旗、中旗、后旗: what follows takes the first one's stem."""
        texts = {part.where: part for part in parts}
        found: list[Mention] = []
        for mention in mentions:
            found.append(mention)
            part = texts[mention.where]
            stem = re.fullmatch(r"(.+)[前中后左右]旗", mention.text)
            at = mention.end - part.offset
            while stem and (more := _ELLIPSIS.match(part.text, at)):
                divisions = self.gazetteer.find(stem[1] + more["rest"])
                if len(divisions) != 1:
                    break
                start, end = more.start("rest") + part.offset, more.end("rest") + part.offset
                found.append(
                    self._mention(more["rest"], start, end, divisions[0].code, "ellipsis", mention.where)
                )
                at = more.end()
        return found

    def _without_false_headings(self, mentions: Sequence[Mention]) -> list[Mention]:
        """海南省 in a heading above a report on 乌海市海南区 is a slip, and the dateline's 海口 with it.

        It goes if it is of another province, shares its short name with a home county that the body names,
        and the body names nothing within it.
        """
        body = {each.code for each in mentions if each.where == "body"}
        told = body | self._above(body)
        home_stems = {
            division.short_name
            for code in body
            if self.gazetteer.is_within(code, self.home) and (division := self.gazetteer.get(code))
        }
        slips = {
            code
            for code in {each.code for each in mentions if each.where != "body"} - told
            if not self.gazetteer.is_within(code, self.home)
            and (division := self.gazetteer.get(code))
            and division.short_name in home_stems
        }
        if not slips:
            return list(mentions)
        return [
            each
            for each in mentions
            if each.where == "body" or slips.isdisjoint({each.code} | self._above({each.code}))
        ]

    def _garbled(self, parts: Sequence[Part], mentions: Sequence[Mention]) -> list[Mention]:
        """Township names with one wrong, missing or added character, among the counties the text names."""
        counties = {each.code for each in mentions if len(each.code) == 6 and not each.code.endswith("00")}
        townships = [child for code in sorted(counties) for child in self.gazetteer.children(code)]
        found: list[Mention] = []
        for part in parts:
            taken = [
                (each.start - part.offset, each.end - part.offset)
                for each in mentions
                if each.where == part.where
            ]
            for start, end, division in find_garbled(part.text, townships, taken):
                text = part.text[start:end]
                found.append(
                    self._mention(
                        text, start + part.offset, end + part.offset, division.code, "garbled", part.where
                    )
                )
        return found

    def _mention(self, text: str, start: int, end: int, code: str, rule: str, where: Where) -> Mention:
        division = self.gazetteer.get(code)
        name = division.name if division else code
        return Mention(
            text, start, end, code, name, self.gazetteer.path_name(code), rule, _CONFIDENCE[rule], where
        )

    def _above(self, codes: Set[str]) -> set[str]:
        """Return the codes of all divisions above some."""
        return {above.code for code in codes for above in self.gazetteer.ancestors(code)}
