"""What handlers need: the library and the bot's own storage."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from telegram.ext import Application, CallbackContext, ExtBot

from bot.chats.answers import AnswerStore
from bot.chats.blocks import BlockStore
from bot.chats.feedback import FeedbackStore
from bot.chats.preferences import Preferences, PreferenceStore
from bot.chats.replies import GivenReply, ReplyStore
from bot.chats.standing_questions import StandingQuestionStore
from bot.chats.subscriptions import SubscriptionStore
from bot.languages import DEFAULT, Language, Texts, texts_of
from bot.messages.daily.digests import DigestWriter
from bot.messages.links import Links
from bot.metrics import Metrics
from bot.telegram.admission import Admission

if TYPE_CHECKING:
    from bot.ingest.uploads import Uploads

from telegram import Message, Update
from telegram.constants import ChatType

from bot.languages import language_of_code
from retrieval import Library

_T = TypeVar("_T")
_SLOW_AT_ONCE = 2
_MOST_OPENED = 10_000


class LatestQueries:
    """Which inline query is each person's last: only that one is worth computing."""

    def __init__(self) -> None:
        self._latest: dict[int, str] = {}

    def arrived(self, user_id: int, query_id: str) -> None:
        """A person's query came."""
        self._latest[user_id] = query_id

    def is_latest(self, user_id: int, query_id: str) -> bool:
        """Whether no other has come since."""
        return self._latest.get(user_id) == query_id

    def done(self, user_id: int, query_id: str) -> None:
        """A query was answered or dropped: nothing is kept of it."""
        if self.is_latest(user_id, query_id):
            del self._latest[user_id]


class RecentReplies:
    """Which messages of the bot answer which messages of people: the newest, also those not yet in the database."""

    def __init__(self, n_most: int = 10_000) -> None:
        self._n_most = n_most
        self._replies: dict[tuple[int, int], int] = {}
        self._new: list[GivenReply] = []

    def note(self, chat_id: int, message_id: int, reply_id: int) -> None:
        """A message was answered; of several answers the first counts."""
        if (chat_id, message_id) in self._replies:
            return
        self._replies[chat_id, message_id] = reply_id
        self._new.append(GivenReply(chat_id, message_id, reply_id))
        while len(self._replies) > self._n_most:
            del self._replies[next(iter(self._replies))]

    def of(self, chat_id: int, message_id: int) -> int | None:
        """The id of the answer to a message, or None."""
        return self._replies.get((chat_id, message_id))

    def take_new(self) -> list[GivenReply]:
        """All that were noted since the last call."""
        new, self._new = self._new, []
        return new


class OpenedTexts:
    """Which buttons have had their article sent, so that a second press does not fill the chat with it again."""

    def __init__(self) -> None:
        self._opened: dict[tuple[int, int, str, int | None], None] = {}

    def has(self, message: Message, data: str, only_for: int | None) -> bool:
        """Whether the button below a message has had its article sent, to all or to one person alone."""
        return (message.chat_id, message.message_id, data, only_for) in self._opened

    def add(self, message: Message, data: str, only_for: int | None) -> None:
        """It has now; the oldest are forgotten first."""
        self._opened[message.chat_id, message.message_id, data, only_for] = None
        if len(self._opened) > _MOST_OPENED:
            del self._opened[next(iter(self._opened))]


@dataclass(slots=True)
class Services:
    """What the composition root put together."""

    library: Library
    storage: AnswerStore
    replies: ReplyStore
    subscribers: SubscriptionStore
    writer: DigestWriter
    preferences: PreferenceStore
    standing: StandingQuestionStore
    feedback: FeedbackStore
    clock: Callable[[], datetime]
    """Aware moments."""
    uploads: Uploads
    """Where operators' uploads lie."""
    blocks: BlockStore
    logs_questions: bool = False
    """Whether log lines hold what people ask."""
    web_url: str | None = None
    """Where the pages are, to which titles lead; None: they open articles in the bot."""


@dataclass(slots=True)
class BotData:
    """Shared by all chats."""

    services: Services | None = None
    inline_queries: LatestQueries = field(default_factory=LatestQueries)
    replies: RecentReplies = field(default_factory=RecentReplies)
    opened: OpenedTexts = field(default_factory=OpenedTexts)
    is_rich: bool = False
    """Whether the server knows rich messages, and messages that one person alone sees."""
    tasks: tuple[asyncio.Task[None], ...] = ()
    """The runs of the jobs beside the answers."""
    metrics: Metrics = field(default_factory=Metrics)
    admission: Admission | None = None
    """Decides who is answered."""
    is_busy: Callable[[], bool] = lambda: False
    """Whether so much waits that only what is asked for is sent."""
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """Lets so many answers be computed at a time, in the order in which they came to it."""

    slow: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(_SLOW_AT_ONCE, thread_name_prefix="slow")
    )
    """Does what takes long, such as an import: it waits for its like, and never keeps an answer waiting."""

    @property
    def required_services(self) -> Services:
        """The library and the storage, which every built application has."""
        if self.services is None:
            raise RuntimeError("the application was not built by build_application")
        return self.services


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], BotData]):
    """A handler's context, typed; one for all handlers of an update."""

    preferences: Preferences = Preferences()
    """How the chat wants to be spoken to; `language.recognise` finds it out before all else."""
    replaces: int | None = None
    """The bot's message whose place the next answer takes, as its question was put right."""

    @property
    def language(self) -> Language:
        """The chat's language."""
        return self.preferences.language or DEFAULT

    @property
    def texts(self) -> Texts:
        """What the bot says, in the chat's language."""
        return texts_of(self.language)

    @property
    def links(self) -> Links:
        """Addresses that open articles and places in this bot."""
        return Links(self.bot.username, self.services.web_url)

    @property
    def services(self) -> Services:
        """The library and the storage."""
        return self.bot_data.required_services

    async def ask(self, function: Callable[..., _T], *arguments: Any) -> _T:
        """Run what computes an answer, in a thread, when its turn comes: every question goes through this gate."""
        async with self.bot_data.gate:
            return await asyncio.to_thread(function, *arguments)

    async def run_slowly(self, function: Callable[..., _T], *arguments: Any) -> _T:
        """Run what may take long, in a thread of the few that there are for it."""
        return await asyncio.get_running_loop().run_in_executor(self.bot_data.slow, function, *arguments)


App = Application[Any, Context, dict[Any, Any], dict[Any, Any], BotData, Any]


def sender_id(update: Update) -> int | None:
    """Return the numeric id of who sent an update; None if nobody is named, as in a channel."""
    return update.effective_user.id if update.effective_user is not None else None


def presume(update: Update, known: PreferenceStore) -> Language:
    """How an update's chat is spoken to as far as this process knows it without a query.

    Else as people's Telegram says, and in groups 简体中文. An inline query is spoken to as its person's private chat.
    """
    user, chat = update.effective_user, update.effective_chat
    chat_id = chat.id if chat else user.id if user else 0
    remembered = known.remembered(chat_id)
    if remembered is not None:
        return remembered
    if chat is not None and chat.type != ChatType.PRIVATE:
        return DEFAULT
    return language_of_code(user.language_code if user else None)
