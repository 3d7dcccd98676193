"""`yunwen ingest --watch` as processes: one takes in, another waits and goes on when the first dies."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import pytest
from processes import start
from sqlalchemy import Engine
from waiting import HANG_SECONDS, wait_until

from bot.composition import open_writing_ingester
from bot.errors import BotError
from bot.ingest.lock import IngestRuns, ingest_lock
from bot.ingest.service import Halt, Halted, run_service
from bot.settings import Settings
from retrieval import Ingester, Store


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(tmp_path: Path, pages: Path, database_url: str) -> dict[str, str]:
    (tmp_path / "home").mkdir(exist_ok=True)
    return os.environ | {
        "YUNWEN_HOME": str(tmp_path / "home"),
        "YUNWEN_CACHE": str(tmp_path / "cache"),
        "YUNWEN_PAGES": str(pages),
        "YUNWEN_LOG_LEVEL": "INFO",
        "EMBEDDING_MODEL": "hashing",
        "RERANKER_MODEL": "none",
        "DATABASE_URL": database_url if database_url.startswith("postgresql") else "",
    }


@pytest.fixture
def watch(environment: dict[str, str], tmp_path: Path) -> Callable[[], "subprocess.Popen[bytes]"]:
    numbers = count()

    def run() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "bot.command_line.main", "ingest", "--watch"]
        with (tmp_path / f"log{next(numbers)}").open("wb") as log:
            return start(command, env=environment, stderr=log)

    return run


def write(pages: Path, number: int) -> None:
    text = f"## 库伦旗 水稻丰收{number}\n\n库伦旗第{number}块田水稻面积达{number}万亩。\n"
    (pages / f"{number}.txt").write_text(text, encoding="utf-8")


@contextmanager
def held(home: Path, engine: Engine) -> Iterator[None]:
    """Hold the lock as soon as whoever has it, at the end of an ingest, has let it go."""
    with ExitStack() as stack:

        def get() -> bool:
            try:
                stack.enter_context(ingest_lock(home, engine))
            except IngestRuns:
                return False
            return True

        assert wait_until(get, "the lock")
        yield


@pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True
)
def test_pages_come_in_while_it_runs_and_another_takes_over_from_one_that_was_killed(
    watch: Callable[[], "subprocess.Popen[bytes]"], pages: Path, tmp_path: Path, database_url: str
) -> None:
    store = Store.open(database_url)
    first = watch()
    write(pages, 1)
    assert wait_until(lambda: store.counts().articles == 1, "the first page")
    # the lock is held as by a process in the midst of an ingest: neither gets it
    with held(tmp_path / "home", store.engine):
        second = watch()
        write(pages, 2)
        assert wait_until(
            lambda: "is ingesting" in (tmp_path / "log1").read_text(), "the second to be refused"
        )
        assert store.counts().articles == 1
        first.kill()
        first.wait()
    assert wait_until(lambda: store.counts().articles == 2, "the second page")
    second.send_signal(signal.SIGTERM)
    assert second.wait(HANG_SECONDS) == 0
    log = (tmp_path / "log1").read_text()
    assert "Traceback" not in log
    store.engine.dispose()


def test_an_ingest_ends_between_two_pages_and_the_next_goes_on_there(tmp_path: Path, pages: Path) -> None:
    from bot.composition import open_writing_ingester

    for number in range(5):
        write(pages, number)
    settings = Settings(
        YUNWEN_HOME=tmp_path / "home",
        YUNWEN_CACHE=tmp_path / "cache",
        EMBEDDING_MODEL="hashing",
        RERANKER_MODEL="none",
    )
    store, ingester, _ = open_writing_ingester(settings)
    assert isinstance(ingester, Ingester)

    class AfterTwo(Halt):
        n = 0

        def advance(self, n: int) -> None:
            self.n += n
            if self.n == 2:
                self.ask()
            super().advance(n)

    with pytest.raises(Halted):
        ingester.ingest([pages], AfterTwo())
    assert store.counts().articles == 2
    report = ingester.ingest([pages], Halt())
    assert (report.new, report.unchanged) == (3, 2)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    settings = Settings(YUNWEN_HOME=tmp_path, EMBEDDING_MODEL="hashing", RERANKER_MODEL="none")
    with pytest.raises(BotError, match=r"gone: is not there: make it"):
        run_service(settings, [tmp_path / "gone"], open_writing_ingester)
