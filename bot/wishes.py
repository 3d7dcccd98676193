"""What people write about their subscriptions to choices, and choices to a small JSON file and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.languages import Texts, typed
from bot.schedule import Hours
from bot.standing import MOST_CHARS, MOST_STANDING, Wish
from bot.subscribers import MOST_SUBSCRIPTIONS, Subscriber
from retrieval import Choice, PlaceChoice

MAX_IMPORT_BYTES = 100_000
_FORMAT = "yunwen-subscriptions"
_MOST_WORDS = 20
_WORD_CHARS = 30
_MARKS = {
    **dict.fromkeys(typed.EXCEPT_WORDS, "excluded"),
    **dict.fromkeys(typed.WITH_WORDS, "must"),
    **dict.fromkeys(typed.WITHOUT_WORDS, "must_not"),
}
_SEPARATORS = str.maketrans(dict.fromkeys(typed.SEPARATORS, " "))


class WishError(Exception):
    """Something in a wish cannot be done; the message is one sentence for the person."""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """What a name means: one division, or those that it may mean."""

    code: str | None
    choices: tuple[PlaceChoice, ...] = ()
    """Where it is unclear, or a slip: what to choose from."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A name that a person is to choose a meaning for."""

    name: str
    choices: tuple[PlaceChoice, ...]


Find = Callable[[str], FoundPlace]
"""What a place's name means."""


def parse_wish(text: str, find: Find, texts: Texts) -> list[Choice] | Unclear:
    """`通辽市 除 开鲁县 含 水稻 不含 玉米` to choices, one a place before the first mark.

    Raises WishError for a name that is no place, an exclusion outside the place, too many places or words.
    """
    named: dict[str, list[str]] = {"": [], "excluded": [], "must": [], "must_not": []}
    part = ""
    for word in text.translate(_SEPARATORS).split():
        if word.lower() in _MARKS:
            part = _MARKS[word.lower()]
        else:
            named[part].append(word)
    _check_words([*named["must"], *named["must_not"]], texts)
    codes: dict[str, list[str]] = {"": [], "excluded": []}
    for kind, found_codes in codes.items():
        names = list(dict.fromkeys(named[kind]))
        if len(names) > MOST_SUBSCRIPTIONS:  # before each of a thousand is looked up and written
            raise WishError(texts.too_many.format(n=MOST_SUBSCRIPTIONS))
        for name in names:
            found = find(name)
            if found.code is None and found.choices:
                return Unclear(name, found.choices)
            if found.code is None:
                raise WishError(texts.unknown_place.format(name=name[:20]))
            found_codes.append(found.code)
    words = {name: tuple(dict.fromkeys(named[name])) for name in ("must", "must_not")}
    return [
        Choice(code, excluded=tuple(codes["excluded"]), must=words["must"], must_not=words["must_not"])
        for code in codes[""]
    ]


def _check_words(words: Sequence[str], texts: Texts) -> None:
    if len(words) > _MOST_WORDS or any(len(word) > _WORD_CHARS for word in words):
        raise WishError(texts.too_many_words.format(n=_MOST_WORDS, length=_WORD_CHARS))


def parse_hours(word: str, hours: Hours, texts: Texts) -> Hours:
    """The hours with another hour of the day, `7` or `7点`. Raises WishError."""
    number = word.strip()
    for ending in typed.HOUR_ENDINGS:
        number = number.removesuffix(ending)
    if not (number.isascii() and number.isdigit() and int(number) <= 23):
        raise WishError(texts.bad_hour)
    return Hours(int(number), hours.zone, hours.quiet)


def parse_zone(word: str, hours: Hours, texts: Texts) -> Hours:
    """The hours in another time zone, `Asia/Urumqi`. Raises WishError."""
    try:
        return Hours(hours.hour, word.strip(), hours.quiet)
    except ValueError:
        raise WishError(texts.bad_zone.format(name=word.strip()[:40])) from None


def parse_quiet(word: str, hours: Hours, texts: Texts) -> Hours:
    """The hours with other quiet hours, `22-7`, or none, `无`. Raises WishError."""
    bare = word.strip()
    if bare.lower() in typed.NONE_WORDS:
        return Hours(hours.hour, hours.zone, None)
    for mark in typed.RANGE_MARKS:
        bare = bare.replace(mark, "-")
    first, _, last = bare.partition("-")
    if not all(each.isascii() and each.isdigit() and int(each) <= 23 for each in (first, last)):
        raise WishError(texts.bad_quiet)
    if first == last:
        raise WishError(texts.quiet_all_day)
    return Hours(hours.hour, hours.zone, (int(first), int(last)))


