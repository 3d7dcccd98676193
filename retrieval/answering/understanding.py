"""A question to what it asks for: its words, kind and times, the places it names, and what may have been meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from retrieval.answering.query import Query, parse_question, without_places
from retrieval.regions import Gazetteer, Resolution, Resolver
from retrieval.regions.places import asked_codes
from retrieval.text.figures import Kind
from retrieval.text.tokenization import Tokenizer
from retrieval.types import PlaceChoice, Turn, Wanted

_FOLLOW_UP = re.compile(r"(?:那么?|还有).{1,12}呢[？?]?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question understood: what is looked for and where."""

    query: Query
    regions: tuple[str, ...]
    resolution: Resolution

    @property
    def is_unclear(self) -> bool:
        """Whether the place is to be asked back."""
        return bool(self.resolution.candidates) and not self.regions

    @property
    def is_of_its_place(self) -> bool:
        """Whether what answers belongs to the place asked for and no other: a figure, a date, who holds its post.

        Where something happened, why and to whom may stand in a sentence about another place.
        """
        is_figure = self.query.asks_for not in (Kind.PLACE, Kind.LIST, Kind.PERSON, None)
        return is_figure or self.query.post is not None


class Understanding:
    """Understands questions by the gazetteer and the tokenizer's words."""

    def __init__(self, resolver: Resolver, tokenizer: Tokenizer) -> None:
        self._resolver = resolver
        self._gazetteer: Gazetteer = resolver.gazetteer
        self._tokenizer = tokenizer

    def understand(self, question: str, today: date, region: str | None, previous: Turn | None) -> Asked:
        """Return what a cleaned question asks for on a day.

        `region`, a division's code, decides an unclear place; `previous` is what the question before was about.
        """
        context = previous.regions if previous else ()
        resolution = self._resolver.resolve_question(question, context)
        query = self._parse(question, today, resolution)
        has_place = bool(resolution.mentions or region)
        if previous and not query.topic_terms and (has_place or query.periods):
            # 那奈曼旗呢: a new place or time for the question before
            before = self._resolver.resolve_question(previous.question, ())
            topic = without_places(previous.question, before) if has_place else previous.question
            question = f"{question} {topic}"
            resolution = self._resolver.resolve_question(question, context)
            query = self._parse(question, today, resolution)
        regions = (region,) if region else asked_codes(self._gazetteer, resolution)
        if previous and not regions and not resolution.candidates and _FOLLOW_UP.fullmatch(question):
            regions = previous.regions  # 那产量呢: the place of the question before
        return Asked(query, regions, resolution)

    def corrected(self, question: str, region: str | None) -> str:
        """The question with a slip in a place's name put right, once the person has said that it was one."""
        slip = self._resolver.suggest(question) if region else None
        return question.replace(slip[0], slip[1].name) if slip and slip[1].code == region else question

    def _parse(self, question: str, today: date, resolution: Resolution) -> Query:
        places = [(found.start, found.end) for found in resolution.mentions]
        places += [(found.start, found.end) for found in resolution.candidates]
        return parse_question(question, self._tokenizer, today, places)

    def choices(self, asked: Asked) -> tuple[PlaceChoice, ...]:
        """Return what the unclear names of a question may mean."""
        return tuple(
            choice
            for candidate in asked.resolution.candidates
            for code in candidate.codes
            if (choice := self._choice(candidate.text, code))
        )

    def meant(self, question: str, asked: Asked) -> tuple[PlaceChoice, ...]:
        """The place that a slip of the pen means, offered and never taken silently."""
        slip = None if asked.regions else self._resolver.suggest(question)
        if slip is None:
            return ()
        text, division = slip
        return (PlaceChoice(text, division.code, division.name, self._gazetteer.path_name(division.code)),)

    def wanted(self, asked: Asked) -> Wanted:
        """Return what a question was taken to look for, in words to say it with."""
        divisions = (self._gazetteer.get(code) for code in asked.regions)
        return Wanted(
            question=asked.query.question,
            places=tuple(division.name for division in divisions if division is not None),
            times=tuple(period.text for period in asked.query.periods),
            topic="".join(asked.query.topic_runs),
        )

    def _choice(self, text: str, code: str) -> PlaceChoice | None:
        division = self._gazetteer.get(code)
        if division is None:
            return None
        return PlaceChoice(text, code, division.name, self._gazetteer.path_name(code))
