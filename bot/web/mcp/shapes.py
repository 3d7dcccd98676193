"""What the tools return: flat, so that a model finds sentence, date, source and address side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.documents.composing import Composer
from bot.documents.shapes import ChoiceDocument
from bot.messages.sources import place_of
from retrieval import Evidence, Hit, Outcome, StoredArticle


class Shape(BaseModel):
    """One JSON object; it holds what is listed and nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Finding(Shape):
    """What one article says, in its own words. Quote it with date and source."""

    sentences: list[str]
    """Sentences of the article, verbatim."""
    answer: str | None
    """The words in them that answer; null where nobody can tell, and where this is no answer."""
    resolved: dict[str, str]
    """What relative words of the sentences mean there: 今年 is 2022年."""
    date: date | None
    """The issue date of the article: the sentences are true as of then."""
    source: str
    """The newspaper or site, else the file that the article was read from."""
    title: str
    place: str | None
    """The place that the article is about."""
    article_id: str
    address: str | None
    """The article's page here."""
    original: str | None
    """Where the article stands elsewhere."""


class AskResult(Shape):
    """What is said to a question. Only `answers` are answers: where the list is empty, say that there is none."""

    outcome: Outcome
    says: str | None
    """One sentence on why there is no answer, or on what is amiss with it; else null."""
    answers: list[Finding]
    """The best first. With the outcome `browse`, where news is asked for, the stories, the newest first; with
    `needs_counting` the articles that were counted, or what is told of each place that was to be compared."""
    near: list[Finding]
    """On the topic, but not for the place, the time or the very thing asked: never to be given as the answer."""
    differ: bool
    """Whether the first answers give differing figures for the same thing and place: name all of them."""
    choices: list[ChoiceDocument]
    """With the outcome which_place: ask the person which is meant, and ask again with its code as `place`."""
    after: str | None
    """To be given as `after` with a question that goes on from this one."""


class SearchResult(Shape):
    """The best passages for some words. Nobody has judged whether they answer anything."""

    findings: list[Finding]


class ArticleResult(Finding):
    """An article with its whole text; `sentences` holds the one that tells its news."""

    text: str


class PlaceOutcome(StrEnum):
    """What became of a place's name."""

    FOUND = "found"
    WHICH_PLACE = "which_place"
    """It may be several: `choices` lists them."""
    NONE = "none"
    """No place of this name is known."""


class NewsResult(Shape):
    """The stories of a place, the sentence that tells each first."""

    outcome: PlaceOutcome
    says: str | None
    """One sentence on why there is nothing; null where there is something."""
    place: str | None
    """The place with what it lies in: 内蒙古自治区 › 通辽市 › 库伦旗."""
    stories: list[Finding]
    choices: list[ChoiceDocument]


@dataclass(frozen=True, slots=True)
class Finder:
    """Makes findings."""

    composer: Composer

    def of_hit(self, hit: Hit, *, is_answer: bool) -> Finding:
        """Return what a hit says; of one that is no answer no words are marked as one."""
        finding = self.of_article(hit.article, hit.evidence)
        return finding if is_answer else finding.model_copy(update={"answer": None})

    def of_article(self, article: StoredArticle, evidence: Sequence[Evidence]) -> Finding:
        """Return what an article says by some evidence in it."""
        document = self.composer.article(article)
        answers = [article.text[slice(*each.answer)] for each in evidence if each.answer]
        return Finding(
            sentences=[article.text[each.start : each.end] for each in evidence],
            answer=answers[0] if answers else None,
            resolved={word: meaning for each in evidence for word, meaning in each.resolved},
            date=article.date,
            source=article.source or document.page,
            title=article.title,
            place=place_of(article),
            article_id=article.id,
            address=document.address,
            original=document.url,
        )
