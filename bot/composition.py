"""Settings to working parts: where the command line and the bot are put together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Engine

from bot.chats.answers import AnswerStore
from bot.chats.blocks import BlockStore
from bot.chats.database import open_chats
from bot.chats.feedback import FeedbackStore
from bot.chats.preferences import PreferenceStore
from bot.chats.replies import ReplyStore
from bot.chats.standing_questions import StandingQuestionStore
from bot.chats.subscriptions import SubscriptionStore
from bot.errors import BotError
from bot.ingest.feeds import reading_limits
from bot.ingest.uploads import Uploads
from bot.ingest.watchers import Ingest
from bot.logs import redact_everywhere
from bot.messages.daily.digests import DigestWriter
from bot.metrics import Metrics
from bot.progress import TerminalProgress
from bot.secret_files import keep_secret
from bot.settings import Settings, numbers
from embeddings import Encoder, Reranker, open_encoder, open_reranker
from retrieval import (
    Answerer,
    Gazetteer,
    Ingester,
    Library,
    PassageIndex,
    ReadingLimits,
    Resolver,
    Store,
    Tokenizer,
    answering_versions,
    divisions_of,
    engine_of,
    open_index,
)

# What Telegram and a web server need takes longer to import than many a command takes to run: it is imported where it is opened.
if TYPE_CHECKING:
    from bot.serving.server import Server
    from bot.telegram.context import Services
    from bot.telegram.delivery.sender import Sender
    from bot.telegram.delivery.standing_questions import ArticleSource
    from bot.telegram.lifetime import Operation
    from bot.web.inquiries import Inquiries
    from bot.web.parts import TelegramSide
    from bot.web.programs import Programs

_Asked = TypeVar("_Asked")


def open_store(settings: Settings) -> Store:
    """The user's store, made or brought up to date where needed."""
    gazetteer = Gazetteer.load()
    return Store.open(settings.database_url, gazetteer.names)


def open_tokenizer(settings: Settings) -> Tokenizer:
    """The tokenizer with its dictionary in the user's cache."""
    return Tokenizer(settings.cache / "jieba")


def open_resolver(settings: Settings, tokenizer: Tokenizer) -> Resolver:
    """The resolver for the paper's own province. Raises BotError if that is none."""
    try:
        return Resolver(Gazetteer.load(), home=settings.home_region, cuts_word=tokenizer.cuts_word)
    except ValueError as error:
        raise BotError(f"YUNWEN_HOME_REGION: {error}: write one such as 150000") from None


def open_settings_encoder(settings: Settings, progress: TerminalProgress) -> Encoder:
    """The encoder that the settings name; the bundled model is prepared when it is missing."""
    return open_encoder(
        settings.model,
        cache=settings.cache / "models",
        backend=settings.backend,
        device=settings.device,
        query_prompt=settings.query_prompt,
        passage_prompt=settings.passage_prompt,
        progress=progress.step,
        url=settings.embedding_url,
        api_key=settings.embedding_key.get_secret_value() if settings.embedding_key else None,
    )


def open_settings_reranker(settings: Settings, progress: TerminalProgress) -> Reranker | None:
    """Return the reranker that the settings name; None if they want none."""
    return open_reranker(
        settings.reranker, cache=settings.cache / "models", device=settings.device, progress=progress.step
    )


def open_ingester(
    store: Store,
    encoder: Encoder,
    tokenizer: Tokenizer,
    resolver: Resolver,
    limits: ReadingLimits | None = None,
) -> Ingester:
    """An ingester that files articles under the divisions they name; a stated region is the primary one."""
    return Ingester(store, encoder, tokenizer, lambda article: divisions_of(article, resolver), limits=limits)


def compose_library(settings: Settings, store: Store, encoder: Encoder, tokenizer: Tokenizer) -> Library:
    """All that a conversation needs, over one store."""
    index = open_index(settings.index_address, store, encoder)
    resolver = open_resolver(settings, tokenizer)
    with TerminalProgress() as progress:
        reranker = open_settings_reranker(settings, progress)
    return Library(store, Answerer(store, index, encoder, tokenizer, resolver, reranker=reranker), resolver)


