"""Milvus servers for the time of a test run, on loopback, on ports that are read back once they listen.

Two kinds: milvus-lite's server speaks the wire protocol in full; Milvus 2.3.5 is the real server, of before sparse vectors.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from postgres import free_port
from processes import let_go, look_after
from waiting import HANG_SECONDS, wait_until

_TRY_SECONDS = HANG_SECONDS / 10
"""For one look whether it answers: in this time even a slow machine's does; one that never will is looked at again."""


class Milvus:
    """A server that runs in a folder of its own and can be killed and started again at the same address."""

    def __init__(self, folder: Path, *, is_real: bool) -> None:
        self.folder = folder
        self.is_real = is_real
        self.port = free_port()
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        if self.is_real:
            program = "import sys; from milvus import main; sys.exit(main())"
            command = [
                sys.executable,
                "-c",
                program,
                "--data",
                str(self.folder),
                "--proxy-port",
                str(self.port),
            ]
        else:
            where = ["--data-dir", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
            command = [str(Path(sys.executable).parent / "milvus-lite"), "server", *where]
        log = self.folder.parent / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=output, start_new_session=True, cwd=self.folder.parent
            )
        look_after(self.process.pid, folder=self.folder.parent)
        wait_until(lambda: self.process.poll() is not None or self._answers(), "Milvus to answer")
        if self.process.poll() is not None:
            self.kill()
            raise RuntimeError(f"no server on port {self.port}: {log.read_text(errors='replace')[-2000:]}")

    def _answers(self) -> bool:
        # the real one's launcher takes the next port without a word where one is busy, as after a kill
        ports = listening(group_members(self.process.pid))
        near = [port for port in ports if self.port <= port < self.port + 20]
        if not near:
            return False
        self.port = min(near)
        from pymilvus import MilvusClient, MilvusException

        try:
            client = MilvusClient(self.address, timeout=_TRY_SECONDS)
            client.list_collections(timeout=_TRY_SECONDS)
            client.close()
        except MilvusException:
            return False
        return True

    def kill(self) -> None:
        """End all its processes at once, as a power cut does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(HANG_SECONDS)
        let_go(self.process.pid)

    def stop(self) -> None:
        self.kill()


def group_members(group: int) -> list[int]:
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                fields = (each / "stat").read_text().rpartition(") ")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group:
                found.append(int(each.name))
    return found


def listening(processes: list[int]) -> set[int]:
    """The TCP ports that these processes listen on."""
    inodes = set()
    for process in processes:
        try:
            links = [os.readlink(each) for each in Path(f"/proc/{process}/fd").iterdir()]
        except OSError:
            continue
        inodes |= {link[8:-1] for link in links if link.startswith("socket:[")}
    ports = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                ports.add(int(fields[1].rpartition(":")[2], 16))
    return ports


@contextmanager
def running_milvus(*, is_real: bool) -> Iterator[Milvus | None]:
    """A server, or None where its package is not installed."""
    needed = ("pymilvus", "milvus" if is_real else "milvus_lite")
    if not all(importlib.util.find_spec(name) for name in needed):
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="yunwen-milvus-"))
    (folder / "data").mkdir()
    server = None
    try:
        server = Milvus(folder / "data", is_real=is_real)
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
