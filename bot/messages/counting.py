"""What is said where articles are counted, and where places are shown side by side."""

from __future__ import annotations

from bot.languages import Texts
from bot.messages.splitting import shorten
from retrieval import Answer, ArticleCount

N_COUNTED = 12
"""Counted articles that a message lists."""
QUESTION_CHARS = 40
"""Characters of a question that are said back."""


def say_count(count: ArticleCount, place: str | None, texts: Texts) -> str:
    """Return how many articles there are of what, in one sentence."""
    days = [texts.say_day(day) for day in (count.first, count.last) if day is not None]
    when = "–".join(dict.fromkeys(days))
    about = texts.list_comma.join(f"“{word}”" for word in count.words)
    of = texts.comma.join(part for part in (place or "", when, about) if part)
    return texts.counted_articles.format(of=of or texts.counted_all, n=count.n)


def say_sides(answer: Answer, texts: Texts) -> str:
    """Return that each place speaks for itself, and of which nothing was found."""
    silent = [side.name for side in answer.sides if side.hit is None]
    if len(silent) == len(answer.sides):
        return texts.nothing_found.format(
            wanted=texts.wanted_quoted.format(question=shorten(answer.question, QUESTION_CHARS))
        )
    said = texts.side_by_side
    return f"{said}{texts.side_silent.format(names=texts.list_comma.join(silent))}" if silent else said
