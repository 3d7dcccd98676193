"""Which place a sentence is about, and whether that is the place asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from retrieval.regions import Gazetteer, Mention, Resolution
from retrieval.regions.aboutness import is_origin, is_ridden_between, is_subject, told_of
from retrieval.regions.several import holding, line_ends, listed, lowest
from retrieval.text.sentences import split_sentences
from retrieval.types import RegionRole, StoredArticle

AGREES, UNASKED, DIFFERS = 1.0, 0.0, -1.0
_RANK = "级"
"""自治区级文明社区 says how high a thing ranks, not where it is."""
_HEADS = frozenset("，,；;。：:（(\n")
"""What a clause of its own begins behind."""
_CLAUSE_ENDS = frozenset("，,；;。：:、（(和与及而")
_HERE = re.compile("在?(?:这里|此地|此处)|(?:在)?当地(?!时间)")
"""What a sentence begins with that goes on about the place named last."""
_ROUTE_START = re.compile(r"[东西南北]?站?(?:开往|驶往|发往|飞往|前往|至|到|—+|-)(?=[\u3400-\u9fff])")
_ROUTE_END = re.compile(r"(?:开往|驶往|发往|飞往|去往|驶向)$|[\u3400-\u9fff](?<!地)(?:至|—+|-)$")
_LINE_START = re.compile(r"—+|-")
_ON_THE_WAY = re.compile("[市县旗区盟]?的?(?:路上|途中|路途|半路)")
_TO = ("去", "回", "到", "前往", "赶往", "返回", "赶到", "来")
"""去库伦旗的路上: what happens there does not happen in 库伦旗."""
_HELD_IN = re.compile(
    "[^，,。；;]{0,16}?(?:开幕|闭幕|落幕|开赛|开营|开馆|举行|举办|启动|开工|通车|投产|揭牌)"
)
"""在库伦旗开幕: where that is."""
_OF_AN_OFFICE = re.compile("[^，。；]{0,8}?(?:厅|局|委|办|院|站|台|政府|大学|集团|公司|日报|海关|部门)")
_WIDER = {
    level: re.compile(
        rf"(?<=[，,；;。])(?:{names})|(?<=[，,；;。])(?:[一二三四]+线城市|其他|其余|[\u4e00-\u9fff]{{2,3}}地区)"
    )
    for level, names in {
        1: "全国",
        2: "全国|全省|全区(?!域)|全自治区",
        3: "全国|全省|全盟|全自治区",
        4: "全国|全省|全盟|全旗|全县",
    }.items()
}
"""What begins a clause about more than a place of a level, or about others, in place of a name. 全市 may be the place itself."""


def asked_codes(gazetteer: Gazetteer, resolution: Resolution) -> tuple[str, ...]:
    """The most specific divisions a question names: 通辽市库伦旗 asks for 库伦旗 alone."""
    codes = list(dict.fromkeys(mention.code for mention in resolution.mentions))
    return tuple(
        code
        for code in codes
        if not any(other != code and gazetteer.is_within(other, code) for other in codes)
    )


def sentence_agreement(
    gazetteer: Gazetteer,
    article: StoredArticle,
    resolution: Resolution,
    start: int,
    end: int,
    asked: Sequence[str],
) -> float:
    """AGREES if `article.text[start:end]` is about a place asked for.

    A sentence is about the places it names; one that names none, about those named last before it in its
    paragraph, else about the article's primary region.
    """
    if not asked:
        return UNASKED

    def is_passing(mention: Mention) -> bool:
        # 锡林郭勒盟…，选手来自内蒙古各地。比赛射程30米: what holds the place asked for is named by the way
        is_wider = any(gazetteer.is_within(code, mention.code) for code in asked if code != mention.code)
        return is_wider and not _begins_clause(article.text, mention.start)

    codes = governing_codes(article, resolution, start, end, is_passing)
    return AGREES if any(gazetteer.is_within(code, wanted) for code in codes for wanted in asked) else DIFFERS


def governed_stretches(
    gazetteer: Gazetteer,
    article: StoredArticle,
    resolution: Resolution,
    start: int,
    end: int,
    asked: Sequence[str],
) -> list[tuple[int, int]]:
    """Return the parts of `article.text[start:end]`, a sentence, that are about a place asked for.

    Where a sentence goes from one county to the next (…库伦旗3万亩，奈曼旗5万亩), what follows each belongs to it, up to
    the next of its like that begins a clause; what is told of several 分别 belongs to none.
    """
    if sentence_agreement(gazetteer, article, resolution, start, end, asked) == DIFFERS:
        return []
    levels = {division.level for code in asked if (division := gazetteer.get(code)) is not None}
    heads: list[tuple[int, bool]] = []
    """Where a place begins to govern, and whether it is asked for."""
    run, previous, is_headed, is_led = start, start, False, False
    """Where the places named one after the other began (山东、库伦旗), where the last ended, and whether they are a head."""
    named: list[tuple[int, int, bool, bool]] = []
    """Where each place is named, whether it is asked for, and whether it is like one that is."""
    for mention in resolution.between(start, end):
        division = gazetteer.get(mention.code)
        is_like = division is not None and division.level in levels
        is_like |= _is_wider_head(gazetteer, article.text, mention, resolution, asked)
        is_asked = any(gazetteer.is_within(mention.code, code) for code in asked)
        named.append((mention.start, mention.end, is_asked, is_like))
    wider = _WIDER[min(levels, default=1)]
    named += [(*each.span(), False, True) for each in wider.finditer(article.text, start, end)]
    for at, until, is_asked, is_like in sorted(named):
        if at - previous > 1 or previous == start:
            run, is_headed = at, False
        if is_headed and (is_asked or is_like):  # 库伦旗、奈曼旗: told of both
            is_apart = "分别" in article.text[until:end]
            heads[-1] = (run, not is_apart and (heads[-1][1] or is_asked))
        elif is_asked or (is_like and (run == start or article.text[run - 1] in _CLAUSE_ENDS)):
            heads.append((run, is_asked))
            is_headed = True
        elif is_like and not heads:
            is_led = True
        previous = until
    if not heads:
        return [(start, end)]
    # what comes before the first belongs to it, unless another of its like stands there (在奈曼旗5万亩，库伦旗3万亩)
    edges = [heads[0][0] if is_led else start, *(at for at, _ in heads[1:]), end]
    return [
        (first, last) for first, last, (_, is_asked) in zip(edges, edges[1:], heads, strict=False) if is_asked
    ]


def _begins_clause(text: str, at: int) -> bool:
    before = text[max(0, at - 8) : at].rstrip(" \u3000")
    return not before or before[-1] in _HEADS


def _is_wider_head(
    gazetteer: Gazetteer, text: str, mention: Mention, resolution: Resolution, asked: Sequence[str]
) -> bool:
    """Whether a place that holds the one asked for begins a clause of its own: 在库伦旗，内蒙古计划种850万亩."""
    is_wider = mention.code not in asked and any(gazetteer.is_within(code, mention.code) for code in asked)
    if not is_wider or not _begins_clause(text, mention.start):
        return False
    is_led_to = resolution.between(mention.end, mention.end + 4)
    return not is_led_to and _OF_AN_OFFICE.match(text, mention.end) is None


def governing_codes(
    article: StoredArticle,
    resolution: Resolution,
    start: int,
    end: int,
    is_passing: Callable[[Mention], bool] = lambda _mention: False,
) -> tuple[str, ...]:
    """The divisions that `article.text[start:end]` is about; () if nothing says.

    What is named in passing governs nothing behind its own sentence.
    """

    def is_place(mention: Mention) -> bool:
        return not article.text.startswith(_RANK, mention.end)

    inside = _specific([each for each in resolution.between(start, end) if is_place(each)])
    if inside:
        return inside
    paragraph = article.text.rfind("\n", 0, start) + 1
    for mention in reversed(resolution.between(paragraph, start)):
        if is_place(mention) and not is_passing(mention):
            return (mention.code,)
    return (resolution.primary,) if resolution.primary else ()


def place_told(
    gazetteer: Gazetteer,
    article: StoredArticle,
    resolution: Resolution,
    start: int,
    end: int,
    asked: Sequence[str] = (),
) -> str | None:
    """The one division that `article.text[start:end]` tells of, or None if nothing says.

    The one asked for, where the sentence is about it; else what holds all of several that stand side by side, or both ends of a
    line, or None where nothing does; else a single one within the article's own; else one that begins a
    clause of the sentence, or of one of the two before it; else the article's own. Where a line or a train only begins or ends,
    or somebody is on the way to, nothing is told of, and a sentence that begins with 这里 is about the place named last before it.
    """
    own = _stated(article) or resolution.primary
    about = governing_codes(article, resolution, start, end)
    inside = resolution.between(start, end)
    ends = {each.code for each in inside if _is_end_of_route(article.text, each)}
    ends -= {each.code for each in inside if not _is_end_of_route(article.text, each)}
    wanted = [
        code for code in about if code not in ends and any(gazetteer.is_within(code, each) for each in asked)
    ]
    starts = {mention.start for mention in inside}
    led_to = {mention.code for mention in inside if mention.end in starts}
    led_to -= {mention.code for mention in inside if mention.end not in starts}
    # 内蒙古根河市 is 根河市
    wanted = [code for code in wanted if code not in led_to] or wanted
    is_headed = any(mention.code == own and mention.where == "heading" for mention in resolution.mentions)
    if own is None and not wanted:
        # 增开通辽—佳木斯动车, where 通辽 is asked for and the article is about no place
        begun = [each.code for each in inside if _LINE_START.match(article.text, each.end)]
        wanted = [code for code in begun if any(gazetteer.is_within(code, each) for each in asked)]
    side_by_side = listed(gazetteer, article.text, inside)
    if own and any(gazetteer.is_within(own, each) for each in asked):
        both = [code for code in side_by_side if any(gazetteer.is_within(code, each) for each in asked)]
        is_one_of_them = own in both and len(both) > 1
        if not is_one_of_them and any(
            mention.code == own and mention.end not in starts for mention in inside
        ):
            held = lowest(gazetteer, [each for each in inside if _is_held_in(article.text, each)])
            # named itself, beside what lies in it, unless that is where it is: 内蒙古草原节在锡林浩特市开幕
            return held[0] if len(held) == 1 and gazetteer.is_within(held[0], own) else own
    elif wanted:
        return wanted[0]
    together = side_by_side or line_ends(article.text, inside)
    if together and (
        own is None or own in together or not any(gazetteer.is_within(each, own) for each in together)
    ):
        above = holding(gazetteer, together)
        is_of_own = own is not None and any(gazetteer.is_within(own, each) for each in together)
        return own if above is None and is_headed and is_of_own else above
    through = [each for each in inside if each.code not in ends]
    nearer = [code for code in lowest(gazetteer, through) if own and gazetteer.is_within(code, own)]
    if nearer:
        return nearer[0] if len(nearer) == 1 else own
    text = article.text
    if not inside and about and _HERE.match(text, start):
        return about[0][:6]
    wider = next((each for each in inside if own and _is_wider_subject(gazetteer, text, each, own)), None)
    if wider is not None:
        return wider.code
    for first, last in ((start, end), (_sentences_before(text, start), start)):
        told = told_of(text, [each for each in resolution.between(first, last) if each.code not in ends])
        found = lowest(gazetteer, told)
        if own and len(found) > 1 and all(gazetteer.is_within(code, own) for code in found):
            return own  # 赤峰市在翁牛特旗、克什克腾旗…。全市…
        if found:
            return found[0] if own is None or not gazetteer.is_within(own, found[0]) else own
    return own or (about[0] if about and inside and about[0] not in ends else None)


def _is_wider_subject(gazetteer: Gazetteer, text: str, mention: Mention, own: str) -> bool:
    """Whether a place that holds an article's own is what a clause tells of: 内蒙古投入56亿元, 为内蒙古各地, and not 内蒙古文旅厅."""
    is_wider = mention.code != own and gazetteer.is_within(own, mention.code)
    if is_wider and text.startswith("各地", mention.end) and is_subject(text, mention.start):
        return True
    is_head = is_wider and _begins_clause(text, mention.start)
    return is_head and not _OF_AN_OFFICE.match(text, mention.end) and not is_origin(text, mention.end)


