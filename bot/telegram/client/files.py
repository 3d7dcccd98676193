"""Files that people send, fetched from Telegram within a size: what is said of it beforehand may be left out, or wrong."""

from __future__ import annotations

import logging

from telegram import Document
from telegram.error import TelegramError

_log = logging.getLogger(__name__)


class FileNotGiven(Exception):
    """Telegram does not give the file: it has expired, is too large for a bot, or the network is away."""


class FileTooLarge(Exception):
    """The file has more bytes than are taken."""


async def fetch_document(document: Document, most: int) -> bytes:
    """Return a document's bytes. Raises FileTooLarge above `most`, FileNotGiven where Telegram refuses it."""
    if (document.file_size or 0) > most:
        raise FileTooLarge
    try:
        file = await document.get_file()
        if (file.file_size or 0) > most:
            raise FileTooLarge
        data = bytes(await file.download_as_bytearray())
    except TelegramError as error:
        _log.warning("a file could not be fetched: %s", type(error).__name__)
        raise FileNotGiven from error
    if len(data) > most:
        raise FileTooLarge
    return data
