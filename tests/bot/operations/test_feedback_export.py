"""What people said of answers, exported and run."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from paths import SEEDS

from bot.chats.answers import AnswerStore
from bot.chats.database import open_chats
from bot.chats.feedback import FeedbackStore, Reason, Verdict
from bot.command_line.main import main
from bot.composition import compose_library, open_ingester, open_resolver, open_tokenizer
from bot.settings import Settings
from embeddings import HashingEncoder
from retrieval import Gazetteer, Outcome, Store, Turn, load_questions

NOW = datetime(2026, 11, 25, tzinfo=UTC)


class Service:
    """A store with the seed page, and a chat that judges answers."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings = Settings(
            YUNWEN_HOME=folder / "home",
            YUNWEN_CACHE=folder / "cache",
            EMBEDDING_MODEL="hashing",
            RERANKER_MODEL="none",
        )
        for name, value in (("HOME", "home"), ("CACHE", "cache")):
            monkeypatch.setenv(f"YUNWEN_{name}", str(folder / value))
        monkeypatch.setenv("EMBEDDING_MODEL", "hashing")
        monkeypatch.setenv("RERANKER_MODEL", "none")
        self.store = Store.open(self.settings.database_url, Gazetteer.load().names)
        tokenizer, encoder = open_tokenizer(self.settings), HashingEncoder()
        self.resolver = open_resolver(self.settings, tokenizer)
        open_ingester(self.store, encoder, tokenizer, self.resolver).ingest([SEEDS])
        self.library = compose_library(self.settings, self.store, encoder, tokenizer)
        engine = open_chats(self.settings.chats_url)
        self.answers, self.feedback = AnswerStore(engine), FeedbackStore(engine)

    def judge(
        self,
        question: str,
        verdict: Verdict,
        reason: Reason | None = None,
        *,
        chat_id: int = 7,
        region: str | None = None,
        previous: Turn | None = None,
    ) -> Outcome:
        answer = self.library.ask(question, region=region, previous=previous)
        answer_id = self.answers.keep_answer(chat_id, answer)
        assert self.feedback.judge(chat_id, answer_id, verdict, reason, NOW)
        return answer.outcome


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    return Service(tmp_path, monkeypatch)


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    return document


def test_good_answers_become_a_set_that_evaluate_runs(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert service.judge("库伦旗水稻种植面积", Verdict.GOOD) is Outcome.FOUND
    service.judge("库伦旗水稻种植面积", Verdict.GOOD, chat_id=8)
    service.judge("蟹田大米亩产", Verdict.GOOD)
    service.judge("霍林郭勒市柔性引进专家", Verdict.BAD, Reason.FIGURE)
    folder = tmp_path / "set"
    exported = run(capsys, "feedback", "export", str(folder))
    assert (exported["questions"], exported["negatives"], exported["articles"]) == (2, 1, 18)
    questions = load_questions(folder)
    assert sorted(questions.queries.values()) == ["库伦旗水稻种植面积", "蟹田大米亩产"]
    measured = run(capsys, "evaluate", str(folder), "--work", str(tmp_path / "work"))
    assert (measured["queries"], measured["hit@1"], measured["answer@1"]) == (2, 1.0, 1.0)
    (negative,) = records(folder / "negatives.jsonl")
    assert (negative["reason"], negative["text"]) == ("figure", "霍林郭勒市柔性引进专家")


def test_a_right_refusal_and_a_wrong_one_go_to_files_of_their_own(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for question, verdict in (("火星移民人数", Verdict.GOOD), ("木星移民人数", Verdict.BAD)):
        assert service.judge(question, verdict) is not Outcome.FOUND
    run(capsys, "feedback", "export", str(tmp_path / "set"))
    (refusal,) = records(tmp_path / "set" / "refusals.jsonl")
    (negative,) = records(tmp_path / "set" / "negatives.jsonl")
    assert (refusal["text"], negative["text"]) == ("火星移民人数", "木星移民人数")
    assert (negative["article"], negative["evidence"], negative["reason"]) == (None, [], None)
    assert records(tmp_path / "set" / "queries.jsonl") == []


def test_an_answer_that_is_contested_is_no_example_of_a_right_one(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.judge("库伦旗水稻种植面积", Verdict.GOOD)
    service.judge("库伦旗水稻种植面积", Verdict.BAD, Reason.OUTDATED, chat_id=8)
    exported = run(capsys, "feedback", "export", str(tmp_path / "set"))
    assert (exported["questions"], exported["contested"], exported["negatives"]) == (0, 1, 1)


def test_a_question_that_leaned_on_the_talk_or_a_button_is_exported_in_full(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.judge("那库伦旗呢", Verdict.GOOD, previous=Turn("奈曼旗水稻种植面积", ("150525",)))
    service.judge("水稻种植面积", Verdict.GOOD, region="150524")
    run(capsys, "feedback", "export", str(tmp_path / "set"))
    queries = [str(each["text"]) for each in records(tmp_path / "set" / "queries.jsonl")]
    assert "内蒙古自治区通辽市库伦旗 水稻种植面积" in queries
    assert "库伦旗水稻种植面积" in queries
    measured = run(capsys, "evaluate", str(tmp_path / "set"), "--work", str(tmp_path / "work"))
    assert measured["hit@1"] == 1.0


def test_counts_are_listed_and_a_folder_that_cannot_be_written_is_said(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.judge("库伦旗水稻种植面积", Verdict.BAD, Reason.PLACE)
    listed = run(capsys, "feedback", "list")
    assert listed["verdicts"] == {"good": 0, "bad": 1}
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["feedback", "export", str(tmp_path / "file" / "x")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["feedback", "export"])


def test_a_verdict_on_an_article_that_is_gone_is_counted_and_left_out(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.judge("库伦旗水稻种植面积", Verdict.GOOD)
    (path,) = service.store.page_states()
    service.store.remove_page(path)
    exported = run(capsys, "feedback", "export", str(tmp_path / "set"))
    assert (exported["gone"], exported["questions"]) == (1, 0)
