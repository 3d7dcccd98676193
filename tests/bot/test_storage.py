from datetime import UTC, datetime
from pathlib import Path

import pytest
from samples import answer

from bot.storage import KEPT, Storage
from retrieval import Store


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(Store.open(f"sqlite:///{tmp_path / 'yunwen.db'}").engine)


def test_an_answer_is_remembered_with_where_its_words_stand(storage: Storage) -> None:
    given = answer(n_hits=2)
    answer_id = storage.keep_answer(7, given)
    kept = storage.given_answer(answer_id, 7)
    assert kept is not None
    assert (kept.question, kept.outcome) == (given.question, given.outcome)
    assert [(each.rank, each.article_id, each.passage_id) for each in kept.hits] == [
        (1, "article1", 1),
        (2, "article2", 2),
    ]
    first, shown = kept.hits[0].evidence[0], given.hits[0].evidence[0]
    assert (first.start, first.end, first.matched, first.resolved) == (
        shown.start,
        shown.end,
        shown.matched,
        shown.resolved,
    )


def test_a_chat_sees_only_its_own_answers(storage: Storage) -> None:
    answer_id = storage.keep_answer(7, answer())
    assert storage.given_answer(answer_id, 8) is None
    assert storage.given_answer("unknown", 7) is None


def test_answers_are_forgotten_when_their_time_is_over(storage: Storage) -> None:
    answer_id = storage.keep_answer(7, answer())
    assert storage.forget_old_answers() == 0
    assert storage.forget_old_answers(datetime.now(UTC) + KEPT + KEPT) == 1
    assert storage.given_answer(answer_id, 7) is None
