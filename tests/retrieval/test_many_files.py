"""A folder of very many files: what needs no reader is looked at together, and everything else as if it lay alone."""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stores import ingester

from retrieval import Report, Skipped
from retrieval.reading import archives_above
from retrieval.reading.process import ReadingProcess
from retrieval.store.store import Store

PAGE = "## 库伦旗 水稻丰收\n\n库伦旗第{}块地水稻面积达3万亩。\n"
N_EMPTY, N_PAGES = 450, 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(N_EMPTY):
        (folder / f"{number:03}.txt").write_text("\n" * (number % 3))
    for number in range(N_PAGES):
        (folder / f"page{number}.txt").write_text(PAGE.format(number), encoding="utf-8")
    (folder / "long.txt").write_text(PAGE.format(9) + "长句子。" * 30_000, encoding="utf-8")
    (folder / "junk.txt").write_bytes(bytes(range(256)) * 40)
    with zipfile.ZipFile(folder / "some.zip", "w") as archive:
        archive.writestr("one.txt", PAGE.format(7))
        archive.writestr("two.txt", PAGE.format(8))
    return folder


@pytest.fixture
def read_alone(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are given to a reader of their own."""
    names: list[str] = []
    pages = ReadingProcess.pages

    def note(self: ReadingProcess, path: Path, *more: Any) -> Iterator[Any]:
        names.append(path.name)
        return pages(self, path, *more)

    monkeypatch.setattr(ReadingProcess, "pages", note)
    return names


def shown(report: Report) -> tuple[int, int, int, int, list[str]]:
    skipped = [each.path.name for each in report.skipped if isinstance(each, Skipped)]
    return report.new, report.changed, report.unchanged, report.removed, skipped


EMPTY = [f"{number:03}.txt" for number in range(N_EMPTY)]


def test_what_is_empty_or_unchanged_needs_no_reader_of_its_own(
    store: Store, folder: Path, read_alone: list[str]
) -> None:
    writer = ingester(store)
    assert shown(writer.ingest([folder])) == (N_PAGES + 3, 0, 0, 0, [*EMPTY, "junk.txt"])
    assert read_alone == ["junk.txt", "long.txt", *(f"page{n}.txt" for n in range(N_PAGES)), "some.zip"]
    read_alone.clear()
    (folder / "page1.txt").write_text(PAGE.format(11), encoding="utf-8")
    (folder / "page2.txt.meta.toml").write_text("date = 2022-06-30\n")
    os.truncate(folder / "page3.txt", 0)
    (folder / "page4.txt").unlink()
    report = writer.ingest([folder])
    assert shown(report) == (0, 2, 4, 1, [*EMPTY, "junk.txt", "page3.txt"])
    assert read_alone == ["junk.txt", "long.txt", "page1.txt", "page2.txt", "some.zip"]
    assert {each.reason for each in report.skipped} >= {"the page is empty: nothing to read in it"}
    assert store.counts().pages == N_PAGES + 2, "what the store has of an emptied page stays"


def test_where_they_cannot_be_looked_at_together_each_is_read_alone(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.reading.process._settle", fail)
    assert shown(ingester(store).ingest([folder])) == (N_PAGES + 3, 0, 0, 0, [*EMPTY, "junk.txt"])


def fail(*_: object) -> Iterator[object]:
    raise RuntimeError("a fault of ours")


def test_the_members_of_one_archive_are_not_anothers(store: Store, tmp_path: Path) -> None:
    (tmp_path / "x.zip").mkdir()
    for name in ("a.zip", "aa.zip", "A.ZIP", "x.zip/a.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("one.txt", PAGE.format(name))
            archive.writestr("two.txt", PAGE.format(name * 2))
    (tmp_path / "x.zip" / "page.txt").write_text(PAGE.format(3), encoding="utf-8")
    writer = ingester(store)
    assert shown(writer.ingest([tmp_path]))[:4] == (9, 0, 0, 0)
    assert shown(writer.ingest([tmp_path]))[:4] == (0, 0, 9, 0)
    (tmp_path / "aa.zip").write_bytes(b"no archive")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("one.txt", PAGE.format("a.zip"))
    assert shown(writer.ingest([tmp_path]))[:4] == (0, 0, 6, 1), "one that cannot be opened keeps what it had"


@pytest.mark.parametrize(
    ("stored", "archives"),
    [
        ("/p/a.txt", []),
        ("/p/a.zip/b.txt", ["/p/a.zip"]),
        ("/p/A.ZIP/x.zip/b.txt", ["/p/A.ZIP", "/p/A.ZIP/x.zip"]),
        ("/p/a.zip", []),
        ("/p/a.zipped/b.txt", []),
    ],
)
def test_which_archives_a_stored_page_may_lie_in(stored: str, archives: list[str]) -> None:
    assert list(archives_above(stored)) == archives
