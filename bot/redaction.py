"""Keeps the bot's token out of every log line, whoever writes it."""

from __future__ import annotations

import logging
import traceback

_MASK = "<token>"


class _Redacting(logging.Formatter):
    """Formats as another formatter does, then masks the secret, in traces too."""

    def __init__(self, inner: logging.Formatter, secret: str) -> None:
        super().__init__()
        self._inner = inner
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """The line without the secret."""
        return redact(self._inner.format(record), self._secret)


def redact(text: str, secret: str) -> str:
    """The text without the secret, nor its part behind the colon."""
    for part in (secret, secret.partition(":")[2]):
        if part:
            text = text.replace(part, _MASK)
    return text


def redact_everywhere(secret: str) -> None:
    """Mask the secret in all that the root logger's handlers write; quieten those who log each request."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Redacting(handler.formatter or logging.Formatter(), secret))
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def describe_error(error: BaseException, secret: str) -> str:
    """An exception's trace without the secret."""
    return redact("".join(traceback.format_exception(error)), secret)
