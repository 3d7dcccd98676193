"""Answers and articles as values: what is said, apart from how Telegram, a terminal or a page shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.languages import Texts
from bot.messages.browsing.words import browse_heading, explain_browse
from bot.messages.counting import N_COUNTED, QUESTION_CHARS, say_count, say_sides
from bot.messages.sources import Source, compose_source, source_name
from bot.messages.splitting import shorten, utf16_length
from bot.messages.unasked import say_unasked_words
from retrieval import (
    Answer,
    ArticleRegion,
    Evidence,
    Hit,
    Instead,
    Outcome,
    Passage,
    PlaceChoice,
    StoredArticle,
    Wanted,
    key_sentence,
)

_FOREIGN = re.compile(r"(?=.*[A-Za-z]{4})[^\u3400-\u9fff]+", re.DOTALL)
"""A question without a Chinese character, which nothing in a Chinese paper is found by."""
_SAID_UNITS = 200
"""Of what was asked for and of a title, in a sentence of ours."""
_COPIED_UNITS, _COPIED_TITLE_UNITS, _PAPER_UNITS = 256, 60, 30
"""Of what a button copies; Telegram takes 256 characters."""
_HEADLINE_CHARS, _HEADLINE_SHARE = 60, 0.7
"""Above which the answer's own words are not said apart from their sentence: characters, and a share of it."""
_REPEATED_UNITS = 24
"""Of a title that is said again behind it."""
_LEAST_REST = 12
"""Letters that a passage must go on with to be worth unfolding."""
_NEAR_SHOWN = 2
"""Reports that stand with their sentence where nothing is the answer: 更多 has nothing to add to them."""
_MOST_FURTHER = 7
"""Further hits in a line each."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence as it stands in an article."""

    text: str
    bold: tuple[tuple[int, int], ...]
    """Stretches of the text that meet the question: offsets in it, ascending."""
    answer: tuple[int, int] | None
    """The stretch that is the answer's own words; None where nobody has read it."""
    figures: tuple[tuple[int, int], ...]
    """Stretches that are figures."""
    resolved: tuple[tuple[str, str], ...]
    """Words with what they mean here: (今年, 2022年)."""
    is_elsewhere: bool = False
    """Whether it stands apart in the article from the quote before it."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one article says to the question."""

    rank: int
    quotes: tuple[Quote, ...]
    source: Source
    passage: str
    rest: str = ""
    """What the passage goes on with behind the last sentence; "" where that adds nothing."""
    also: tuple[str, ...] = ()
    """Further papers with the same story."""

    @property
    def title(self) -> str:
        """Its article's title; only how that begins where the sentence begins with it too, as of one that had none."""
        title, said = ("".join(each.split()).rstrip("…") for each in (self.source.title, self.quotes[0].text))
        is_repeated = len(title) > _REPEATED_UNITS and said.startswith(title)
        return shorten(self.source.title, _REPEATED_UNITS) if is_repeated else self.source.title

    @property
    def headline(self) -> str:
        """The answer's own words, to be said before their sentence; "" where they are most of it or not known."""
        if len(self.quotes) != 1 or self.quotes[0].answer is None:
            return ""
        quote, (start, end) = self.quotes[0], self.quotes[0].answer
        words = " ".join(quote.text[start:end].split())
        is_short = len(words) <= min(_HEADLINE_CHARS, _HEADLINE_SHARE * len(quote.text))
        return words if is_short and any(map(str.isalnum, words)) else ""

    @property
    def copied(self) -> str:
        """Its first sentence with where it stands, as what is taken away to be said elsewhere."""
        source = self.source
        where = " ".join(filter(None, (shorten(source.paper or "", _PAPER_UNITS), source.day)))
        named = f"《{shorten(source.title, _COPIED_TITLE_UNITS)}》{where}"
        text = " ".join(self.quotes[0].text.split())
        return f"{shorten(text, _COPIED_UNITS - utf16_length(named) - 3)}\n——{named}"

    @property
    def figure(self) -> str:
        """What it says in the fewest words: the answer's own, else its first figure, else its sentence."""
        quote = self.quotes[0]
        stretch = quote.answer or next(iter(quote.figures), None)
        return self.headline or (quote.text[slice(*stretch)] if stretch else quote.text)


