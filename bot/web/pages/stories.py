"""Stories and articles as rows: what lists, digests and exports of the pages show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.languages import Texts
from bot.messages.answers import Report
from bot.messages.sources import Source, compose_source, place_of
from bot.web.parts import WebParts
from retrieval import (
    Choice,
    Course,
    DigestItem,
    EditionStory,
    Gazetteer,
    StoredArticle,
    edition_dated,
    key_sentence,
)

EVERYWHERE = "all"
"""What stands in an address for no place in particular."""


@dataclass(frozen=True, slots=True)
class Row:
    """One article of a list."""

    article_id: str
    title: str
    sentence: str
    """What is shown of it; "" where nothing is."""
    place: str
    place_code: str | None
    day: date | None
    paper: str
    n_also: int = 0
    """Other articles that tell the same."""
    url: str | None = None
    """Where it stands elsewhere."""
    title_is_derived: bool = False


def row_of_item(item: DigestItem, texts: Texts) -> Row:
    """Return the row of a story."""
    return row_of(item.article, texts, item.sentence.text, len(item.also))


def rows_of(articles: Iterable[StoredArticle], texts: Texts) -> list[Row]:
    """Return the rows of articles in their order, each with the sentence that tells its news."""
    return [row_of(each, texts, key_sentence(each).text) for each in articles]


def rows_of_stories(articles: Iterable[StoredArticle], texts: Texts) -> list[Row]:
    """Return the rows of articles, the first of each story for all that tell it."""
    stories: dict[str, list[StoredArticle]] = {}
    for each in articles:
        stories.setdefault(each.story, []).append(each)
    return [row_of(some[0], texts, key_sentence(some[0]).text, len(some) - 1) for some in stories.values()]


def row_of(article: StoredArticle, texts: Texts, sentence: str = "", n_also: int = 0) -> Row:
    """Return the row of an article."""
    source = compose_source(article, texts)
    return Row(
        article_id=article.id,
        title=article.title,
        sentence=sentence,
        place=place_of(article) or "",
        place_code=source.place_code,
        day=article.date,
        paper=article.source or "",
        n_also=n_also,
        url=source.url,
        title_is_derived=article.title_is_derived,
    )


def row_of_report(report: Report) -> Row:
    """Return the row of a report of an answer."""
    source = report.source
    return Row(
        article_id=source.article_id,
        title=source.title,
        sentence="\n".join(each.text for each in report.quotes),
        place=source.place or "",
        place_code=source.place_code,
        day=date.fromisoformat(source.day) if source.day else None,
        paper=source.paper or "",
        n_also=len(report.also),
        url=source.url,
    )


def stories_dated(parts: WebParts, day: date, code: str | None) -> list[EditionStory]:
    """Return the stories of an issue date about a place, or of all places, in the order of the division tree."""
    edition = edition_dated(parts.library.store, parts.library.resolver.gazetteer, day, code)
    return list(edition.stories) if code is None else edition.find([Choice(code)])


def by_place(
    stories: Iterable[EditionStory], gazetteer: Gazetteer, texts: Texts
) -> list[tuple[str, str, list[Row]]]:
    """Return stories below their divisions: (code, heading, rows); the code is "" where there is none."""
    return [
        (
            code,
            _heading(code, gazetteer) or texts.elsewhere,
            [row_of_item(story.item, texts) for story in group],
        )
        for code, group in groupby(stories, key=lambda story: story.code)
    ]


def _heading(code: str, gazetteer: Gazetteer) -> str:
    path = gazetteer.path_name(code) if code else ""
    return path.partition(" › ")[2] or path


@dataclass(frozen=True, slots=True)
class CourseStep:
    """One article of a story as the page shows it."""

    source: Source
    sentence: str
    is_asked: bool
    """Whether it is the one that was come from."""


def steps_of(course: Course, texts: Texts) -> list[CourseStep]:
    """Return the articles of a story, the oldest first."""
    return [
        CourseStep(
            compose_source(step.article, texts),
            " ".join(step.sentence_text.split()),
            step.article.id == course.of.id,
        )
        for step in course.steps
    ]


def cited(article: StoredArticle, texts: Texts) -> str:
    """Return paper and date as a citation has them."""
    day = texts.say_day(article.date) if article.date else texts.date_unknown
    return texts.comma.join(part for part in (article.source, day) if part)
