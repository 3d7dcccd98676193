"""Keeps the bot's token and other secrets out of every log line, whoever writes it."""

from __future__ import annotations

import logging
import traceback

_MASK = "<token>"
_SHORTEST = 4
"""A shorter secret is none, and masking it would leave no line readable."""


class _Redacting(logging.Formatter):
    """Formats as another formatter does, then masks the secrets, in traces too."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line without the secrets."""
        return redact(self._inner.format(record), *self._secrets)


def redact(text: str, *secrets: str) -> str:
    """The text without the secrets, nor a token's part behind the colon."""
    parts = {
        part for secret in secrets for part in (secret, secret.partition(":")[2]) if len(part) >= _SHORTEST
    }
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, _MASK)
    return text


def redact_everywhere(*secrets: str) -> None:
    """Mask the secrets in all that the root logger's handlers write; quieten those who log each request.

    Secrets named later are masked beside those named before.
    """
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Redacting(handler.formatter or logging.Formatter(), secrets))
    for name in ("httpx", "httpcore", "aiohttp.access"):
        logging.getLogger(name).setLevel(logging.WARNING)


def describe_error(error: BaseException, *secrets: str) -> str:
    """An exception's trace without the secrets."""
    return redact("".join(traceback.format_exception(error)), *secrets)
