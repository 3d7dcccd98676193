"""Ingests that the running bot does, in a process of their own at a low priority, so that questions come first.

In the bot's own process an ingest would share the interpreter with the answers; measured, that made the slowest
questions 12 times as slow.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.errors import BotError
from bot.ingest.lock import IngestRuns
from bot.ingest.work import Job, OpenWriter, open_work
from bot.logs import set_up_logging
from bot.settings import Settings
from embeddings import EncoderError
from retrieval import FeedPages, PaperIssue, Report, RetrievalError

_log = logging.getLogger(__name__)


class IngestProcess:
    """Runs one ingest at a time in a process that is started with the first and kept. Safe for several threads."""

    def __init__(self, settings: Settings, open_writer: OpenWriter) -> None:
        """`open_writer` is a function of a module, as another process is to find it."""
        self._settings = settings
        self._open_writer = open_writer
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def ingest(self, folders: Sequence[Path]) -> Report:
        """Bring the store to the pages under these folders.

        Raises IngestRuns while another one runs, here or elsewhere, BotError for whatever else went wrong.
        """
        return self._run(tuple(folders))

    def put_feed(self, found: FeedPages) -> Report:
        """Bring the store to what a look at a feed brought; raises as `ingest` does."""
        return self._run(found)

    def put_issue(self, found: PaperIssue) -> Report:
        """Bring the store to what a look at a newspaper brought; raises as `ingest` does."""
        return self._run(found)

    def close(self) -> None:
        """End the process, whatever it does: what it has encoded is kept, and pages come whole or not at all."""
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def _run(self, job: Job) -> Report:
        if not self._lock.acquire(blocking=False):
            raise IngestRuns("another ingest of this bot is running: try again when it has finished")
        try:
            connection = self._started()
            connection.send(job)
            result = connection.recv()
        except (EOFError, OSError) as error:
            self.close()
            self._process = None
            raise BotError(
                "the ingesting process ended unexpectedly: it starts again with the next ingest"
            ) from error
        finally:
            self._lock.release()
        if isinstance(result, Report):
            return result
        assert isinstance(result, Exception)
        raise result

    def _started(self) -> Connection:
        if self._process is None or self._connection is None or not self._process.is_alive():
            context = multiprocessing.get_context("spawn")  # a fork would copy threads' locks
            self._connection, theirs = context.Pipe()
            self._process = context.Process(
                target=_serve,
                args=(self._settings, self._open_writer, theirs),
                name="yunwen-ingest",
            )
            self._process.start()
            theirs.close()
        return self._connection


def _serve(settings: Settings, open_writer: OpenWriter, connection: Connection) -> None:
    """Do jobs until the bot is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches both; the bot decides
    os.nice(settings.ingest_nice)
    set_up_logging(
        settings.log_level, settings.log_format, settings.secrets, with_questions=settings.log_questions
    )
    do: Callable[[Job], Report] | None = None
    while True:
        try:
            job: Job = connection.recv()
        except (EOFError, OSError):
            return
        result: Report | Exception
        try:
            do = do or open_work(settings, open_writer)[1]
            result = do(job)
        except IngestRuns as error:
            result = IngestRuns(str(error))
        except (BotError, RetrievalError, EncoderError) as error:
            result = BotError(str(error))
        except Exception:
            _log.exception("an ingest failed")
            result = BotError("the ingest failed: the trace is in the log")
        connection.send(result)
