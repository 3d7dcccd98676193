"""Answers and articles as values: what is said, apart from how Telegram, a terminal or a page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import PurePath
from urllib.parse import urlsplit

from bot.languages import Texts
from bot.messages.splitting import shorten
from retrieval import Answer, DateBasis, Evidence, Hit, Outcome, Passage, PlaceChoice, StoredArticle, Wanted

_QUESTION_CHARS = 40
"""Characters of a question that are said back."""
_SAMPLE_CHARS = 40
_SAID_UNITS = 200
"""Of what was asked for and of a title, in a sentence of ours."""
_URL_CHARS = 2000
_MOST_FURTHER = 7
"""Further hits in a line each."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence as it stands in an article."""

    text: str
    bold: tuple[tuple[int, int], ...]
    """Stretches of the text that meet the question: offsets in it, ascending."""
    figures: tuple[tuple[int, int], ...]
    """Stretches that are figures."""
    resolved: tuple[tuple[str, str], ...]
    """Words with what they mean here: (今年, 2022年)."""


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


@dataclass(frozen=True, slots=True)
class Report:
    """What one article says to the question."""

    rank: int
    quotes: tuple[Quote, ...]
    source: Source
    passage: str
    also: tuple[str, ...] = ()
    """Further papers with the same story."""


class Step(StrEnum):
    """What one can do next."""

    FULL = "full"
    HIT = "hit"
    MORE = "more"
    SUBSCRIBE = "subscribe"
    WATCH = "watch"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class NextStep:
    """One of them; `target` is an article's id, a rank or a division's code, "" for the answer as a whole."""

    step: Step
    target: str = ""
    name: str = ""
    """Of the place that can be followed."""


@dataclass(frozen=True, slots=True)
class AnswerMessage:
    """All that is said to a question. What is near or else is never the answer."""

    found: Report | None
    reason: str | None
    """Why nothing is presented as the answer; None where something is."""
    choices: tuple[PlaceChoice, ...]
    """Places that may have been meant."""
    must_choose: bool
    """Whether nothing can be said before one of the places is chosen."""
    heading: str | None
    further: tuple[Report, ...]
    """Further reports, in a line each below the heading."""
    steps: tuple[NextStep, ...]


def compose_answer(answer: Answer, texts: Texts, n_further: int = 2) -> AnswerMessage:
    """Return what is said to a question, in a language, with `n_further` reports beside the answer, or as many as differ."""
    hits = list(answer.hits)
    found = compose_report(hits.pop(0), texts) if answer.outcome is Outcome.FOUND and hits else None
    n_lines = min(max(n_further, len(answer.differing) - 1), _MOST_FURTHER)
    alike = texts.see_also if found else texts.near_heading
    must_choose = answer.outcome is Outcome.WHICH_PLACE
    further = () if must_choose else tuple(compose_report(hit, texts) for hit in hits[:n_lines])
    return AnswerMessage(
        found=found,
        reason=explain_outcome(answer, texts),
        choices=tuple(answer.candidates),
        must_choose=must_choose,
        heading=(texts.differing_heading if answer.differing else alike) if further else None,
        further=further,
        steps=() if must_choose else tuple(_next_steps(answer)),
    )


def compose_report(hit: Hit, texts: Texts) -> Report:
    """Return what a hit says."""
    return report_of(hit.rank, hit.article, hit.passage, hit.evidence, texts, hit.also)


def report_of(
    rank: int,
    article: StoredArticle,
    passage: Passage | None,
    evidence: Sequence[Evidence],
    texts: Texts,
    also: Sequence[StoredArticle] = (),
) -> Report:
    """Return what an article says by some evidence in it."""
    return Report(
        rank=rank,
        quotes=tuple(_quote(article.text, each) for each in evidence),
        source=compose_source(article, texts),
        passage=passage.text if passage is not None else "",
        also=tuple(source_name(each) for each in also),
    )


