import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.composition import open_writing_ingester
from bot.errors import BotError
from bot.ingest.lock import IngestRuns, ingest_lock
from bot.ingest.process import IngestProcess
from bot.settings import Settings
from retrieval import Store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def settings_in(tmp_path: Path, **more: str) -> Settings:
    return Settings(  # type: ignore[call-arg]
        **more,  # type: ignore[arg-type]
        YUNWEN_HOME=tmp_path / "home",
        YUNWEN_CACHE=tmp_path / "cache",
        EMBEDDING_MODEL="hashing",
        RERANKER_MODEL="none",
    )


@pytest.fixture
def ingesting(settings: Settings) -> Iterator[IngestProcess]:
    process = IngestProcess(settings, open_writing_ingester)
    yield process
    process.close()


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text("## 库伦旗 水稻丰收\n\n库伦旗水稻面积达3万亩。\n", encoding="utf-8")
    return folder


def pid(ingesting: IngestProcess) -> int:
    assert ingesting._process is not None
    assert ingesting._process.pid is not None
    return ingesting._process.pid


def test_pages_are_taken_in_by_another_process_that_is_kept(
    ingesting: IngestProcess, settings: Settings, pages: Path
) -> None:
    report = ingesting.ingest([pages])
    assert (report.new, report.articles, report.skipped) == (1, 1, [])
    first = pid(ingesting)
    assert first != os.getpid()
    (pages / "a.txt").unlink()
    assert ingesting.ingest([pages]).removed == 1
    assert pid(ingesting) == first
    assert Store.open(settings.database_url).counts().articles == 0


def test_the_process_gives_way_to_all_others_by_as_much_as_the_settings_say(
    tmp_path: Path, pages: Path
) -> None:
    process = IngestProcess(settings_in(tmp_path, INGEST_NICE="3"), open_writing_ingester)
    process.ingest([pages])
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, pid(process)) == min(mine + 3, 19)
    process.close()


def test_a_process_that_was_killed_is_told_of_and_started_again(
    ingesting: IngestProcess, pages: Path
) -> None:
    ingesting.ingest([pages])
    os.kill(pid(ingesting), signal.SIGKILL)
    with pytest.raises(BotError, match="ended unexpectedly"):
        ingesting.ingest([pages])
    assert ingesting.ingest([pages]).unchanged == 1


def test_what_goes_wrong_there_is_raised_here(
    ingesting: IngestProcess, settings: Settings, pages: Path
) -> None:
    with ingest_lock(settings.home), pytest.raises(IngestRuns, match=str(os.getpid())):
        ingesting.ingest([pages])
    Store.open(settings.database_url).set_encoder("another", "another")
    with pytest.raises(BotError, match="--reencode"):
        ingesting.ingest([pages])


def test_a_second_ingest_at_the_same_time_is_refused(ingesting: IngestProcess, pages: Path) -> None:
    outcomes: list[str] = []

    def run() -> None:
        try:
            ingesting.ingest([pages])
            outcomes.append("done")
        except IngestRuns:
            outcomes.append("refused")

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
