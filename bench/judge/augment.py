"""Wrong copies of a right passage: another place, another time, another unit, or without the sentence that answers."""

from __future__ import annotations

import random
import re
from functools import cache

from retrieval.regions.gazetteer import Division, Gazetteer
from retrieval.text.sentences import split_sentences

_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_MONTH = re.compile(r"(?<!\d)(?:1[0-2]|[1-9])(?=月)")
_FIGURE = re.compile(
    r"(\d[\d.,]*\s*[多余]?[百千万亿]*[多余]?)(元|人|名|亩|公顷|吨|户|公里|平方米|头|只|辆|家|个|天|小时|%)"
)
_UNITS = ("元", "人", "亩", "吨", "户", "公里", "平方米", "家", "天", "%")
_SAME = ({"人", "名"}, {"亩", "公顷", "平方米"}, {"头", "只"}, {"家", "个"}, {"天", "小时"})
_LEAST = 20

Copy = tuple[str, str]
"""What stands over a passage, and its text."""


def wrong_copies(
    question: str, head: str, text: str, start: int, end: int, chance: random.Random
) -> list[Copy]:
    """Return copies of the passage that no longer answer; the answer stands at `start` to `end` of its text."""
    copies = [
        _other_place(question, head, text, chance),
        _other_time(question, head, text, chance),
        _other_unit(head, text, start, end, chance),
        _without(head, text, start, end),
    ]
    return [copy for copy in copies if copy is not None and copy != (head, text)]


def _other_place(question: str, head: str, text: str, chance: random.Random) -> Copy | None:
    """Put another place of the same kind where the question's stands in title and passage."""
    for name in _places(question):
        if name not in text and name not in head:
            continue
        division = Gazetteer.load().find(name)[0]
        others = [
            each
            for each in Gazetteer.load().children(division.parent or "")
            if each.code != division.code and each.official and name not in each.name
        ]
        if others:
            other = chance.choice(others)
            return tuple(
                part.replace(division.name, other.name).replace(name, _like(other, name, division))
                for part in (head, text)
            )  # type: ignore[return-value]
    return None


def _like(other: Division, name: str, division: Division) -> str:
    return other.name if name == division.name else other.short_name


def _places(question: str) -> list[str]:
    """Return the names of provinces to counties in a question, the longest and lowest first."""
    names = _names()
    found = {
        question[at : at + length]
        for length in range(2, 8)
        for at in range(len(question) - length + 1)
        if question[at : at + length] in names
    }
    return sorted(found, key=lambda name: (-len(name), name))


@cache
def _names() -> frozenset[str]:
    return frozenset(
        name
        for division in Gazetteer.load()
        if division.level <= 3 and division.official
        for name in (division.name, division.short_name)
        if len(name) >= 2
    )


def _other_time(question: str, head: str, text: str, chance: random.Random) -> Copy | None:
    """Change the year or month that the question names."""
    for pattern, choices in ((_YEAR, range(2012, 2027)), (_MONTH, range(1, 13))):
        for asked in pattern.findall(question):
            here = re.compile(rf"(?<!\d){asked}(?=[年月])")
            if here.search(text) or here.search(head):
                other = str(chance.choice([value for value in choices if str(value) != asked]))
                return here.sub(other, head), here.sub(other, text)
    return None


def _other_unit(head: str, text: str, start: int, end: int, chance: random.Random) -> Copy | None:
    """Give the answer's figure a unit of another kind."""
    figure = _FIGURE.search(text, start, min(len(text), end + 3))
    if figure is None:
        return None
    unit = figure.group(2)
    alike = next((same for same in _SAME if unit in same), {unit})
    other = chance.choice([each for each in _UNITS if each not in alike])
    return head, text[: figure.start(2)] + other + text[figure.end(2) :]


def _without(head: str, text: str, start: int, end: int) -> Copy | None:
    """Take out the sentence with the answer, if enough is left and the answer does not stand there again."""
    answer = text[start:end]
    for first, last in split_sentences(text):
        if first < end and start < last:
            left = text[:first] + text[last:]
            return (head, left) if len(left) >= _LEAST and answer not in left and answer not in head else None
    return None
