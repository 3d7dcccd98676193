"""Which place a sentence is about, and whether that is the place asked for."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.regions import Gazetteer, Mention, Resolution
from retrieval.types import StoredArticle

AGREES, UNASKED, DIFFERS = 1.0, 0.0, -1.0
_RANK = "级"
"""自治区级文明社区 says how high a thing ranks, not where it is."""
_CLAUSE_ENDS = frozenset("，,；;。：:、（(和与及而")


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
    codes = governing_codes(article, resolution, start, end)
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
    previous = start
    for mention in sorted(resolution.mentions, key=lambda each: each.start):
        if mention.where != "body" or not start <= mention.start < end:
            continue
        is_asked = any(gazetteer.is_within(mention.code, code) for code in asked)
        division = gazetteer.get(mention.code)
        is_like = division is not None and division.level in levels
        gap = article.text[previous : mention.start]
        if is_asked or (
            is_like and (mention.start == start or article.text[mention.start - 1] in _CLAUSE_ENDS)
        ):
            if heads and len(gap) <= 1:  # 库伦旗、奈曼旗: told of both
                is_apart = "分别" in article.text[mention.end : end]
                heads[-1] = (heads[-1][0], not is_apart and (heads[-1][1] or is_asked))
            else:
                heads.append((mention.start, is_asked))
        previous = mention.end
    if not heads:
        return [(start, end)]
    edges = [start, *(at for at, _ in heads[1:]), end]
    return [
        (first, last) for first, last, (_, is_asked) in zip(edges, edges[1:], heads, strict=False) if is_asked
    ]


def governing_codes(article: StoredArticle, resolution: Resolution, start: int, end: int) -> tuple[str, ...]:
    """The divisions that `article.text[start:end]` is about; () if nothing says."""
    body = [
        mention
        for mention in resolution.mentions
        if mention.where == "body" and not article.text.startswith(_RANK, mention.end)
    ]
    inside = _specific([mention for mention in body if start <= mention.start < end])
    if inside:
        return inside
    paragraph = article.text.rfind("\n", 0, start) + 1
    before = [mention for mention in body if paragraph <= mention.start < start]
    if before:
        return (before[-1].code,)
    return (resolution.primary,) if resolution.primary else ()


def _specific(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.code for mention in mentions))
