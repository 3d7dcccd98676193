from datetime import date

import pytest
from sqlalchemy import event
from stores import ENCODER, TOKENIZER, article, entry, put

from retrieval import Answer, Answerer, Gazetteer, LocalIndex, Outcome, Resolver, Store, Timings
from retrieval.answering.cache import AnswerCache

TODAY = date(2022, 7, 1)


def answer(question: str) -> Answer:
    return Answer(question=question, outcome=Outcome.NONE, as_of=None, hits=(), timings=Timings(0, 0, 0))


def test_the_answer_asked_for_last_stays_when_another_makes_room() -> None:
    repeats = AnswerCache(kept=2)
    for name in "甲乙":
        repeats.keep(name, answer(name), 0)
    assert repeats.get("甲") == answer("甲")
    repeats.keep("丙", answer("丙"), 0)
    assert [repeats.get(name) is not None for name in "甲乙丙"] == [True, False, True]


def test_an_answer_found_before_a_change_is_not_kept_after_it() -> None:
    repeats = AnswerCache()
    before = repeats.generation
    repeats.forget()
    repeats.keep("甲", answer("甲"), before)
    assert repeats.get("甲") is None


@pytest.fixture
def answerer(store: Store, tmp_path: pytest.TempPathFactory) -> Answerer:
    put(store, "/p/a.txt", entry(article("水稻", "库伦旗今年水稻种植面积达3万亩。", day=date(2022, 6, 30))))
    index = LocalIndex(store, tmp_path / "dense.index", ENCODER)
    resolver = Resolver(Gazetteer.load(), home="150000", cuts_word=TOKENIZER.cuts_word)
    return Answerer(store, index, ENCODER, TOKENIZER, resolver)


def test_a_question_asked_again_has_the_same_answer_and_the_next_ingest_is_met(
    answerer: Answerer, store: Store
) -> None:
    first = answerer.ask("水稻种植面积是多少亩", today=TODAY)
    again = answerer.ask("水稻种植面积是多少亩", today=TODAY)
    assert again.hits is first.hits
    assert again.timings.encode == 0
    put(store, "/p/b.txt", entry(article("水稻", "开鲁县水稻种植面积达5万亩。", day=date(2022, 7, 1))))
    assert len(answerer.ask("水稻种植面积是多少亩", today=TODAY).hits) == 2
    store.remove_page("/p/a.txt")
    (left,) = answerer.ask("水稻种植面积是多少亩", today=TODAY).hits
    assert "5万亩" in left.passage.text


def test_another_day_or_number_of_hits_is_another_question(answerer: Answerer) -> None:
    first = answerer.ask("今年水稻种植面积", today=TODAY)
    assert answerer.ask("今年水稻种植面积", today=date(2023, 7, 1)).hits is not first.hits
    assert answerer.ask("今年水稻种植面积", today=TODAY, k=1).hits is not first.hits


def test_all_that_a_question_looks_up_without_being_read_is_one_transaction(
    answerer: Answerer, store: Store
) -> None:
    answerer.ask("水稻", today=TODAY)
    begun: list[object] = []
    event.listen(store.engine, "begin", begun.append)
    assert answerer.ask("库伦旗水稻种植面积是多少亩", today=TODAY).outcome is Outcome.FOUND
    assert len(begun) == 1
