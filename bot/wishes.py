"""What people write about their subscriptions to choices, and choices to a small JSON file and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.schedule import Hours
from bot.subscribers import MOST_SUBSCRIPTIONS, Subscriber
from retrieval import Choice, PlaceChoice

MAX_IMPORT_BYTES = 100_000
_FORMAT = "yunwen-subscriptions"
_MOST_WORDS = 20
_WORD_CHARS = 30
_MARKS = {"除": "excluded", "除了": "excluded", "含": "must", "不含": "must_not"}


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


def parse_wish(text: str, find: Find) -> list[Choice] | Unclear:
    """`通辽市 除 开鲁县 含 水稻 不含 玉米` to choices, one a place before the first mark.

    Raises WishError for a name that is no place, an exclusion outside the place, too many words.
    """
    named: dict[str, list[str]] = {"": [], "excluded": [], "must": [], "must_not": []}
    part = ""
    for word in text.replace("，", " ").replace("、", " ").replace(",", " ").split():
        if word in _MARKS:
            part = _MARKS[word]
        else:
            named[part].append(word)
    _check_words([*named["must"], *named["must_not"]])
    codes: dict[str, list[str]] = {"": [], "excluded": []}
    for kind, found_codes in codes.items():
        for name in named[kind]:
            found = find(name)
            if found.code is None and found.choices:
                return Unclear(name, found.choices)
            if found.code is None:
                raise WishError(f"没认出“{name[:20]}”这个地方。请写全一点，如 通辽市、库伦旗。")
            found_codes.append(found.code)
    words = {name: tuple(dict.fromkeys(named[name])) for name in ("must", "must_not")}
    return [
        Choice(code, excluded=tuple(codes["excluded"]), must=words["must"], must_not=words["must_not"])
        for code in codes[""]
    ]


def _check_words(words: Sequence[str]) -> None:
    if len(words) > _MOST_WORDS or any(len(word) > _WORD_CHARS for word in words):
        raise WishError(f"关键词最多 {_MOST_WORDS} 个，每个最多 {_WORD_CHARS} 个字。")


def parse_hours(word: str, hours: Hours) -> Hours:
    """The hours with another hour of the day, `7` or `7点`. Raises WishError."""
    number = word.strip().removesuffix("点").removesuffix(":00").removesuffix("：00")
    if not (number.isascii() and number.isdigit() and int(number) <= 23):
        raise WishError("请写 0 到 23 之间的整点，如 /hour 7。")
    return Hours(int(number), hours.zone, hours.quiet)


def parse_zone(word: str, hours: Hours) -> Hours:
    """The hours in another time zone, `Asia/Urumqi`. Raises WishError."""
    try:
        return Hours(hours.hour, word.strip(), hours.quiet)
    except ValueError:
        raise WishError(f"没有“{word.strip()[:40]}”这个时区。请写如 Asia/Shanghai、Asia/Urumqi。") from None


def parse_quiet(word: str, hours: Hours) -> Hours:
    """The hours with other quiet hours, `22-7`, or none, `无`. Raises WishError."""
    bare = word.strip()
    if bare in ("无", "off", "关"):
        return Hours(hours.hour, hours.zone, None)
    first, _, last = bare.replace("－", "-").replace("到", "-").partition("-")
    if not all(each.isascii() and each.isdigit() and int(each) <= 23 for each in (first, last)):
        raise WishError("请写免打扰的起止整点，如 /quiet 22-7；取消用 /quiet 无。")
    if first == last:
        raise WishError("免打扰的起止时间不能相同，否则一整天都发不了。")
    return Hours(hours.hour, hours.zone, (int(first), int(last)))


def export_wishes(subscriber: Subscriber) -> bytes:
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
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an imported document asks for."""

    choices: tuple[Choice, ...]
    hours: Hours
    wants_empty: bool


def parse_import(data: bytes, is_division: Callable[[str], bool]) -> Imported:
    """The wishes in a document that `export_wishes` made. Raises WishError; nothing is guessed."""
    if len(data) > MAX_IMPORT_BYTES:
        raise WishError("这个文件太大了，不是云问导出的订阅文件。")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise WishError("这个文件不是 JSON，没有导入。请用 /export 导出的文件。") from None
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise WishError("这不是云问导出的订阅文件，没有导入。")
    wishes = document.get("subscriptions")
    if not isinstance(wishes, list) or len(wishes) > MOST_SUBSCRIPTIONS:
        raise WishError(f"文件里的订阅没有或超过 {MOST_SUBSCRIPTIONS} 个，没有导入。")
    choices = tuple(_imported(wish, n, is_division) for n, wish in enumerate(wishes, start=1))
    return Imported(choices, _imported_hours(document), document.get("wants_empty") is True)


def _imported(wish: Any, number: int, is_division: Callable[[str], bool]) -> Choice:
    if not isinstance(wish, dict):
        raise WishError(f"文件里第 {number} 个订阅不完整，没有导入。")
    lists: list[Any] = [wish.get(name, []) for name in ("excluded", "must", "must_not")]
    if not all(isinstance(each, list) and all(isinstance(word, str) for word in each) for each in lists):
        raise WishError(f"文件里第 {number} 个订阅不完整，没有导入。")
    excluded, must, must_not = (tuple(each) for each in lists)
    code, with_descendants = wish.get("code"), wish.get("with_descendants", True)
    if not isinstance(code, str) or not all(map(is_division, (code, *excluded))):
        raise WishError(f"文件里第 {number} 个订阅的地方不认识，没有导入。")
    if not isinstance(with_descendants, bool):
        raise WishError(f"文件里第 {number} 个订阅不完整，没有导入。")
    _check_words([*must, *must_not])
    return Choice(code, with_descendants, excluded, must, must_not)


def _imported_hours(document: dict[str, Any]) -> Hours:
    hour, zone, quiet = document.get("hour"), document.get("zone"), document.get("quiet")
    is_pair = quiet is None or (
        isinstance(quiet, list) and len(quiet) == 2 and all(type(each) is int for each in quiet)
    )
    if type(hour) is not int or not isinstance(zone, str) or not is_pair:
        raise WishError("文件里的时间不完整，没有导入。")
    try:
        return Hours(hour, zone, (quiet[0], quiet[1]) if quiet else None)
    except ValueError:
        raise WishError("文件里的时间或时区不对（整点是 0 到 23），没有导入。") from None