def export_wishes(subscriber: Subscriber, standing: Sequence[Wish] = ()) -> bytes:
    """A chat's wishes as a JSON document, UTF-8."""
    document = {
        "format": _FORMAT,
        "version": 1,
        "hour": subscriber.hours.hour,
        "zone": subscriber.hours.zone,
        "quiet": list(subscriber.hours.quiet) if subscriber.hours.quiet else None,
        "wants_empty": subscriber.wants_empty,
        "subscriptions": [
            {
                "code": choice.code,
                "with_descendants": choice.with_descendants,
                "excluded": list(choice.excluded),
                "must": list(choice.must),
                "must_not": list(choice.must_not),
            }
            for choice in subscriber.choices
        ],
        "standing": [{"question": each.question, "regions": list(each.regions)} for each in standing],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an imported document asks for."""

    choices: tuple[Choice, ...]
    hours: Hours
    wants_empty: bool
    standing: tuple[Wish, ...] | None = None
    """None: the document is of a version that knew no standing questions."""


def parse_import(data: bytes, is_division: Callable[[str], bool], texts: Texts) -> Imported:
    """The wishes in a document that `export_wishes` made. Raises WishError; nothing is guessed."""
    if len(data) > MAX_IMPORT_BYTES:
        raise WishError(texts.import_too_large)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise WishError(texts.import_no_json) from None
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise WishError(texts.import_foreign)
    wishes = document.get("subscriptions")
    if not isinstance(wishes, list) or len(wishes) > MOST_SUBSCRIPTIONS:
        raise WishError(texts.import_too_many.format(n=MOST_SUBSCRIPTIONS))
    choices = tuple(_imported(wish, n, is_division, texts) for n, wish in enumerate(wishes, start=1))
    hours, wants_empty = _imported_hours(document, texts), document.get("wants_empty") is True
    return Imported(choices, hours, wants_empty, _imported_standing(document, is_division, texts))


def _imported_standing(
    document: dict[str, Any], is_division: Callable[[str], bool], texts: Texts
) -> tuple[Wish, ...] | None:
    if "standing" not in document:
        return None
    listed = document["standing"]
    if not isinstance(listed, list) or len(listed) > MOST_STANDING:
        raise WishError(texts.too_many_watched.format(n=MOST_STANDING))
    wishes: list[Wish] = []
    for number, each in enumerate(listed, start=1):
        question, regions = (
            (each.get("question"), each.get("regions", [])) if isinstance(each, dict) else ("", [])
        )
        if not isinstance(question, str) or not any(map(str.isalnum, question[:MOST_CHARS])):
            raise WishError(texts.import_incomplete.format(number=number))
        if not isinstance(regions, list) or len(question) > MOST_CHARS:
            raise WishError(texts.import_incomplete.format(number=number))
        if not all(isinstance(code, str) and is_division(code) for code in regions):
            raise WishError(texts.import_bad_place.format(number=number))
        wishes.append(Wish(question, tuple(regions)))
    return tuple(dict.fromkeys(wishes))


def _imported(wish: Any, number: int, is_division: Callable[[str], bool], texts: Texts) -> Choice:
    if not isinstance(wish, dict):
        raise WishError(texts.import_incomplete.format(number=number))
    lists: list[Any] = [wish.get(name, []) for name in ("excluded", "must", "must_not")]
    if not all(isinstance(each, list) and all(isinstance(word, str) for word in each) for each in lists):
        raise WishError(texts.import_incomplete.format(number=number))
    excluded, must, must_not = (tuple(each) for each in lists)
    code, with_descendants = wish.get("code"), wish.get("with_descendants", True)
    if not isinstance(code, str) or not all(map(is_division, (code, *excluded))):
        raise WishError(texts.import_bad_place.format(number=number))
    if not isinstance(with_descendants, bool):
        raise WishError(texts.import_incomplete.format(number=number))
    _check_words([*must, *must_not], texts)
    return Choice(code, with_descendants, excluded, must, must_not)


def _imported_hours(document: dict[str, Any], texts: Texts) -> Hours:
    hour, zone, quiet = document.get("hour"), document.get("zone"), document.get("quiet")
    is_pair = quiet is None or (
        isinstance(quiet, list) and len(quiet) == 2 and all(type(each) is int for each in quiet)
    )
    if type(hour) is not int or not isinstance(zone, str) or not is_pair:
        raise WishError(texts.import_no_hours)
    try:
        return Hours(hour, zone, (quiet[0], quiet[1]) if quiet else None)
    except ValueError:
        raise WishError(texts.import_bad_hours) from None