class Step(StrEnum):
    """What one can do next."""

    FULL = "full"
    MORE = "more"
    WATCH = "watch"
    TIMELINE = "timeline"
    STORY = "story"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class NextStep:
    """One of them; `target` is an article's id, "" for the answer as a whole."""

    step: Step
    target: str = ""


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
    n_differing: int = 0
    """So many reports, the one found and the first of the further ones, give different figures for one thing."""


def compose_answer(
    answer: Answer, texts: Texts, n_further: int = 2, *, has_timeline: bool = False, has_story: bool = False
) -> AnswerMessage:
    """Return what is said to a question, in a language, with `n_further` reports beside the answer, or as many as differ.

    With `has_timeline` its figure can be followed over time, with `has_story` its matter through other articles.
    """
    if answer.outcome is Outcome.BROWSE:
        return _stories(answer, texts)
    if _is_foreign(answer):  # what shares a name or a number with it is not even near
        return AnswerMessage(None, texts.nothing_foreign, (), False, None, (), ())
    hits = _hits_shown(answer)
    found = compose_report(hits.pop(0), texts) if answer.outcome is Outcome.FOUND and hits else None
    n_lines = min(max(n_further, len(answer.differing) - 1), _MOST_FURTHER)
    alike = texts.see_also if found else texts.near_heading
    if answer.count is not None:
        further = tuple(
            report_of(rank, article, None, (key_sentence(article),), texts)
            for rank, article in enumerate(answer.count.newest[:N_COUNTED], start=1)
        )
        heading = texts.counted_heading if further else None
        return AnswerMessage(
            None, explain_outcome(answer, texts), (), False, heading, further, (NextStep(Step.JUDGE),)
        )
    if answer.sides:
        n_lines = len(hits)
        alike = ""
    must_choose = answer.outcome is Outcome.WHICH_PLACE
    further = () if must_choose else tuple(compose_report(hit, texts) for hit in hits[:n_lines])
    return AnswerMessage(
        found=found,
        reason=explain_outcome(answer, texts),
        choices=tuple(answer.candidates),
        must_choose=must_choose,
        heading=(texts.differing_heading if answer.differing else alike) if further else None,
        further=further,
        steps=()
        if must_choose
        else tuple(_next_steps(answer, has_timeline=has_timeline, has_story=has_story)),
        n_differing=len(answer.differing),
    )


def _stories(answer: Answer, texts: Texts) -> AnswerMessage:
    """Stories that were asked for, all of them, as reports."""
    has_more = answer.browsed is not None and answer.browsed.has_more
    return AnswerMessage(
        found=None,
        reason=explain_browse(answer, texts),
        choices=(),
        must_choose=False,
        heading=browse_heading(answer, texts),
        further=tuple(compose_report(hit, texts) for hit in answer.hits),
        steps=(NextStep(Step.MORE),) if has_more else (),
    )


def _hits_shown(answer: Answer) -> list[Hit]:
    """The hits, or what is told of each place where several are compared."""
    if not answer.sides:
        return list(answer.hits)
    hits = [side.hit for side in answer.sides if side.hit is not None]
    return [replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1)]


def compose_report(hit: Hit, texts: Texts) -> Report:
    """Return what a hit says."""
    return report_of(hit.rank, hit.article, hit.passage, hit.evidence, texts, hit.also, hit.place)


def report_of(
    rank: int,
    article: StoredArticle,
    passage: Passage | None,
    evidence: Sequence[Evidence],
    texts: Texts,
    also: Sequence[StoredArticle] = (),
    place: ArticleRegion | None = None,
) -> Report:
    """Return what an article says by some evidence in it, which tells of a place where that is known."""
    rest = _rest(article.text, passage, evidence) if passage is not None else ""
    return Report(
        rank=rank,
        quotes=_quotes(article.text, evidence),
        source=compose_source(article, texts, place),
        passage=passage.text if passage is not None else "",
        rest=rest,
        also=tuple(source_name(each) for each in also),
    )


def _rest(text: str, passage: Passage, evidence: Sequence[Evidence]) -> str:
    """Return what a passage goes on with behind the last sentence that was quoted of it."""
    last = max((each.end for each in evidence), default=passage.start)
    rest = text[max(last, passage.start) : passage.end].strip()
    return rest if sum(map(str.isalnum, rest)) >= _LEAST_REST else ""


