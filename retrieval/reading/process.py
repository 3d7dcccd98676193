"""Files read by a process of its own, with limits of time and memory: one that exceeds them costs itself and nothing else.

Readers take apart what strangers send. Whatever one of them does, raise, crash, run on or fill the memory, is the
reason why this file is skipped; the next file gets a new process where the old one is no more.
"""

from __future__ import annotations

import logging
import math
import multiprocessing
import os
import resource
import secrets
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from retrieval.errors import ReadingError
from retrieval.reading.files import EMPTY, raw_pages
from retrieval.reading.finding import is_archive
from retrieval.reading.given_up import GivenUp, state_of
from retrieval.reading.web.fetching import FetchError
from retrieval.types import Page, Skipped

_log = logging.getLogger(__name__)

_CONTEXT = multiprocessing.get_context("forkserver")  # a fork of this process would copy its threads' locks
_CONTEXT.set_forkserver_preload([__name__, "retrieval.reading.fork_server"])

_ENDING_SECONDS = 10
"""Until a process that has closed its end is gone."""
_MOST_DEATHS = 3
"""Members of one archive that may each cost a process."""
_SMALL_BYTES = 100_000
"""Of a file that is looked at together with others."""

Work: TypeAlias = Callable[..., Iterator[Any]]


_SECONDS_A_BYTE, _MEMORY_A_BYTE = 2e-6, 8
"""What a page may take in addition for its size; records of 200 MB take a third of the one and most of the other."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What reading one page may take, beside 2 seconds and 8 MB for each megabyte of its own."""

    seconds: float = 30
    """Of processor time."""
    memory: int = 1_000_000_000
    """Bytes, beside what an idle process has."""
    patience: float = 10
    """So many times its processor time it may take by the clock: the machine may be busy, the disk slow."""

    def of(self, size: int) -> ReadingLimits:
        """The limits of a page of so many bytes."""
        seconds, memory = self.seconds + _SECONDS_A_BYTE * size, self.memory + _MEMORY_A_BYTE * size
        return ReadingLimits(seconds, memory, self.patience)

    @property
    def clock_seconds(self) -> float:
        """By the clock."""
        return self.patience * self.seconds


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A page whose bytes and sidecar have a known hash; it was not read."""

    path: Path


@dataclass(frozen=True, slots=True)
class _Begun:
    """A page that is read next: what the process dies of from here on is this one."""

    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class _Trace:
    """Where in a reader something unforeseen was raised; without the text, which is the file's."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class _Done:
    """The work has ended."""

    error: Exception | None
    """What it raised."""
    is_spent: bool
    """The process has grown, and is better replaced."""


class _Died(Exception):
    """The process ended, or was ended, before it was done; the message says why."""

    def __init__(self, reason: str, *, is_lasting: bool = False) -> None:
        """`is_lasting`: it would do so again, however idle the machine is."""
        super().__init__(reason)
        self.is_lasting = is_lasting