def _is_end_of_route(text: str, mention: Mention) -> bool:
    """Whether a place is only where a line, a train or somebody comes from or goes: 包头至银川高铁, 去包头的路上."""
    if _ROUTE_START.match(text, mention.end) or _ROUTE_END.search(
        text[max(0, mention.start - 3) : mention.start]
    ):
        return True
    is_on_the_way = text.endswith(_TO, 0, mention.start) and _ON_THE_WAY.match(text, mention.end)
    return bool(is_on_the_way) or is_ridden_between(text, mention.start, mention.end)


def is_only_of_an_office(text: str, mentions: Sequence[Mention]) -> bool:
    """Whether places are named only by whose office somebody is of: 库伦旗农牧局局长说."""
    return bool(mentions) and all(_OF_AN_OFFICE.match(text, each.end) for each in mentions)


def _is_held_in(text: str, mention: Mention) -> bool:
    return text.endswith("在", 0, mention.start) and _HELD_IN.match(text, mention.end) is not None


def _stated(article: StoredArticle) -> str | None:
    """The division that the store has filed the article under, if it is a record's or a sidecar's own word."""
    return next((each.code for each in article.regions if each.role is RegionRole.PRIMARY), None)


def _sentences_before(text: str, start: int, n: int = 2) -> int:
    """Where the sentences before `start` begin, within its paragraph."""
    paragraph = text.rfind("\n", 0, start) + 1
    sentences = split_sentences(text, paragraph, start)
    return sentences[-n:][0][0] if sentences else start


def _specific(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.code for mention in mentions))
