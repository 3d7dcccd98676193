from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from samples import answer
from sqlalchemy import inspect, text

from bot.chats.answers import KEPT, AnswerStore
from bot.chats.database import open_chats
from bot.chats.schema import MIGRATIONS
from retrieval import ArticleRegion, Instead, Outcome, RegionRole, Store, Turn, migrate


@pytest.fixture
def answers(database_url: str) -> Iterator[AnswerStore]:
    engine = open_chats(database_url)
    yield AnswerStore(engine)
    engine.dispose()


def test_an_answer_is_remembered_with_where_its_words_stand(answers: AnswerStore) -> None:
    given = answer(n_hits=2)
    answer_id = answers.keep_answer(7, given)
    kept = answers.given_answer(answer_id, 7)
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


@pytest.mark.parametrize("differing", [(), (1, 2)])
def test_the_place_that_a_sentence_tells_of_is_remembered(
    answers: AnswerStore, differing: tuple[int, ...]
) -> None:
    given = answer(n_hits=2)
    place = ArticleRegion("431222", "沅陵县", RegionRole.MENTIONED)
    given = replace(given, hits=(replace(given.hits[0], place=place), given.hits[1]), differing=differing)
    kept = answers.given_answer(answers.keep_answer(7, given), 7)
    assert kept is not None
    assert [each.place for each in kept.hits] == [place, None]
    assert [each.differs for each in kept.hits] == [bool(differing)] * 2


def test_what_a_question_went_on_from_is_remembered_with_it(answers: AnswerStore) -> None:
    before = Turn("水稻种植面积", ("150524",))
    answer_id = answers.keep_answer(7, answer(Outcome.WHICH_PLACE, 0, turn=None), before)
    kept = answers.given_answer(answer_id, 7)
    assert kept is not None
    assert (kept.turn, kept.previous) == (None, before)


def test_a_chat_sees_only_its_own_answers(answers: AnswerStore) -> None:
    answer_id = answers.keep_answer(7, answer())
    assert answers.given_answer(answer_id, 8) is None
    assert answers.given_answer("unknown", 7) is None


def test_answers_are_forgotten_when_their_time_is_over(answers: AnswerStore) -> None:
    answer_id = answers.keep_answer(7, answer())
    assert answers.forget_old_answers() == 0
    assert answers.forget_old_answers(datetime.now(UTC) + KEPT + KEPT) == 1
    assert answers.given_answer(answer_id, 7) is None


def test_the_last_answer_is_what_a_question_may_refer_to_for_ten_minutes(answers: AnswerStore) -> None:
    answers.keep_answer(7, answer(turn=Turn("水稻种植面积", ("150524",))))
    last = answers.keep_answer(7, answer(turn=Turn("玉米种植面积", ())))
    answers.keep_answer(8, answer(turn=Turn("别人的问题", ())))
    answers.keep_answer(7, answer(Outcome.WHICH_PLACE, 0, turn=None))
    found = answers.last_answer(7)
    assert found is not None
    assert (found.id, found.turn) == (last, Turn("玉米种植面积", ()))
    assert answers.last_answer(7, datetime.now(UTC) + timedelta(minutes=11)) is None
    assert answers.last_answer(9) is None


def test_answers_that_the_first_versions_kept_beside_the_articles_are_moved_over(tmp_path: Path) -> None:
    engine = Store.open(f"sqlite:///{tmp_path / 'yunwen.db'}").engine
    migrate(engine, MIGRATIONS, "yunwen_bot_version", "0001")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO answers (id, chat_id, question, outcome, hits, given_at) "
                "VALUES ('abcd1234', 7, '水稻', 'found', '[]', '2026-11-24 00:00:00')"
            )
        )
    for _ in range(2):
        chats = open_chats(f"sqlite:///{tmp_path / 'chats.db'}", engine)
        given = AnswerStore(chats).given_answer("abcd1234", 7)
        assert given is not None
    assert not inspect(engine).has_table("answers")
    assert inspect(engine).has_table("articles")
    assert (given.question, given.turn) == ("水稻", None)


@pytest.mark.parametrize(
    "instead",
    [
        None,
        Instead(place="库伦旗"),
        Instead(days=(date(2021, 1, 1), date(2021, 12, 31))),
        Instead(days=(date(2021, 5, 1), date(2021, 5, 31)), said="2021年5月"),
    ],
)
def test_which_other_time_or_place_was_told_is_remembered(
    answers: AnswerStore, instead: Instead | None
) -> None:
    given = replace(answer(Outcome.NEAR, 1), instead=instead)
    kept = answers.given_answer(answers.keep_answer(7, given), 7)
    assert kept is not None
    assert kept.instead == instead
    assert len(kept.hits) == 1
