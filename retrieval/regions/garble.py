"""Names that are one character off, as scanned and typed pages have them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from retrieval.regions.gazetteer import Division

_SORT = re.compile(r"苏木|街道|镇|乡")
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
    names = [each for each in townships if len(each.name) >= _SHORTEST]
    if not names:
        return
    for sort in _SORT.finditer(text):
        if any(start < sort.end() <= end for start, end in taken):
            continue
        found = {
            division.code: (start, division)
            for division in names
            if division.name.endswith(sort.group())
            # the last that fits wins: a wrong character is likelier than a missing or added one
            for length in (len(division.name) - 1, len(division.name) + 1, len(division.name))
            if (start := sort.end() - length) >= 0
            and not any(a < sort.end() and start < b for a, b in taken)
            and text[start : start + 1] == division.name[:1]  # a garbled beginning has no certain start
            and is_one_off(text[start : sort.end()], division.name)
        }
        if len(found) == 1:
            start, division = next(iter(found.values()))
            yield start, sort.end(), division


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
