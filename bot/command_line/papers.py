"""`yunwen papers`: how a newspaper's digital edition is read, days of it taken in, what is followed."""

from __future__ import annotations

import argparse
import sys
from datetime import date, timedelta
from typing import Any

from bot.command_line import documents, paper_documents
from bot.command_line.documents import print_json
from bot.errors import BotError
from bot.settings import Settings

_MOST_DAYS = 3660


def papers(options: argparse.Namespace, settings: Settings) -> int:
    """Check, take in or list newspapers."""
    if options.action != "list" and not options.url:
        options.parser.error(f"{options.action} needs the address of a newspaper's digital edition")
    return {"check": _check, "backfill": _backfill, "list": _list}[options.action](options, settings)


def _check(options: argparse.Namespace, settings: Settings) -> int:
    """Print how an issue is read; nothing is stored."""
    from bot.ingest.papers import open_paper_reader
    from retrieval import FetchError, WantedIssue, day_in

    try:
        wanted = WantedIssue(options.url, options.date or day_in(options.url), with_pictures=False)
        found = open_paper_reader(settings).look(wanted)
    except FetchError as error:
        raise BotError(str(error)) from None
    if found.issue is None:
        raise BotError(found.problem or f"{options.url}: no issue is found")
    document = paper_documents.paper_document(found)
    if options.json:
        print_json(document)
    else:
        print("\n".join(paper_documents.paper_lines(document)))
    return 0


def _backfill(options: argparse.Namespace, settings: Settings) -> int:
    """Take in the issues of some days, the newest first."""
    from retrieval import Report, today_at_home

    first, last = options.first, options.last or today_at_home()
    if first is None:
        options.parser.error("backfill needs --from DAY, and takes --to DAY (default today)")
    if first > last or (last - first).days > _MOST_DAYS:
        options.parser.error("--from must not be after --to, nor ten years before it")
    days = [last - timedelta(days=back) for back in range((last - first).days + 1)]
    report: Report = take_in(settings, [(options.url, day) for day in days])
    if options.json:
        print_json(documents.report_document(report))
    else:
        print(documents.report_line(report))
    for each in report.skipped:
        print(f"yunwen: skipped {each.path}: {each.reason}", file=sys.stderr)
    return 0


def take_in(settings: Settings, wanted: list[tuple[str, date | None]]) -> Any:
    """Read issues, (address, day) or the newest with None, and bring the index up to date. Return the report.

    Raises BotError if a newspaper cannot be reached; issues already put stay.
    """
    from bot.composition import (
        open_ingester,
        open_resolver,
        open_settings_encoder,
        open_store,
        open_tokenizer,
    )
    from bot.ingest.feeds import reading_limits
    from bot.ingest.papers import PaperLooks, open_put_issue
    from bot.ingest.work import retry_while_unreachable
    from bot.progress import TerminalProgress
    from retrieval import FetchError, Report, open_index

    store, tokenizer = open_store(settings), open_tokenizer(settings)
    total = Report()
    with TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
        resolver = open_resolver(settings, tokenizer)
        ingester = open_ingester(store, encoder, tokenizer, resolver, reading_limits(settings))
        looks, put = PaperLooks(settings, store), open_put_issue(settings, store, ingester)
        progress.start("reading issues", len(wanted))
        try:
            for address, day in wanted:
                found = looks.look(address, day)
                report = put(found)
                if found.issue is None and not found.is_unchanged:
                    print(f"yunwen: {found.problem}", file=sys.stderr)
                total.new += report.new
                total.changed += report.changed
                total.unchanged += report.unchanged
                total.removed += report.removed
                total.skipped += report.skipped
                progress.advance(1)
        except FetchError as error:
            raise BotError(str(error)) from None
        finally:
            if store.encoder is not None:
                retry_while_unreachable(
                    lambda: open_index(settings.index_address, store, encoder, takes_in=True).save()
                )
    counts = store.counts()
    total.articles, total.passages = counts.articles, counts.passages
    return total


def _list(options: argparse.Namespace, settings: Settings) -> int:
    """Print what is known of each newspaper: its newest issues, expected and read."""
    from bot.composition import open_store
    from retrieval import PaperLedger

    ledger = PaperLedger(open_store(settings).engine)
    found = [paper_documents.followed_document(row, ledger.sums(row.paper)) for row in ledger.papers()]
    if options.json:
        print_json({"papers": found})
        return 0
    for each in found:
        print("\n".join(paper_documents.followed_lines(each)))
    return 0
