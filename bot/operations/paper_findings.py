"""Whether each followed newspaper is reached, has today's issues, and is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date

from bot.ingest.feeds import fetcher_of
from bot.ingest.papers import open_paper_reader
from bot.operations.findings import Finding, broken, ok, warning
from bot.settings import Settings
from retrieval import (
    SILENT_DAYS,
    FetchError,
    IssueSum,
    PaperLedger,
    PaperRow,
    RetrievalError,
    open_engine,
    paper_key,
    today_at_home,
)

_SECONDS = 10.0
"""For each request: a doctor is waited for."""
_UNREAD_DAYS = 2
"""Days without a look after which nothing seems to follow the papers."""


def check_papers(settings: Settings) -> Iterator[Finding]:
    """One finding for each followed newspaper: whether it is there, up to date and read, as one sentence."""
    fetcher = replace(fetcher_of(settings), timeout=_SECONDS, deadline=2 * _SECONDS)
    reader = open_paper_reader(settings, fetcher)
    today = today_at_home()
    for address in settings.paper_addresses:
        try:
            newest = reader.newest(address)
        except (FetchError, RetrievalError) as error:
            answers = isinstance(error, FetchError) and error.status is not None
            say = broken if answers else warning  # without a network nothing is known of the paper
            yield say("papers", f"{error}: check the address in PAPERS and the network")
            continue
        if not isinstance(newest, date):
            yield broken(
                "papers",
                f"{newest.reason}: open it in a browser, and correct PAPERS if the edition has moved",
            )
            continue
        row, sums = _ledger(settings, address)
        yield _judged(address, newest, row, sums, today)


def _judged(address: str, newest: date, row: PaperRow | None, sums: list[IssueSum], today: date) -> Finding:
    """How a paper that is reached stands: what is gravest is said."""
    if (today - newest).days >= SILENT_DAYS:
        told = f"{address}: its newest issue is of {newest}, {(today - newest).days} days ago"
        return warning("papers", f"{told}: look whether the edition has moved, and correct PAPERS")
    if row is None:
        told = f"{address}: has an issue of {newest} and was never read"
        return warning("papers", f"{told}: start the bot, or run `yunwen ingest`")
    if (today - row.looked_on).days >= _UNREAD_DAYS:
        told = f"{address}: was last read on {row.looked_on}, {(today - row.looked_on).days} days ago"
        return warning("papers", f"{told}: see whether the bot runs, or `yunwen ingest --watch`")
    found = next((each for each in sums if each.is_there and each.day == newest), None)
    if found is None:
        told = f"{address}: the issue of {newest} is there and not read yet"
        return warning("papers", f"{told}: the bot takes it at its next look, `yunwen ingest` now")
    if not found.articles_read:
        told = f"{address}: the issue of {newest} gave no article"
        return broken(
            "papers", f"{told}: run `yunwen papers check {address}`, the site may have been redesigned"
        )
    counts = f"pages {found.pages_read} of {found.pages}, articles {found.articles_read} of {found.articles}"
    if found.n_lost or found.n_open:
        told = f"{address}: of the issue of {newest} only {counts} are read"
        return warning("papers", f"{told}: `yunwen papers check {address}` says why")
    return ok("papers", f"{address}: issue of {newest}, {counts}, read on {row.looked_on}")


def _ledger(settings: Settings, address: str) -> tuple[PaperRow | None, list[IssueSum]]:
    """What the ledger has of a paper, if there is one; nothing is made or brought up to date."""
    if settings.database is None and not (settings.home / "yunwen.db").is_file():
        return None, []
    with suppress(RetrievalError):  # the database has a finding of its own
        engine = open_engine(settings.database_url)
        try:
            ledger, key = PaperLedger(engine), paper_key(address)
            return ledger.paper(key), ledger.sums(key)
        finally:
            engine.dispose()
    return None, []
