"""Files that wait for their sender's decision."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.ingest.uploads import WAITS, Uploads


def test_a_file_that_nobody_decides_on_goes_after_its_time_and_no_sooner(tmp_path: Path) -> None:
    uploads = Uploads(frozenset({1}), tmp_path, (), None)
    now = datetime.now(UTC)
    long, short = (uploads.keep_waiting(token, "page.txt", b"x", now) for token in ("a" * 12, "b" * 12))
    for path, age in ((long, WAITS + timedelta(hours=1)), (short, WAITS - timedelta(hours=1))):
        os.utime(path.parent, ((now - age).timestamp(),) * 2)
    last = uploads.keep_waiting("c" * 12, "page.txt", b"y", now)
    assert [path.exists() for path in (long, short, last)] == [False, True, True]
    assert last.read_bytes() == b"y"
