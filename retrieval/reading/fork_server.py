"""Imported by the process that readers are forked from, and by nobody else: it takes the folder of its socket with it.

Whoever starts that process makes the folder, and removes it at its own end, but not when it is killed. The process that
it started ends by itself when nobody is left who could ask it, and is the last to know of the folder.
"""

from __future__ import annotations

import atexit
import os
import shutil
from multiprocessing import forkserver
from pathlib import Path


def _remove_folder(server: int, starter: int) -> None:
    """Remove the folder of the socket where readers are asked for, if whoever made it is gone, in the asked process alone."""
    address = getattr(forkserver._forkserver, "_forkserver_address", None)
    # as long as it lives the starter puts the next socket there
    if os.getpid() == server and os.getppid() != starter and address:
        shutil.rmtree(Path(os.fsdecode(address)).parent, ignore_errors=True)


atexit.register(_remove_folder, os.getpid(), os.getppid())
