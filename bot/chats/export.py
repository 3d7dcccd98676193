"""A chat's subscriptions and standing questions as a file, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.chats.hours import Hours
from bot.chats.standing_questions import MOST_CHARS, MOST_STANDING, StandingQuery
from bot.chats.subscription_text import SubscriptionError, check_words
from bot.chats.subscriptions import MOST_SUBSCRIPTIONS, Subscriber
from bot.languages import Texts
from retrieval import Choice

MAX_IMPORT_BYTES = 100_000
_MOST_REGIONS = MOST_CHARS // 2
"""Of a standing question: a place's name has two characters at least."""

_FORMAT = "yunwen-subscriptions"


def export_subscriptions(subscriber: Subscriber, standing: Sequence[StandingQuery] = ()) -> bytes:
    """A chat's subscriptions as a JSON document, UTF-8."""
    document = {
        "format": _FORMAT,
        "version": 1,
        "hour": subscriber.hours.hour,
        "zone": subscriber.hours.zone,
        "quiet": list(subscriber.hours.quiet) if subscriber.hours.quiet else None,
        "weekday": subscriber.hours.weekday,
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
    standing: tuple[StandingQuery, ...] | None = None
    """None: the document is of a version that knew no standing questions."""


def parse_import(data: bytes, is_division: Callable[[str], bool], texts: Texts) -> Imported:
    """The subscriptions in a document that `export_subscriptions` made. Raises SubscriptionError; nothing is guessed."""
    if len(data) > MAX_IMPORT_BYTES:
        raise SubscriptionError(texts.import_too_large)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise SubscriptionError(texts.import_no_json) from None
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise SubscriptionError(texts.import_foreign)
    subscriptions = document.get("subscriptions")
    if not isinstance(subscriptions, list) or len(subscriptions) > MOST_SUBSCRIPTIONS:
        raise SubscriptionError(texts.import_too_many.format(n=MOST_SUBSCRIPTIONS))
    choices = tuple(
        _imported(subscription, n, is_division, texts)
        for n, subscription in enumerate(subscriptions, start=1)
    )
    hours, wants_empty = _imported_hours(document, texts), document.get("wants_empty") is True
    standing = _imported_standing(document, is_division, texts)
    return Imported(tuple(dict.fromkeys(choices)), hours, wants_empty, standing)


def _imported_standing(
    document: dict[str, Any], is_division: Callable[[str], bool], texts: Texts
) -> tuple[StandingQuery, ...] | None:
    if "standing" not in document:
        return None
    listed = document["standing"]
    if not isinstance(listed, list) or len(listed) > MOST_STANDING:
        raise SubscriptionError(texts.too_many_watched.format(n=MOST_STANDING))
    subscriptions: list[StandingQuery] = []
    for number, each in enumerate(listed, start=1):
        question, regions = (
            (each.get("question"), each.get("regions", [])) if isinstance(each, dict) else ("", [])
        )
        if not isinstance(question, str) or not any(map(str.isalnum, question[:MOST_CHARS])):
            raise SubscriptionError(texts.import_incomplete.format(number=number))
        if not isinstance(regions, list) or len(question) > MOST_CHARS:
            raise SubscriptionError(texts.import_incomplete.format(number=number))
        codes = tuple(dict.fromkeys(code for code in regions if isinstance(code, str)))
        if len(codes) > _MOST_REGIONS:
            raise SubscriptionError(texts.import_incomplete.format(number=number))
        if not (all(isinstance(code, str) for code in regions) and all(map(is_division, codes))):
            raise SubscriptionError(texts.import_bad_place.format(number=number))
        subscriptions.append(StandingQuery(question, codes))
    return tuple(dict.fromkeys(subscriptions))


def _imported(subscription: Any, number: int, is_division: Callable[[str], bool], texts: Texts) -> Choice:
    if not isinstance(subscription, dict):
        raise SubscriptionError(texts.import_incomplete.format(number=number))
    lists: list[Any] = [subscription.get(name, []) for name in ("excluded", "must", "must_not")]
    if not all(isinstance(each, list) and all(isinstance(word, str) for word in each) for each in lists):
        raise SubscriptionError(texts.import_incomplete.format(number=number))
    excluded, must, must_not = (tuple(dict.fromkeys(each)) for each in lists)
    if len(excluded) > MOST_SUBSCRIPTIONS:  # before each of ten thousand is looked up and written
        raise SubscriptionError(texts.import_too_many.format(n=MOST_SUBSCRIPTIONS))
    code, with_descendants = subscription.get("code"), subscription.get("with_descendants", True)
    if not isinstance(code, str) or not all(map(is_division, (code, *excluded))):
        raise SubscriptionError(texts.import_bad_place.format(number=number))
    if not isinstance(with_descendants, bool):
        raise SubscriptionError(texts.import_incomplete.format(number=number))
    check_words([*must, *must_not], texts)
    return Choice(code, with_descendants, excluded, must, must_not)


def _imported_hours(document: dict[str, Any], texts: Texts) -> Hours:
    hour, zone, quiet = document.get("hour"), document.get("zone"), document.get("quiet")
    is_pair = quiet is None or (
        isinstance(quiet, list) and len(quiet) == 2 and all(type(each) is int for each in quiet)
    )
    weekday = document.get("weekday")
    if type(hour) is not int or not isinstance(zone, str) or not is_pair:
        raise SubscriptionError(texts.import_no_hours)
    try:
        return Hours(
            hour, zone, (quiet[0], quiet[1]) if quiet else None, weekday if type(weekday) is int else None
        )
    except ValueError:
        raise SubscriptionError(texts.import_bad_hours) from None
