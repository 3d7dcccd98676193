"""What can go wrong with a command: one line says what and what to do, and the state stays."""

import resource
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest
from own_home import Yunwen
from paths import SEEDS
from processes import start
from waiting import wait_until

QUESTION = "库伦旗水稻种植面积"


@pytest.mark.parametrize("question", ["", "   ", "😀🎉", "？！", "\u200b\u202e"])
def test_a_question_without_words_is_refused(yunwen: Yunwen, question: str) -> None:
    assert "no words to look for" in yunwen.refuses("ask", question)


@pytest.mark.parametrize(
    "question", ["库" * 4096, "<script>alert(1)</script>", "\u202e库伦旗水稻", "库伦旗\x07水稻"]
)
def test_an_odd_question_is_answered(yunwen: Yunwen, question: str) -> None:
    assert yunwen.run("ask", question).returncode == 0


def test_asking_before_anything_was_read_says_what_to_run(empty: Yunwen) -> None:
    assert "yunwen ingest PATH" in empty.refuses("ask", QUESTION)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("headings.txt", "## 【要闻】\n## 标题\n".encode(), "only headings"),
        ("binary.txt", bytes(range(256)) * 40, "binary"),
        ("huge.txt", None, "20 MB"),
        ("missing.txt", "absent", "not there"),
    ],
)
def test_a_page_that_cannot_be_read_is_named_and_the_state_stays(
    yunwen: Yunwen, tmp_path: Path, name: str, content: bytes | str | None, reason: str
) -> None:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is None:
        with path.open("wb") as file:
            file.truncate(50_000_000)
    line = yunwen.refuses("ingest", path)
    assert str(path) in line
    assert reason in line
    assert yunwen.json("status")["articles"] == 18


def test_a_dense_file_cut_in_half_is_built_again(yunwen: Yunwen) -> None:
    path = yunwen.home / "dense.index"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert yunwen.json("status")["index"]["passages"] == 0
    assert yunwen.json("ask", QUESTION)["outcome"] == "found"
    yunwen.json("ingest", SEEDS)
    assert path.read_bytes() == content


def test_a_database_of_a_newer_version_is_refused(yunwen: Yunwen) -> None:
    connection = sqlite3.connect(yunwen.home / "yunwen.db")
    connection.execute("UPDATE yunwen_retrieval_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    assert "newer yunwen" in yunwen.refuses("ask", QUESTION)


def test_another_encoder_is_refused_and_reencoding_helps(yunwen: Yunwen, bundled: object) -> None:
    del yunwen.environment["EMBEDDING_MODEL"], yunwen.environment["YUNWEN_CACHE"]
    assert "yunwen ingest --reencode" in yunwen.refuses("ask", QUESTION)
    yunwen.json("ingest", "--reencode")
    assert yunwen.json("ask", QUESTION)["outcome"] == "found"


def test_a_home_that_cannot_be_made_is_refused(empty: Yunwen, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    empty.environment["YUNWEN_HOME"] = str(tmp_path / "file" / "home")
    assert "YUNWEN_HOME" in empty.refuses("ingest", SEEDS)


def test_a_full_disk_is_named_and_the_state_stays(yunwen: Yunwen, tmp_path: Path) -> None:
    page = tmp_path / "long.txt"
    page.write_text("## 甲旗 长文\n\n" + "甲旗今年修路一百公里。" * 5_000, encoding="utf-8")

    def limit_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    line = yunwen.refuses("ingest", page, preexec_fn=limit_files)
    assert "disk" in line
    assert yunwen.json("status")["articles"] == 18
    assert yunwen.json("ask", QUESTION)["outcome"] == "found"


def test_a_snapshot_that_cannot_be_saved_loses_nothing(empty: Yunwen) -> None:
    (empty.home / "dense.index").mkdir(parents=True)
    assert "could not be saved" in empty.refuses("ingest", SEEDS)
    (empty.home / "dense.index").rmdir()
    assert empty.json("ask", QUESTION)["outcome"] == "found"


def test_without_a_token_the_bot_says_where_to_get_one(yunwen: Yunwen) -> None:
    assert "@BotFather" in yunwen.refuses("bot")


@pytest.mark.soak
def test_a_killed_ingest_leaves_the_old_or_the_new_state_and_goes_on(empty: Yunwen) -> None:
    for name in ("yunwen.db", "ingest.lock", "dense.index"):  # what it makes, one after the other
        shutil.rmtree(empty.home, ignore_errors=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = start(empty.command("ingest", SEEDS), env=empty.environment, **quiet)

        def is_time(path: Path = empty.home / name, process: "subprocess.Popen[bytes]" = process) -> bool:
            return path.exists() or process.poll() is not None

        wait_until(is_time, f"{name} to be there")
        process.kill()
        process.wait()
        assert empty.json("status")["articles"] in (0, 18)
        empty.json("ingest", SEEDS)
        assert empty.json("status")["articles"] == 18
        assert empty.json("ask", QUESTION)["outcome"] == "found"
