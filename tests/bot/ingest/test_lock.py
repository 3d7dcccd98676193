import errno
import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import Engine
from waiting import HANG_SECONDS, wait_until

from bot.errors import BotError
from bot.ingest.lock import IngestRuns, ingest_lock
from retrieval import open_engine


def hold(home: Path, url: str) -> None:
    with ingest_lock(home, open_engine(url)):
        (home / "held").touch()
        signal.pause()  # until it is killed


def is_free(home: Path, engine: Engine) -> bool:
    try:
        with ingest_lock(home, engine):
            return True
    except IngestRuns:
        return False


def test_a_second_ingest_says_who_holds_the_lock_and_a_killed_holder_frees_it(
    tmp_path: Path, database_url: str
) -> None:
    engine = open_engine(database_url)
    process = multiprocessing.get_context("spawn").Process(target=hold, args=(tmp_path, database_url))
    process.start()
    try:
        wait_until((tmp_path / "held").exists, "the other process to hold the lock")
        with (
            pytest.raises(IngestRuns, match=f"process {process.pid} .*is ingesting"),
            ingest_lock(tmp_path, engine),
        ):
            pass
    finally:
        process.kill()
        process.join(HANG_SECONDS)
    wait_until(lambda: is_free(tmp_path, engine), "the server to see that its client is gone")
    with ingest_lock(tmp_path, engine):
        assert not is_free(tmp_path, engine)
    assert is_free(tmp_path, engine)
    engine.dispose()


def test_the_file_of_the_lock_names_its_holder(tmp_path: Path) -> None:
    with ingest_lock(tmp_path):
        assert (tmp_path / "ingest.lock").read_text() == str(os.getpid())


def test_a_lock_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BotError, match="free disk space, or make the folder"), ingest_lock(tmp_path / "file"):
        pass


def test_a_lock_holds_also_where_a_full_disk_does_not_take_its_holders_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with ingest_lock(tmp_path), pytest.raises(IngestRuns, match="process unknown"), ingest_lock(tmp_path):
        pass


def test_a_lock_that_leads_elsewhere_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("mine", encoding="utf-8")
    (tmp_path / "ingest.lock").symlink_to(tmp_path / "other")
    with pytest.raises(BotError, match="cannot be written"), ingest_lock(tmp_path):
        pass
    assert (tmp_path / "other").read_text(encoding="utf-8") == "mine"
