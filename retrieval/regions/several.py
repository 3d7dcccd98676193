"""Several places in one sentence: side by side, or the ends of a line; and what holds them all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.regions.aboutness import Mention, heads_clause
from retrieval.regions.gazetteer import Gazetteer

_LINE_END = re.compile(
    r"(?:[东西南北](?:起|至|到|接|抵|连|止)|起于|起自|始于|止于|[起终]点(?:位于|在))[于自]?$"
)
"""Where a road, a river or a project ends: 西起包头市，东至呼和浩特市."""
_BESIDE = re.compile(r"[、和与及]")


def listed(gazetteer: Gazetteer, text: str, mentions: Sequence[Mention]) -> list[str]:
    """The counties, or higher divisions, that a sentence tells of side by side: 在上海、重庆、广州, and not 发往上海、重庆."""
    group: list[Mention] = []
    for mention in mentions:
        if group and _BESIDE.fullmatch(text, group[-1].end, mention.start):
            group.append(mention)
        elif len(group) < 2:
            group = [mention] if heads_clause(text, mention.start) else []
    codes = lowest(gazetteer, group)
    return codes if len(codes) > 1 else []


def line_ends(text: str, mentions: Sequence[Mention]) -> list[str]:
    """The two divisions between which something lies: 西起包头市，东至呼和浩特市."""
    ends = [each for each in mentions if _LINE_END.search(text[max(0, each.start - 6) : each.start])]
    codes = list(dict.fromkeys(each.code[:6] for each in ends))
    return codes if len(codes) > 1 else []


def holding(gazetteer: Gazetteer, codes: Sequence[str]) -> str | None:
    """The lowest division that holds all of some, or None where not even a province does."""
    above = (codes[0], *(each.code for each in gazetteer.ancestors(codes[0])))
    return next((code for code in above if all(gazetteer.is_within(each, code) for each in codes)), None)


def lowest(gazetteer: Gazetteer, mentions: Sequence[Mention]) -> list[str]:
    """The divisions named, to the county, without those above others of them."""
    codes = list(dict.fromkeys(mention.code[:6] for mention in mentions))
    return [code for code in codes if not any(o != code and gazetteer.is_within(o, code) for o in codes)]
