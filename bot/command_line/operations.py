"""The commands that keep, restore and move an installation's data."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.chats.database import open_chats
from bot.chats.feedback import FeedbackStore
from bot.command_line import documents
from bot.command_line.documents import print_json
from bot.composition import open_resolver, open_store, open_tokenizer
from bot.errors import BotError
from bot.operations.feedback_export import export_feedback
from bot.settings import Settings


def migrate_to(options: argparse.Namespace, settings: Settings) -> int:
    """Move everything from SQLite to PostgreSQL."""
    from bot.operations.move_to_postgresql import relocate_all
    from bot.progress import TerminalProgress

    with TerminalProgress() as progress:
        moved = relocate_all(settings.home, options.url, progress)
    if options.json:
        _print_json({"tables": [asdict(each) for each in moved]})
        return 0
    for each in moved:
        print(f"{each.table:18} {each.n_rows:>10} rows  {each.checksum}")
    print("everything is in both databases, row by row the same: now set DATABASE_URL to the new one")
    return 0


def make_backup(options: argparse.Namespace, settings: Settings) -> int:
    """Put the databases and uploads into one archive."""
    from bot.operations.backup import back_up

    if settings.database is not None:
        raise BotError("the data is in DATABASE_URL: back it up with pg_dump; only files are backed up here")
    path, manifest = back_up(settings.home, options.file)
    if settings.chats_database is not None:
        print(
            "yunwen: the chats are in CHATS_DATABASE_URL, not in this backup: use pg_dump for them",
            file=sys.stderr,
        )
    document = documents.backup_document(path, manifest)
    if options.json:
        _print_json(document)
    else:
        print(f"{path}: {document['size']:,} bytes; {_counted(document['counts'])}")
    return 0


def restore_backup(options: argparse.Namespace, settings: Settings) -> int:
    """Put a backup into YUNWEN_HOME."""
    from bot.operations.restore import restore

    if settings.database is not None:
        raise BotError(
            "the data is in DATABASE_URL: restore it with pg_restore; only files are restored here"
        )
    restored = restore(options.file, settings.home, replace=options.replace)
    document = documents.restored_document(restored, settings.home)
    if options.json:
        _print_json(document)
        return 0
    print(f"{settings.home}: as of {document['made_at']}; {_counted(document['counts'])}")
    if restored.kept:
        print(f"what was there is in {restored.kept}")
    return 0


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counts.items())


def _print_json(document: object) -> None:
    print(json.dumps(document, ensure_ascii=False))


def feedback(options: argparse.Namespace, settings: Settings) -> int:
    """Print how answers were judged, or export them as a regression set."""
    if (options.action == "export") != (options.folder is not None):
        options.parser.error("give a folder with export, and none with list")
    document = write_feedback(settings, options.folder) if options.folder else count_feedback(settings)
    if options.json:
        print_json(document)
    else:
        print("\n".join(f"{name:10} {value}" for name, value in document.items()))
    return 0


def status(options: argparse.Namespace, settings: Settings) -> int:
    """Print what is in the store."""
    from bot.composition import open_store
    from bot.documents.composing import status_document
    from bot.documents.shapes import HomeStatusDocument
    from retrieval import index_status

    store = open_store(settings)
    encoder = store.encoder
    shown = status_document(
        store.counts(),
        encoder[1] if encoder else None,
        index_status(settings.index_address, store),
        version("yunwen"),
    )
    document = HomeStatusDocument(**dict(shown), home=str(settings.home)).model_dump(mode="json")
    if options.json:
        print_json(document)
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


def doctor(options: argparse.Namespace, settings: Settings) -> int:
    """Examine everything; 1 if something is broken."""
    from bot.operations.doctor import examine
    from bot.operations.findings import State

    findings = examine(settings)
    if options.json:
        print_json({"findings": [asdict(each) for each in findings]})
    else:
        for each in findings:
            print(f"{each.state:8} {each.name:9} {each.text}")
    return 1 if any(each.state is State.BROKEN for each in findings) else 0


def count_feedback(settings: Settings) -> dict[str, Any]:
    """How many verdicts there are, by verdict and reason."""
    store = open_store(settings)
    return dict(FeedbackStore(open_chats(settings.chats_url, store.engine)).counts())


def write_feedback(settings: Settings, folder: Path) -> dict[str, Any]:
    """Write the regression set into a folder. Return how much of what went into it. Raises BotError."""
    store = open_store(settings)
    book = FeedbackStore(open_chats(settings.chats_url, store.engine))
    resolver = open_resolver(settings, open_tokenizer(settings))
    return asdict(export_feedback(book.all(), store, resolver, folder))
