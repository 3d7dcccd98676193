"""Where a sentence stands: its article, place, day and paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.languages import Texts
from bot.messages.links import is_public_address
from retrieval import ArticleRegion, DateBasis, StoredArticle

_SAMPLE_CHARS = 40


@dataclass(frozen=True, slots=True)
class Source:
    """Where something stands."""

    article_id: str
    title: str
    section: str | None
    place: str | None
    place_code: str | None
    """None where the place is no division."""
    as_of: str
    """截至 with the issue date, in words."""
    day: str | None
    """The issue date as YYYY-MM-DD."""
    paper: str | None
    author: str | None
    url: str | None
    """Where the article stands elsewhere."""


def compose_source(article: StoredArticle, texts: Texts, place: ArticleRegion | None = None) -> Source:
    """Return where an article stands; `place` is the evidence's own, where the article tells of several."""
    region = place or next((each for each in article.regions if each.role == "primary"), None)
    return Source(
        article_id=article.id,
        title=article.title,
        section=article.section,
        place=region.name if region else article.place,
        place_code=region.code if region else None,
        as_of=as_of(article.date, article.date_basis, texts),
        day=f"{article.date:%Y-%m-%d}" if article.date else None,
        paper=article.source,
        author=article.byline or article.credit,
        url=article.url if article.url and is_public_address(article.url) else None,
    )


def question_about(article: StoredArticle) -> str:
    """An article's place and title, which older greetings offered as a question."""
    title = (
        article.title
        if not article.place or article.place in article.title
        else article.place + article.title
    )
    return title[:_SAMPLE_CHARS]


def place_of(article: StoredArticle) -> str | None:
    """The name of the place that an article is about, or None."""
    return next((each.name for each in article.regions if each.role == "primary"), article.place)


def source_name(article: StoredArticle) -> str:
    """The newspaper and day of an article, or its title: never the name of a file."""
    day = f"{article.date:%Y-%m-%d}" if article.date else ""
    return " ".join(part for part in (article.source, day) if part) or article.title


def as_of(issued: date | None, basis: DateBasis, texts: Texts) -> str:
    """截至 with the issue date, and a word where it was worked out."""
    if issued is None:
        return texts.date_unknown
    inferred = texts.date_inferred if basis is DateBasis.INFERRED else ""
    return texts.as_of.format(day=texts.say_day(issued)) + inferred


def place_and_date(article: StoredArticle, texts: Texts) -> str:
    """Where and when, in parentheses, as plain text; "" if neither is known."""
    day = f"{article.date:%Y-%m-%d}" if article.date else None
    return texts.in_parenthesis(texts.comma.join(part for part in (place_of(article), day) if part))
