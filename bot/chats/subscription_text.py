"""What people write about their subscriptions to choices, and choices to a small JSON file and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.chats.hours import Hours
from bot.chats.subscriptions import MOST_SUBSCRIPTIONS
from bot.languages import Texts, keywords
from retrieval import Choice, FoundPlace, PlaceChoice, with_chinese_names

_MOST_WORDS = 20
_WORD_CHARS = 30
_MARKS = {
    **dict.fromkeys(keywords.EXCEPT_WORDS, "excluded"),
    **dict.fromkeys(keywords.WITH_WORDS, "must"),
    **dict.fromkeys(keywords.WITHOUT_WORDS, "must_not"),
}
_MARK = re.compile(keywords.GLUED_MARKS)
_ENDING = re.compile(f"(?:{keywords.EXCEPT_ENDINGS})$")
_AND = re.compile(keywords.AND_WORDS)
_SEPARATORS = str.maketrans(dict.fromkeys(keywords.SEPARATORS, " "))


class SubscriptionError(Exception):
    """A subscription cannot be understood or made; the message is one sentence for the person."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A name that a person is to choose a meaning for."""

    name: str
    choices: tuple[PlaceChoice, ...]


Find = Callable[[str], FoundPlace]
"""What a place's name means."""


def parse_subscriptions(text: str, find: Find, texts: Texts) -> list[Choice] | Unclear:
    """`通辽市 除 开鲁县 含 水稻 不含 玉米` to choices, one a place before the first mark.

    Raises SubscriptionError for a name that is no place, an exclusion outside the place, too many places or words.
    """
    named: dict[str, list[str]] = {"": [], "excluded": [], "must": [], "must_not": []}
    part = ""
    for word in _words(with_chinese_names(text), find):
        if word.lower() in _MARKS:
            part = _MARKS[word.lower()]
        else:
            named[part].append(word)
    check_words([*named["must"], *named["must_not"]], texts)
    codes: dict[str, list[str]] = {"": [], "excluded": []}
    for kind, found_codes in codes.items():
        names = list(dict.fromkeys(named[kind]))
        if len(names) > MOST_SUBSCRIPTIONS:  # before each of a thousand is looked up and written
            raise SubscriptionError(texts.too_many.format(n=MOST_SUBSCRIPTIONS))
        for name in names:
            found = find(name)
            if found.code is None and found.choices:
                return Unclear(name, found.choices)
            if found.code is None:
                raise SubscriptionError(texts.unknown_place.format(name=name[:20]))
            found_codes.append(found.code)
    words = {name: tuple(dict.fromkeys(named[name])) for name in ("must", "must_not")}
    return [
        Choice(code, excluded=tuple(codes["excluded"]), must=words["must"], must_not=words["must_not"])
        for code in codes[""]
    ]


def _words(text: str, find: Find) -> list[str]:
    """The words of a subscription, with marks that stand close to a word parted from it: 通辽市除奈曼旗, 含水稻.

    A mark is one only where places are named before it, or behind it for 除: keywords may hold its character (含氧量, 除夕).
    """
    words: list[str] = []
    has_keywords = False
    for word in text.translate(_SEPARATORS).split():
        parts = [word] if word.lower() in _MARKS else _parted(word, find, has_keywords=has_keywords)
        words += parts
        has_keywords |= any(_MARKS.get(each.lower(), "excluded") != "excluded" for each in parts)
    return words


def _parted(word: str, find: Find, *, has_keywords: bool) -> list[str]:
    found = _MARK.search(word)
    if found is None or (found.start() and has_keywords):
        return _together(word, find)
    before, mark, rest = word[: found.start()], found.group(), word[found.end() :]
    if _MARKS[mark] == "excluded":
        rest = _ENDING.sub("", rest)
        is_mark = bool(rest) and all(_is_place(each, find) for each in _together(_MARK.split(rest)[0], find))
    else:
        # 含山县 is a place
        is_mark = bool(rest) and (_is_place(before, find) if before else not _is_place(word, find))
        is_mark &= not has_keywords or _MARKS[mark] == "must_not"
    if not is_mark:
        return [word]
    later = _parted(rest, find, has_keywords=has_keywords) if _MARKS[mark] == "excluded" else [rest]
    return [*(_together(before, find) if before else []), mark, *later]


def _together(word: str, find: Find) -> list[str]:
    """Places that are named together, 奈曼旗和开鲁县, apart; any other word as it is."""
    parts = _AND.split(word)
    return parts if len(parts) > 1 and all(each and _is_place(each, find) for each in parts) else [word]


def _is_place(name: str, find: Find) -> bool:
    found = find(name)
    return found.code is not None or bool(found.choices)


def check_words(words: Sequence[str], texts: Texts) -> None:
    """Raise SubscriptionError if there are too many words, or one that is too long."""
    if len(words) > _MOST_WORDS or any(len(word) > _WORD_CHARS for word in words):
        raise SubscriptionError(texts.too_many_words.format(n=_MOST_WORDS, length=_WORD_CHARS))


_DAYS = re.compile("|".join((*keywords.WEEKDAYS, keywords.DAILY)), re.IGNORECASE)


def parse_hours(word: str, hours: Hours, texts: Texts) -> Hours:
    """The hours with another hour of the day, `7` or `7点`, other days, 每天 or 周日, or both. Raises SubscriptionError."""
    said = _DAYS.search(word)
    number = (word if said is None else word[: said.start()] + word[said.end() :]).strip()
    if said is not None:
        named = (each for each, form in enumerate(keywords.WEEKDAYS) if re.fullmatch(form, said[0], re.I))
        hours = replace(hours, weekday=next(named, None))
        if not number:
            return hours
    for ending in keywords.HOUR_ENDINGS:
        number = number.removesuffix(ending)
    if not (number.isascii() and number.isdigit() and int(number) <= 23):
        raise SubscriptionError(texts.bad_hour)
    return replace(hours, hour=int(number))


def parse_zone(word: str, hours: Hours, texts: Texts) -> Hours:
    """The hours in another time zone, `Asia/Urumqi`. Raises SubscriptionError."""
    try:
        return replace(hours, zone=word.strip())
    except ValueError:
        raise SubscriptionError(texts.bad_zone.format(name=word.strip()[:40])) from None


def parse_quiet(word: str, hours: Hours, texts: Texts) -> Hours:
    """The hours with other quiet hours, `22-7`, or none, `无`. Raises SubscriptionError."""
    bare = word.strip()
    if bare.lower() in keywords.NONE_WORDS:
        return replace(hours, quiet=None)
    for mark in keywords.RANGE_MARKS:
        bare = bare.replace(mark, "-")
    first, _, last = bare.partition("-")
    if not all(each.isascii() and each.isdigit() and int(each) <= 23 for each in (first, last)):
        raise SubscriptionError(texts.bad_quiet)
    if first == last:
        raise SubscriptionError(texts.quiet_all_day)
    return replace(hours, quiet=(int(first), int(last)))
