import multiprocessing
import os
import time
from pathlib import Path

import pytest

from bot.locking import IngestRuns, ingest_lock


def hold(home: Path) -> None:
    with ingest_lock(home):
        (home / "held").touch()
        time.sleep(60)


def test_a_second_ingest_says_who_holds_the_lock_and_a_killed_holder_frees_it(tmp_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=hold, args=(tmp_path,))
    process.start()
    for _ in range(600):
        if (tmp_path / "held").exists():
            break
        time.sleep(0.05)
    with pytest.raises(IngestRuns, match=f"process {process.pid} is ingesting"), ingest_lock(tmp_path):
        pass
    process.kill()
    process.join(10)
    with ingest_lock(tmp_path):
        assert (tmp_path / "ingest.lock").read_text() == str(os.getpid())
