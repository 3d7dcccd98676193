"""Newspapers' digital editions followed: the newest issue, then days that are missing, an issue at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date

from bot.errors import BotError
from bot.ingest.feeds import fetcher_of, reading_limits
from bot.ingest.lock import ingest_lock
from bot.ingest.watchers import Rounds
from bot.settings import Settings
from retrieval import (
    Fetcher,
    FetchError,
    Ingester,
    PaperIssue,
    PaperLedger,
    PaperReader,
    Report,
    RetrievalError,
    Store,
    check_silence,
    paper_key,
    put_issue,
    today_at_home,
)

_log = logging.getLogger(__name__)

LookAtPaper = Callable[[str, date | None], PaperIssue]
"""Fetches what a paper has of a day, or of its newest; raises FetchError, RetrievalError."""
PutIssue = Callable[[PaperIssue], Report]
"""Brings the store to what a look brought; raises RetrievalError, IngestRuns."""


class PaperLooks:
    """Looks at newspapers, one at a time; what is read already is taken from the ledger, which is not written to."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        fetcher: Fetcher | None = None,
        today: Callable[[], date] = today_at_home,
    ) -> None:
        self._ledger = PaperLedger(store.engine)
        self._today = today
        self._with_pictures = settings.paper_pictures > 0
        self._reader = open_paper_reader(settings, fetcher)

    def look(self, address: str, day: date | None = None) -> PaperIssue:
        """Return what is new of a day's issue, or of the newest; raises FetchError, ReadingError, StoreError.

        Today's issue is looked through even where the paper's entry is as it was: pages may have come to it.
        """
        found = self._reader.look(self._ledger.wanted(address, day, with_pictures=self._with_pictures))
        if found.is_unchanged and (newest := self._newest(address)) == self._today():
            wanted = self._ledger.wanted(address, newest, with_pictures=self._with_pictures)
            return self._reader.look(wanted)
        return found

    def _newest(self, address: str) -> date | None:
        sums = self._ledger.sums(paper_key(address))
        return next((each.day for each in sums if each.is_there), None)

    def give_up(self) -> None:
        """End the look under way, which then fails, whatever it waits for."""
        self._reader.give_up()


def open_paper_reader(settings: Settings, fetcher: Fetcher | None = None) -> PaperReader:
    """What looks at papers as the settings have it."""
    return PaperReader(
        fetcher or fetcher_of(settings), seconds=settings.paper_seconds, limits=reading_limits(settings)
    )


def open_put_issue(
    settings: Settings, store: Store, ingester: Ingester, today: Callable[[], date] = today_at_home
) -> PutIssue:
    """What puts an issue into the store; a followed paper that has been silent for days raises the alarm."""
    followed = frozenset(settings.paper_addresses)

    def put(found: PaperIssue) -> Report:
        with ingest_lock(settings.home, store.engine):
            report = put_issue(found, store, ingester, today(), most_pictures=settings.paper_pictures)
            if found.address in followed:
                check_silence(store, found.address, today())
        return report

    return put


class PaperFollower(Rounds[PaperIssue]):
    """Follows papers: looks when the bot starts and every so many minutes."""

    def __init__(
        self,
        papers: Sequence[str],
        look: LookAtPaper,
        put: PutIssue,
        ledger: PaperLedger,
        *,
        minutes: float,
        n_days: int,
        give_up: Callable[[], None] = lambda: None,
        today: Callable[[], date] = today_at_home,
    ) -> None:
        """Issues of the last `n_days` that are not read in full are looked for; `look` runs in a thread too."""
        super().__init__(put, minutes, give_up)
        self._papers = tuple(papers)
        self._look = look
        self._ledger = ledger
        self._n_days = n_days
        self._today = today

    async def look_once(self) -> None:
        """Look at each paper: the newest issue first, then the days that are missing, the newest first."""
        for address in self._papers:
            if self._stopping.is_set():
                return
            found = await self._look_at(address, None)
            if found is None or (found.issue is None and not found.is_unchanged):
                continue  # it is away: what else it has waits too
            try:
                days = await asyncio.to_thread(
                    self._ledger.days_to_read, paper_key(address), self._today(), self._n_days
                )
            except RetrievalError as error:
                _log.warning("paper %s: %s", address, error)
                continue
            for day in days:
                if day != found.day and not self._stopping.is_set():
                    await self._look_at(address, day)

    async def _look_at(self, address: str, day: date | None) -> PaperIssue | None:
        """Look at an issue and put what it brought as soon as no other process ingests; None if it failed."""
        try:
            try:
                found = await asyncio.to_thread(self._look, address, day)
            except FetchError as error:
                if self._stopping.is_set():
                    return None
                _log.warning("paper %s: %s", address, error)
                found = PaperIssue(
                    paper_key=paper_key(address), address=address, day=day, issue=None, problem=str(error)
                )
            if await self._put_in_turn(found):
                return found
        except (RetrievalError, BotError) as error:
            if not self._stopping.is_set():
                _log.warning("paper %s: %s", address, error)
        return None


def open_follower(
    settings: Settings, store: Store, look: LookAtPaper, put: PutIssue, give_up: Callable[[], None]
) -> list[PaperFollower]:
    """What follows the papers of the settings; nothing where there are none."""
    if not settings.paper_addresses:
        return []
    follower = PaperFollower(
        settings.paper_addresses,
        look,
        put,
        PaperLedger(store.engine),
        minutes=settings.paper_minutes,
        n_days=settings.paper_days,
        give_up=give_up,
    )
    return [follower]