class ReadingProcess:
    """Reads one file at a time in a process that is started with the first and kept until it is closed."""

    def __init__(self, limits: ReadingLimits | None = None, given_up: GivenUp | None = None) -> None:
        """`given_up` outlives it: what stands there is not read again."""
        self._limits = limits or ReadingLimits()
        self._given_up = given_up or GivenUp()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> ReadingProcess:
        """Return itself; leaving closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it does; may be called from another thread."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()

    def pages(
        self, path: Path, known: Mapping[str, str] | None = None
    ) -> Iterator[Page | Skipped | Unchanged]:
        """Yield the pages in a file: one, or those of an archive, where a Skipped is a member that is none.

        `known` has the hashes of pages by their paths. Raises ReadingError if the file is missing, is no regular
        file, exceeds a limit, cannot be read for any other reason or is no page; for an archive only if none of
        the rest of it can be read.
        """
        state = state_of(path)
        before = self._given_up.of(path, state)
        if path in before:
            raise ReadingError(path, before[path])
        yield from (Skipped(member, None, reason) for member, reason in before.items())
        passed = set(map(str, before))
        for _ in range(_MOST_DEATHS):
            at = path
            try:
                for each in self._run(path, _read, path, known or {}, frozenset(passed)):
                    if isinstance(each, _Begun):
                        at = each.path
                        passed.add(str(at))
                    else:
                        yield each
            except _Died as error:
                self._given_up.add(path, state, at, str(error), is_lasting=error.is_lasting)
                if at == path:  # the page itself, or an archive that cannot be opened
                    raise ReadingError(path, str(error)) from None
                yield Skipped(at, None, str(error))
            else:
                return
        raise ReadingError(path, f"{_MOST_DEATHS} of the archive's members cannot be read: take them out")

    def settled(self, paths: Sequence[Path], known: Mapping[str, str]) -> dict[Path, Unchanged | Skipped]:
        """Return what became of those small files that need no reader: unchanged since their `known` hash, or empty.

        All in one message, so that a folder of a hundred thousand of them is looked through in seconds. The others,
        and archives, are for `pages`.
        """
        try:
            unchanged, empty = self.result(paths[0], _settle, [str(each) for each in paths], known)
        except (ReadingError, FetchError):
            return {}  # each is read by itself, and told of
        settled: dict[Path, Unchanged | Skipped] = {paths[at]: Unchanged(paths[at]) for at in unchanged}
        return settled | {paths[at]: Skipped(paths[at], None, EMPTY) for at in empty}

    def result(self, name: Path, work: Work, *arguments: object) -> Any:
        """Return the one value that a generator function yields when it is run there. Raises what it raises.

        Raises ReadingError, for what is read under this name, if it takes too long or dies.
        """
        (value,) = self.results(name, work, *arguments)
        return value

    def results(self, name: Path, work: Work, *arguments: object) -> Iterator[Any]:
        """Yield the values that a generator function yields when it is run there, each within the limits.

        Raises what it raises; raises ReadingError, for what is read under this name, if it takes too long or dies.
        """
        try:
            yield from self._run(name, work, *arguments)
        except _Died as error:
            raise ReadingError(name, str(error)) from None

    def _run(self, name: Path, work: Work, *arguments: object) -> Iterator[Any]:
        """Yield what the work yields; a process that has not come to the end of it is not used again."""
        is_sound = False
        try:
            try:
                connection, process = self._started()
                connection.send((name, work, arguments))
            except (EOFError, OSError) as error:
                raise _Died(f"no process could be started to read it ({error}): try again") from None
            size = 0
            while True:
                message = _received(connection, process, self._limits.of(size).clock_seconds)
                size = message.size if isinstance(message, _Begun) else 0
                if isinstance(message, _Done):
                    is_sound = not message.is_spent
                    if message.error is not None:
                        raise message.error
                    return
                if isinstance(message, _Trace):
                    _log.error("error %s: a reader failed:\n%s", message.code, message.text)
                else:
                    yield message
        finally:
            if not is_sound:
                self.close()

    def _started(self) -> tuple[Connection, BaseProcess]:
        if self._process is None or self._connection is None or not self._process.is_alive():
            self._connection, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(
                target=_serve, args=(self._limits, theirs), name="yunwen-reader", daemon=True
            )
            process.start()
            self._process = process
            theirs.close()
        return self._connection, self._process


def read_pages(path: Path, limits: ReadingLimits | None = None) -> Iterator[Page | Skipped]:
    """Yield the pages in a file, read by a process of its own; see `ReadingProcess.pages`."""
    with ReadingProcess(limits) as process:
        for each in process.pages(path):
            assert not isinstance(each, Unchanged)
            yield each


def _received(connection: Connection, process: BaseProcess, seconds: float) -> object:
    """Return the next message; raises _Died if there comes none."""
    try:
        if connection.poll(seconds):
            return connection.recv()
    except (EOFError, OSError):
        process.join(_ENDING_SECONDS)
        if process.exitcode == -signal.SIGXCPU:
            reason = "takes too much time to read: split it, or save it again"
            raise _Died(reason, is_lasting=True) from None
        raise _Died(f"makes its reader crash (exit {process.exitcode}): save it again") from None
    raise _Died(f"takes more than {seconds:.0f} seconds to read: split it, or save it again")


# --------------------------------------------------------------------------------------- in that process


def _serve(limits: ReadingLimits, connection: Connection) -> None:
    """Do what is asked until nobody is there to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches all; whoever asks decides
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    idle = _size()
    while True:
        try:
            name, work, arguments = connection.recv()
            error = _do(name, work(*arguments), limits, idle, connection)
            connection.send(_Done(error, _size() > idle + limits.memory // 4))
        except (EOFError, OSError):  # nobody listens any more
            return


def _do(
    name: Path, steps: Iterator[Any], limits: ReadingLimits, idle: int, connection: Connection
) -> Exception | None:
    """Send on what a work yields, each step within the limits. Return what it raised."""
    size = 0
    while True:
        allowed = limits.of(size)
        _limit(resource.RLIMIT_AS, idle + allowed.memory)
        _limit(resource.RLIMIT_CPU, math.ceil(time.process_time() + allowed.seconds))
        try:
            step = next(steps)
        except StopIteration:
            return None
        except (ReadingError, FetchError) as error:
            return error
        except Exception as error:
            unread, trace = _explained(error, name)
            if trace:
                connection.send(trace)
            return unread
        try:
            message = ForkingPickler.dumps(step)
        except MemoryError as error:
            return _explained(error, name)[0]
        connection.send_bytes(message)
        size = step.size if isinstance(step, _Begun) else 0


def _limit(what: int, most: int) -> None:
    """Set a limit of this process, as far as it is allowed to."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _size() -> int:
    """Bytes of this process's address space; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf(
            "SC_PAGESIZE"
        )
    except OSError:
        return 0


def _read(
    path: Path, known: Mapping[str, str], passed: frozenset[str]
) -> Iterator[Page | Skipped | Unchanged | _Begun | _Trace]:
    """Yield each page that is begun, and then what became of it."""
    for raw in raw_pages(path):
        if str(raw.path) in passed:
            continue
        yield _Begun(raw.path, 0 if isinstance(raw, Skipped) else len(raw.data))
        if isinstance(raw, Skipped):
            yield raw
        elif known.get(str(raw.path)) == raw.sha256:
            yield Unchanged(raw.path)
        else:
            try:
                yield raw.read()
            except Exception as error:
                if not is_archive(path):
                    raise
                unread, trace = _explained(error, raw.path)
                if trace:
                    yield trace
                yield Skipped(raw.path, unread.line, unread.reason)


def _settle(paths: Sequence[str], known: Mapping[str, str]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield which of these files are unchanged, and which empty, as `ReadingProcess.settled` has it."""
    unchanged: list[int] = []
    empty: list[int] = []
    for number, name in enumerate(paths):
        path = Path(name)
        try:
            if is_archive(path) or os.stat(name).st_size > _SMALL_BYTES:
                continue
            (raw,) = raw_pages(path)
        except (ReadingError, OSError, ValueError):
            continue
        if isinstance(raw, Skipped):
            continue
        if known.get(name) == raw.sha256:
            unchanged.append(number)
        elif raw.is_empty:
            empty.append(number)
    yield unchanged, empty


def _explained(error: Exception, path: Path) -> tuple[ReadingError, _Trace | None]:
    """What is said of a page that cannot be read and, where nobody foresaw the reason, what an operator wants."""
    if isinstance(error, ReadingError):
        return error, None
    if isinstance(error, MemoryError):
        return ReadingError(path, "needs too much memory to read: split it, or save it again"), None
    code, kind = secrets.token_hex(3), type(error).__name__
    frames = "".join(traceback.format_tb(error.__traceback__, limit=-20))
    reason = f"its reader failed ({kind}, error {code} in the log): save it again"
    return ReadingError(path, reason), _Trace(code, f"{frames}{kind}")
