"""What routes need: the library, the stores, the gate, and how the site is addressed."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, TypeVar
from urllib.parse import urlencode, urlsplit

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from bot.chats.answers import AnswerStore
from bot.chats.feedback import FeedbackStore
from bot.chats.subscriptions import SubscriptionStore
from bot.metrics import Metrics
from bot.web.gate import Gate, visitor_at
from bot.web.memory import Memory
from bot.web.programs import Programs
from retrieval import Answer, Library

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
PAGES_AT_ONCE = 4
"""Made in threads. They share one interpreter: more of them only take turns at it more often (measured with bench/web.py)."""
_SLOW_AT_ONCE = 3
"""Of what takes longer than a page, so that no page waits for it."""

_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages stand, and who may index them."""

    url: str | None = None
    """The public address without a slash at its end; None: the one that was asked for."""
    is_indexed: bool = False
    """Whether search engines are told what there is."""

    @property
    def prefix(self) -> str:
        """What a proxy serves the pages under, such as /news; "" for the root."""
        return urlsplit(self.url).path.rstrip("/") if self.url else ""

    def path(self, path: str, **parameters: object) -> str:
        """Return a path of ours as a link has it; parameters that are None or "" are left out."""
        given = {name: value for name, value in parameters.items() if value not in (None, "", ())}
        return self.prefix + path + (f"?{urlencode(given, doseq=True)}" if given else "")

    def address(self, request: Request, path: str, **parameters: object) -> str:
        """Return the whole address of a path of ours."""
        tail = self.path(path, **parameters)
        if self.url:
            parts = urlsplit(self.url)
            return f"{parts.scheme}://{parts.netloc}{tail}"
        host = request.headers.get("host", "")
        return f"{request.url.scheme}://{host}{tail}" if _HOST.fullmatch(host) else tail


@dataclass(frozen=True, slots=True)
class TelegramSide:
    """What the Mini App needs of the bot."""

    key: bytes
    """With which Telegram signs who opened it."""
    subscriptions: SubscriptionStore


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the composition root put together."""

    library: Library
    answers: AnswerStore
    feedback: FeedbackStore
    gate: Gate
    site: Site
    clock: Callable[[], datetime]
    """Aware moments."""
    memory: Memory
    """What was worked out of the library."""
    secret: bytes
    """Signs what a page lets its reader do; another one at each start is enough."""
    logs_questions: bool = False
    """Whether log lines hold what people ask."""
    programs: Programs = field(default_factory=Programs)
    """Which programs may ask, and how often."""
    metrics: Metrics | None = None
    """The bot's, where the pages are served beside it."""
    telegram: TelegramSide | None = None
    """None: there is no Mini App."""
    slow: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_SLOW_AT_ONCE))

    async def run_slowly(self, make: Callable[[], _T]) -> _T:
        """Run in a thread what takes longer than a page: a file, a picture, a search."""
        return await to_thread.run_sync(make, limiter=self.slow)

    def record(self, answer: Answer, question: str) -> None:
        """Count an answer that was given, and log it; its question only if that may be logged."""
        if self.metrics is not None:
            self.metrics.questions.labels(answer.outcome.value).inc()
        said = f": {question!r}" if self.logs_questions else ""
        _log.info("answered %s in %.0f ms%s", answer.outcome.value, answer.timings.total, said)


def parts_of(request: Request) -> WebParts:
    """Return the parts of the application that a request came to."""
    parts: WebParts = request.app.state.parts
    return parts


async def _parts(request: Request) -> WebParts:  # FastAPI would call what is not async in a thread
    return parts_of(request)


Parts = Annotated[WebParts, Depends(_parts)]


def visitor_of(request: Request) -> str:
    """Return who is asking, as limits count: an address; it is kept nowhere."""
    return visitor_at(request.client.host if request.client else None)
