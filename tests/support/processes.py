"""Processes that tests start: none of them outlives its test, nor the run, whatever becomes of either."""

import atexit
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from paths import ROOT
from waiting import HANG_SECONDS

_GUARD = Path(__file__).with_name("guard.py")
_started: list["subprocess.Popen[Any]"] = []
_guards: list["subprocess.Popen[str]"] = []
"""This run's guard, once there is something to guard."""


def start(command: Sequence[str], **options: Any) -> "subprocess.Popen[Any]":
    """Start a process in the repository's root; `end_all` ends it at the latest."""
    process = subprocess.Popen(command, cwd=ROOT, **options)
    _started.append(process)
    look_after(process.pid)
    return process


def end_all() -> None:
    """Kill what still runs of the processes that were started, and close what was read of them."""
    while _started:
        process = _started.pop()
        if process.poll() is None:
            process.kill()
        process.wait(HANG_SECONDS)
        let_go(process.pid)
        pipes: list[IO[Any] | None] = [process.stdin, process.stdout, process.stderr]
        for pipe in pipes:
            if pipe is not None:
                pipe.close()


def look_after(process: int, number: int = signal.SIGKILL, folder: Path | None = None) -> None:
    """See that a process, or the group that it leads, gets this signal should this run be gone, and its folder goes then."""
    _tell([process, int(number), str(folder) if folder else None])


def let_go(process: int) -> None:
    """A process has ended: its number may be another's from now on."""
    _tell([process, 0, None])


def _tell(told: list[object]) -> None:
    if not _guards:
        # of a session of its own: what ends the run, Ctrl-C or a kill of its group, is not to end the guard
        guard = subprocess.Popen(
            [sys.executable, "-S", _GUARD], stdin=subprocess.PIPE, encoding="utf-8", start_new_session=True
        )
        _guards.append(guard)
        atexit.register(guard.communicate)
    pipe = _guards[0].stdin
    assert pipe is not None
    pipe.write(json.dumps(told) + "\n")
    pipe.flush()
