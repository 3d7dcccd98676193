"""`yunwen bot`, `deliver`, `prepare` and `start`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import asdict

from bot.command_line.asking import converse
from bot.command_line.documents import print_json
from bot.command_line.reading import run_ingest
from bot.errors import BotError
from bot.settings import Settings


def bot(_options: argparse.Namespace, settings: Settings) -> int:
    """Run the Telegram bot until it is told to stop."""
    from bot.command_line.telegram_bot import prepared_bot
    from bot.telegram.lifetime import run_until_signal

    with prepared_bot(settings, telegram_token(settings)) as open_run:
        asyncio.run(run_until_signal(open_run))
    return 0


def telegram_token(settings: Settings) -> str:
    """Return the token; raises BotError where none is set."""
    if settings.telegram_token is None:
        raise BotError(
            "TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it into .env, or use `yunwen chat`"
        )
    return settings.telegram_token.get_secret_value()


def deliver(options: argparse.Namespace, settings: Settings) -> int:
    """Send the digests and answers that are due."""
    token = telegram_token(settings)
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
