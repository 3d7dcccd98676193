"""Questions to begin with, of which the library has the answers."""

from __future__ import annotations

from bot.messages.answers import place_of
from retrieval import Library

_LOOKED_AT, _MOST_CHARS = 50, 40


def sample_questions(library: Library, n: int = 3) -> list[str]:
    """Return up to `n` questions that the newest articles answer, of different places: a place and a title."""
    chosen: dict[str, str] = {}
    for article in library.newest_articles(_LOOKED_AT):
        place = place_of(article)
        if place and not article.title_is_derived:
            named = article.title if place in article.title else place + article.title
            chosen.setdefault(place, named[:_MOST_CHARS])
    return list(chosen.values())[:n]
