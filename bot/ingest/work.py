"""The work of an ingest: folders and feeds into the store, one ingest at a time, servers that are away waited for."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias, TypeVar

from bot.ingest.feeds import open_put_feed
from bot.ingest.lock import IngestRuns, ingest_lock
from bot.ingest.papers import open_put_issue
from bot.ingest.watchers import Ingest
from bot.metrics import Metrics
from bot.settings import Settings
from embeddings import EncoderUnreachable
from retrieval import FeedPages, Ingester, PaperIssue, Progress, Report, Store, Unreachable

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_Asked = TypeVar("_Asked")
_FIRST_WAIT = 2.0
_LONGEST_WAIT = 60.0

Job: TypeAlias = tuple[Path, ...] | FeedPages | PaperIssue
"""Folders to bring the store up to, or what a look at a feed or a newspaper brought."""
OpenWriter: TypeAlias = Callable[[Settings], tuple[Store, Ingester, Callable[[], None]]]
"""Opens the store, an ingester into it, and what brings an index on a server up to date after an ingest."""


def open_work(
    settings: Settings,
    open_writer: OpenWriter,
    progress: Progress | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> tuple[Store, Callable[[Job], Report]]:
    """The store, and what takes a job in, index and all; servers that are away are waited for by `pause`, from the first on."""
    store, ingester, follow = retry_while_unreachable(lambda: open_writer(settings), pause)
    ingest = open_ingest(settings, store, ingester, progress)
    put, put_paper = open_put_feed(settings, store, ingester), open_put_issue(settings, store, ingester)

    def take_in(job: Job) -> Report:
        if isinstance(job, PaperIssue):
            return put_paper(job)
        return put(job) if isinstance(job, FeedPages) else ingest(job)

    def do(job: Job) -> Report:
        report = retry_while_unreachable(lambda: take_in(job), pause)
        retry_while_unreachable(follow, pause)
        return report

    return store, do


def retry_while_unreachable(work: Callable[[], _T], pause: Callable[[float], None] = time.sleep) -> _T:
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


def open_ingest(
    settings: Settings, store: Store, ingester: Ingester, progress: Progress | None = None
) -> Ingest:
    """What a watcher runs: one ingest at a time."""

    def ingest(folders: Sequence[Path]) -> Report:
        with ingest_lock(settings.home, store.engine):
            return ingester.ingest(folders, progress)

    return ingest


def counted(work: Callable[[_Asked], _T], metrics: Metrics) -> Callable[[_Asked], _T]:
    """An ingest, or a look at a feed, that the metrics count."""

    def run(asked: _Asked) -> _T:
        try:
            given = work(asked)
        except IngestRuns:
            raise  # it is tried again soon
        except Exception as error:
            metrics.ingests.labels("failed").inc()
            metrics.count_error(error)
            raise
        if isinstance(given, Report):
            metrics.ingests.labels("ok").inc()
            for change in ("new", "changed", "removed"):
                metrics.pages.labels(change).inc(getattr(given, change))
            metrics.pages.labels("skipped").inc(len(given.skipped))
        return given

    return run
