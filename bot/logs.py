"""How log lines look: for a person, or a JSON object a line for a collector; secrets are masked in both."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

from bot.redaction import redact_everywhere

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
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
    """Write log lines to stderr. Without `with_questions` no line holds what people wrote."""
    logging.basicConfig(stream=sys.stderr, level=level, format=_TEXT)
    if form == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter())
    redact_everywhere(*secrets)
    if not with_questions:  # at DEBUG the library logs whole updates and calls
        logging.getLogger("telegram").setLevel(max(logging.INFO, logging.getLogger().level))
