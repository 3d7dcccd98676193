"""`yunwen ask | chat | bot | web | mcp | api-key | deliver | digest | feedback | ingest | migrate-to | page | papers | evaluate | …`.

Results go to stdout, progress and logs to stderr. Exit status: 0 done, 1 could not (one line says why), 2 usage.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.command_line import asking, courses, operations, papers, programs, reading, running
from bot.errors import BotError
from bot.operations.home_lock import home_in_use
from bot.settings import Settings, load_settings

_log = logging.getLogger("yunwen")
_APART = frozenset({"regions", "page", "evaluate", "prepare", "restore", "api-key"})
"""Commands that leave the databases alone, or want them for themselves."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        print(f"{parser.description}\n\n{_EXAMPLES}")
        return 0
    from bot.logs import redact
    from embeddings import EncoderError
    from retrieval import RetrievalError

    os.umask(0o077)  # what people asked and sent is for this user alone, whatever the shell says
    kept: list[str] = []
    try:
        settings = load_settings()
        kept = settings.secrets
        _set_up_logging(settings)
        with home_in_use(settings.home) if options.command not in _APART else nullcontext():
            status: int = options.run(options, settings)
        sys.stdout.flush()
        return status
    except (BotError, RetrievalError, EncoderError) as error:
        print(f"yunwen: {redact(str(error), *kept)}", file=sys.stderr)
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

_EXAMPLES = """The commands most used:

  yunwen ingest PATH...                 read pages, or folders of pages
  yunwen ask 库伦旗水稻种植面积         answer one question
  yunwen chat                           ask in a conversation

yunwen --help lists all commands, yunwen COMMAND --help says what one of them takes."""
_DAY = "a day: 2022-06-30, 昨天, 6月30日"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="yunwen",
        description="Answers questions over local newspapers.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action="version", version=version("yunwen"), help="print the version and end"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    _add_asking(commands)

    _command(commands, "bot", running.bot, "run the Telegram bot")

    deliver = _command(
        commands, "deliver", running.deliver, "send the digests that are due, apart from the bot"
    )
    deliver.add_argument("--once", action="store_true", help="end when nothing is left to send today")

    digest = _command(commands, "digest", asking.digest, "what the papers of a day say about a place")
    digest.add_argument("--region", required=True, metavar="NAME", help="a place's name or division code")
    digest.add_argument("--date", required=True, type=_day, metavar="DAY", help=f"the issue date; {_DAY}")

    ingest = _command(commands, "ingest", reading.ingest, "read pages into the store")
    ingest.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="pages, or folders of pages")
    ingest.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    ingest.add_argument(
        "--watch",
        action="store_true",
        help="keep up with the paths, YUNWEN_PAGES, FEEDS and PAPERS until told to stop",
    )
    ingest.add_argument("--reencode", action="store_true", help="encode all again with the encoder now set")

    evaluate = _command(commands, "evaluate", reading.evaluate, "measure retrieval on a set of questions")
    evaluate.add_argument("folder", type=Path, metavar="DIR", help="corpus.jsonl, queries.jsonl, qrels.tsv")
    evaluate.add_argument(
        "--side",
        choices=["dense", "sparse", "hybrid"],
        default="hybrid",
        help="by vectors, by words, or by both (default)",
    )
    evaluate.add_argument("--work", type=Path, metavar="DIR", help="where the set's own index is kept")

    feedback = _command(commands, "feedback", operations.feedback, "what people said of answers")
    feedback.add_argument(
        "action", choices=["list", "export"], help="count the verdicts, or write them as a set of questions"
    )
    feedback.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="where the regression set goes")

    page = _command(commands, "page", reading.page, "how a page is understood; nothing is stored")
    page.add_argument("action", choices=["show"], help="print how it is read")
    page.add_argument("file", type=Path, metavar="FILE", help="a page in any format that is read")

    _add_papers(commands)
    _add_courses(commands)

    regions = _command(commands, "regions", asking.regions, "the places that a text names")
    regions.add_argument("text", metavar="TEXT", help="a question, or any other text")

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

    web = _command(commands, "web", running.web, "the pages that anyone can open, until told to stop")
    web.add_argument("--listen", metavar="HOST:PORT", help="default WEB_LISTEN, else 127.0.0.1:8000")
    web.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="pages to ingest first")

    _add_programs(commands)

    start = _command(
        commands, "start", running.start, "ingest, then the bot if a token is set, else the conversation"
    )
    start.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="pages to ingest first")
    return parser


def _add_programs(commands: Any) -> None:
    """Add the commands that are for other programs."""
    _command(
        commands, "mcp", programs.mcp, "tools for a language model's program, on standard input and output"
    )

    api_key = _command(commands, "api-key", programs.api_key, "make a key for a program that asks over HTTP")
    api_key.add_argument("name", metavar="NAME", help="what the key is called")


