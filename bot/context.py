"""What handlers need: the library, the bot's own storage, and a conversation's memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from telegram.ext import Application, CallbackContext, ExtBot

from bot.storage import Storage
from retrieval import Answer, Division, Passage, StoredArticle


@dataclass(frozen=True, slots=True)
class PlaceListing:
    """A division and those right below it, each with how many articles are about it."""

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
        previous: Answer | None = None,
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

    def place(self, name: str) -> PlaceListing | None:
        """The one division that a name means, with those right below it, or None."""
        ...


@dataclass(slots=True)
class Services:
    """What the composition root put together."""

    library: Library
    storage: Storage


@dataclass(slots=True)
class Conversation:
    """What one chat's talk is about; forgotten when the bot restarts."""

    previous: Answer | None = None
    last: str | None = None
    """Its id in the storage."""


@dataclass(slots=True)
class BotData:
    """Shared by all chats."""

    services: Services | None = field(default=None)


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], Conversation, BotData]):
    """A handler's context, typed."""

    @property
    def services(self) -> Services:
        """The library and the storage."""
        services = self.bot_data.services
        if services is None:
            raise RuntimeError("the application was not built by bot.app.build_application")
        return services

    @property
    def conversation(self) -> Conversation:
        """The chat's memory; a fresh one where there is no chat."""
        return self.chat_data if self.chat_data is not None else Conversation()


App = Application[Any, Context, dict[Any, Any], Conversation, BotData, Any]
