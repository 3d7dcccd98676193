"""What people write about their subscriptions to choices, and choices to a small JSON file and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chats.hours import Hours
from bot.chats.subscriptions import MOST_SUBSCRIPTIONS
from bot.languages import Texts, keywords
from retrieval import Choice, FoundPlace, PlaceChoice

_MOST_WORDS = 20
_WORD_CHARS = 30
_MARKS = {
    **dict.fromkeys(keywords.EXCEPT_WORDS, "excluded"),
    **dict.fromkeys(keywords.WITH_WORDS, "must"),
    **dict.fromkeys(keywords.WITHOUT_WORDS, "must_not"),
}
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
    for word in text.translate(_SEPARATORS).split():
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


def check_words(words: Sequence[str], texts: Texts) -> None:
    """Raise SubscriptionError if there are too many words, or one that is too long."""
    if len(words) > _MOST_WORDS or any(len(word) > _WORD_CHARS for word in words):
        raise SubscriptionError(texts.too_many_words.format(n=_MOST_WORDS, length=_WORD_CHARS))


def parse_hours(word: str, hours: Hours, texts: Texts) -> Hours:
    """The hours with another hour of the day, `7` or `7点`. Raises SubscriptionError."""
    number = word.strip()
    for ending in keywords.HOUR_ENDINGS:
        number = number.removesuffix(ending)
    if not (number.isascii() and number.isdigit() and int(number) <= 23):
        raise SubscriptionError(texts.bad_hour)
    return Hours(int(number), hours.zone, hours.quiet)


def parse_zone(word: str, hours: Hours, texts: Texts) -> Hours:
    """The hours in another time zone, `Asia/Urumqi`. Raises SubscriptionError."""
    try:
        return Hours(hours.hour, word.strip(), hours.quiet)
    except ValueError:
        raise SubscriptionError(texts.bad_zone.format(name=word.strip()[:40])) from None


def parse_quiet(word: str, hours: Hours, texts: Texts) -> Hours:
    """The hours with other quiet hours, `22-7`, or none, `无`. Raises SubscriptionError."""
    bare = word.strip()
    if bare.lower() in keywords.NONE_WORDS:
        return Hours(hours.hour, hours.zone, None)
    for mark in keywords.RANGE_MARKS:
        bare = bare.replace(mark, "-")
    first, _, last = bare.partition("-")
    if not all(each.isascii() and each.isdigit() and int(each) <= 23 for each in (first, last)):
        raise SubscriptionError(texts.bad_quiet)
    if first == last:
        raise SubscriptionError(texts.quiet_all_day)
    return Hours(hours.hour, hours.zone, (int(first), int(last)))
