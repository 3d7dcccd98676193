"""Waiting for servers that are away: what an ingest does, as nobody waits for it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from embeddings import EncoderUnreachable
from retrieval import Unreachable

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

_FIRST_WAIT = 2.0
_LONGEST_WAIT = 60.0


def patiently(work: Callable[[], _T], pause: Callable[[float], None] = time.sleep) -> _T:
    """What the work gives, done again with growing waits for as long as a server that it needs is away.

    Only for work that goes on where it stopped when it is done again.
    """
    wait = _FIRST_WAIT
    while True:
        try:
            return work()
        except (Unreachable, EncoderUnreachable) as error:
            _log.warning("waiting %d seconds: %s", wait, error)
        pause(wait)
        wait = min(wait * 2, _LONGEST_WAIT)
