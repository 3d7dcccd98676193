"""What `yunwen feedback` prints: how answers were judged, and what an export wrote."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.chats import open_chats
from bot.composition import open_resolver, open_store, open_tokenizer
from bot.regression import export_feedback
from bot.settings import Settings
from bot.verdicts import FeedbackBook


def count_feedback(settings: Settings) -> dict[str, Any]:
    """How many verdicts there are, by verdict and reason."""
    store = open_store(settings)
    return dict(FeedbackBook(open_chats(settings.chats_url, store.engine)).counts())


def write_feedback(settings: Settings, folder: Path) -> dict[str, Any]:
    """Write the regression set into a folder; how much of what went into it. Raises BotError."""
    store = open_store(settings)
    book = FeedbackBook(open_chats(settings.chats_url, store.engine))
    resolver = open_resolver(settings, open_tokenizer(settings))
    return asdict(export_feedback(book.all(), store, resolver, folder))
