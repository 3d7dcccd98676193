"""How log lines look: for a person, or a JSON object a line for a collector; secrets are masked in both."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OWN = ("bot", "retrieval", "embeddings", "yunwen")
"""Packages that log nothing that people wrote, unless asked to."""
_EXTRA = ("code", "outcome", "ms", "chat_id", "question")
"""What a line may carry beside its message, by `extra=`."""


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and code, trace and figures where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in _EXTRA if hasattr(record, name)}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up_logging(
    level: str, form: Literal["text", "json"], secrets: list[str], *, with_questions: bool = False
) -> None:
    """Write log lines to stderr. Without `with_questions` no line holds what people wrote, at any level."""
    logging.basicConfig(stream=sys.stderr, level=level, format=_TEXT)
    if form == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter())
    redact_everywhere(*secrets)
    if not with_questions:
        # below WARNING libraries log what passes through them: whole updates, statements, rows, requests
        for package in _OWN:
            logging.getLogger(package).setLevel(level)
        logging.getLogger().setLevel(max(logging.WARNING, logging.getLogger().level))


_MASK = "<token>"
_OPENERS = ("password", "sslpassword", "token", "api_key", "apikey", "key")
"""What an address names its secrets by."""
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


def passwords_in(url: str) -> set[str]:
    """Return what an address is opened with: its password and tokens, as they are written and as they are meant."""
    try:
        parts = urlsplit(url)
        given = [parts.password or "", *(value for name, value in parse_qsl(parts.query) if name in _OPENERS)]
    except ValueError:
        return {url}
    return {part for each in given for part in (each, unquote(each), quote(each, safe="")) if part}


def redact_everywhere(*secrets: str) -> None:
    """Mask the secrets in all that the root logger's handlers write; quieten those who log each request.

    Secrets named later are masked beside those named before.
    """
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Redacting(handler.formatter or logging.Formatter(), secrets))
    for name in ("httpx", "httpcore", "aiohttp.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