def _add_asking(commands: Any) -> None:
    ask = _command(commands, "ask", asking.ask, "answer one question, or a file of them")
    ask.add_argument("question", nargs="?", help="what you want to know")
    ask.add_argument("--k", type=_positive, default=5, metavar="N", help="hits wanted (default 5)")
    ask.add_argument("--today", type=_day, metavar="DAY", help=f"what 今年 is seen from; {_DAY}")
    ask.add_argument("--explain", action="store_true", help="what each feature adds to a hit's score")
    ask.add_argument("--batch", type=Path, metavar="FILE", help="JSONL with id and question; prints JSONL")

    chat = _command(commands, "chat", asking.chat, "a conversation in the terminal")
    chat.add_argument("--today", type=_day, metavar="DAY", help=f"what 今年 is seen from; {_DAY}")


def _add_papers(commands: Any) -> None:
    edition = _command(commands, "papers", papers.papers, "newspapers' digital editions, issue by issue")
    edition.add_argument(
        "action",
        choices=["check", "backfill", "list"],
        help="print how an issue is read; take in the issues of some days; what is known of each paper",
    )
    edition.add_argument("url", nargs="?", metavar="URL", help="any address of the edition")
    edition.add_argument(
        "--date", type=_day, metavar="DAY", help=f"the issue to check (default the newest); {_DAY}"
    )
    edition.add_argument("--from", dest="first", type=_day, metavar="DAY", help="the first day to take in")
    edition.add_argument("--to", dest="last", type=_day, metavar="DAY", help="the last one (default today)")


def _add_courses(commands: Any) -> None:
    """The commands that tell what changed."""
    timeline = _command(commands, "timeline", courses.timeline, "how a figure went over time")
    timeline.add_argument("question", metavar="QUESTION", help="a figure, with a place and times or without")
    timeline.add_argument("--today", type=_day, metavar="DAY", help=f"what 近三年 is seen from; {_DAY}")
    timeline.add_argument(
        "--picture", type=Path, metavar="FILE", help="also draw it into a .png or .svg file"
    )

    week = _command(commands, "week", courses.week, "what a week's papers said of a place")
    week.add_argument("place", metavar="PLACE", help="a place's name")
    week.add_argument("--week", metavar="WEEK", help="such as 2022-W26 (default: that of its newest article)")

    month = _command(commands, "month", courses.month, "what a month's papers said of a place")
    month.add_argument("place", metavar="PLACE", help="a place's name")
    month.add_argument(
        "--month", metavar="MONTH", help="such as 2022-06 (default: that of its newest article)"
    )
    for each in (week, month):
        each.add_argument(
            "--picture", type=Path, metavar="FILE", help="also draw its map: a .png or .svg file"
        )

    story = _command(commands, "story", courses.story, "how a matter went on, article by article")
    story.add_argument("question", metavar="QUESTION", help="what the matter is")
    story.add_argument("--today", type=_day, metavar="DAY", help=f"what 今年 is seen from; {_DAY}")


_EXAMPLE_OF = {
    "ask": "ask 库伦旗水稻种植面积",
    "chat": "chat --today 2022-07-01",
    "deliver": "deliver --once",
    "digest": "digest --region 通辽市 --date 昨天",
    "ingest": "ingest seeds ~/newspapers",
    "evaluate": "evaluate sets/news --side dense",
    "feedback": "feedback export verdicts",
    "page": "page show page.pdf",
    "papers": "papers check http://szb.example.com/paperindex.htm --date 昨天",
    "week": "week 通辽市 --week 2022-W26",
    "month": "month 通辽市 --month 2022-06 --picture map.png",
    "story": "story 通辽机场改扩建",
    "timeline": "timeline 库伦旗水稻种植面积这几年 --picture rice.png",
    "regions": "regions 鼓楼区有什么新闻",
    "migrate-to": "migrate-to postgresql://yunwen@localhost/yunwen",
    "backup": "backup backups/",
    "restore": "restore backups/yunwen.tar.gz --replace",
    "start": "start seeds",
    "api-key": "api-key archive",
    "web": "web --listen 127.0.0.1:8000 seeds",
}
"""How a command that takes something is used."""


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    example = f"example: yunwen {_EXAMPLE_OF.get(name, name)}"
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text, epilog=example)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.set_defaults(run=run, parser=parser)
    return parser


def _day(text: str) -> date:
    """Return the day that is meant by 2022-06-30, or by what people say for a day: 昨天, 6月30日."""
    with suppress(ValueError):
        return date.fromisoformat(text)
    from retrieval import find_periods, today_at_home

    days = {(each.first, each.last) for each in find_periods(text, today_at_home())}
    if len(days) == 1 and len(set(*days)) == 1:
        return days.pop()[0]
    raise argparse.ArgumentTypeError(f"“{text}” is no day: write it as 2022-06-30, 昨天 or 6月30日")


def _positive(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"“{text}” is no whole number: write one from 1 on")
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
