"""Questions to begin with, of which the library has the answers."""

from __future__ import annotations

from bot.messages.answers import place_of, sample_question
from retrieval import Library

_LOOKED_AT = 50


def sample_questions(library: Library, n: int = 3) -> list[tuple[str, str]]:
    """Return up to `n` questions that the newest articles answer, each with the article's id, of different places."""
    chosen: dict[str, tuple[str, str]] = {}
    for article in library.newest_articles(_LOOKED_AT):
        place = place_of(article)
        if place and not article.title_is_derived:
            chosen.setdefault(place, (sample_question(article), article.id))
    return list(chosen.values())[:n]