def open_services(settings: Settings, library: Library, ingest: Ingest | None) -> Services:
    """What the bot's handlers need beside the library; `ingest` takes in what admins send, None: nothing does."""
    from bot.telegram.context import Services
    from bot.telegram.delivery.sender import utc_now

    engine = open_chats(settings.chats_url, library.store.engine)
    uploads = Uploads(
        settings.admins, settings.uploads, settings.page_folders, ingest, reading_limits(settings)
    )
    writer = DigestWriter(library.store, library.resolver.gazetteer)
    storage = open_answer_store(engine, lambda: library.answerer)
    return Services(
        library,
        storage,
        ReplyStore(engine),
        SubscriptionStore(engine),
        writer,
        PreferenceStore(engine),
        StandingQuestionStore(engine),
        FeedbackStore(engine),
        utc_now,
        uploads,
        BlockStore(engine),
        logs_questions=settings.log_questions,
        web_url=settings.web_url,
    )


def open_web(
    settings: Settings,
    library: Library,
    engine: Engine,
    listen: str,
    answering: asyncio.Semaphore,
    metrics: Metrics | None = None,
) -> Server:
    """Return the server of the pages and the interface for programs; `engine` is the chats' database.

    `answering` lets so many answers be computed at a time; it and `metrics` are the bot's own where there is one.
    Raises BotError if the address cannot be had.
    """
    from bot.serving.server import Server
    from bot.telegram.admission import passages_worth_reading
    from bot.telegram.delivery.sender import utc_now
    from bot.telegram.token_bucket import Rate
    from bot.web.application import create_app
    from bot.web.gate import Gate
    from bot.web.memory import Memory
    from bot.web.parts import Site, WebParts

    rate = Rate(settings.user_per_minute, settings.user_burst)
    parts = WebParts(
        library=library,
        answers=open_answer_store(engine, lambda: library.answerer),
        feedback=FeedbackStore(engine),
        gate=Gate(answering, rate, settings.queue_limit, time.monotonic),
        site=Site(settings.web_url, settings.web_indexed),
        clock=utc_now,
        memory=Memory(library.store.log_head, time.monotonic),
        secret=keep_secret(settings.home / "web-secret").encode(),
        logs_questions=settings.log_questions,
        metrics=metrics,
        telegram=_telegram_side(settings, engine),
        programs=open_programs(settings, listen),
    )
    if metrics is None:  # no bot, which would look at its own queue
        library.answerer.passages_to_read = lambda: passages_worth_reading(parts.gate.n_waiting)
    return Server(create_app(parts), listen, "WEB_LISTEN or --listen", proxies=settings.web_proxies)


def open_programs(settings: Settings, listen: str) -> Programs:
    """Return which programs may ask a server on this address, and how often."""
    from bot.telegram.token_bucket import Rate
    from bot.web.programs import Programs

    is_any = listen.rpartition(":")[0] in ("0.0.0.0", "[::]")
    return Programs(
        settings.api_keys,
        Rate(settings.api_per_minute, settings.api_burst),
        needs_key=settings.api_keys_required,
        origins=tuple((settings.api_cors or "").split()),
        hosts=() if is_any else (listen,),
    )


def open_inquiries(settings: Settings, library: Library) -> Inquiries:
    """Return what answers the program that started this process."""
    from bot.documents.composing import Composer
    from bot.web.inquiries import Inquiries

    return Inquiries(library, Composer(settings.web_url, is_public=True), version("yunwen"))


def _telegram_side(settings: Settings, engine: Engine) -> TelegramSide | None:
    """What the Mini App needs; None where there is no bot."""
    if settings.telegram_token is None:
        return None
    from bot.web.miniapp.init_data import signing_key
    from bot.web.parts import TelegramSide

    return TelegramSide(signing_key(settings.telegram_token.get_secret_value()), SubscriptionStore(engine))


