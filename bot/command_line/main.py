"""`yunwen ask | chat | bot | deliver | digest | feedback | ingest | migrate-to | page | evaluate | regions | status | start`.

Results go to stdout, progress and logs to stderr. Exit status: 0 done, 1 could not (one line says why), 2 usage.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.command_line import asking, operations, reading, running
from bot.errors import BotError
from bot.operations.home_lock import home_in_use
from bot.settings import Settings, load_settings

_log = logging.getLogger("yunwen")
_APART = frozenset({"regions", "page", "evaluate", "prepare", "restore"})
"""Commands that leave the databases alone, or want them for themselves."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Return the exit status."""
    options = _parser().parse_args(arguments)
    from embeddings import EncoderError
    from retrieval import RetrievalError

    os.umask(0o077)  # what people asked and sent is for this user alone, whatever the shell says
    try:
        settings = load_settings()
        _set_up_logging(settings)
        with home_in_use(settings.home) if options.command not in _APART else nullcontext():
            status: int = options.run(options, settings)
        sys.stdout.flush()
        return status
    except (BotError, RetrievalError, EncoderError) as error:
        print(f"yunwen: {error}", file=sys.stderr)
        _log.debug("trace", exc_info=True)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has gone away
        return 1
    except Exception:
        code = secrets.token_hex(3)
        _log.exception("unexpected error %s", code, extra={"code": code})
        print(
            f"yunwen: something unexpected went wrong (code {code}); the trace above says more",
            file=sys.stderr,
        )
        return 1


def _set_up_logging(settings: Settings) -> None:
    from bot.logs import set_up_logging

    set_up_logging(
        settings.log_level, settings.log_format, settings.secrets, with_questions=settings.log_questions
    )


# ----------------------------------------------------------------------------------------------- arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="yunwen", description="Answers questions over local newspapers.")
    parser.add_argument("--version", action="version", version=version("yunwen"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    ask = _command(commands, "ask", asking.ask, "answer one question, or a file of them")
    ask.add_argument("question", nargs="?", help="what you want to know")
    ask.add_argument("--k", type=_positive, default=5, metavar="N", help="hits wanted (default 5)")
    ask.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="what 今年 is seen from")
    ask.add_argument("--explain", action="store_true", help="what each feature adds to a hit's score")
    ask.add_argument("--batch", type=Path, metavar="FILE", help="JSONL with id and question; prints JSONL")

    chat = _command(commands, "chat", asking.chat, "a conversation in the terminal")
    chat.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="what 今年 is seen from")

    _command(commands, "bot", running.bot, "run the Telegram bot")

    deliver = _command(
        commands, "deliver", running.deliver, "send the digests that are due, apart from the bot"
    )
    deliver.add_argument("--once", action="store_true", help="end when nothing is left to send today")

    digest = _command(commands, "digest", asking.digest, "what the papers of a day say about a place")
    digest.add_argument("--region", required=True, metavar="NAME", help="a place's name or division code")
    digest.add_argument(
        "--date", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD", help="the issue date"
    )

    ingest = _command(commands, "ingest", reading.ingest, "read pages into the store")
    ingest.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="pages, or folders of pages")
    ingest.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    ingest.add_argument(
        "--watch",
        action="store_true",
        help="keep up with the paths, YUNWEN_PAGES and FEEDS until told to stop",
    )
    ingest.add_argument("--reencode", action="store_true", help="encode all again with the encoder now set")

    evaluate = _command(commands, "evaluate", reading.evaluate, "measure retrieval on a set of questions")
    evaluate.add_argument("folder", type=Path, metavar="DIR", help="corpus.jsonl, queries.jsonl, qrels.tsv")
    evaluate.add_argument("--side", choices=["dense", "sparse", "hybrid"], default="hybrid")
    evaluate.add_argument("--work", type=Path, metavar="DIR", help="where the set's own index is kept")

    feedback = _command(commands, "feedback", operations.feedback, "what people said of answers")
    feedback.add_argument("action", choices=["list", "export"])
    feedback.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="where the regression set goes")

    page = _command(commands, "page", reading.page, "how a page is understood; nothing is stored")
    page.add_argument("action", choices=["show"])
    page.add_argument("file", type=Path, metavar="FILE")

    regions = _command(commands, "regions", asking.regions, "the places that a text names")
    regions.add_argument("text", metavar="TEXT")

    move = _command(
        commands, "migrate-to", operations.migrate_to, "move everything from SQLite to PostgreSQL"
    )
    move.add_argument("url", metavar="URL", help="postgresql://user:password@host/name of an empty database")

    _command(commands, "status", operations.status, "what is in the store")

    _command(
        commands, "prepare", running.prepare, "prepare the language model now, as when an image is built"
    )

    _command(
        commands, "doctor", operations.doctor, "whether everything is as it should be, and what to do if not"
    )

    backup = _command(
        commands,
        "backup",
        operations.make_backup,
        "the databases and uploads in one archive, also while the bot runs",
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="the archive, or a folder for it")

    restore = _command(commands, "restore", operations.restore_backup, "put a backup into YUNWEN_HOME")
    restore.add_argument("file", type=Path, metavar="FILE", help="an archive that `yunwen backup` wrote")
    restore.add_argument("--replace", action="store_true", help="also over data; what is there is kept aside")

    start = _command(
        commands, "start", running.start, "ingest, then the bot if a token is set, else the conversation"
    )
    start.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="pages to ingest first")
    return parser


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.set_defaults(run=run, parser=parser)
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
