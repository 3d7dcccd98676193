"""All that a conversation needs of the articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

from embeddings import message_kinds
from retrieval.answer_types import Answer, Browsed, Evidence, Outcome, PlaceChoice, Turn, Wanted
from retrieval.answering.answerer import Answerer, today_at_home
from retrieval.answering.interrogatives import without_sequel
from retrieval.answering.stories import primary_region
from retrieval.answering.understanding import named_stretches
from retrieval.browsing import Browser, Look, Messages, in_chinese, recognise_look
from retrieval.errors import StoreError
from retrieval.paper_issues import ArticlePicture, article_picture, picture_place
from retrieval.regions.gazetteer import Division
from retrieval.regions.resolver import Resolver
from retrieval.regions.seats import nearest_county
from retrieval.sample_questions import sample_question
from retrieval.store.archive import Archive
from retrieval.store.papers import PaperLedger
from retrieval.store.store import Store
from retrieval.text.tokenization import fold
from retrieval.timelines.building import Timelines
from retrieval.timelines.counting import count_articles, side_by_side
from retrieval.timelines.figures import find_measured
from retrieval.timelines.stories import Course, follow
from retrieval.timelines.values import Timeline
from retrieval.types import Article, Filter, Passage, RegionRole, StoredArticle

_SAMPLED = 400
"""Articles among which questions to begin with are looked for."""
WARM_UP_QUESTION = "水稻种植面积是多少"
"""Asked before the first person does: it needs the dictionary, the encoder, the index and the reranker."""
_STORIES_TRIED = 3
"""Hits whose stories are looked for where a question asks how its matter went on."""
_TITLES_TRIED = 40
"""Passages among whose articles titles are looked at."""
_PASSAGES_AN_ARTICLE = 4
"""Looked at for each article that is related to another."""


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
    browser: Browser = field(init=False)
    messages: Messages = field(init=False)

    def __post_init__(self) -> None:
        """Have messages read, and news listed over the same store."""
        answerer = self.answerer
        kinds = message_kinds(answerer.encoder.fingerprint)
        messages = Messages(kinds, answerer.vectors.of, answerer.tokenizer, self.resolver)
        browser = Browser(
            self.store, answerer.understanding, answerer.tokenizer, answerer.search_words, messages
        )
        object.__setattr__(self, "messages", messages)
        object.__setattr__(self, "browser", browser)

    def ask(
        self,
        question: str,
        *,
        k: int = 5,
        today: date | None = None,
        region: str | None = None,
        previous: Turn | None = None,
    ) -> Answer:
        """The answer to a question, or the stories that it asks to see, the newest first.

        Articles are counted, and places that are compared are shown side by side.
        """
        day = today or self.answerer.clock()
        stories = self.browser.browse(question, day, k=k, region=region, previous=previous)
        if stories is not None:
            return stories
        answer = self.answerer.ask(question, k=k, today=today, region=region, previous=previous)
        if answer.outcome is not Outcome.NEEDS_COUNTING:
            return answer
        understanding = self.answerer.understanding
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
        answerer.refresh()
        timelines = Timelines(
            self.store, answerer.index, answerer.tokenizer, self.resolver, answerer.understanding
        )
        return timelines.of(question, today=today or answerer.clock(), region=region, is_limited=is_limited)

    def timeline_under(self, answer: Answer) -> Timeline | None:
        """The course of the figure that answers a question, over all times; None where no figure does.

        It is of the place that the question asks for, else of the one that the answering article is about.
        """
        if answer.outcome is not Outcome.FOUND or answer.turn is None or not answer.hits:
            return None
        return self.timeline_of_turn(answer.turn, answer.hits[0].article, answer.hits[0].evidence)

    def story(self, article: StoredArticle, *, reads: bool = True) -> Course:
        """The earlier and later articles on the matter of an article, the oldest first.

        With `reads` also those that only people and organisations lead to, which the reranker has to read.
        """
        answerer = self.answerer
        reranker = answerer.reranker if reads else None

        def judge(told: str, passages: Sequence[tuple[str, str]]) -> list[float]:
            return [each.relevance for each in reranker.read(told, passages)] if reranker else []

        return follow(
            self.store,
            answerer.index,
            answerer.tokenizer,
            self.resolver.gazetteer,
            article,
            judge if reranker else None,
        )

    def look_back(
        self, question: str, *, today: date | None = None, region: str | None = None
    ) -> Look | None:
        """The place and days that a question looks back on (这个月通辽发生了什么); None where it asks something else."""
        return recognise_look(self.answerer.understanding, question, today or self.answerer.clock(), region)

    def sequel(
        self, question: str, *, k: int = 5, today: date | None = None, region: str | None = None
    ) -> tuple[Answer, Course] | None:
        """The story that a question asks to have told (平陆运河后来怎么样了), with the answer that leads to it; None for no such."""
        asked = without_sequel(question)
        if not asked:
            return None
        answer, course = self.story_about(asked, k=k, today=today, region=region)
        return (answer, course) if course is not None and course.is_shown else None

    def story_about(
        self, question: str, *, k: int = 5, today: date | None = None, region: str | None = None
    ) -> tuple[Answer, Course | None]:
        """The story of the first hit that has a name which the question says, else of the one that answers; with the answer.

        Where the question is a name and nothing more (中老铁路), its story may be that of the newest article with it in its title.
        """
        answer = self.ask(question, k=k, today=today, region=region)
        if answer.outcome not in (Outcome.FOUND, Outcome.NEAR, Outcome.NONE):
            return answer, None
        said = fold(question)
        courses = [self.story(hit.article) for hit in answer.hits[:_STORIES_TRIED]]
        for each in chain(courses, map(self.story, self._titled(said))):
            if each.is_shown and any(name in said for step in each.steps for name in step.shared):
                return answer, each
        return answer, courses[0] if courses and answer.outcome is Outcome.FOUND else None

    def _titled(self, words: str) -> list[StoredArticle]:
        """A few of the newest articles with folded words in their titles."""
        passages = self.answerer.search_words(self.answerer.tokenizer.terms(words), _TITLES_TRIED, Filter())
        ids = {each.article_id for each in self.store.candidate_texts(passages)}
        titled = [each for each in self.store.articles(ids).values() if words in fold(each.title)]
        return sorted(titled, key=lambda each: (each.date or date.min, each.id), reverse=True)[
            :_STORIES_TRIED
        ]

    def timeline_of_turn(
        self, turn: Turn, article: StoredArticle, evidence: Sequence[Evidence]
    ) -> Timeline | None:
        """The same for an answer given before."""
        if not any(find_measured(article.text, each.start, each.end) for each in evidence[:1]):
            return None
        region = turn.regions[0] if turn.regions else primary_region(article)
        return self.timeline(turn.question, region=region, is_limited=False)

    def understood(
        self, question: str, today: date, *, region: str | None = None, previous: Turn | None = None
    ) -> tuple[Wanted, tuple[PlaceChoice, ...]]:
        """What a question was taken to look for on a day, and the places that it may have meant; nothing is searched."""
        understanding = self.answerer.understanding
        asked = understanding.understand(question, today, region, previous)
        choices = understanding.choices(asked) if asked.is_unclear else understanding.meant(question, asked)
        return understanding.wanted(asked), choices

    def browsed(self, turn: Turn, today: date) -> Browsed | None:
        """What is to be known beside the stories of a list, asked for on a day; None if the turn was no list."""
        stories = self.browse_on(turn, k=1, first=0, today=today)
        return stories.browsed if stories else None

    def related(self, article: StoredArticle, n: int) -> list[StoredArticle]:
        """Up to `n` articles of other stories that share most words with an article's title, the best first."""
        title = f"{article.place or ''}{article.title}"
        terms = self.answerer.tokenizer.terms(title)
        passages = self.answerer.search_words(terms, n * _PASSAGES_AN_ARTICLE, Filter())
        stories = Archive(self.store).told(passages)
        ids = [each for story, each in stories.items() if story != article.story][:n]
        found = self.store.articles(ids)
        return [found[each] for each in ids if each in found]

    def browse_on(
        self, turn: Turn, *, k: int, first: int, region: str | None = None, today: date | None = None
    ) -> Answer | None:
        """The stories behind the `first` that were shown of a list; None if the turn was no list."""
        day = today or self.answerer.clock()
        code = region or (turn.regions[0] if len(turn.regions) == 1 else None)
        return self.browser.browse(turn.question, day, k=k, region=code, first=first)

    def article(self, article_id: str) -> StoredArticle | None:
        """The article, or None."""
        return self.store.article(article_id)

    def passage(self, passage_id: int) -> Passage | None:
        """The passage, or None."""
        return self.store.passage(passage_id)

    def newest_articles(self, n: int, first: int = 0) -> list[StoredArticle]:
        """Up to `n` articles, the newest issue first, without the `first` before."""
        return self.store.newest_articles(n, first)

    def newest_at_home(self, n: int) -> list[StoredArticle]:
        """Up to `n` articles about places of the paper's own province, or about it, the newest first."""
        return self.store.newest_within(self.resolver.home, n, 0)

    def place_at(self, latitude: float, longitude: float) -> str | None:
        """The code of the county whose seat is nearest to a point; None where there is none anywhere near."""
        return nearest_county(latitude, longitude)

    def sample_questions(self, n: int, n_asked: int = 8) -> list[str]:
        """Up to `n` questions of different places that the newest articles answer, those of the paper's own province first.

        Each has been asked, `n_asked` at most.
        """
        found: dict[str, str] = {}
        asked: set[str] = set()
        for article in chain(self.newest_at_home(_SAMPLED), self.store.newest_articles(_SAMPLED)):
            code = next((each.code for each in article.regions if each.role is RegionRole.PRIMARY), None)
            place = self.name_of(code) if code else None
            question = sample_question(article, place) if place and place not in found else None
            if place is None or question is None or question in asked:
                continue
            asked.add(question)
            answer = self.ask(question)
            if answer.outcome is Outcome.FOUND and answer.hits[0].article.story == article.story:
                found[place] = question
            if len(found) == n or len(asked) == n_asked:
                break
        return list(found.values())

    def newest_within(self, code: str, n: int, first: int) -> list[StoredArticle]:
        """Up to `n` articles about a division or any within it, the newest first, without the `first` before."""
        return self.store.newest_within(code, n, first)

    def same_story(self, text: str) -> StoredArticle | None:
        """The article that a text repeats for the most part, or None."""
        return self.store.same_story(text)

    def told(self, article: StoredArticle) -> Answer:
        """An article that was shown as the answer that the talk goes on from."""
        return self.browser.told(article)

    def stands_alone(self, text: str) -> bool:
        """Whether a line is a question by itself: it says what it is about, and where, or that it asks."""
        return self.answerer.understanding.stands_alone(text, self.answerer.clock())

    def names_place(self, question: str) -> bool:
        """Whether a question names a place, clearly or not."""
        found = self.resolver.resolve_question(in_chinese(question) or question)
        return bool(found.mentions or found.candidates)

    def find_place(self, name: str) -> FoundPlace:
        """What a name that stands alone means, in English too."""
        found = self.resolver.resolve_question(in_chinese(name) or name.strip())
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

    def is_place_name(self, text: str) -> bool:
        """Whether a text is the name of a place and nothing else, be it clear or not."""
        return (0, len(text)) in named_stretches(self.resolver.resolve_question(text))

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

    def paper_counts(self) -> dict[str, dict[str, float]]:
        """What became of the articles of followed newspapers' last issues, and alarms, for metrics."""
        ledger = PaperLedger(self.store.engine)
        since = today_at_home() - timedelta(days=30)
        sums = [each for row in ledger.papers() for each in ledger.sums(row.paper, since)]
        return {
            "papers": {
                "expected": float(sum(each.articles for each in sums)),
                "read": float(sum(each.articles_read for each in sums)),
                "lost": float(sum(each.n_lost for each in sums)),
            },
            "paper_alarms": ledger.n_alarms(),
        }

    def has_page_picture(self, article: StoredArticle) -> bool:
        """Whether the newspaper's page can be shown with this article outlined."""
        return picture_place(self.store, article) is not None

    def page_picture(self, article: StoredArticle) -> ArticlePicture | None:
        """Return the newspaper's page with this article outlined, or None."""
        return article_picture(self.store, article)

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