def _quotes(text: str, evidence: Sequence[Evidence]) -> tuple[Quote, ...]:
    """Return the quotes; of two that do not follow on each other the second is known as elsewhere. More are a list's parts."""
    quotes = tuple(_quote(text, each) for each in evidence)
    if len(evidence) != 2:
        return quotes
    between = text[min(each.end for each in evidence) : max(each.start for each in evidence)]
    return (quotes[0], replace(quotes[1], is_elsewhere=any(map(str.isalnum, between))))


def _quote(text: str, evidence: Evidence) -> Quote:
    start = evidence.start
    marked = (evidence.answer,) if evidence.answer else evidence.matched
    return Quote(
        text=text[start : evidence.end],
        bold=tuple((first - start, last - start) for first, last in marked),
        answer=(evidence.answer[0] - start, evidence.answer[1] - start) if evidence.answer else None,
        figures=tuple((each.start - start, each.end - start) for each in evidence.figures),
        resolved=tuple(evidence.resolved),
    )


def _next_steps(answer: Answer, *, has_timeline: bool, has_story: bool) -> list[NextStep]:
    """Return what can be done with an answer: to read on, to be told more, to judge it."""
    is_found = answer.outcome is Outcome.FOUND and bool(answer.hits)
    steps = [NextStep(Step.FULL, answer.hits[0].article.id)] if is_found else []
    if len(answer.hits) > (1 if is_found else _NEAR_SHOWN):
        steps.append(NextStep(Step.MORE))
    if has_timeline:
        steps.append(NextStep(Step.TIMELINE))
    if has_story:
        steps.append(NextStep(Step.STORY))
    if can_be_watched(answer) and not answer.candidates:
        steps.append(NextStep(Step.WATCH))
    return [*steps, NextStep(Step.JUDGE)]


def can_be_watched(answer: Answer) -> bool:
    """Whether a later article could answer the question."""
    return answer.turn is not None and answer.outcome in (Outcome.FOUND, Outcome.NEAR, Outcome.NONE)


def explain_outcome(answer: Answer, texts: Texts) -> str | None:
    """Return one sentence on why nothing is presented as the answer; None where something is."""
    if answer.outcome is Outcome.FOUND:
        return None
    if answer.outcome is Outcome.BROWSE:
        return explain_browse(answer, texts)
    if answer.outcome is Outcome.WHICH_PLACE:
        name = answer.candidates[0].text if answer.candidates else ""
        return texts.which_meaning.format(name=shorten(name, QUESTION_CHARS))
    if answer.wanted is None:
        return say_unasked_words(answer.question, texts) or texts.nothing_to_look_for
    if answer.count is not None:
        return say_count(answer.count, answer.wanted.places[0] if answer.wanted.places else None, texts)
    if answer.sides:
        return say_sides(answer, texts)
    if answer.outcome is Outcome.NEEDS_COUNTING:
        return texts.counting_with_hits if answer.hits else texts.counting_without_hits
    if _is_foreign(answer):
        return texts.nothing_foreign
    if answer.outcome is Outcome.NONE or not answer.hits:
        return texts.nothing_found.format(question=shorten(answer.wanted.question, QUESTION_CHARS))
    wanted = shorten(_say_wanted(answer.wanted, texts), _SAID_UNITS)
    if answer.instead is None:
        return texts.near_found.format(wanted=wanted)
    return texts.near_instead.format(wanted=wanted, told=_say_told(answer.instead, texts))


def _is_foreign(answer: Answer) -> bool:
    """Whether a question that nothing answers was asked in another tongue than the papers'."""
    is_missing = answer.outcome in (Outcome.NEAR, Outcome.NONE)
    return is_missing and answer.wanted is not None and _FOREIGN.fullmatch(answer.wanted.question) is not None


def _say_told(instead: Instead, texts: Texts) -> str:
    """Which time or place the nearest report tells of."""
    if instead.days is None:
        return instead.place or ""
    return instead.said or texts.say_stretch(*instead.days)


def _say_wanted(wanted: Wanted, texts: Texts) -> str:
    """What was asked for: its topic with its place and time, else in its own words, as a topic alone may be any words of them."""
    where = texts.list_comma.join(wanted.places) + "".join(wanted.times)
    if wanted.topic and where:
        return texts.wanted_of.format(where=where, topic=wanted.topic)
    return texts.wanted_quoted.format(question=shorten(wanted.question, QUESTION_CHARS))
