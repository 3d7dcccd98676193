"""`yunwen bot`, `web`, `deliver`, `prepare` and `start`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.command_line.asking import converse
from bot.command_line.documents import print_json
from bot.command_line.papers import take_in
from bot.command_line.reading import run_ingest
from bot.errors import BotError
from bot.settings import Settings

if TYPE_CHECKING:
    from retrieval import Report

_LISTEN = "127.0.0.1:8000"
"""Where `yunwen web` listens if nothing else is said."""


def bot(_options: argparse.Namespace, settings: Settings) -> int:
    """Run the Telegram bot until it is told to stop."""
    from bot.command_line.telegram_bot import prepared_bot
    from bot.telegram.lifetime import run_until_signal

    with prepared_bot(settings) as open_run:
        asyncio.run(run_until_signal(open_run))
    return 0


def web(options: argparse.Namespace, settings: Settings) -> int:
    """Serve the pages until told to stop."""
    if options.paths:
        _tell_skipped(run_ingest(options.paths, settings))
    from bot.chats.answers import AnswerStore
    from bot.chats.database import open_chats
    from bot.composition import open_library, open_web
    from retrieval import WARM_UP_QUESTION

    library = open_library(settings)
    listen = options.listen or settings.web_listen or _LISTEN
    engine = open_chats(settings.chats_url, library.store.engine)
    server = open_web(settings, library, engine, listen, asyncio.Semaphore(settings.answers_at_once))
    AnswerStore(engine).forget_old_answers()
    library.ask(WARM_UP_QUESTION, k=1)
    gc.freeze()  # dictionary, places and index stay for good: no page waits while they are looked through for garbage
    print(f"the page is at {settings.web_url or f'http://{listen}/'} (Ctrl-C ends it)", file=sys.stderr)
    asyncio.run(server.run_until_signal())
    return 0


def deliver(options: argparse.Namespace, settings: Settings) -> int:
    """Send the digests and answers that are due."""
    from bot.command_line.telegram_bot import telegram_token
    from bot.composition import open_senders
    from bot.telegram.delivery.sender import Tally, run_senders

    senders = open_senders(settings, telegram_token(settings), is_hurried=options.once)
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
    reports = [run_ingest(options.paths, settings)] if options.paths else []
    if settings.paper_addresses and (settings.telegram_token is None or _is_empty(settings)):
        reports.append(_newest_issues(settings))  # a bot that has something to answer from follows by itself
    _tell_skipped(*reports)
    if settings.telegram_token is not None:
        return bot(options, settings)
    from bot.composition import open_library

    if sys.stdin.isatty():
        print(f"`yunwen web` (`make web`) shows the same as a page at http://{_LISTEN}/", file=sys.stderr)
    converse(open_library(settings), None, settings)
    return 0


def _tell_skipped(*reports: Report) -> None:
    for each in [skipped for report in reports for skipped in report.skipped]:
        print(f"yunwen: skipped {each.path}: {each.reason}", file=sys.stderr)


def _is_empty(settings: Settings) -> bool:
    from bot.composition import open_store

    return open_store(settings).counts().articles == 0


def _newest_issues(settings: Settings) -> Report:
    """Take in the newest issue of each followed newspaper; one that cannot be reached is told of."""
    from retrieval import Report as Empty

    report: Report = Empty()
    for address in settings.paper_addresses:
        try:
            report = take_in(settings, [(address, None)])
        except BotError as error:
            print(f"yunwen: {error}", file=sys.stderr)
    return report
