"""Which place a sentence is about, and whether that is the place asked for."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.regions import Gazetteer, Mention, Resolution
from retrieval.types import StoredArticle

AGREES, UNASKED, DIFFERS = 1.0, 0.0, -1.0


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


def governing_codes(article: StoredArticle, resolution: Resolution, start: int, end: int) -> tuple[str, ...]:
    """The divisions that `article.text[start:end]` is about; () if nothing says."""
    body = [mention for mention in resolution.mentions if mention.where == "body"]
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
