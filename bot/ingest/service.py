"""Pages taken in by a process of its own, apart from the bot: folders and feeds, until it is told to stop.

Any number of such processes may run on one database. One at a time takes in; the others try every second, and go on
where it stopped when it dies.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from bot.errors import BotError
from bot.ingest.feeds import FeedLooks
from bot.ingest.papers import PaperLooks, open_follower
from bot.ingest.watchers import open_watchers
from bot.ingest.work import OpenWriter, open_work
from bot.settings import Settings

_log = logging.getLogger(__name__)


class Halted(BotError):
    """An ingest was stopped between two pages."""


class Halt:
    """Ends an ingest at its next step, or while it waits for a server, once it has been asked to."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def ask(self) -> None:
        """End at the next step."""
        self._event.set()

    def start(self, _step: str, _total: int) -> None:
        """A step begins; raises Halted if it is not to."""
        self.pause(0)

    def advance(self, _n: int) -> None:
        """Some pages or passages are done; raises Halted if the next are not to be."""
        self.pause(0)

    def pause(self, seconds: float) -> None:
        """Return after so long; raises Halted if asked to end by then."""
        if self._event.wait(seconds):
            raise Halted("stopped: what is left is taken in at the next start")


def run_service(settings: Settings, folders: Sequence[Path], open_writer: OpenWriter) -> None:
    """Keep the store up to these folders and the settings' feeds and papers until a signal to stop; a page comes whole or not at all.

    Raises BotError if a folder is not there.
    """
    for folder in folders:
        if not folder.exists():
            raise BotError(f"{folder}: is not there: make it, or correct YUNWEN_PAGES")
    halt = Halt()
    store, work = open_work(settings, open_writer, halt, halt.pause)
    looks = FeedLooks(settings, store)
    papers = PaperLooks(settings, store)
    watchers = [
        *open_watchers(settings, folders, lambda paths: work(tuple(paths)), looks.look, work, looks.give_up),
        *open_follower(settings, store, papers.look, work, papers.give_up),
    ]

    async def run() -> None:
        def stop() -> None:
            halt.ask()
            for watcher in watchers:
                watcher.stop()

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        await asyncio.gather(*(watcher.run() for watcher in watchers))

    asyncio.run(run())
    _log.info("stopped")
