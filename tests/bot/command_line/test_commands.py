"""The command line: what it prints, where, and how it ends."""

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from commands import run_command
from paths import ROOT, SEEDS
from processes import start
from waiting import HANG_SECONDS, wait_until

from bot.command_line.main import _parser, main

QUESTION = "库伦旗水稻种植面积"


class Yunwen:
    """Runs commands in a home of their own, with the hashing encoder for speed."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("YUNWEN", "TELEGRAM", "EMBED"))
        }
        self.environment = kept | {
            "YUNWEN_HOME": str(self.home),
            "YUNWEN_CACHE": str(folder / "cache"),
            "EMBEDDING_MODEL": "hashing",
            "RERANKER_MODEL": "none",
        }

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "bot.command_line.main", *map(str, arguments)]

    def run(self, *arguments: object, text: str = "", **options: object) -> subprocess.CompletedProcess[str]:
        """Run a command here; with options for it, as a process."""
        if not options:
            return run_command([str(each) for each in arguments], self.environment, text)
        return subprocess.run(
            self.command(*arguments),
            cwd=ROOT,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=HANG_SECONDS,
            **options,  # type: ignore[call-overload]
        )

    def json(self, *arguments: object) -> dict:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def refuses(self, *arguments: object, **options: object) -> str:
        """The one line that says why."""
        done = self.run(*arguments, **options)
        lines = [line for line in done.stderr.splitlines() if line.startswith("yunwen: ")]
        assert done.returncode == 1, (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        assert len(lines) == 1, done.stderr
        return lines[0]


@pytest.fixture
def empty(tmp_path: Path) -> Yunwen:
    return Yunwen(tmp_path)


@pytest.fixture
def yunwen(empty: Yunwen) -> Yunwen:
    empty.json("ingest", SEEDS)
    return empty


def test_ingest_and_status_count_the_seed_page(empty: Yunwen) -> None:
    report = empty.json("ingest", SEEDS)
    assert report["pages"] == {"new": 1, "changed": 0, "unchanged": 0, "removed": 0}
    assert (report["articles"], report["skipped"]) == (18, [])
    status = empty.json("status")
    assert (status["articles"], status["briefs"], status["pages"]) == (18, 10, 1)
    assert status["passages"] == status["index"]["passages"] == report["passages"]
    assert (status["index"]["behind"], status["encoder"], status["home"]) == (0, "hashing", str(empty.home))
    assert empty.json("ingest", SEEDS)["pages"]["unchanged"] == 1


def test_an_answer_has_the_shape_that_was_promised(yunwen: Yunwen) -> None:
    answer = yunwen.json("ask", QUESTION, "--today", "2022-07-01")
    assert set(answer) == {
        *("question", "outcome", "as_of", "reason", "browse", "hits"),
        *("differing", "candidates", "count", "sides", "took_ms"),
    }
    assert set(answer["took_ms"]) == {"encode", "search", "total"}
    hit = answer["hits"][0]
    assert {"rank", "score", "article", "passage", "evidence"} <= set(hit)
    assert {
        "id",
        "title",
        "section",
        "kind",
        "regions",
        "date",
        "date_basis",
        "byline",
        "credit",
        "page",
        "url",
    } <= set(hit["article"])
    assert "3万余亩" in [figure["text"] for figure in hit["evidence"][0]["figures"]]
    assert hit["article"]["regions"][0] == {"code": "150524", "name": "库伦旗", "role": "primary"}
    assert (answer["outcome"], answer["as_of"]) == ("found", "2022-06-30")


def test_an_answer_for_people_has_sentence_title_place_and_date(yunwen: Yunwen) -> None:
    text = yunwen.run("ask", QUESTION).stdout
    for part in ("3万余亩", "水稻种植达3万余亩", "库伦旗", "2022年6月30日"):
        assert part in text
    assert "\x1b" not in text


def test_an_explanation_is_given_on_demand(yunwen: Yunwen) -> None:
    assert "coverage" in yunwen.run("ask", QUESTION, "--explain").stdout
    assert yunwen.json("ask", QUESTION, "--explain")["hits"][0]["contributions"]


def test_a_batch_is_answered_line_by_line_with_ids(yunwen: Yunwen, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text(
        '{"id": "a", "question": "蟹田大米亩产"}\n\n{"id": 2, "question": ""}\n', encoding="utf-8"
    )
    lines = [json.loads(line) for line in yunwen.run("ask", "--batch", batch).stdout.splitlines()]
    assert [(line["id"], line["outcome"]) for line in lines] == [("a", "found"), (2, "none")]


def test_a_conversation_without_a_terminal_answers_each_line(yunwen: Yunwen) -> None:
    done = yunwen.run("chat", text=f"{QUESTION}\n\n蟹田大米亩产\n")
    assert done.returncode == 0
    assert done.stdout.index("3万余亩") < done.stdout.index("800余斤")


def test_start_ingests_and_then_answers(empty: Yunwen) -> None:
    done = empty.run("start", SEEDS, text=QUESTION)
    assert done.returncode == 0
    assert "3万余亩" in done.stdout


def test_bytes_that_are_no_text_do_not_end_a_conversation(yunwen: Yunwen) -> None:
    done = subprocess.run(
        yunwen.command("chat"),
        cwd=ROOT,
        env=yunwen.environment,
        input=b"\xff\xfe\x00\n" + QUESTION.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert "3万余亩".encode() in done.stdout


def test_regions_are_listed(empty: Yunwen) -> None:
    found = empty.json("regions", "库伦旗和朝阳区")
    assert found["primary"] == "150524"
    assert found["mentions"][0]["path"] == "内蒙古自治区 › 通辽市 › 库伦旗"
    assert {"text", "start", "end", "code", "name", "path", "rule", "confidence"} == set(found["mentions"][0])
    assert found["candidates"][0]["codes"] == ["110105", "220104"]


@pytest.mark.parametrize("side", ["dense", "sparse", "hybrid"])
def test_a_set_is_evaluated_apart_from_the_users_data(empty: Yunwen, tmp_path: Path, side: str) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    articles = [("a", "水稻", "水稻面积达3万亩。"), ("b", "养老", "养老企业共有2家。")]
    lines = [json.dumps({"id": i, "title": title, "text": text}) for i, title, text in articles]
    (folder / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "queries.jsonl").write_text('{"id": "q", "text": "水稻面积多少"}\n', encoding="utf-8")
    (folder / "qrels.tsv").write_text("q\ta\t1\n", encoding="utf-8")
    (folder / "answers.jsonl").write_text('{"id": "q", "answers": ["3万亩"]}\n', encoding="utf-8")
    metrics = empty.json("evaluate", folder, "--side", side, "--work", tmp_path / "work")
    assert (metrics["hit@1"], metrics["mrr@10"], metrics["answer@1"], metrics["queries"]) == (
        1.0,
        1.0,
        1.0,
        1,
    )
    assert not empty.home.exists()


# usage


@pytest.mark.parametrize(
    "arguments",
    [["dance"], ["ask"], ["ask", "a", "--k", "0"], ["ask", "a", "--today", "morgen"], ["ingest"]],
)
def test_wrong_usage_ends_with_two(empty: Yunwen, arguments: list[str]) -> None:
    done = empty.run(*arguments)
    assert done.returncode == 2
    assert "usage:" in done.stderr


# what can go wrong


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
    import sqlite3

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
    page.write_text("## 甲旗 长文\n\n" + "甲旗今年修路一百公里。" * 20_000, encoding="utf-8")

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


def test_a_digest_of_a_day_lists_a_places_stories_and_those_within(yunwen: Yunwen) -> None:
    city = yunwen.json("digest", "--region", "通辽市", "--date", "2022-06-30")
    names = [
        next(region["name"] for region in item["article"]["regions"] if region["role"] == "primary")
        for item in city["items"]
    ]
    assert names == ["开鲁县", "库伦旗", "库伦旗", "奈曼旗", "霍林郭勒市"]
    other = yunwen.json("digest", "--region", "150300", "--date", "2022-06-30")
    assert any("老旧小区改造" in item["article"]["title"] for item in other["items"])
    assert not {item["article"]["id"] for item in other["items"]} & {
        item["article"]["id"] for item in city["items"]
    }
    for item in city["items"]:
        assert item["sentence"]
    assert yunwen.json("digest", "--region", "通辽市", "--date", "2022-07-01")["items"] == []
    assert "did you mean 内蒙古自治区 › 通辽市 › 库伦旗" in yunwen.refuses(
        "digest", "--region", "库轮旗", "--date", "2022-06-30"
    )


def test_how_a_page_is_understood_is_shown_without_storing_it(yunwen: Yunwen) -> None:
    before = yunwen.json("status")
    (page,) = yunwen.json("page", "show", next(SEEDS.glob("*.txt")))["pages"]
    assert (page["date"], page["date_basis"], len(page["articles"])) == ("2022-06-30", "inferred", 18)
    shown = next(each for each in page["articles"] if each["title"] == "水稻种植达3万余亩")
    assert (shown["primary"], shown["kind"], shown["section"]) == ("150524", "article", "云听")
    assert {"text", "code", "path", "rule"} == set(shown["mentions"][0])
    assert "水稻种植达3万余亩" in yunwen.run("page", "show", next(SEEDS.glob("*.txt"))).stdout
    assert yunwen.json("status") == before
    assert "is not there" in yunwen.refuses("page", "show", "nowhere.txt")


def test_a_dry_run_changes_nothing(yunwen: Yunwen, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("## 开鲁县 玉米\n\n开鲁县玉米长势喜人。\n", encoding="utf-8")
    before = yunwen.json("status")
    assert yunwen.json("ingest", tmp_path, "--dry-run")["pages"]["new"] == 1
    assert yunwen.json("status") == before


def test_without_a_command_the_commonest_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert [command for command in ("ingest", "ask", "chat") if f"  yunwen {command} " in shown] == [
        "ingest",
        "ask",
        "chat",
    ]
    assert "--help" in shown


def parsers() -> list[argparse.ArgumentParser]:
    (commands,) = [each for each in _parser()._actions if isinstance(each, argparse._SubParsersAction)]
    return list(commands.choices.values())


@pytest.mark.parametrize("parser", parsers(), ids=lambda parser: parser.prog)
def test_help_describes_every_argument_and_gives_an_example_that_is_understood(
    parser: argparse.ArgumentParser,
) -> None:
    assert [each.dest for each in parser._actions if not each.help] == []
    said, _, example = (parser.epilog or "").partition("yunwen ")
    assert said == "example: "
    _parser().parse_args(example.split())


@pytest.mark.parametrize(
    ("said", "day"), [("2022-06-30", "2022-06-30"), ("昨天", "2022-06-30"), ("6月28日", "2022-06-28")]
)
def test_a_day_is_understood_as_people_say_it(monkeypatch: pytest.MonkeyPatch, said: str, day: str) -> None:
    monkeypatch.setattr("retrieval.today_at_home", lambda: date(2022, 7, 1))
    options = _parser().parse_args(["digest", "--region", "通辽市", "--date", said])
    assert options.date == date.fromisoformat(day)


@pytest.mark.parametrize("said", ["火星", "去年", "2022-02-30", ""])
def test_what_is_no_day_is_refused_with_a_sentence(capsys: pytest.CaptureFixture[str], said: str) -> None:
    with pytest.raises(SystemExit) as end:
        _parser().parse_args(["digest", "--region", "通辽市", "--date", said])
    assert end.value.code == 2
    assert f"“{said}” is no day: write it as 2022-06-30, 昨天 or 6月30日" in capsys.readouterr().err
