"""Verdicts on answers: one a chat and answer, kept with what answered, exported as a set that can be run."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from samples import answer

from bot.chats.answers import AnswerStore
from bot.chats.database import open_chats
from bot.chats.feedback import FeedbackStore, Reason, Verdict
from bot.chats.subscriptions import SubscriptionStore
from retrieval import Outcome

NOW = datetime(2026, 11, 25, tzinfo=UTC)
VERSIONS = {"yunwen": "1", "encoder": "e", "ranking": "r", "reader": "2", "rules": "2"}


class Stores:
    def __init__(self, folder: Path) -> None:
        engine = open_chats(f"sqlite:///{folder / 'chats.db'}")
        self.answers = AnswerStore(engine, lambda: VERSIONS)
        self.feedback = FeedbackStore(engine)
        self.subscribers = SubscriptionStore(engine)


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(tmp_path)


def test_a_verdict_keeps_question_answer_and_versions_and_the_last_one_counts(stores: Stores) -> None:
    answer_id = stores.answers.keep_answer(7, answer())
    assert stores.feedback.judge(7, answer_id, Verdict.BAD, Reason.FIGURE, NOW)
    assert stores.feedback.judge(7, answer_id, Verdict.GOOD, None, NOW)
    (judged,) = stores.feedback.all()
    assert (judged.verdict, judged.reason, judged.question) == (Verdict.GOOD, None, "水稻种植面积")
    assert (judged.hits[0].article_id, judged.hits[0].passage_id) == ("article1", 1)
    assert [(each.start, each.end) for each in judged.hits[0].evidence] == [(0, 18)]
    assert judged.versions == VERSIONS
    assert (judged.outcome, judged.given_at) == (Outcome.FOUND, NOW)


def test_an_answer_to_another_chat_cannot_be_judged(stores: Stores) -> None:
    answer_id = stores.answers.keep_answer(7, answer())
    assert not stores.feedback.judge(8, answer_id, Verdict.GOOD, None, NOW)
    assert not stores.feedback.judge(7, "gone", Verdict.GOOD, None, NOW)
    assert list(stores.feedback.all()) == []


def test_verdicts_are_counted_by_verdict_and_reason(stores: Stores) -> None:
    for verdict, reason in (
        (Verdict.GOOD, None),
        (Verdict.BAD, None),
        (Verdict.BAD, Reason.PLACE),
        (Verdict.BAD, Reason.PLACE),
        (Verdict.BAD, Reason.OUTDATED),
    ):
        stores.feedback.judge(7, stores.answers.keep_answer(7, answer()), verdict, reason, NOW)
    assert stores.feedback.judge_digest(7, "d20261124", Verdict.GOOD, NOW)
    assert stores.feedback.judge_digest(7, "d20261124", Verdict.BAD, NOW)
    assert not stores.feedback.judge_digest(7, "d20261199", Verdict.BAD, NOW)
    assert len(list(stores.feedback.all())) == 5
    assert stores.feedback.counts() == {
        "verdicts": {"good": 1, "bad": 4},
        "reasons": {
            "place": 2,
            "figure": 0,
            "outdated": 1,
            "missing": 0,
            "misread": 0,
            "other": 0,
            "unsaid": 1,
        },
        "digests": {"good": 0, "bad": 1},
    }


def test_forgetting_deletes_verdicts_and_a_group_that_moves_takes_them_along(stores: Stores) -> None:
    answer_id = stores.answers.keep_answer(-7, answer())
    stores.feedback.judge(-7, answer_id, Verdict.GOOD, None, NOW)
    stores.subscribers.move(-7, -1007)
    assert [each.chat_id for each in stores.feedback.all()] == [-1007]
    assert stores.feedback.judge(-1007, answer_id, Verdict.BAD, None, NOW)
    stores.subscribers.forget(-1007)
    assert list(stores.feedback.all()) == []
