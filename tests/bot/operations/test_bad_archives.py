"""Archives that must not be let in: no home is changed by them, and a sentence says what is wrong."""

import gzip
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from backed_up import contents, names

from bot.operations.manifest import BackupError, is_name, read_manifest
from bot.operations.restore import restore


@pytest.fixture
def other(home: Path, tmp_path: Path) -> Iterator[Path]:
    """A home with data, which no bad archive may change."""
    other = tmp_path / "other"
    shutil.copytree(home, other)
    before = contents(other), names(other)
    yield other
    assert (contents(other), names(other)) == before


def repacked(archive: Path, change: Callable[[list[tuple[tarfile.TarInfo, bytes]]], None]) -> Path:
    """A copy whose members, the manifest first, were changed."""
    with tarfile.open(archive) as old:
        members = [(member, old.extractfile(member).read()) for member in old]  # type: ignore[union-attr]
    change(members)
    path = archive.with_name("bad.tar.gz")
    with tarfile.open(path, "w:gz") as new:
        for member, content in members:
            if member.isreg():
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return path


def with_manifest(change: Callable[[dict], None]) -> Callable[[list[tuple[tarfile.TarInfo, bytes]]], None]:
    def changed(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        content = json.loads(members[0][1])
        change(content)
        members[0] = (members[0][0], json.dumps(content).encode())

    return changed


def test_an_archive_cut_short_is_refused_wherever_it_is_cut(archive: Path, other: Path) -> None:
    data = archive.read_bytes()
    for end in (0, 1, 20, len(data) // 3, len(data) // 2, len(data) * 9 // 10):
        short = archive.with_name("short.tar.gz")
        short.write_bytes(data[:end])
        with pytest.raises(BackupError, match="short.tar.gz"):
            restore(short, other, replace=True)


def test_a_file_that_was_changed_is_refused(archive: Path, other: Path) -> None:
    def change(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        at = next(i for i, (member, _) in enumerate(members) if member.name == "chats.db")
        member, content = members[at]
        members[at] = (member, content[:-1] + bytes([content[-1] ^ 1]))

    with pytest.raises(BackupError, match=r"chats\.db in it does not have its checksum"):
        restore(repacked(archive, change), other, replace=True)


def test_a_file_that_the_manifest_does_not_name_is_refused(archive: Path, other: Path) -> None:
    with pytest.raises(BackupError, match="tampered"):
        restore(
            repacked(archive, lambda members: members.append((tarfile.TarInfo("uploads/x.txt"), b"x"))),
            other,
            replace=True,
        )


def test_a_file_that_is_missing_is_missed(archive: Path, other: Path) -> None:
    with pytest.raises(BackupError, match="is missing"):
        restore(repacked(archive, lambda members: members.pop()[0] and None), other, replace=True)


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_what_is_no_plain_file_is_refused(archive: Path, other: Path, kind: bytes) -> None:
    def change(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        members[-1][0].type, members[-1][0].linkname, members[-1][0].size = kind, "/etc/passwd", 0

    with pytest.raises(BackupError, match="tampered"):
        restore(repacked(archive, change), other, replace=True)


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/cron.d/evil",
        "uploads/../../evil",
        "uploads",
        "uploads/",
        "./yunwen.db",
        "use.lock",
        "uploads/a\0b",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(archive: Path, other: Path, name: str) -> None:
    assert not is_name(name)

    def change(content: dict) -> None:
        content["files"].append({"name": name, "size": 1, "sha256": "0" * 64})

    with pytest.raises(BackupError, match="no file of a home"):
        restore(repacked(archive, with_manifest(change)), other, replace=True)


def test_names_that_clash_are_no_full_disk(archive: Path, other: Path) -> None:
    empty = hashlib.sha256(b"").hexdigest()

    def change(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
        for name in ("uploads/x", "uploads/x/y"):
            with_manifest(
                lambda content, name=name: content["files"].append({"name": name, "size": 0, "sha256": empty})
            )(members)
            members.append((tarfile.TarInfo(name), b""))

    with pytest.raises(BackupError, match="a file and a folder alike"):
        restore(repacked(archive, change), other, replace=True)


def test_a_database_of_a_newer_version_is_refused_in_one_sentence(archive: Path, other: Path) -> None:
    bad = repacked(archive, with_manifest(lambda content: content["revisions"].update({"yunwen.db": "9999"})))
    with pytest.raises(BackupError, match="9999, made by a newer yunwen.*upgrade yunwen"):
        restore(bad, other, replace=True)
    bad = repacked(archive, with_manifest(lambda content: content.update(version=2)))
    with pytest.raises(BackupError, match="newer yunwen: upgrade"):
        restore(bad, other, replace=True)


def test_a_manifest_that_says_more_than_the_databases_hold_is_refused(archive: Path, other: Path) -> None:
    bad = repacked(archive, with_manifest(lambda content: content["counts"].update(articles=20)))
    with pytest.raises(BackupError, match="as much as its manifest says"):
        restore(bad, other, replace=True)


@pytest.mark.parametrize("content", [b"", b"no archive", gzip.compress(b"no tar", mtime=0), b"PK\x03\x04"])
def test_a_file_that_is_no_backup_is_refused(other: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.tar.gz"
    path.write_bytes(content)
    with pytest.raises(BackupError, match=r"other\.tar\.gz"):
        restore(path, other, replace=True)


def test_a_file_that_is_not_there_is_named(other: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no such file"):
        restore(tmp_path / "none.tar.gz", other, replace=True)


@pytest.mark.parametrize(
    "data", [b"[]", b"{}", b"null", b'{"format": "yunwen-backup"}', b"[" * 100_000, b"\xff"]
)
def test_a_manifest_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(BackupError, match="manifest"):
        read_manifest(data)
