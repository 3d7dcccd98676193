"""A backup made while everything runs, put elsewhere."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from backed_up import PAGE, QUESTION, answer, contents, run
from paths import ROOT
from processes import start
from waiting import HANG_SECONDS

from bot.chats.answers import AnswerStore
from bot.chats.database import open_chats
from bot.errors import BotError
from bot.operations.backup import back_up
from bot.operations.home_lock import UNFINISHED, HomeInUse, home_in_use
from bot.operations.restore import restore
from retrieval import Store, file_held_alone


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
    for n in range(60):
        (pages / f"{n}.txt").write_text(PAGE.format(n=n), encoding="utf-8")
    answers, stop = AnswerStore(open_chats(f"sqlite:///{home / 'chats.db'}")), threading.Event()

    put_page, n_put = Store.put_page, 0
    is_midway, may_go_on = threading.Event(), threading.Event()

    def put(*arguments: Any) -> None:
        nonlocal n_put
        n_put += 1
        if n_put == 30:
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
        while len(taken) < 4:
            _, manifest = back_up(home, tmp_path / f"{len(taken)}.tar.gz")
            taken.append(manifest.counts)
            may_go_on.set()  # the first backup falls into the ingest, the others as it comes
    finally:
        may_go_on.set()
        ingest.join()
        stop.set()
        talking.join()
    assert taken[0]["pages"] == 31  # two before, and those before the 30th
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


def test_moments_are_aware(home: Path, tmp_path: Path) -> None:
    path, _ = back_up(home, tmp_path)
    made_at = restore(path, tmp_path / "new", replace=False).manifest.made_at
    assert made_at.tzinfo is not None
    assert abs((datetime.now(UTC) - made_at).total_seconds()) < 600
    assert Store.open(f"sqlite:///{tmp_path / 'new' / 'yunwen.db'}").counts().articles == 19