def _quote(text: str, evidence: Evidence) -> Quote:
    start = evidence.start
    marked = (evidence.answer,) if evidence.answer else evidence.matched
    return Quote(
        text=text[start : evidence.end],
        bold=tuple((first - start, last - start) for first, last in marked),
        figures=tuple((each.start - start, each.end - start) for each in evidence.figures),
        resolved=tuple(evidence.resolved),
    )


def compose_source(article: StoredArticle, texts: Texts) -> Source:
    """Return where an article stands."""
    region = next((each for each in article.regions if each.role == "primary"), None)
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


def is_public_address(url: str) -> bool:
    """Whether an address can be shown to anybody: of the web, not endless, and without a name or password in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return is_web and "@" not in parts.netloc and len(url) <= _URL_CHARS


def _next_steps(answer: Answer) -> list[NextStep]:
    """Return what can be done with an answer: its articles, then to be told more, then to judge it."""
    is_found = answer.outcome is Outcome.FOUND and bool(answer.hits)
    steps = [NextStep(Step.FULL, answer.hits[0].article.id)] if is_found else []
    first = 1 if is_found else 0
    steps += [NextStep(Step.HIT, str(hit.rank)) for hit in answer.hits[first : first + 2]]
    if len(answer.hits) > first:
        steps.append(NextStep(Step.MORE))
    regions = answer.hits[0].article.regions if is_found else ()
    place = next((each for each in regions if each.role == "primary"), None)
    if place is not None:
        steps.append(NextStep(Step.SUBSCRIBE, place.code, place.name))
    if can_be_watched(answer) and not answer.candidates:
        steps.append(NextStep(Step.WATCH))
    return [*steps, NextStep(Step.JUDGE)]


def can_be_watched(answer: Answer) -> bool:
    """Whether a later article could answer the question."""
    return answer.turn is not None and answer.outcome in (Outcome.FOUND, Outcome.NEAR, Outcome.NONE)


def explain_outcome(answer: Answer, texts: Texts) -> str | None:
    """Return one sentence on why nothing is presented as the answer; None where something is."""
    if answer.outcome in (Outcome.FOUND, Outcome.BROWSE):
        return None
    if answer.outcome is Outcome.WHICH_PLACE:
        name = answer.candidates[0].text if answer.candidates else ""
        return texts.which_meaning.format(name=shorten(name, _QUESTION_CHARS))
    if answer.wanted is None:
        return texts.nothing_to_look_for
    if answer.outcome is Outcome.NEEDS_COUNTING:
        return texts.counting_with_hits if answer.hits else texts.counting_without_hits
    if answer.outcome is Outcome.NONE or not answer.hits:
        return texts.nothing_found.format(question=shorten(answer.wanted.question, _QUESTION_CHARS))
    first = answer.hits[0].article
    place = next((region.name for region in first.regions), first.place)
    issued = texts.say_day(first.date) if first.date else ""
    where = texts.comma.join(part for part in (shorten(place or "", _QUESTION_CHARS), issued) if part)
    return texts.near_found.format(
        wanted=shorten(_say_wanted(answer.wanted, texts), _SAID_UNITS),
        title=shorten(first.title, _SAID_UNITS),
        where=texts.in_parenthesis(where),
    )


def _say_wanted(wanted: Wanted, texts: Texts) -> str:
    """What was asked for in a few words: its place, time and topic."""
    where = texts.list_comma.join(wanted.places) + "".join(wanted.times)
    if wanted.topic:
        return texts.wanted_of.format(where=where, topic=wanted.topic) if where else wanted.topic
    return texts.wanted_quoted.format(question=shorten(wanted.question, _QUESTION_CHARS))


def sample_question(article: StoredArticle) -> str:
    """An article's place and title: a question that it answers."""
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
    """The newspaper and day of an article, or its page's file name."""
    day = f"{article.date:%Y-%m-%d}" if article.date else ""
    return " ".join(part for part in (article.source, day) if part) or PurePath(article.page).name


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
