"""Folders and feeds kept up with while the bot runs: pages once they have rested, entries every so often."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from watchfiles import awatch

from bot.errors import BotError
from bot.ingest.lock import IngestRuns
from bot.settings import Settings
from retrieval import FeedPages, FetchError, Report, RetrievalError

_log = logging.getLogger(__name__)
_Found = TypeVar("_Found")

REST_SECONDS = 2.0
"""A file that was written less long ago is still being written."""
_AGAIN_SECONDS = 1.0
"""Until it is tried again while another process ingests."""
_FAILED_SECONDS = 60.0
_LONGEST_REST_SECONDS = 60.0
"""For which rest is waited for: a file that somebody writes to without an end keeps no other page out."""

_MOST_TOLD = 20
"""Skipped pages that are named at each look: a folder of many fills no log."""

Ingest = Callable[[Sequence[Path]], Report]
"""Brings the store to the pages under some folders; raises IngestRuns while another process does."""
Look = Callable[[str], FeedPages]
"""Fetches what a feed has; raises FetchError, RetrievalError."""
PutFeed = Callable[[FeedPages], Report]
"""Brings the store to what a look at a feed brought; raises RetrievalError, IngestRuns."""


class Watcher(ABC):
    """Keeps up with something until it is told to stop."""

    def __init__(self) -> None:
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End when the ingest under way is done."""
        self._stopping.set()

    @abstractmethod
    async def run(self) -> None:
        """Keep up until told to stop."""

    async def _pause(self, seconds: float) -> None:
        """Return after so long, or as soon as it is to stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


class Rounds(Watcher, Generic[_Found]):
    """Looks at what lies elsewhere when the bot starts and every so many minutes."""

    def __init__(self, put: Callable[[_Found], Report], minutes: float, give_up: Callable[[], None]) -> None:
        """`put` brings the store to what a look found, in a thread; `give_up` ends a look under way."""
        super().__init__()
        self._put = put
        self._seconds = minutes * 60
        self._give_up = give_up

    def stop(self) -> None:
        """End; what is being put is put first."""
        super().stop()
        self._give_up()

    async def run(self) -> None:
        """Make rounds until told to stop. What fails is tried again at the next round; the rest goes on."""
        while not self._stopping.is_set():
            await self.look_once()
            await self._pause(self._seconds)

    @abstractmethod
    async def look_once(self) -> None:
        """Look at each once."""

    async def _put_in_turn(self, found: _Found) -> bool:
        """Put what was found as soon as no other process ingests. Return False if it is to stop before that."""
        while not self._stopping.is_set():
            try:
                tell(await asyncio.to_thread(self._put, found))
            except IngestRuns as error:
                _log.info("%s", error)
                await self._pause(_AGAIN_SECONDS)
            else:
                return True
        return False


class FolderWatcher(Watcher):
    """Ingests folders when the bot starts and whenever something in them changes."""

    def __init__(self, folders: Sequence[Path], ingest: Ingest) -> None:
        """`ingest` runs in a thread, one at a time."""
        super().__init__()
        self._folders = tuple(folders)
        self._ingest = ingest

    async def run(self) -> None:
        """Watch until told to stop."""
        # a folder that is not there yet is looked for at the parent's next change, so it must exist
        present = [folder for folder in self._folders if folder.exists()]
        for folder in set(self._folders) - set(present):
            _log.error("%s: is not there and is not watched: make it, then restart the bot", folder)
        if not present:
            await self._bring_up_to_date()
            return
        changes = awatch(*present, debounce=500, stop_event=self._stopping, yield_on_timeout=False)
        while not self._stopping.is_set():
            coming = asyncio.ensure_future(anext(changes, None))
            try:
                await asyncio.sleep(
                    0
                )  # from here on it watches: what changes during a look is looked at again
                await self._bring_up_to_date()
                await coming
            finally:
                coming.cancel()

    async def _bring_up_to_date(self) -> None:
        """Ingest once everything has rested, or after a minute; tries on while another process ingests."""
        clock = asyncio.get_running_loop().time
        impatient = clock() + _LONGEST_REST_SECONDS
        while not self._stopping.is_set():
            wait = await asyncio.to_thread(seconds_to_rest, self._folders)
            if wait > 0 and clock() < impatient:
                await self._pause(wait)
                continue
            try:
                report = await asyncio.to_thread(self._ingest, self._folders)
            except IngestRuns as error:
                _log.info("%s", error)
                await self._pause(_AGAIN_SECONDS)
            except (RetrievalError, BotError):
                if not self._stopping.is_set():
                    _log.exception(
                        "error %s: the folders could not be ingested: they are tried again in a minute",
                        secrets.token_hex(3),
                    )
                await self._pause(_FAILED_SECONDS)
            else:
                tell(report)
                return


def seconds_to_rest(folders: Iterable[Path], now: float | None = None) -> float:
    """How long until the youngest file in the folders has rested; 0 if all have. Clocks that run ahead count as rested."""
    moment = time.time() if now is None else now
    ages = (moment - written for folder in folders for written in _times(folder))
    youngest = min((age for age in ages if age >= 0), default=REST_SECONDS)
    return max(0.0, REST_SECONDS - youngest)


def _times(folder: Path) -> Iterator[float]:
    """When the folder and each thing in it was written, however deep it lies."""
    waiting = [str(folder)]
    while waiting:
        path = waiting.pop()
        try:
            yield os.stat(path).st_mtime
            with os.scandir(path) as entries:
                found = list(entries)
        except OSError:  # gone meanwhile, or no folder
            continue
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
                continue
            with contextlib.suppress(OSError):
                yield entry.stat().st_mtime


def tell(report: Report) -> None:
    """Log what an ingest changed."""
    if report.new or report.changed or report.removed:
        _log.warning(
            "pages: %d new, %d changed, %d removed; %d articles in all",
            report.new,
            report.changed,
            report.removed,
            report.articles,
        )
    for each in report.skipped[:_MOST_TOLD]:
        _log.warning("skipped %s: %s", each.path, each.reason)
    if len(report.skipped) > _MOST_TOLD:
        n_more = len(report.skipped) - _MOST_TOLD
        _log.warning("skipped %d more: `yunwen ingest` on the folder names all of them", n_more)


class FeedPoller(Rounds[FeedPages]):
    """Looks at feeds when the bot starts and every so many minutes."""

    def __init__(
        self,
        feeds: Sequence[str],
        look: Look,
        put: PutFeed,
        minutes: float,
        give_up: Callable[[], None] = lambda: None,
    ) -> None:
        """`look` runs in a thread too, one feed at a time."""
        super().__init__(put, minutes, give_up)
        self._feeds = tuple(feeds)
        self._look = look

    async def look_once(self) -> None:
        """Look at each feed, and put what it brought."""
        for feed in self._feeds:
            if not self._stopping.is_set():
                await self._look_at(feed)

    async def _look_at(self, feed: str) -> None:
        try:
            found = await asyncio.to_thread(self._look, feed)
            if not found.is_unchanged:
                await self._put_in_turn(found)
        except (FetchError, RetrievalError, BotError) as error:
            if not self._stopping.is_set():
                _log.warning("feed %s: %s", feed, error)


def open_watchers(
    settings: Settings,
    folders: Sequence[Path],
    ingest: Ingest,
    look: Look,
    put: PutFeed,
    give_up: Callable[[], None],
) -> list[FolderWatcher | FeedPoller]:
    """What keeps up with these folders and with the feeds of the settings."""
    watchers: list[FolderWatcher | FeedPoller] = []
    if folders:
        watchers.append(FolderWatcher(folders, ingest))
    if settings.feeds:
        watchers.append(FeedPoller(settings.feeds.split(), look, put, settings.feed_minutes, give_up))
    return watchers
