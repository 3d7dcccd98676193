"""`yunwen bot`, `deliver`, `prepare` and `start`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.command_line.asking import converse
from bot.command_line.documents import print_json
from bot.command_line.reading import run_ingest
from bot.errors import BotError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.telegram.lifetime import BotRun


def bot(_options: argparse.Namespace, settings: Settings) -> int:
    """Run the Telegram bot until it is told to stop."""
    from bot.telegram.lifetime import run_until_signal

    with prepared_bot(settings) as open_run:
        asyncio.run(run_until_signal(open_run))
    return 0


@contextmanager
def prepared_bot(settings: Settings) -> Iterator[Callable[[], BotRun]]:
    """What makes the one run of the bot; the process that ingests for it ends with the context.

    Raises BotError if there is no token, nothing has been read yet, or a setting is of no use.
    """
    token = _token(settings)
    from bot.composition import open_library, open_operation, open_services, open_writing_ingester
    from bot.ingest.feeds import FeedLooks
    from bot.ingest.process import IngestProcess
    from bot.ingest.watchers import FeedPoller, FolderWatcher, open_watchers
    from bot.ingest.work import counted
    from bot.metrics import Metrics
    from bot.telegram.client.pace import Pace
    from bot.telegram.delivery.digests import open_broadcaster
    from bot.telegram.delivery.sender import Sender
    from bot.telegram.delivery.standing_questions import ArticleSource, open_answer_sender
    from bot.telegram.lifetime import prepare_run

    library = open_library(settings)
    operation, metrics = open_operation(settings), Metrics()
    ingesting = IngestProcess(settings, open_writing_ingester)
    ingest = counted(ingesting.ingest, metrics)
    services = open_services(settings, library, ingest if settings.bot_ingests else None)
    engine, in_flight = services.storage.engine, settings.digest_in_flight
    api, pace = settings.telegram_api, Pace(settings.digest_per_second)
    jobs: list[FolderWatcher | FeedPoller | Sender] = []
    if settings.bot_sends:
        articles = ArticleSource(library.store, lambda: library.answerer)
        jobs.append(open_broadcaster(token, api, engine, services.writer, pace, in_flight))
        jobs.append(open_answer_sender(token, api, articles, services.storage, pace, in_flight))
    if settings.bot_ingests:
        looks = FeedLooks(settings, library.store)
        jobs += open_watchers(
            settings,
            settings.page_folders,
            ingest,
            counted(looks.look, metrics),
            counted(ingesting.put_feed, metrics),
            looks.give_up,
        )
    try:
        yield prepare_run(token, api, services, jobs, operation, metrics)
    finally:
        ingesting.close()


def _token(settings: Settings) -> str:
    if settings.telegram_token is None:
        raise BotError(
            "TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it into .env, or use `yunwen chat`"
        )
    return settings.telegram_token.get_secret_value()


def deliver(options: argparse.Namespace, settings: Settings) -> int:
    """Send the digests and answers that are due."""
    token = _token(settings)
    from bot.composition import open_senders
    from bot.telegram.delivery.sender import Tally, run_senders

    senders = open_senders(settings, token, is_hurried=options.once)
    tallies = [asdict(each) for each in run_senders(senders, until_idle=options.once)]
    document = {name: sum(each[name] for each in tallies) for name in asdict(Tally())}
    if options.json:
        print_json(document)
    else:
        print(", ".join(f"{name} {n}" for name, n in document.items()))
    return 0


def prepare(options: argparse.Namespace, settings: Settings) -> int:
    """Prepare the language model and the dictionary."""
    from bot.composition import open_settings_encoder, open_tokenizer
    from bot.progress import TerminalProgress

    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
    open_tokenizer(settings).cut("库伦旗")
    document = {"encoder": encoder.name, "cache": str(settings.cache)}
    if options.json:
        print_json(document)
    else:
        print(f"{encoder.name} is in {settings.cache}")
    return 0


def start(options: argparse.Namespace, settings: Settings) -> int:
    """Read pages, then run the bot if a token is set, else the conversation."""
    if options.paths:
        report = run_ingest(options.paths, settings)
        for each in report.skipped:
            print(f"yunwen: skipped {each.path}: {each.reason}", file=sys.stderr)
    if settings.telegram_token is not None:
        return bot(options, settings)
    from bot.composition import open_library

    converse(open_library(settings), None, settings)
    return 0
