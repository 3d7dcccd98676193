"""`yunwen ingest`, `evaluate` and `page`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.command_line import documents
from bot.command_line.documents import print_json
from bot.command_line.papers import take_in
from bot.settings import Settings


def ingest(options: argparse.Namespace, settings: Settings) -> int:
    """Read pages into the store, or keep up with folders, feeds and papers; without a path the newest issues of the papers are read."""
    if options.watch:
        return _watch(options, settings)
    if not options.paths and not options.reencode and not (settings.paper_addresses and not options.dry_run):
        options.parser.error("give at least one page or folder, PAPERS, or --reencode or --watch")
    if options.paths or options.reencode:
        report = run_ingest(options.paths, settings, reencode=options.reencode, dry_run=options.dry_run)
    else:
        report = take_in(settings, [(address, None) for address in settings.paper_addresses])
    if options.json:
        print_json(documents.report_document(report))
    else:
        would = "would be, of " if options.dry_run else ""
        print(would + documents.report_line(report))
    for each in report.skipped:
        where = f"{each.path}:{each.line}" if each.line else str(each.path)
        print(f"yunwen: skipped {where}: {each.reason}", file=sys.stderr)
    return 1 if report.unread else 0


def _watch(options: argparse.Namespace, settings: Settings) -> int:
    if options.reencode or options.dry_run or options.json:
        options.parser.error("--watch goes on until it is told to stop: give it alone")
    folders = [*settings.page_folders, *(path.absolute() for path in options.paths)]
    if not folders and not settings.feeds and not settings.paper_addresses:
        options.parser.error("--watch needs a folder, YUNWEN_PAGES, FEEDS or PAPERS")
    from bot.composition import open_writing_ingester
    from bot.ingest.service import run_service

    run_service(settings, folders, open_writing_ingester)
    return 0


def run_ingest(
    paths: Sequence[Path], settings: Settings, *, reencode: bool = False, dry_run: bool = False
) -> Any:
    """Read pages and bring the index up to date. Return the report."""
    from bot.composition import (
        open_ingester,
        open_resolver,
        open_settings_encoder,
        open_store,
        open_tokenizer,
    )
    from bot.ingest.feeds import reading_limits
    from bot.ingest.lock import ingest_lock
    from bot.ingest.work import retry_while_unreachable
    from bot.progress import TerminalProgress
    from retrieval import open_index

    store = open_store(settings)
    tokenizer = open_tokenizer(settings)
    with ingest_lock(settings.home, store.engine), TerminalProgress() as progress:
        encoder = open_settings_encoder(settings, progress)
        resolver = open_resolver(settings, tokenizer)
        ingester = open_ingester(store, encoder, tokenizer, resolver, reading_limits(settings))
        if reencode and not dry_run:
            ingester.reencode(progress)
        report = ingester.ingest(paths, progress, dry_run=dry_run)
        if not dry_run:
            # what has been read is kept, and the index may wait for its server
            retry_while_unreachable(
                lambda: open_index(settings.index_address, store, encoder, takes_in=True).save()
            )
    return report


def evaluate(options: argparse.Namespace, settings: Settings) -> int:
    """Measure retrieval on a set of questions."""
    from bot.composition import (
        open_ingester,
        open_resolver,
        open_settings_encoder,
        open_settings_reranker,
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
        reranker = open_settings_reranker(settings, progress)
        answerer = Answerer(store, index, encoder, tokenizer, resolver, reranker=reranker)
        side = Side(options.side)
        progress.start("asking", len(questions.queries))
        run = run_queries(questions, side_search(side, answerer, store, record_ids), progress)
    document = documents.metrics_document(options.folder.resolve().name, side.value, measure(questions, run))
    if options.json:
        print_json(document)
    else:
        for name, value in document.items():
            print(f"{name:10} {'-' if value is None else value}")
    return 0


def page(options: argparse.Namespace, settings: Settings) -> int:
    """Print how a page is understood."""
    from bot.composition import open_resolver, open_tokenizer
    from bot.ingest.feeds import reading_limits
    from retrieval import Page, read_pages

    resolver = open_resolver(settings, open_tokenizer(settings))
    status = 0
    shown = []
    for each in read_pages(options.file.absolute(), reading_limits(settings)):
        if not isinstance(each, Page):
            print(f"yunwen: skipped {each.path}: {each.reason}", file=sys.stderr)
            status = 1
            continue
        shown.append(documents.page_document(each, [resolver.resolve_article(a) for a in each.articles]))
    if options.json:
        print_json({"pages": shown})
        return status
    for document in shown:
        print("\n".join(documents.page_lines(document)))
    return status
