import io
import struct
import zipfile
from pathlib import Path

import pytest
from forms import BODY, make_docx, make_html, make_zip
from stores import ENCODER, TOKENIZER

from retrieval import Ingester, Report
from retrieval.errors import ReadingError
from retrieval.reading import find_pages, read_page, read_pages
from retrieval.reading.files import raw_pages
from retrieval.store.store import Store
from retrieval.types import Page, Skipped

PAGE = "## 甲旗 牧草丰收\n\n今年以来，牧草面积达到5万亩。\n"
OTHER = "## 乙县 道路建成\n\n乙县新建道路三百公里。\n"


def read(tmp_path: Path, data: bytes) -> tuple[list[Page], list[Skipped]]:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    found = list(read_pages(path))
    return [each for each in found if isinstance(each, Page)], [
        each for each in found if isinstance(each, Skipped)
    ]


def test_every_member_is_a_page_of_its_own(tmp_path: Path) -> None:
    members = {"b/二.txt": OTHER, "a.txt": PAGE, "c.html": make_html(), "d.docx": make_docx((BODY[0], None))}
    pages, skipped = read(
        tmp_path, make_zip({**members, "x.png": b"x", ".hidden.txt": PAGE, "__MACOSX/a.txt": "x"})
    )
    assert [str(each.path.relative_to(tmp_path)) for each in pages] == [
        "a.zip/a.txt",
        "a.zip/b/二.txt",
        "a.zip/c.html",
        "a.zip/d.docx",
    ]
    assert skipped == []


def test_a_members_sidecar_is_taken_from_the_archive(tmp_path: Path) -> None:
    ((page,), skipped) = read(tmp_path, make_zip({"a.txt": PAGE, "a.txt.meta.toml": 'region = "库伦旗"'}))
    assert (page.articles[0].region, skipped) == ("库伦旗", [])


def test_names_packed_on_a_chinese_windows_are_read(tmp_path: Path) -> None:
    data = make_zip({"AAAA.txt": PAGE}).replace(b"AAAA.txt", "草原".encode("gbk") + b".txt")
    ((page,), _) = read(tmp_path, data)
    assert page.path.name == "草原.txt"


def lying(data: bytes, n_bytes: int) -> bytes:
    """The archive with its only member's size set to a lie."""
    at = data.index(b"PK\x01\x02")
    return data[: at + 24] + struct.pack("<I", n_bytes) + data[at + 28 :]


def encrypted(data: bytes) -> bytes:
    at = data.index(b"PK\x01\x02")
    return data[: at + 8] + b"\x01" + data[at + 9 :]


def link(target: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, target)
    return file.getvalue()


def damaged() -> bytes:
    data = bytearray(make_zip({"a.txt": PAGE * 50}))
    data[45:60] = bytes(15)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (make_zip({"../a.txt": PAGE}), "leads out"),
        (make_zip({"/etc/a.txt": PAGE}), "leads out"),
        (make_zip({"C:\\a.txt": PAGE}), "leads out"),
        (make_zip({"..\\a.txt": PAGE}), "leads out"),
        (make_zip({"a\n.txt": PAGE}), "control characters"),
        (make_zip({"b.zip": make_zip({"a.txt": PAGE})}), "archive within an archive"),
        (make_zip({"b.tar.gz": b"x"}), "archive within an archive"),
        (make_zip({"a.txt": bytes(10_000_000)}), "200 times"),
        (make_zip({"a.txt": bytes(21_000_000)}), "larger than 20 MB"),
        (encrypted(make_zip({"a.txt": PAGE})), "encrypted"),
        (link("/etc/passwd"), "is a link"),
        (damaged(), "damaged"),
        (lying(make_zip({"a.txt": bytes(50_000_000)}), 100), "damaged"),
        (make_zip({"a.txt": b""}), "empty"),
        (make_zip({"a.pdf": b"x"}), "no PDF"),
    ],
)
def test_a_bad_member_is_refused_with_its_reason_and_the_rest_goes_on(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    pages, skipped = read(tmp_path, data)
    assert pages == []
    assert [reason in each.reason for each in skipped] == [True], skipped
    assert all(tmp_path / "a.zip" in each.path.parents and ".." not in each.path.parts for each in skipped)


def test_a_name_given_twice_is_read_once(tmp_path: Path) -> None:
    data = make_zip({"a.txt": PAGE, "b.txt": OTHER}).replace(b"b.txt", b"a.txt")
    pages, skipped = read(tmp_path, data)
    assert len(pages) == 1
    assert "second member" in skipped[0].reason


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", make_zip({"a.txt": PAGE})[:-30], b"text"])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ReadingError, match="no zip archive"):
        read(tmp_path, data)


def test_an_archive_of_too_much_is_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(make_zip({"a.txt": PAGE, "b.txt": PAGE}))
    monkeypatch.setattr("retrieval.reading.archive.MAX_UNPACKED", 50)
    with pytest.raises(ReadingError, match="unpacks to more"):
        list(raw_pages(path))
    monkeypatch.setattr("retrieval.reading.archive.MAX_MEMBERS", 1)
    with pytest.raises(ReadingError, match="more than 1 members"):
        list(raw_pages(path))


def test_an_archive_is_not_one_page(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(make_zip({"a.txt": PAGE}))
    assert find_pages([tmp_path])[0] == [tmp_path / "a.zip"]
    with pytest.raises(ReadingError, match="archive of pages"):
        read_page(tmp_path / "a.zip")


# ingestion


def ingest(store: Store, path: Path) -> Report:
    return Ingester(store, ENCODER, TOKENIZER, lambda _: []).ingest([path])


def tally(report: Report) -> tuple[int, int, int, int, int]:
    return report.new, report.changed, report.unchanged, report.removed, report.unread


@pytest.mark.parametrize("is_folder", [True, False])
def test_members_come_change_and_go_with_their_archive(store: Store, tmp_path: Path, is_folder: bool) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    path = folder / "a.zip"
    root = folder if is_folder else path
    path.write_bytes(make_zip({"a.txt": PAGE, "b.txt": OTHER}))
    assert tally(ingest(store, root)) == (2, 0, 0, 0, 0)
    assert tally(ingest(store, root)) == (0, 0, 2, 0, 0)
    path.write_bytes(make_zip({"a.txt": PAGE, "c.txt": OTHER, "b.txt": OTHER + "又及一句。"}))
    assert tally(ingest(store, root)) == (1, 1, 1, 0, 0)
    path.write_bytes(make_zip({"a.txt": PAGE}))
    assert tally(ingest(store, root)) == (0, 0, 1, 2, 0)
    path.write_bytes(b"damaged")
    assert tally(ingest(store, root)) == (0, 0, 0, 0, 1)
    assert store.counts().articles == 1
    path.unlink()
    assert ingest(store, root).removed == (1 if is_folder else 0)


def test_a_member_that_can_no_longer_be_read_keeps_its_articles(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(make_zip({"a.txt": PAGE, "b.txt": OTHER}))
    ingest(store, path)
    path.write_bytes(make_zip({"a.txt": PAGE, "b.txt": b"\x89PNG"}))
    assert tally(ingest(store, path)) == (0, 0, 1, 0, 1)
    assert store.counts().articles == 2
