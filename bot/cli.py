"""`yunwen ask | chat | bot | deliver | digest | feedback | ingest | migrate-to | page | evaluate | regions | status | start`.

Results go to stdout, progress and logs to stderr. Exit status: 0 done, 1 could not (one line says why), 2 usage.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

from bot import documents, upkeep
from bot.errors import BotError
from bot.occupancy import home_in_use
from bot.settings import Settings, load_settings

_log = logging.getLogger("yunwen")
_APART = frozenset({"regions", "page", "evaluate", "prepare", "restore"})
"""Commands that leave the databases alone, or want them for themselves."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = _parser().parse_args(arguments)
    from embeddings import EncoderError
    from retrieval import RetrievalError

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

    ask = _command(commands, "ask", _ask, "answer one question, or a file of them")
    ask.add_argument("question", nargs="?", help="what you want to know")
    ask.add_argument("--k", type=_positive, default=5, metavar="N", help="hits wanted (default 5)")
    ask.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="what 今年 is seen from")
    ask.add_argument("--explain", action="store_true", help="what each feature adds to a hit's score")
    ask.add_argument("--batch", type=Path, metavar="FILE", help="JSONL with id and question; prints JSONL")

    chat = _command(commands, "chat", _chat, "a conversation in the terminal")
    chat.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="what 今年 is seen from")

    _command(commands, "bot", _bot, "run the Telegram bot")

    deliver = _command(commands, "deliver", _deliver, "send the digests that are due, apart from the bot")
    deliver.add_argument("--once", action="store_true", help="end when nothing is left to send today")

    digest = _command(commands, "digest", _digest, "what the papers of a day say about a place")
    digest.add_argument("--region", required=True, metavar="NAME", help="a place's name or division code")
    digest.add_argument(
        "--date", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD", help="the issue date"
    )

    ingest = _command(commands, "ingest", _ingest, "read pages into the store")
    ingest.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="pages, or folders of pages")
    ingest.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    ingest.add_argument(
        "--watch",
        action="store_true",
        help="keep up with the paths, YUNWEN_PAGES and FEEDS until told to stop",
    )
    ingest.add_argument("--reencode", action="store_true", help="encode all again with the encoder now set")

    evaluate = _command(commands, "evaluate", _evaluate, "measure retrieval on a set of questions")
    evaluate.add_argument("folder", type=Path, metavar="DIR", help="corpus.jsonl, queries.jsonl, qrels.tsv")
    evaluate.add_argument("--side", choices=["dense", "sparse", "hybrid"], default="hybrid")
    evaluate.add_argument("--work", type=Path, metavar="DIR", help="where the set's own index is kept")

    feedback = _command(commands, "feedback", _feedback, "what people said of answers")
    feedback.add_argument("action", choices=["list", "export"])
    feedback.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="where the regression set goes")

    page = _command(commands, "page", _page, "how a page is understood; nothing is stored")
    page.add_argument("action", choices=["show"])
    page.add_argument("file", type=Path, metavar="FILE")

    regions = _command(commands, "regions", _regions, "the places that a text names")
    regions.add_argument("text", metavar="TEXT")

    move = _command(commands, "migrate-to", upkeep.migrate_to, "move everything from SQLite to PostgreSQL")
    move.add_argument("url", metavar="URL", help="postgresql://user:password@host/name of an empty database")

    _command(commands, "status", _status, "what is in the store")

    _command(commands, "prepare", _prepare, "prepare the language model now, as when an image is built")

    _command(commands, "doctor", _doctor, "whether everything is as it should be, and what to do if not")

    backup = _command(
        commands,
        "backup",
        upkeep.make_backup,
        "the databases and uploads in one archive, also while the bot runs",
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="the archive, or a folder for it")

    restore = _command(commands, "restore", upkeep.restore_backup, "put a backup into YUNWEN_HOME")
    restore.add_argument("file", type=Path, metavar="FILE", help="an archive that `yunwen backup` wrote")
    restore.add_argument("--replace", action="store_true", help="also over data; what is there is kept aside")

    start = _command(
        commands, "start", _start, "ingest, then the bot if a token is set, else the conversation"
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


def _print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=None))


# ------------------------------------------------------------------------------------------------- commands


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    if (options.question is None) == (options.batch is None):
        options.parser.error("give either a question or --batch FILE")
    if options.batch is not None:
        return _ask_batch(options, settings)
    if not any(character.isalnum() for character in options.question):
        raise BotError("the question has no words to look for: type it in words, such as 库伦旗水稻种植面积")
    library = _open_library(settings)
    answer = library.ask(options.question, k=options.k, today=options.today)
    if options.json:
        _print_json(documents.answer_document(answer, explain=options.explain))
    else:
        from rich.console import Console

        from bot.console import render_answer

        Console(highlight=False, soft_wrap=True).print(render_answer(answer, explain=options.explain))
    return 0


