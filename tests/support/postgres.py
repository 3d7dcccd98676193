"""A PostgreSQL server of the machine's own packages, for the time of a test run: private folder, free port."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from processes import let_go, look_after
from waiting import HANG_SECONDS, wait_until

_FAST = (
    *("fsync=off", "full_page_writes=off", "max_connections=100"),
    *("autovacuum=off", "jit=off", "wal_level=minimal", "max_wal_senders=0"),
)
"""A killed process loses nothing so."""
_FOLDERS = (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin"))


def binaries() -> Path | None:
    """The folder of initdb and postgres, or None."""
    on_path = shutil.which("initdb")
    folders = [*_FOLDERS, *([Path(on_path).parent] if on_path else [])]
    return next(
        (each for each in folders if (each / "initdb").exists() and (each / "postgres").exists()), None
    )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _unprivileged() -> dict[str, Any]:
    """Whom the server runs as: it refuses root."""
    if os.geteuid() != 0:
        return {}
    names = {each.pw_name for each in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Postgres:
    """A server that runs, and how to make databases in it."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._bin = bin_folder
        self._who = _unprivileged()
        self._numbers = count(1)
        self._given_back: list[str] = []
        if self._who:
            os.chown(folder, self._who["user"], self._who["group"])
        # the order of a language, as servers have it in the wild, and not that of bytes
        order = ("--locale-provider=icu", "--icu-locale=zh", "--locale=C.UTF-8")
        options = ("-U", "yunwen", "-A", "trust", "-E", "UTF8", *order, "--no-sync")
        subprocess.run(
            [self._bin / "initdb", "-D", folder / "data", *options],
            check=True,
            capture_output=True,
            cwd=folder,
            **self._who,
        )
        self.start()

    def start(self) -> None:
        settings = [part for each in _FAST for part in ("-c", each)]
        folders = ["-D", str(self.folder / "data"), "-k", str(self.folder)]
        where = [*folders, "-p", str(self.port), "-h", "127.0.0.1"]
        self._log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [self._bin / "postgres", *where, *settings],
            stdout=self._log,
            stderr=self._log,
            cwd=self.folder,
            **self._who,
        )
        look_after(self.process.pid, signal.SIGQUIT, self.folder)
        wait_until(lambda: self.process.poll() is not None or self._answers(), "PostgreSQL to answer")
        if self.process.poll() is not None:
            raise RuntimeError((self.folder / "log").read_text(errors="replace"))

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self._address("postgres"), connect_timeout=int(HANG_SECONDS)).close()
        except psycopg.OperationalError:
            return False
        return True

    def _address(self, name: str) -> str:
        return f"postgresql://yunwen@127.0.0.1:{self.port}/{name}"

    def new_database(self) -> str:
        """The address of an empty database: one that was given back, or a new one."""
        if self._given_back:
            return self._given_back.pop()
        address = self._address(f"test{next(self._numbers)}")
        self._run("postgres", f"CREATE DATABASE {address.rpartition('/')[2]}")
        return address

    def give_back(self, url: str) -> None:
        """Empty a database, whoever still uses it, for the next that is wanted: to make one takes five times as long."""
        name = url.rpartition("/")[2]
        self._run(
            name,
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()",
            "DROP SCHEMA public CASCADE",
            "CREATE SCHEMA public",
        )
        self._given_back.append(url)

    def _run(self, name: str, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self._address(name), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def kill(self) -> None:
        """End it as a power cut does: the processes at once, without a word to anyone."""
        self.process.send_signal(signal.SIGQUIT)
        self._ended()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self._ended()

    def _ended(self) -> None:
        self.process.wait(HANG_SECONDS)
        let_go(self.process.pid)
        self._log.close()


@contextmanager
def running_postgres() -> Iterator[Postgres | None]:
    """A server, or None where the machine has no binaries or the driver is not installed."""
    bin_folder = binaries()
    try:
        import psycopg  # noqa: F401
    except ImportError:
        bin_folder = None
    if bin_folder is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="yunwen-pg-"))
    try:
        server = Postgres(folder, bin_folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
