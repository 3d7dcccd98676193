"""Imported by the process that readers are forked from, and by nobody else: it takes its socket with it when it ends.

Whoever starts that process makes a folder for the socket, and removes it at its own end, but not when it is killed. The
process that it started ends when nobody is left who could ask it for readers, and is the last to know of the folder.
"""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from multiprocessing import forkserver
from pathlib import Path

from retrieval.text.expressions import compile_all


def remove_socket(socket: Path) -> None:
    """Remove a socket that nobody uses any more, and its folder unless something else is in there.

    A process that was started by another one has the other's folder, so that there may be sockets in use.
    """
    with suppress(OSError):  # whoever made them has ended in order, and removed them
        socket.unlink()
        socket.parent.rmdir()


def _remove_own_socket(server: int) -> None:
    """Remove the socket where readers are asked for, in the process that was asked alone.

    Where it fails, whoever started it starts another one, with a socket in the same folder.
    """
    address = getattr(forkserver._forkserver, "_forkserver_address", None)
    if os.getpid() == server and address and not hasattr(sys, "last_value"):
        remove_socket(Path(os.fsdecode(address)))


compile_all()  # once, and not in each reader
atexit.register(_remove_own_socket, os.getpid())
