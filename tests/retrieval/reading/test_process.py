"""What a reader does costs the file that it reads: a skip with a reason. The next file is read."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from forms import BODY, make_item, make_rss, make_zip
from hostile import COSTLY, PAGE, table_of
from processes import start
from stores import ingester
from waiting import HANG_SECONDS, wait_until

from bot.ingest.watchers import REST_SECONDS, seconds_to_rest
from retrieval.errors import ReadingError
from retrieval.ingestion import Report
from retrieval.reading import (
    GivenUp,
    ReadingLimits,
    ReadingProcess,
    Unchanged,
    read_page,
    read_pages,
    sidecar_path,
)
from retrieval.reading.given_up import state_of
from retrieval.store.store import Store
from retrieval.types import Page

SIDECAR = "bad.txt.meta.toml"
SHORT = ReadingLimits(seconds=1, memory=400_000_000, patience=HANG_SECONDS)


RAISING: dict[str, dict[str, bytes]] = {
    "a cell that continues one above the first row": {"bad.docx": table_of('<w:vMerge w:val="continue"/>')},
    "a span that is no number": {"bad.docx": table_of('<w:gridSpan w:val="abc"/>')},
    "a member that raises": {
        "bad.zip": make_zip({"a.docx": table_of('<w:gridSpan w:val="abc"/>'), "b.txt": PAGE})
    },
}
SIDECARS = {
    "a number of 5,000 digits": b"region = 0x" + b"9" * 5000,
    "a decimal number of 5,000 digits": b"region = " + b"9" * 5000,
    "a name of 1,500 parts": b"date" + b".a" * 1500 + b" = 1",
}


def ingested(folder: Path, limits: ReadingLimits | None = None) -> Report:
    """What an ingest says of a folder, in which a good page comes last."""
    (folder / "z.txt").write_text(PAGE, encoding="utf-8")
    store = Store.open(f"sqlite:///{folder.parent / 'home' / 'yunwen.db'}")
    try:
        return ingester(store, limits=limits).ingest([folder])
    finally:
        store.engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("what", RAISING)
def test_a_file_on_which_its_reader_fails_is_skipped_with_a_reason(
    folder: Path, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name, data in RAISING[what].items():
        (folder / name).write_bytes(data)
    report = ingested(folder)
    (skipped,) = report.skipped
    assert skipped.path.is_relative_to(folder / next(iter(RAISING[what])))
    assert (report.new, report.unread) == (2 if "member" in what else 1, 1)
    code = re.search(r"error (\w{6}) in the log", skipped.reason)
    assert code is not None
    assert f"error {code[1]}" in caplog.text
    assert "docx" in caplog.text


@pytest.mark.parametrize("what", SIDECARS)
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_page_is_read_without_a_sidecar_that_no_one_can_use(
    folder: Path, what: str, is_packed: bool
) -> None:
    members = {"bad.txt": PAGE.encode(), SIDECAR: SIDECARS[what]}
    if is_packed:
        members = {"bad.zip": make_zip(members)}
    for name, data in members.items():
        (folder / name).write_bytes(data)
    report = ingested(folder)
    assert report.new == 2
    assert [each.path.name for each in report.skipped] == [SIDECAR]
    assert "read without it" in report.skipped[0].reason


LATER = time.time() + 1000
"""When the page that lies deepest was written, by its own word: all else before it."""


@pytest.fixture
def deep(folder: Path) -> Iterator[Path]:
    """A folder in which a page lies 1,100 folders down."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(1100):
        os.mkdir("a", dir_fd=here)
        inner = os.open("a", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    with os.fdopen(os.open("deep.txt", os.O_WRONLY | os.O_CREAT, dir_fd=here), "w", encoding="utf-8") as file:
        file.write(PAGE)
    os.utime("deep.txt", (LATER, LATER), dir_fd=here)
    os.close(here)
    yield folder
    subprocess.run(["rm", "-rf", folder / "a"], check=True)  # Python's own way of removing it recurses


def test_a_folder_of_any_depth_is_gone_through(deep: Path) -> None:
    assert seconds_to_rest([deep], LATER + 0.5) == REST_SECONDS - 0.5
    report = ingested(deep)
    assert (report.new, report.skipped) == (2, [])


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text(PAGE.replace("牧草", "机密"), encoding="utf-8")
    (folder / "a.txt").symlink_to(outside)
    (folder / "b.txt").symlink_to(folder / "z.txt")
    (folder / "c.txt").write_text(PAGE, encoding="utf-8")
    sidecar_path(folder / "c.txt").symlink_to(outside)
    report = ingested(folder)
    assert report.new == 3
    assert {each.path.name for each in report.skipped} == {"a.txt", "c.txt.meta.toml"}
    assert not any("机密" in each.reason for each in report.skipped)


@pytest.mark.parametrize("name", COSTLY)
def test_a_small_file_that_costs_much_is_given_up(folder: Path, name: str) -> None:
    (folder / name).write_bytes(COSTLY[name])
    report = ingested(folder, SHORT)
    assert (report.new, [each.path.name for each in report.skipped]) == (1, [name])
    assert re.search("time|seconds|memory|crash", report.skipped[0].reason)


def test_what_costs_its_reader_too_much_is_read_once_and_again_when_it_is_changed(folder: Path) -> None:
    """Else a few such files would keep every new page waiting for minutes."""
    page, archive = folder / "a.xml", folder / "b.zip"
    page.write_bytes(COSTLY["comments.xml"])
    archive.write_bytes(make_zip({"a.xml": COSTLY["comments.xml"], "b.txt": PAGE}))
    (folder / "z.txt").write_text(PAGE, encoding="utf-8")
    store = Store.open(f"sqlite:///{folder.parent / 'home' / 'yunwen.db'}")
    putting = ingester(store, limits=SHORT)
    first = putting.ingest([folder])
    started: list[bool] = []
    start = ReadingProcess._started

    def count(self: ReadingProcess) -> object:
        started.append(self._process is None)
        return start(self)

    with patch.object(ReadingProcess, "_started", count):
        second = putting.ingest([folder])
    assert {each.path for each in first.skipped} == {page, archive / "a.xml"}
    assert (first.new, second.unchanged, second.skipped) == (2, 2, first.skipped)
    assert sum(started) == 1, "no process died of what was given up"
    page.write_text(make_rss(make_item(1, BODY[0])), encoding="utf-8")
    third = putting.ingest([folder])
    assert (third.new, [each.path for each in third.skipped]) == (1, [archive / "a.xml"])
    store.engine.dispose()


def test_the_rest_of_an_archive_is_read_when_a_member_costs_its_reader(folder: Path) -> None:
    data = make_zip({"a.txt": PAGE, "b.xml": COSTLY["comments.xml"], "c.txt": PAGE})
    (folder / "a.zip").write_bytes(data)
    report = ingested(folder, SHORT)
    assert (report.new, [each.path.name for each in report.skipped]) == (3, ["b.xml"])


@pytest.mark.parametrize("n_deaths", [1, pytest.param(3, marks=pytest.mark.soak)])
def test_an_archive_of_which_many_members_cost_their_reader_is_given_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch, n_deaths: int
) -> None:
    monkeypatch.setattr("retrieval.reading.process._MOST_DEATHS", n_deaths)
    (folder / "a.zip").write_bytes(make_zip({f"{n}.xml": COSTLY["comments.xml"] for n in range(9)}))
    report = ingested(folder, SHORT)
    assert (report.new, len(report.skipped)) == (1, n_deaths + 1)
    assert "take them out" in report.skipped[-1].reason


