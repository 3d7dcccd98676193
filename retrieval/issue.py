"""The stories of a digest in the order in which they are read: a few first, then by division, old and alike ones last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from retrieval.editions import DigestItem
from retrieval.text.figures import find_figures
from retrieval.text.news import is_routine, is_telling, letter_pairs
from retrieval.types import ArticleKind, RegionRole

_OLD = timedelta(days=7)
"""How much older than the newest story one is that was read late."""
_ALIKE = 0.6
"""Letter pairs that two stories share which say the same."""
_TOP = ((16, 5), (9, 4), (0, 3))
"""From so many stories on, so many come first."""
_LONG_CHARS = 1200
_REMEMBERED = 4096
"""Titles that are looked at once for all chats."""
_AGAIN = 0.25
"""What a story loses for each one of its division that already comes first."""


class Section(StrEnum):
    """Where a story stands in an issue."""

    TOP = "top"
    PLACES = "places"
    ALIKE = "alike"
    """It says what another one of the issue says."""
    ROUTINE = "routine"
    """It is of what comes every day: a forecast, a notice."""
    LATE = "late"
    """It is old, and was read only now."""


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """A story and where it stands."""

    item: DigestItem
    section: Section


def arrange(items: Sequence[DigestItem], codes: Collection[str] = ()) -> list[PlacedItem]:
    """Return every story once, in the order in which it is read; `codes` are the divisions that are followed.

    Stories keep their order within a section but for those that come first: these are chosen for nearness, figures,
    length and novelty, none of them routine, and of several divisions where there are some.
    """
    late = _late(items)
    routine = [
        each for number, each in enumerate(items) if number not in late and is_routine(each.article.title)
    ]
    news = [each for number, each in enumerate(items) if number not in late and each not in routine]
    alike = _alike(news)
    fresh = [each for each in news if each not in alike]
    top = _first(fresh, codes)
    return [
        *(PlacedItem(each, Section.TOP) for each in top),
        *(PlacedItem(each, Section.PLACES) for each in fresh if each not in top),
        *(PlacedItem(each, Section.ALIKE) for each in alike),
        *(PlacedItem(each, Section.ROUTINE) for each in routine),
        *(PlacedItem(items[number], Section.LATE) for number in sorted(late)),
    ]


def _late(items: Sequence[DigestItem]) -> set[int]:
    newest = max((each.article.date for each in items if each.article.date), default=None)
    if newest is None:
        return set()
    days = [each.article.date for each in items]
    return {number for number, day in enumerate(days) if day is not None and newest - day > _OLD}


def _alike(items: Sequence[DigestItem]) -> list[DigestItem]:
    """The stories that say what one before them says."""
    told_by: dict[str, list[int]] = {}
    """The first stories to say something that hold a letter pair."""
    n_pairs: list[int] = []
    alike: list[DigestItem] = []
    for each in items:
        pairs = letter_pairs(each.line)
        shared = Counter(number for pair in pairs for number in told_by.get(pair, ()))
        if any(n / (len(pairs) + n_pairs[number] - n) >= _ALIKE for number, n in shared.items()):
            alike.append(each)
            continue
        for pair in pairs:
            told_by.setdefault(pair, []).append(len(n_pairs))
        n_pairs.append(len(pairs))
    return alike


def _first(items: Sequence[DigestItem], codes: Collection[str]) -> list[DigestItem]:
    most = next(most for least, most in _TOP if len(items) >= least)
    worth = {number: _worth(each, codes) for number, each in enumerate(items)}
    newest = max((each.article.date for each in items if each.article.date), default=None)
    chosen: list[int] = []
    taken: Counter[str] = Counter()
    while len(chosen) < most:
        left = [number for number, score in worth.items() if score is not None and number not in chosen]
        if not left:
            break

        def score(number: int) -> tuple[float, int]:
            own = worth[number] or 0.0
            is_newest = newest is not None and items[number].article.date == newest
            return own + 0.2 * is_newest - _AGAIN * taken[items[number].code], -number

        best = max(left, key=score)
        chosen.append(best)
        taken[items[best].code] += 1
    return [items[number] for number in chosen]


def _worth(item: DigestItem, codes: Collection[str]) -> float | None:
    """How much a story is worth coming first; None for what never does."""
    article = item.article
    if not is_telling(item.sentence.text):
        return None
    is_about = any(region.role is RegionRole.PRIMARY for region in article.regions)
    near = 1.0 if item.code in codes else 0.7 if is_about else 0.2
    figures = 0.15 * min(2, len(item.sentence.figures)) + 0.1 * _has_figure(article.title)
    length = 0.4 * min(1.0, len(article.text) / _LONG_CHARS)
    novelty = 0.1 * min(3, len(item.also))
    return near + figures + length + novelty - 0.3 * (article.kind is ArticleKind.BRIEF)


@lru_cache(maxsize=_REMEMBERED)
def _has_figure(title: str) -> bool:
    return bool(find_figures(title))
