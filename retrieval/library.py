"""All that a conversation needs of the articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from retrieval.answering.answerer import Answerer
from retrieval.answering.stories import primary_region
from retrieval.errors import StoreError
from retrieval.regions.gazetteer import Division
from retrieval.regions.resolver import Resolver
from retrieval.store.store import Store
from retrieval.timelines.building import Timelines
from retrieval.timelines.counting import count_articles, side_by_side
from retrieval.timelines.figures import find_measured
from retrieval.timelines.stories import Course, follow
from retrieval.timelines.values import Timeline
from retrieval.types import (
    Answer,
    Article,
    Evidence,
    Outcome,
    Passage,
    PlaceChoice,
    StoredArticle,
    Turn,
)

WARM_UP_QUESTION = "今天有什么新闻"


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """What a name means: one division, or those that it may mean."""

    code: str | None
    choices: tuple[PlaceChoice, ...] = ()
    """Where it is unclear, or a slip: what to choose from."""


@dataclass(frozen=True, slots=True)
class PlaceListing:
    """A division and those right below it, each with how many articles are about it."""

    code: str
    parent: str | None
    """The code of what it lies in, as far as menus go; None at their top."""
    path: str
    n_articles: int
    children: tuple[tuple[Division, int], ...]


@dataclass(frozen=True, slots=True)
class Library:
    """Answers questions and looks up articles, passages and places. Synchronous and safe for several threads."""

    store: Store
    answerer: Answerer
    resolver: Resolver

    def ask(
        self,
        question: str,
        *,
        k: int = 5,
        today: date | None = None,
        region: str | None = None,
        previous: Turn | None = None,
    ) -> Answer:
        """The answer to a question; articles are counted, and places that are compared are shown side by side."""
        answer = self.answerer.ask(question, k=k, today=today, region=region, previous=previous)
        if answer.outcome is not Outcome.NEEDS_COUNTING:
            return answer
        day, understanding = today or self.answerer.today(), self.answerer.understanding
        count = count_articles(self.store, understanding, question, day)

        def ask_of(topic: str, code: str) -> Answer:
            return self.answerer.ask(topic, k=1, today=day, region=code)

        sides = () if count else side_by_side(understanding, question, day, ask_of, self.name_of)
        return replace(answer, count=count, sides=sides)

    def timeline(
        self, question: str, *, today: date | None = None, region: str | None = None, is_limited: bool = True
    ) -> Timeline:
        """The course of the figure that a question names; with `is_limited` its times limit the points."""
        answerer = self.answerer
        timelines = Timelines(
            self.store, answerer.index, answerer.tokenizer, self.resolver, answerer.understanding
        )
        return timelines.of(question, today=today or answerer.today(), region=region, is_limited=is_limited)

    def timeline_under(self, answer: Answer) -> Timeline | None:
        """The course of the figure that answers a question, over all times; None where no figure does.

        It is of the place that the question asks for, else of the one that the answering article is about.
        """
        if answer.outcome is not Outcome.FOUND or answer.turn is None or not answer.hits:
            return None
        return self.timeline_of_turn(answer.turn, answer.hits[0].article, answer.hits[0].evidence)

    def story(self, article: StoredArticle) -> Course:
        """The earlier and later articles on the matter of an article, the oldest first."""
        answerer = self.answerer
        return follow(self.store, answerer.index, answerer.tokenizer, self.resolver.gazetteer, article)

    def timeline_of_turn(
        self, turn: Turn, article: StoredArticle, evidence: Sequence[Evidence]
    ) -> Timeline | None:
        """The same for an answer given before."""
        if not any(find_measured(article.text, each.start, each.end) for each in evidence[:1]):
            return None
        region = turn.regions[0] if turn.regions else primary_region(article)
        return self.timeline(turn.question, region=region, is_limited=False)

    def article(self, article_id: str) -> StoredArticle | None:
        """The article, or None."""
        return self.store.article(article_id)

    def passage(self, passage_id: int) -> Passage | None:
        """The passage, or None."""
        return self.store.passage(passage_id)

    def newest_articles(self, n: int) -> list[StoredArticle]:
        """Up to `n` articles, the newest issue first."""
        return self.store.newest_articles(n)

    def newest_within(self, code: str, n: int, first: int) -> list[StoredArticle]:
        """Up to `n` articles about a division or any within it, the newest first, without the `first` before."""
        return self.store.newest_within(code, n, first)

    def names_place(self, question: str) -> bool:
        """Whether a question names a place, clearly or not."""
        found = self.resolver.resolve_question(question)
        return bool(found.mentions or found.candidates)

    def find_place(self, name: str) -> FoundPlace:
        """What a name that stands alone means."""
        found = self.resolver.resolve_question(name.strip())
        codes = list(dict.fromkeys(mention.code for mention in found.mentions))
        if codes:
            return FoundPlace(codes[-1])
        meant = [(each.text, code) for each in found.candidates for code in each.codes]
        slip = None if meant else self.resolver.suggest(name)
        if slip is not None:
            meant = [(slip[0], slip[1].code)]
        paths = self.resolver.gazetteer.path_name
        return FoundPlace(
            None, tuple(PlaceChoice(text, code, self.name_of(code), paths(code)) for text, code in meant)
        )

    def primary_name(self, article: Article) -> str | None:
        """The place that an article not yet stored is about, or None."""
        code = self.resolver.resolve_article(article).primary
        return self.name_of(code) if code else None

    def name_of(self, code: str) -> str:
        """A division's name; the code itself if there is none."""
        division = self.resolver.gazetteer.get(code)
        return division.name if division else code

    def is_division(self, code: str) -> bool:
        """Whether a code is a division's; costs no query."""
        return self.resolver.gazetteer.get(code) is not None

    def listing(self, code: str | None) -> PlaceListing | None:
        """A division with those right below it; the paper's own province with None; None if there is none."""
        gazetteer = self.resolver.gazetteer
        code = code or self.resolver.home
        if gazetteer.get(code) is None:
            return None
        children = gazetteer.children(code)
        counts = self.store.articles_within([code, *(child.code for child in children)])
        above = gazetteer.ancestors(code)
        return PlaceListing(
            code=code,
            parent=above[0].code if above else None,
            path=gazetteer.path_name(code),
            n_articles=counts[code],
            children=tuple((child, counts[child.code]) for child in children),
        )

    def counts(self) -> dict[str, float]:
        """How many articles, passages and pages there are."""
        counts = self.store.counts()
        return {"articles": counts.articles, "passages": counts.passages, "pages": counts.pages}

    def check_store(self) -> None:
        """Raise StoreError if the articles cannot be read."""
        path = self.store.engine.url.database
        if self.store.engine.dialect.name == "sqlite" and path and not Path(path).exists():
            raise StoreError(f"{path}: is not there any more: restore it, then restart the bot")
        self.store.log_head()

    def check_index(self) -> None:
        """Raise whatever keeps either side from being searched."""
        for is_dense in (True, False):
            self.answerer.search_side(WARM_UP_QUESTION, is_dense=is_dense, depth=1)

    def check_encoder(self) -> None:
        """Raise whatever keeps a question from being encoded."""
        self.answerer.encoder.encode_queries([WARM_UP_QUESTION])

    def place(self, name: str) -> PlaceListing | None:
        """The one division that a name means, with those right below it, or None."""
        found = self.find_place(name)
        return self.listing(found.code) if found.code else None
