"""What handlers need: the library and the bot's own storage."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from telegram.ext import Application, CallbackContext, ExtBot

from bot.blocks import Blocks
from bot.digests import DigestWriter
from bot.languages import Language, Texts, texts_of
from bot.latest import LatestQueries
from bot.limits import Admission
from bot.links import Links
from bot.metrics import Metrics
from bot.preferences import PreferenceBook, Preferences
from bot.standing import StandingBook
from bot.storage import Storage
from bot.subscribers import Subscribers
from bot.verdicts import FeedbackBook
from bot.wishes import FoundPlace
from retrieval import Answer, Article, Division, Passage, StoredArticle, Turn

if TYPE_CHECKING:
    from bot.admin import Desk


@dataclass(frozen=True, slots=True)
class PlaceListing:
    """A division and those right below it, each with how many articles are about it."""

    code: str
    parent: str | None
    """The code of what it lies in, as far as menus go; None at their top."""
    path: str
    n_articles: int
    children: tuple[tuple[Division, int], ...]


class Library(Protocol):
    """Answers questions and knows articles. Synchronous and safe for several threads."""

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
        ...

    def article(self, article_id: str) -> StoredArticle | None:
        """The article, or None."""
        ...

    def passage(self, passage_id: int) -> Passage | None:
        """The passage, or None."""
        ...

    def newest_articles(self, n: int) -> list[StoredArticle]:
        """Up to `n` articles, the newest issue first."""
        ...

    def newest_within(self, code: str, n: int, first: int) -> list[StoredArticle]:
        """Up to `n` articles about a division or any within it, the newest first, without the `first` before."""
        ...

    def names_place(self, question: str) -> bool:
        """Whether a question names a place, clearly or not."""
        ...

    def find_place(self, name: str) -> FoundPlace:
        """What a name that stands alone means."""
        ...

    def listing(self, code: str | None) -> PlaceListing | None:
        """A division with those right below it; the paper's own province with None; None if there is none."""
        ...

    def primary_name(self, article: Article) -> str | None:
        """The place that an article not yet stored is about, or None."""
        ...

    def name_of(self, code: str) -> str:
        """A division's name; the code itself if there is none."""
        ...

    def place(self, name: str) -> PlaceListing | None:
        """The one division that a name means, with those right below it, or None."""
        ...

    def counts(self) -> dict[str, float]:
        """How many articles, passages and pages there are."""
        ...

    def check_store(self) -> None:
        """Raise whatever keeps the articles from being read."""
        ...

    def check_index(self) -> None:
        """Raise whatever keeps the index from being searched."""
        ...

    def check_encoder(self) -> None:
        """Raise whatever keeps a question from being encoded."""
        ...


@dataclass(slots=True)
class Services:
    """What the composition root put together."""

    library: Library
    storage: Storage
    subscribers: Subscribers
    writer: DigestWriter
    preferences: PreferenceBook
    standing: StandingBook
    feedback: FeedbackBook
    clock: Callable[[], datetime]
    """Aware moments."""
    desk: Desk
    """Where operators' uploads lie."""
    blocks: Blocks
    logs_questions: bool = False
    """Whether log lines hold what people ask."""


@dataclass(slots=True)
class BotData:
    """Shared by all chats."""

    services: Services | None = None
    inline_queries: LatestQueries = field(default_factory=LatestQueries)
    tasks: tuple[asyncio.Task[None], ...] = ()
    """The runs of the jobs beside the answers."""
    metrics: Metrics = field(default_factory=Metrics)
    admission: Admission | None = None
    """Decides who is answered."""
    is_busy: Callable[[], bool] = lambda: False
    """Whether so much waits that only what is asked for is sent."""
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """Lets so many answers be computed at a time, in the order in which they came to it."""

    @property
    def required_services(self) -> Services:
        """The library and the storage, which every built application has."""
        if self.services is None:
            raise RuntimeError("the application was not built by bot.app.build_application")
        return self.services


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], BotData]):
    """A handler's context, typed; one for all handlers of an update."""

    preferences: Preferences = Preferences()
    """How the chat wants to be spoken to; `speaking.recognise` finds it out before all else."""

    @property
    def language(self) -> Language:
        """The chat's language."""
        return self.preferences.language or Language.SIMPLIFIED

    @property
    def texts(self) -> Texts:
        """What the bot says, in the chat's language."""
        return texts_of(self.language)

    @property
    def links(self) -> Links:
        """Addresses that open articles and places in this bot."""
        return Links(self.bot.username)

    @property
    def services(self) -> Services:
        """The library and the storage."""
        return self.bot_data.required_services


App = Application[Any, Context, dict[Any, Any], dict[Any, Any], BotData, Any]
