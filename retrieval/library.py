"""All that a conversation needs of the articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from retrieval.answering.answerer import Answerer, today_at_home
from retrieval.errors import StoreError
from retrieval.paper_issues import ArticlePicture, article_picture, picture_place
from retrieval.regions.gazetteer import Division
from retrieval.regions.resolver import Resolver
from retrieval.store.papers import PaperLedger
from retrieval.store.store import Store
from retrieval.types import Answer, Article, Passage, PlaceChoice, StoredArticle, Turn

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
        """The answer to a question."""
        return self.answerer.ask(question, k=k, today=today, region=region, previous=previous)

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
