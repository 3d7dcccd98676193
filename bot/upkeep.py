"""The commands that keep, restore and move an installation's data."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from bot import documents
from bot.errors import BotError
from bot.settings import Settings


def migrate_to(options: argparse.Namespace, settings: Settings) -> int:
    """Move everything from SQLite to PostgreSQL."""
    from bot.progress import TerminalProgress
    from bot.relocation import relocate_all

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
    from bot.backup import back_up

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
    from bot.restoring import restore

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
