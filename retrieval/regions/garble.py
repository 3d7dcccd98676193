"""Names that are one character off, as scanned and typed pages have them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from retrieval.regions.gazetteer import Division

_SORTS = ("苏木", "街道", "镇", "乡")
_SORT = re.compile("|".join(_SORTS))
_SHORTEST = 4
"""In shorter names one character is too much of the name."""


def is_one_off(one: str, other: str) -> bool:
    """Whether two names differ by exactly one wrong, missing or added character."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    shorter, longer = sorted((one, other), key=len)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def find_garbled(
    text: str, townships: Sequence[Division], taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, Division]]:
    """Stretches that end like a township and are one character off exactly one of these, with that one."""
    names: dict[tuple[str, str], list[Division]] = {}
    for each in townships:
        for ending in _SORTS:
            if len(each.name) >= _SHORTEST and each.name.endswith(ending):
                names.setdefault((ending, each.name[0]), []).append(each)
    longest = max((len(each.name) for each in townships), default=0) + 1
    is_taken = bytearray(len(text))
    for first, last in taken:
        is_taken[first:last] = b"\1" * (last - first)
    for sort in _SORT.finditer(text) if names else ():
        end = sort.end()
        if is_taken[end - 1]:
            continue
        found: dict[str, tuple[int, Division]] = {}
        for start in range(max(0, end - longest), end):
            if any(is_taken[start:end]):
                continue
            # a garbled beginning has no certain start
            for division in names.get((sort.group(), text[start]), ()):
                # of two stretches the one as long as the name wins: a wrong character is likelier
                is_better = division.code not in found or end - start == len(division.name)
                if is_better and is_one_off(text[start:end], division.name):
                    found[division.code] = (start, division)
        if len(found) == 1:
            start, division = next(iter(found.values()))
            yield start, end, division


Heads = Mapping[str, Sequence[tuple[str, Division]]]
"""Names that may be miswritten, with their divisions, by first character."""


def name_heads(divisions: Iterable[Division]) -> Heads:
    """Full names of three and more characters and short ones of four and more, by first character."""
    heads: dict[str, list[tuple[str, Division]]] = {}
    for division in divisions:
        names = (
            name for name in (division.name, division.short_name) if len(name) >= 3 + (name != division.name)
        )
        for name in dict.fromkeys(names):
            heads.setdefault(name[0], []).append((name, division))
    return heads


def near_names(text: str, heads: Heads) -> list[tuple[str, Division]]:
    """Stretches of the text that are one wrong character off a name, with the division, full names first.

    The first character must be right, and the last of a full name.
    """
    found: list[tuple[str, Division]] = []
    for at, character in enumerate(text):
        for name, division in heads.get(character, ()):
            stretch = text[at : at + len(name)]
            ends_right = name != division.name or stretch[-1] == name[-1]
            if len(stretch) == len(name) and ends_right and is_one_off(stretch, name):
                found.append((stretch, division))
    return sorted(found, key=lambda pair: len(pair[0]), reverse=True)
