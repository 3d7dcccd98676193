import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import HANG_SECONDS

from bot.composition import open_writing_ingester
from bot.errors import BotError
from bot.ingest.lock import IngestRuns, ingest_lock
from bot.ingest.process import IngestProcess
from bot.settings import Settings
from retrieval import Store


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("ingesting")
    return Settings(  # type: ignore[call-arg]
        INGEST_NICE="1",  # type: ignore[arg-type]
        YUNWEN_HOME=folder / "home",
        YUNWEN_CACHE=folder / "cache",
        EMBEDDING_MODEL="hashing",
        RERANKER_MODEL="none",
    )


@pytest.fixture(scope="module")
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
    assert (report.new, report.skipped) == (1, [])
    n_articles = Store.open(settings.database_url).counts().articles
    first = pid(ingesting)
    assert first != os.getpid()
    (pages / "a.txt").unlink()
    assert ingesting.ingest([pages]).removed == 1
    assert pid(ingesting) == first
    assert Store.open(settings.database_url).counts().articles == n_articles - 1


def test_the_process_gives_way_to_all_others_by_as_much_as_the_settings_say(
    ingesting: IngestProcess, pages: Path
) -> None:
    ingesting.ingest([pages])
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, pid(ingesting)) == min(mine + 1, 19)


def test_a_second_ingest_at_the_same_time_is_refused(
    ingesting: IngestProcess, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes: list[str] = []
    is_busy, may_go_on = threading.Event(), threading.Event()
    started = ingesting._started

    def held() -> object:
        is_busy.set()
        assert may_go_on.wait(HANG_SECONDS)
        return started()

    monkeypatch.setattr(ingesting, "_started", held)
    first = threading.Thread(target=lambda: outcomes.append(f"{ingesting.ingest([pages]).new} new"))
    first.start()
    try:
        assert is_busy.wait(HANG_SECONDS)
        with pytest.raises(IngestRuns):
            ingesting.ingest([pages])
    finally:
        may_go_on.set()
        first.join()
    assert outcomes == ["1 new"]


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
    ingesting.ingest([pages])
    store = Store.open(settings.database_url)
    encoder = store.encoder
    assert encoder is not None
    store.set_encoder("another", "another")
    try:
        with pytest.raises(BotError, match="--reencode"):
            ingesting.ingest([pages])
    finally:
        store.set_encoder(*encoder)
