"""`yunwen mcp` and `api-key`: for other programs."""

from __future__ import annotations

import argparse

from bot.command_line.documents import print_json
from bot.errors import BotError
from bot.settings import Settings


def mcp(options: argparse.Namespace, settings: Settings) -> int:
    """Serve the tools on standard input and output until the input ends."""
    if options.json:
        options.parser.error("--json cannot be given: standard output holds the protocol")
    from bot.composition import open_inquiries, open_library
    from bot.web.mcp.transports import run_stdio

    run_stdio(open_inquiries(settings, open_library(settings)), settings.answers_at_once)
    return 0


def api_key(options: argparse.Namespace, _settings: Settings) -> int:
    """Make a key for a program and print it, once, with what the setting API_KEYS takes of it."""
    from bot.web.keys import NAME, entry_of, make_key

    if not NAME.fullmatch(options.name):
        raise BotError(
            f"{options.name}: cannot be a key's name: take at most 64 of A-Z, a-z, 0-9, dot, _ and -"
        )
    key = make_key()
    entry = entry_of(options.name, key)
    if options.json:
        print_json({"name": options.name, "key": key, "entry": entry})
    else:
        print(f"key    {key}\nentry  {entry}\nGive the program the key; add the entry to API_KEYS.")
    return 0
