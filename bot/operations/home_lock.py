"""Who uses a home: many processes at once, or one that restores it alone. The system frees the lock when its holder dies."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from bot.errors import BotError

UNFINISHED = ".restore-unfinished"
"""In a home whose files are being replaced, until all are."""


class HomeInUse(BotError):
    """Another process uses the databases."""


@contextmanager
def home_in_use(home: Path) -> Iterator[None]:
    """Let others see that a process uses the home's databases; any number may. Raises BotError while one is restored."""
    with _lock_file(home) as file:
        if file is not None and not _locked(file, fcntl.LOCK_SH):
            raise BotError(f"{home}: a backup is being restored: wait until it has finished")
        if (home / UNFINISHED).exists():
            raise BotError(f"{home}: a restore was interrupted: run `yunwen restore FILE --replace` again")
        yield


@contextmanager
def home_alone(home: Path) -> Iterator[None]:
    """Hold the home for oneself; raises HomeInUse while any other process uses its databases."""
    with _lock_file(home) as file:
        if file is None:
            raise BotError(
                f"{home}: cannot be written: make the folder writable, or set YUNWEN_HOME to one that is"
            )
        if not _locked(file, fcntl.LOCK_EX):
            raise HomeInUse(
                f"{home}: a bot, an ingest or another command uses it: stop it, then run the command again"
            )
        yield


@contextmanager
def _lock_file(home: Path) -> Iterator[IO[str] | None]:
    """The file that is locked, or None where there can be none: such a home is not written to either."""
    with ExitStack() as stack:
        file = None
        with suppress(OSError):
            home.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context((home / "use.lock").open("a+", encoding="ascii"))
        yield file


def _locked(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
