"""Tests wait for an event, however slow the machine is; one limit ends a wait that nothing will end."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

_T = TypeVar("_T")

HANG_SECONDS = float(os.environ.get("TEST_HANG_SECONDS", "300"))
"""After so long a test hangs: what it waits for will not come."""
_LOOK_SECONDS = 0.02


def wait_until(event: Callable[[], _T], awaited: str) -> _T:
    """Return what `event` returns as soon as that is true of anything; `awaited` names it where it does not come."""
    end = time.monotonic() + HANG_SECONDS
    while not (found := event()):
        assert time.monotonic() < end, f"it never came: {awaited}"
        time.sleep(_LOOK_SECONDS)
    return found


async def until_asked(ask: Callable[[], Awaitable[_T]], awaited: str) -> _T:
    """Return what `ask` comes back with as soon as that is true of anything; it is asked again and again."""
    end = time.monotonic() + HANG_SECONDS
    while not (found := await ask()):
        assert time.monotonic() < end, f"it never came: {awaited}"
        await asyncio.sleep(_LOOK_SECONDS)
    return found


async def until(event: Callable[[], _T], awaited: str) -> _T:
    """Do as `wait_until` does, and let the rest of the loop go on."""
    end = time.monotonic() + HANG_SECONDS
    while not (found := event()):
        assert time.monotonic() < end, f"it never came: {awaited}"
        await asyncio.sleep(_LOOK_SECONDS)
    return found