def open_operation(settings: Settings) -> Operation:
    """How the settings want the bot to be run; a webhook's secret is made and kept where none is set."""
    from bot.telegram.client.rich import RichServer
    from bot.telegram.lifetime import Operation, Webhook, webhook_url
    from bot.telegram.token_bucket import Rate

    webhook = None
    if settings.webhook_url:
        secret = settings.webhook_secret
        kept = secret.get_secret_value() if secret else keep_secret(settings.home / "webhook-secret")
        redact_everywhere(kept)
        webhook = Webhook(webhook_url(settings.webhook_url), kept, settings.webhook_listen)
    return Operation(
        webhook=webhook,
        http_listen=settings.http_listen or None,
        user_rate=Rate(settings.user_per_minute, settings.user_burst),
        chat_rate=Rate(settings.chat_per_minute, settings.chat_burst),
        queue_limit=settings.queue_limit,
        answering=asyncio.Semaphore(settings.answers_at_once),
        rich=RichServer(is_wanted=settings.rich_messages),
        allowed=numbers(settings.allow_chats),
        blocked=numbers(settings.block_chats),
    )


def open_answer_store(engine: Engine, open_answerer: Callable[[], Answerer]) -> AnswerStore:
    """Where answers are remembered, each with the versions of what gave it."""

    @cache
    def versions() -> dict[str, str]:
        answerer = open_answerer()
        return {"yunwen": version("yunwen"), **answering_versions(answerer.encoder, answerer.reranker)}

    return AnswerStore(engine, versions)


def open_article_source(settings: Settings, store: Store) -> ArticleSource:
    """The store with what answers over it, opened when the first standing question is asked."""
    from bot.telegram.delivery.standing_questions import ArticleSource

    @cache
    def open_answerer() -> Answerer:
        with TerminalProgress() as progress:
            encoder = open_settings_encoder(settings, progress)
        return compose_library(settings, store, encoder, open_tokenizer(settings)).answerer

    return ArticleSource(store, open_answerer)


def open_writing_ingester(settings: Settings) -> tuple[Store, Ingester, Callable[[], None]]:
    """The user's store with an ingester into it, and what brings an index on a server up to date after an ingest."""
    store, tokenizer = open_store(settings), open_tokenizer(settings)
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
    resolver = open_resolver(settings, tokenizer)
    ingester = open_ingester(store, encoder, tokenizer, resolver, reading_limits(settings))
    indexes: list[PassageIndex] = []

    def follow() -> None:
        if not engine_of(settings.index_address).is_shared or store.encoder is None:
            return  # an index on this machine follows when it is asked
        if not indexes:
            indexes.append(open_index(settings.index_address, store, encoder, takes_in=True))
        indexes[0].save()

    return store, ingester, follow


def open_library(settings: Settings) -> Library:
    """Open the user's library. Raise BotError if nothing has been read yet."""
    store = open_store(settings)
    if store.counts().articles == 0:
        raise BotError(
            f"{settings.home}: nothing has been read yet: run `yunwen ingest PATH` with a page or folder"
        )
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
    return compose_library(settings, store, encoder, open_tokenizer(settings))


def open_senders(settings: Settings, token: str, *, is_hurried: bool) -> list[Sender]:
    """Both senders at one pace, over the user's store and chats; `is_hurried`: the store need not rest first."""
    from bot.telegram.client.pace import Pace
    from bot.telegram.client.rich import RichServer
    from bot.telegram.delivery.digests import open_broadcaster
    from bot.telegram.delivery.standing_questions import open_answer_sender

    store = open_store(settings)
    writer = DigestWriter(store, Gazetteer.load())
    engine, in_flight = open_chats(settings.chats_url, store.engine), settings.digest_in_flight
    api, pace = settings.telegram_api, Pace(settings.digest_per_second)
    articles = open_article_source(settings, store)
    storage = open_answer_store(engine, articles.open_answerer)
    return [
        open_broadcaster(
            token,
            api,
            engine,
            writer,
            pace,
            in_flight,
            settings.web_url,
            rich=RichServer(is_wanted=settings.rich_messages),
        ),
        open_answer_sender(
            token,
            api,
            articles,
            storage,
            pace,
            in_flight,
            is_hurried=is_hurried,
            web_url=settings.web_url,
        ),
    ]
