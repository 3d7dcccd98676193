import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from waiting import HANG_SECONDS, until

from bot.errors import BotError
from bot.ingest.lock import IngestRuns
from bot.ingest.watchers import REST_SECONDS, FolderWatcher, seconds_to_rest, tell
from retrieval import Report, Skipped


def test_files_have_rested_some_seconds_after_their_last_write(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    now = time.time()
    os.utime(tmp_path / "a.txt", (now - 0.5, now - 0.5))
    os.utime(tmp_path, (now - 10, now - 10))
    assert seconds_to_rest([tmp_path], now) == pytest.approx(REST_SECONDS - 0.5)
    assert seconds_to_rest([tmp_path], now + 5) == 0
    os.utime(tmp_path / "a.txt", (now + 999, now + 999))
    assert seconds_to_rest([tmp_path], now) == 0
    assert seconds_to_rest([tmp_path / "gone"], now) == 0


async def test_a_change_is_ingested_once_it_rests_and_a_held_lock_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ingest.watchers._AGAIN_SECONDS", 0.05)
    waits: list[float] = []
    is_resting = True

    def rest(_folders: Sequence[Path]) -> float:
        waits.append(0.0 if is_resting else 0.01)
        return waits[-1]

    monkeypatch.setattr("bot.ingest.watchers.seconds_to_rest", rest)
    seen: list[list[str]] = []
    refusals = [True, False]

    def ingest(folders: Sequence[Path]) -> Report:
        if refusals and refusals.pop(0):
            raise IngestRuns("process 1 is ingesting")
        seen.append(sorted(path.read_text() for folder in folders for path in folder.glob("*.txt")))
        return Report(new=1)

    watcher = FolderWatcher([tmp_path, tmp_path / "missing"], ingest)
    run = asyncio.create_task(watcher.run())
    await until(lambda: seen, "the first look")
    assert seen == [[]]
    is_resting = False
    with (tmp_path / "page.txt").open("w") as file:
        file.write("half")
        file.flush()
        await until(lambda: waits[-1] > 0, "a look at the page that is being written")
        file.write(" whole")
    is_resting = True
    await until(lambda: seen[-1] == ["half whole"], "the whole page")
    assert ["half"] not in seen
    watcher.stop()
    await asyncio.wait_for(run, HANG_SECONDS)


async def test_a_file_that_is_written_to_without_an_end_keeps_no_other_page_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ingest.watchers._LONGEST_REST_SECONDS", 0.1)
    monkeypatch.setattr("bot.ingest.watchers.seconds_to_rest", lambda _folders: 0.01)
    is_ingested = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ingest(_folders: Sequence[Path]) -> Report:
        loop.call_soon_threadsafe(is_ingested.set)
        return Report()

    watcher = FolderWatcher([tmp_path], ingest)
    run = asyncio.create_task(watcher.run())
    await asyncio.wait_for(is_ingested.wait(), HANG_SECONDS)
    watcher.stop()
    await asyncio.wait_for(run, HANG_SECONDS)


async def test_what_changes_during_a_look_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ingest.watchers.seconds_to_rest", lambda _folders: 0.0)
    seen: list[list[str]] = []

    def ingest(_folders: Sequence[Path]) -> Report:
        seen.append(sorted(each.name for each in tmp_path.iterdir()))
        if len(seen) == 1:
            (tmp_path / "late.txt").write_text("x")
        return Report()

    watcher = FolderWatcher([tmp_path], ingest)
    run = asyncio.create_task(watcher.run())
    await until(lambda: ["late.txt"] in seen, "the second look")
    watcher.stop()
    await asyncio.wait_for(run, HANG_SECONDS)


async def test_an_ingest_that_failed_is_tried_again_though_no_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ingest.watchers._FAILED_SECONDS", 0.05)
    outcomes: list[str] = []

    def ingest(folders: Sequence[Path]) -> Report:
        outcomes.append("asked")
        if len(outcomes) < 3:
            raise BotError("the ingesting process ended unexpectedly")
        return Report()

    watcher = FolderWatcher([tmp_path], ingest)
    run = asyncio.create_task(watcher.run())
    await until(lambda: len(outcomes) == 3, "the third try")
    (tmp_path / "page.txt").touch()
    await until(lambda: len(outcomes) > 3, "the look at what has changed")
    assert len(outcomes) == 4  # what has been taken in is looked at again at a change alone
    watcher.stop()
    await asyncio.wait_for(run, HANG_SECONDS)


def test_a_folder_of_many_bad_pages_does_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    tell(Report(skipped=[Skipped(Path(f"{number}.txt"), None, "is empty") for number in range(1000)]))
    assert len(caplog.records) == 21
    assert "skipped 0.txt: is empty" in caplog.text
    assert "skipped 980 more" in caplog.text
