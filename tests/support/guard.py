"""Ends what a test run has started once the run is gone, however it ended: kill -9 leaves nobody else who could.

`processes.py` starts it as a process of its own. A line of its input is [process, signal, folder]: the process is to get
that signal, and the folder, if there is one, is to be removed; of a process with the signal 0 the run itself takes care
again. The input ends when the run does.
"""

import json
import os
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path

_ENDING_SECONDS = 30
"""For a server that cleans up behind itself before its folder goes."""


def main() -> None:
    held: dict[int, tuple[int, str | None]] = {}
    for line in sys.stdin:
        process, number, folder = json.loads(line)
        held[process] = (number, folder)
        if not number:
            del held[process]
    for process, (number, _) in held.items():
        with suppress(OSError):
            end = os.killpg if os.getpgid(process) == process else os.kill
            end(process, number)
    given_up = time.monotonic() + _ENDING_SECONDS
    for process, (_, folder) in held.items():
        while is_running(process) and time.monotonic() < given_up:
            time.sleep(0.05)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def is_running(process: int) -> bool:
    """Whether a process is there and has not ended, waited for or not."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(") ")[2]
    except FileNotFoundError:  # where there is no /proc
        return not Path("/proc/self").exists()
    except OSError:
        return False
    return not state.startswith("Z")


if __name__ == "__main__":
    main()
