"""Processes that tests start: none of them outlives its test, whatever becomes of it."""

import subprocess
from collections.abc import Sequence
from typing import IO, Any

from paths import ROOT
from waiting import HANG_SECONDS

_started: list["subprocess.Popen[Any]"] = []


def start(command: Sequence[str], **options: Any) -> "subprocess.Popen[Any]":
    """Start a process in the repository's root; `end_all` ends it at the latest."""
    process = subprocess.Popen(command, cwd=ROOT, **options)
    _started.append(process)
    return process


def end_all() -> None:
    """Kill what still runs of the processes that were started, and close what was read of them."""
    while _started:
        process = _started.pop()
        if process.poll() is None:
            process.kill()
        process.wait(HANG_SECONDS)
        pipes: list[IO[Any] | None] = [process.stdin, process.stdout, process.stderr]
        for pipe in pipes:
            if pipe is not None:
                pipe.close()