def _ask_batch(options: argparse.Namespace, settings: Settings) -> int:
    questions = list(_read_batch(options.batch))
    library = _open_library(settings)
    for question in questions:
        answer = library.ask(question["question"], k=options.k, today=options.today)
        document = documents.answer_document(answer, explain=options.explain)
        print(json.dumps({"id": question["id"], **document}, ensure_ascii=False), flush=True)
    return 0


def _read_batch(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise BotError(
            f"{path}: cannot be read ({error.strerror}): give a JSONL file of questions"
        ) from error
    except UnicodeDecodeError:
        raise BotError(f"{path}: is not UTF-8: save it as UTF-8") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise BotError(f"{path}:{number}: is not JSON ({error.msg}): one object a line") from None
        if not isinstance(record, dict) or "id" not in record or not isinstance(record.get("question"), str):
            raise BotError(f"{path}:{number}: needs an id and a question (text)")
        yield record


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    library = _open_library(settings)
    _converse(library, options.today)
    return 0


def _converse(library: Any, today: date | None) -> None:
    from rich.console import Console

    from bot.console import answer_lines, converse

    console = Console(highlight=False, soft_wrap=True)
    stdin: TextIO = sys.stdin
    if stdin.isatty():
        converse(library, stdin, console, today=today)
    else:
        answer_lines(library, stdin, console, today=today)


def _bot(_options: argparse.Namespace, settings: Settings) -> int:
    token = _token(settings)
    from bot.broadcast import Lane, Pace, open_broadcaster
    from bot.composition import counted, open_operation, open_services, open_watchers
    from bot.ingesting import IngestProcess
    from bot.lifetime import run_bot
    from bot.metrics import Metrics
    from bot.telling import Newsroom, open_teller
    from bot.watching import Poller, Watcher

    library = _open_library(settings)
    operation, metrics = open_operation(settings), Metrics()
    ingesting = IngestProcess(settings)
    ingest = counted(ingesting.ingest, metrics)
    services = open_services(settings, library, ingest if settings.bot_ingests else None)
    engine, in_flight = services.storage.engine, settings.digest_in_flight
    api, pace = settings.telegram_api, Pace(settings.digest_per_second)
    jobs: list[Watcher | Poller | Lane] = []
    if settings.bot_sends:
        newsroom = Newsroom(library.store, lambda: library.answerer)
        jobs.append(open_broadcaster(token, api, engine, services.writer, pace, in_flight))
        jobs.append(open_teller(token, api, newsroom, services.storage, pace, in_flight))
    if settings.bot_ingests:
        jobs += open_watchers(settings, settings.page_folders, ingest, counted(ingesting.look, metrics))
    try:
        run_bot(token, api, services, jobs, operation, metrics)
    finally:
        ingesting.close()
    return 0


def _token(settings: Settings) -> str:
    if settings.telegram_token is None:
        raise BotError(
            "TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it into .env, or use `yunwen chat`"
        )
    return settings.telegram_token.get_secret_value()


def _deliver(options: argparse.Namespace, settings: Settings) -> int:
    token = _token(settings)
    from bot.broadcast import Tally, run_lanes
    from bot.lanes import open_lanes

    lanes = open_lanes(settings, token, is_hurried=options.once)
    tallies = [asdict(each) for each in run_lanes(lanes, until_idle=options.once)]
    document = {name: sum(each[name] for each in tallies) for name in asdict(Tally())}
    if options.json:
        _print_json(document)
    else:
        print(", ".join(f"{name} {n}" for name, n in document.items()))
    return 0


def _digest(options: argparse.Namespace, settings: Settings) -> int:
    from bot.composition import open_resolver, open_store, open_tokenizer
    from bot.languages import Language, texts_of
    from retrieval import Choice, edition_dated

    resolver = open_resolver(settings, open_tokenizer(settings))
    code = _division(options.region, resolver)
    store = open_store(settings)
    items = edition_dated(store, resolver.gazetteer, options.date).choose([Choice(code)])
    name = resolver.gazetteer.path_name(code)
    if options.json:
        _print_json(documents.digest_document(code, name.rpartition(" › ")[2], options.date, items))
        return 0
    texts = texts_of(Language.SIMPLIFIED)
    print(texts.terminal_digest_head.format(path=name, day=options.date, n=len(items)))
    for item in items:
        place = resolver.gazetteer.path_name(item.code).rpartition(" › ")[2]
        print(f"\n· {item.article.title}{texts.in_parenthesis(place)}\n  {item.sentence.text}")
        for each in item.also:
            source = texts.in_parenthesis(each.source or each.page)
            print(f"  {texts.terminal_also.format(title=each.title, source=source)}")
    return 0


def _division(name: str, resolver: Any) -> str:
    """The code of the one division that a name or code means; raises BotError with what may have been meant."""
    if resolver.gazetteer.get(name) is not None:
        return name
    found = resolver.resolve_question(name)
    codes = list(dict.fromkeys(mention.code for mention in found.mentions))
    if codes:
        return str(codes[-1])
    meant = [resolver.gazetteer.path_name(code) for each in found.candidates for code in each.codes]
    slip = None if meant else resolver.suggest(name)
    meant += [resolver.gazetteer.path_name(slip[1].code)] if slip else []
    raise BotError(
        f"{name}: no place of this name is known"
        + (f": did you mean {' or '.join(meant)}?" if meant else ": write it in full, as 通辽市库伦旗")
    )


def _ingest(options: argparse.Namespace, settings: Settings) -> int:
    if options.watch:
        return _watch(options, settings)
    if not options.paths and not options.reencode:
        options.parser.error("give at least one page or folder, or --reencode or --watch")
    report = _run_ingest(options.paths, settings, reencode=options.reencode, dry_run=options.dry_run)
    if options.json:
        _print_json(documents.report_document(report))
    else:
        would = "would be, of " if options.dry_run else ""
        print(
            f"{would}pages: {report.new} new, {report.changed} changed, {report.unchanged} unchanged, "
            f"{report.removed} removed; {report.articles} articles, {report.passages} passages in all"
        )
    for each in report.skipped:
        where = f"{each.path}:{each.line}" if each.line else str(each.path)
        print(f"yunwen: skipped {where}: {each.reason}", file=sys.stderr)
    return 1 if report.unread else 0


def _watch(options: argparse.Namespace, settings: Settings) -> int:
    if options.reencode or options.dry_run or options.json:
        options.parser.error("--watch goes on until it is told to stop: give it alone")
    folders = [*settings.page_folders, *(path.absolute() for path in options.paths)]
    if not folders and not settings.feeds:
        options.parser.error("--watch needs a folder, YUNWEN_PAGES or FEEDS")
    from bot.intake import run_intake

    run_intake(settings, folders)
    return 0


def _run_ingest(
    paths: Sequence[Path], settings: Settings, *, reencode: bool = False, dry_run: bool = False
) -> Any:
    from bot.composition import (
        open_index,
        open_ingester,
        open_resolver,
        open_settings_encoder,
        open_store,
        open_tokenizer,
    )
    from bot.locking import ingest_lock
    from bot.patience import patiently
    from bot.progress import TerminalProgress

    store = open_store(settings)
    tokenizer = open_tokenizer(settings)
    with ingest_lock(settings.home, store.engine), TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
        ingester = open_ingester(store, encoder, tokenizer, open_resolver(settings, tokenizer))
        if reencode and not dry_run:
            ingester.reencode(progress)
        report = ingester.ingest(paths, progress, dry_run=dry_run)
        if not dry_run:
            # what has been read is kept, and the index may wait for its server
            patiently(lambda: open_index(settings, store, encoder, follows=True).save())
    return report


def _open_library(settings: Settings) -> Any:
    from bot.composition import open_library, open_settings_encoder, open_store, open_tokenizer
    from bot.progress import TerminalProgress

    store = open_store(settings)
    if store.counts().articles == 0:
        raise BotError(
            f"{settings.home}: nothing has been read yet: run `yunwen ingest PATH` with a page or folder"
        )
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
    return open_library(settings, store, encoder, open_tokenizer(settings))


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    from bot.composition import (
        open_ingester,
        open_resolver,
        open_settings_encoder,
        open_tokenizer,
    )
    from bot.progress import TerminalProgress
    from retrieval import (
        Answerer,
        LocalIndex,
        Side,
        Store,
        load_questions,
        measure,
        put_corpus,
        run_queries,
        side_search,
    )

    questions = load_questions(options.folder)
    work = options.work or settings.cache / "evaluations" / options.folder.resolve().name
    tokenizer = open_tokenizer(settings)
    resolver = open_resolver(settings, tokenizer)
    store = Store.open(f"sqlite:///{work.absolute() / 'evaluation.db'}")
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
        if not store.encoder:
            store.set_encoder(encoder.fingerprint, encoder.name)
        store.check_encoder(encoder)
        ingester = open_ingester(store, encoder, tokenizer, resolver)
        progress.start("indexing the corpus", 0)
        record_ids = put_corpus(options.folder / "corpus.jsonl", ingester, store, progress)
        index = LocalIndex(store, work / "dense.index", encoder)
        index.save()
        answerer = Answerer(store, index, encoder, tokenizer, resolver)
        side = Side(options.side)
        progress.start("asking", len(questions.queries))
        run = run_queries(questions, side_search(side, answerer, store, record_ids), progress)
    document = documents.metrics_document(options.folder.resolve().name, side.value, measure(questions, run))
    if options.json:
        _print_json(document)
    else:
        for name, value in document.items():
            print(f"{name:10} {'-' if value is None else value}")
    return 0


def _feedback(options: argparse.Namespace, settings: Settings) -> int:
    if (options.action == "export") != (options.folder is not None):
        options.parser.error("give a folder with export, and none with list")
    from bot.judging import count_feedback, write_feedback

    document = write_feedback(settings, options.folder) if options.folder else count_feedback(settings)
    if options.json:
        _print_json(document)
    else:
        print("\n".join(f"{name:10} {value}" for name, value in document.items()))
    return 0


def _page(options: argparse.Namespace, settings: Settings) -> int:
    from bot.composition import open_resolver, open_tokenizer
    from retrieval import Page, read_pages

    resolver = open_resolver(settings, open_tokenizer(settings))
    status = 0
    shown = []
    for each in read_pages(options.file.absolute()):
        if not isinstance(each, Page):
            print(f"yunwen: skipped {each.path}: {each.reason}", file=sys.stderr)
            status = 1
            continue
        shown.append(documents.page_document(each, [resolver.resolve_article(a) for a in each.articles]))
    if options.json:
        _print_json({"pages": shown})
        return status
    for document in shown:
        print("\n".join(documents.page_lines(document)))
    return status


def _regions(options: argparse.Namespace, settings: Settings) -> int:
    from bot.composition import open_resolver, open_tokenizer
    from retrieval import Gazetteer

    gazetteer = Gazetteer.load()
    resolution = open_resolver(settings, open_tokenizer(settings)).resolve_text(options.text)
    document = documents.resolution_document(resolution, gazetteer)
    if options.json:
        _print_json(document)
        return 0
    for each in resolution.mentions:
        mark = "*" if each.code == resolution.primary else " "
        print(f"{mark} {each.text}  {each.code}  {each.path}  ({each.rule}, {each.confidence:.2f})")
    for each in document["candidates"]:
        print(f"? {each['text']}  {' / '.join(each['names'])}")
    if not resolution.mentions and not resolution.candidates:
        print("no place is named")
    return 0


def _status(options: argparse.Namespace, settings: Settings) -> int:
    from bot.composition import open_store
    from retrieval import milvus_status, snapshot_status

    store = open_store(settings)
    encoder = store.encoder
    document = documents.status_document(
        store.counts(),
        encoder[1] if encoder else None,
        milvus_status(store, settings.index_url)
        if settings.index_url
        else snapshot_status(store, settings.snapshot),
        str(settings.home),
        version("yunwen"),
    )
    if options.json:
        _print_json(document)
        return 0
    index = document["index"]
    print(
        f"articles   {document['articles']} (of them {document['briefs']} briefs) on {document['pages']} pages"
    )
    print(f"passages   {document['passages']}")
    print(f"encoder    {document['encoder'] or 'none yet'}")
    print(f"index      {index['kind']}, {index['passages']} passages, {index['behind']} changes behind")
    print(f"home       {document['home']}")
    print(f"version    {document['version']}")
    return 0


def _prepare(options: argparse.Namespace, settings: Settings) -> int:
    from bot.composition import open_settings_encoder, open_tokenizer
    from bot.progress import TerminalProgress

    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
    open_tokenizer(settings).cut("库伦旗")
    document = {"encoder": encoder.name, "cache": str(settings.cache)}
    if options.json:
        _print_json(document)
    else:
        print(f"{encoder.name} is in {settings.cache}")
    return 0


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    from bot.doctor import State, examine

    findings = examine(settings)
    if options.json:
        _print_json({"findings": [asdict(each) for each in findings]})
    else:
        for each in findings:
            print(f"{each.state:8} {each.name:9} {each.text}")
    return 1 if any(each.state is State.BROKEN for each in findings) else 0


def _start(options: argparse.Namespace, settings: Settings) -> int:
    if options.paths:
        report = _run_ingest(options.paths, settings)
        for each in report.skipped:
            print(f"yunwen: skipped {each.path}: {each.reason}", file=sys.stderr)
    if settings.telegram_token is not None:
        return _bot(options, settings)
    _converse(_open_library(settings), None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
