"""A backup made while everything runs, put elsewhere; and archives that must not be let in."""

import gzip
import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from commands import run_command
from paths import ROOT
from processes import start
from waiting import HANG_SECONDS

from bot.chats.answers import AnswerStore
from bot.chats.database import open_chats
from bot.errors import BotError
from bot.operations.backup import back_up
from bot.operations.home_lock import UNFINISHED, HomeInUse, home_in_use
from bot.operations.manifest import BackupError, is_name, read_manifest
from bot.operations.restore import restore
from retrieval import Answer, Outcome, Store, Timings, Turn, file_held_alone, move_pages

QUESTION = "库伦旗水稻种植面积"
PAGE = "date: 2026-11-23\n## 阿尔山市 冰雪节第{n}场\n\n阿尔山市冰雪节第{n}场接待游客{n}万人次。\n"


def run(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YUNWEN", "TELEGRAM", "EMBED"))}
    settings = {
        "YUNWEN_HOME": str(home),
        "YUNWEN_CACHE": str(home.parent / "cache"),
        "EMBEDDING_MODEL": "hashing",
        "RERANKER_MODEL": "none",
    }
    return run_command([str(each) for each in arguments], kept | settings)


def answer(question: str) -> Answer:
    return Answer(
        question=question,
        outcome=Outcome.NONE,
        as_of=None,
        hits=(),
        turn=Turn(question),
        timings=Timings(0, 0, 0),
    )


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the seed page, an uploaded page, and a chat."""
    home = tmp_path_factory.mktemp("template") / "home"
    uploads = home / "uploads"
    (uploads / ".pending").mkdir(parents=True)
    (uploads / "page.txt").write_text(PAGE.format(n=7), encoding="utf-8")
    (uploads / ".pending" / "waiting.txt").write_text("waits")
    assert run(home, "ingest", "seeds", uploads).returncode == 0
    AnswerStore(open_chats(f"sqlite:///{home / 'chats.db'}")).keep_answer(1000, answer(QUESTION))
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """Such a home that a test may change."""
    home = tmp_path / "home"
    shutil.copytree(template, home)
    assert move_pages(home / "yunwen.db", template / "uploads", home / "uploads") == 1
    return home


def contents(home: Path) -> dict[str, list[tuple[object, ...]]]:
    found = {}
    for name, table in (("yunwen.db", "articles"), ("yunwen.db", "passages"), ("chats.db", "answers")):
        with closing(sqlite3.connect(home / name)) as connection:
            found[table] = connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
    return found


def test_what_is_restored_elsewhere_has_equal_rows_and_gives_equal_answers(
    home: Path, tmp_path: Path
) -> None:
    made = json.loads(run(home, "backup", tmp_path / "b.tar.gz", "--json").stdout)
    assert made["counts"] | {"passages": 0} == {
        **{"pages": 2, "articles": 19, "passages": 0},
        **{"answers": 1, "chats": 0, "subscriptions": 0, "deliveries": 0},
    }
    other = tmp_path / "elsewhere" / "home"
    done = run(other, "restore", tmp_path / "b.tar.gz", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"] == made["counts"]
    assert contents(other) == contents(home)
    one, two = (json.loads(run(each, "ask", QUESTION, "--json").stdout) for each in (home, other))
    assert one["hits"] == two["hits"]
    assert (other / "uploads" / "page.txt").read_text(encoding="utf-8") == PAGE.format(n=7)
    assert not (other / "uploads" / ".pending").exists()


def test_an_uploaded_page_is_known_where_it_lies_now(home: Path, tmp_path: Path) -> None:
    path, _ = back_up(home, tmp_path)
    other = tmp_path / "other"
    restore(path, other, replace=False)
    report = json.loads(run(other, "ingest", other / "uploads", "--json").stdout)
    assert (report["pages"]["new"], report["pages"]["unchanged"], report["articles"]) == (0, 1, 19)


def test_a_backup_taken_while_pages_and_answers_come_in_is_whole(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for n in range(150):
        (pages / f"{n}.txt").write_text(PAGE.format(n=n), encoding="utf-8")
    answers, stop = AnswerStore(open_chats(f"sqlite:///{home / 'chats.db'}")), threading.Event()

    put_page, n_put = Store.put_page, 0
    is_midway, may_go_on = threading.Event(), threading.Event()

    def put(*arguments: Any) -> None:
        nonlocal n_put
        n_put += 1
        if n_put == 75:
            is_midway.set()
            assert may_go_on.wait(HANG_SECONDS)
        put_page(*arguments)

    monkeypatch.setattr(Store, "put_page", put)

    def talk() -> None:
        while not stop.is_set():
            answers.keep_answer(1000, answer(QUESTION))

    ingest = threading.Thread(target=run, args=(home, "ingest", pages))
    talking = threading.Thread(target=talk)
    ingest.start()
    talking.start()
    taken: list[dict[str, int]] = []
    try:
        assert is_midway.wait(HANG_SECONDS)
        while len(taken) < 6:
            _, manifest = back_up(home, tmp_path / f"{len(taken)}.tar.gz")
            taken.append(manifest.counts)
            may_go_on.set()  # the first backup falls into the ingest, the others as it comes
    finally:
        may_go_on.set()
        ingest.join()
        stop.set()
        talking.join()
    assert taken[0]["pages"] == 76  # two before, and those before the 75th
    for number, counts in enumerate(taken):
        other = tmp_path / f"home-{number}"
        assert restore(tmp_path / f"{number}.tar.gz", other, replace=False).manifest.counts == counts
        # each of these pages has one article: a page is there with all that belongs to it
        assert counts["articles"] - 17 == counts["pages"]
    assert [c["answers"] for c in taken] == sorted(c["answers"] for c in taken)
    assert taken[-1]["answers"] > 1


def test_the_archive_is_for_its_owner_only_and_nothing_is_left_beside_it(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    path, _ = back_up(home, folder)
    assert [each.name for each in folder.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_a_killed_backup_left_is_removed_by_the_next_and_one_that_runs_is_left_alone(
    home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom bot.operations import backup\n"
        "backup._pack = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "backup.back_up(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    killed = subprocess.run([sys.executable, "-c", script, home, folder], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = folder.iterdir()
    assert left.stat().st_mode & 0o077 == 0
    assert {each.name for each in left.rglob("*")} >= {"yunwen.db", "chats.db"}
    running = folder / ".yunwen-backup-running"
    running.mkdir()
    with file_held_alone(running / "lock"):
        path, _ = back_up(home, folder)
        assert {each.name for each in folder.iterdir()} == {path.name, running.name}


def test_an_empty_home_has_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(BotError, match="nothing to back up"):
        back_up(tmp_path / "home", tmp_path)


def test_a_home_with_data_is_replaced_only_on_demand_and_then_kept(home: Path, tmp_path: Path) -> None:
    path, _ = back_up(home, tmp_path)
    before = contents(home)
    AnswerStore(open_chats(f"sqlite:///{home / 'chats.db'}")).keep_answer(1000, answer("后来的问题"))
    later = contents(home)
    with pytest.raises(BotError, match="--replace"):
        restore(path, home, replace=False)
    assert contents(home) == later
    kept = restore(path, home, replace=True).kept
    assert contents(home) == before
    assert kept is not None
    assert contents(kept) == later
    assert not (home / UNFINISHED).exists()


def test_a_home_in_use_is_not_restored(home: Path, tmp_path: Path) -> None:
    path, _ = back_up(home, tmp_path)
    with home_in_use(home), pytest.raises(HomeInUse, match="stop it"):
        restore(path, home, replace=True)
    restore(path, home, replace=True)


def test_a_conversation_that_goes_on_keeps_a_restore_out(home: Path, tmp_path: Path) -> None:
    path, _ = back_up(home, tmp_path)
    chat = start(
        [sys.executable, "-m", "bot.command_line.main", "chat"],
        env={**os.environ, "YUNWEN_HOME": str(home), "EMBEDDING_MODEL": "hashing", "RERANKER_MODEL": "none"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert chat.stdin is not None
    assert chat.stdout is not None
    try:
        chat.stdin.write(QUESTION + "\n")
        chat.stdin.flush()
        assert "3万余亩" in chat.stdout.readline()
        done = run(home, "restore", path, "--replace")
        assert (done.returncode, "uses it: stop it" in done.stderr) == (1, True)
    finally:
        chat.communicate()


def test_after_an_interrupted_restore_no_command_works_on_half_a_home(home: Path, tmp_path: Path) -> None:
    path, _ = back_up(home, tmp_path)
    (home / UNFINISHED).touch()
    done = run(home, "ask", QUESTION)
    assert (done.returncode, "restore was interrupted" in done.stderr) == (1, True)
    restore(path, home, replace=True)
    assert run(home, "ask", QUESTION).returncode == 0


# ------------------------------------------------------------------------------------- archives not to be let in


@pytest.fixture
def archive(home: Path, tmp_path: Path) -> Path:
    return back_up(home, tmp_path / "good.tar.gz")[0]


@pytest.fixture
def other(home: Path, tmp_path: Path) -> Iterator[Path]:
    """A home with data, which no bad archive may change."""
    other = tmp_path / "other"
    shutil.copytree(home, other)
    before = contents(other), names(other)
    yield other
    assert (contents(other), names(other)) == before


def names(home: Path) -> set[str]:
    return {path.name for path in home.iterdir() if not path.name.endswith((".lock", "-wal", "-shm"))}


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


def test_moments_are_aware(archive: Path, tmp_path: Path) -> None:
    made_at = restore(archive, tmp_path / "new", replace=False).manifest.made_at
    assert made_at.tzinfo is not None
    assert abs((datetime.now(UTC) - made_at).total_seconds()) < 600
    assert Store.open(f"sqlite:///{tmp_path / 'new' / 'yunwen.db'}").counts().articles == 19