def test_a_process_that_does_not_answer_costs_one_file_and_one_that_was_killed_none(tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    page.write_text(PAGE, encoding="utf-8")
    hurried = ReadingLimits(seconds=1, patience=1)
    with ReadingProcess() as reading:
        (read,) = reading.pages(page)
        assert isinstance(read, Page)
        assert list(reading.pages(page, {str(page): read.sha256})) == [Unchanged(page)]
        assert reading._process is not None
        os.kill(reading._process.pid or 0, signal.SIGSTOP)
        with patch.object(reading, "_limits", hurried), pytest.raises(ReadingError, match="more than 1 sec"):
            list(reading.pages(page))
        assert list(reading.pages(page)) == [read]
        os.kill(reading._process.pid or 0, signal.SIGKILL)
        reading._process.join()
        assert list(reading.pages(page)) == [read]


def test_a_process_serves_many_files_and_ends_with_its_owner(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.txt").write_text(PAGE, encoding="utf-8")
    used = set()
    with ReadingProcess() as reading:
        for path in tmp_path.iterdir():
            assert list(reading.pages(path))
            assert reading._process is not None
            used.add(reading._process)
    (process,) = used
    assert not process.is_alive()


READS_ON = """
import sys
from pathlib import Path
from retrieval.reading import ReadingProcess
with ReadingProcess() as reading:
    list(reading.pages(Path(sys.argv[1])))
    print(flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("another", [False, True], ids=["alone", "beside another's socket"])
def test_one_that_is_killed_leaves_no_socket_of_its_own_and_no_empty_folder(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, another: bool
) -> None:
    page, temporary = tmp_path / "a.txt", tmp_path_factory.mktemp("t")  # a socket's path is to be short
    page.write_text(PAGE, encoding="utf-8")
    process = start(
        [sys.executable, "-c", READS_ON, str(page)],
        env=os.environ | {"TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    (folder,) = temporary.iterdir()
    (socket,) = folder.iterdir()
    if another:
        (folder / "listener-of-another").touch()
    process.kill()
    wait_until(lambda: not (socket if another else folder).exists(), "the socket or its folder to go")
    assert [path.name for path in temporary.rglob("l*")] == (["listener-of-another"] if another else [])


@pytest.mark.parametrize("name", ["a.txt", "a.txt.meta.toml"])
def test_what_is_written_to_while_it_is_read_is_not_taken_for_whole(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the store has of it stays, and the next look finds it whole."""
    page, written = tmp_path / "a.txt", tmp_path / name
    page.write_text(PAGE, encoding="utf-8")
    (tmp_path / "a.txt.meta.toml").write_text('source = "甲报"\n', encoding="utf-8")
    opened = os.fdopen

    class Slow:
        def __init__(self, handle: int) -> None:
            self._file = opened(handle, "rb")
            self.fileno = self._file.fileno

        def __enter__(self) -> "Slow":
            return self

        def __exit__(self, *_: object) -> None:
            self._file.close()

        def read(self, size: int) -> bytes:
            data = self._file.read(size)
            if os.path.samestat(os.fstat(self.fileno()), written.stat()):
                with written.open("a", encoding="utf-8") as file:
                    file.write("\n")
            return data

    with monkeypatch.context() as patched:
        patched.setattr("retrieval.reading.files.os.fdopen", lambda handle, _mode: Slow(handle))
        if name == page.name:
            with pytest.raises(ReadingError, match="while it was read"):
                read_page(page)
        else:
            (skipped,) = read_page(page).skipped
            assert (skipped.path, "while it was read" in skipped.reason) == (written, True)
    assert read_page(page).skipped == ()


def test_a_preview_is_bounded_too(tmp_path: Path) -> None:
    path = tmp_path / "wide.docx"
    path.write_bytes(COSTLY["wide.docx"])
    with pytest.raises(ReadingError, match="time|seconds|memory"):
        list(read_pages(path, SHORT))


def test_what_may_have_had_bad_luck_is_tried_twice_and_a_changed_file_again(tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    page.write_text(PAGE, encoding="utf-8")
    given_up, state = GivenUp(), state_of(page)
    given_up.add(page, state, page, "took long", is_lasting=False)
    assert given_up.of(page, state) == {}
    given_up.add(page, state, page, "took long", is_lasting=False)
    assert given_up.of(page, state) == {page: "took long"}
    sidecar_path(page).write_text("region = 150524\n", encoding="utf-8")
    assert given_up.of(page, state_of(page)) == {}
    assert given_up.of(page, state) == {}, "it begins anew"
