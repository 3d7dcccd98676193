"""Questions that look back on a week or a month."""

from datetime import date

import pytest
from stores import RESOLVER, TOKENIZER

from retrieval.answering.understanding import Understanding
from retrieval.browsing.looks import Look, recognise_look

TODAY = date(2022, 6, 29)
JUNE = (date(2022, 6, 1), date(2022, 6, 30))


@pytest.mark.parametrize(
    ("question", "region", "days"),
    [
        ("这个月通辽市发生了什么", "150500", JUNE),
        ("通辽市6月要闻回顾", "150500", JUNE),
        ("库伦旗上周发生了哪些事", "150524", (date(2022, 6, 20), date(2022, 6, 26))),
        ("本月库伦旗有什么变化", "150524", JUNE),
    ],
)
def test_a_place_and_its_days_are_looked_back_on(question: str, region: str, days: tuple[date, date]) -> None:
    assert recognise_look(Understanding(RESOLVER, TOKENIZER), question, TODAY) == Look(region, *days)


@pytest.mark.parametrize(
    "question",
    [
        "这个月通辽市水稻发生了什么病害",
        "通辽市发生了什么",
        "这个月发生了什么",
        "6月库伦旗有什么新闻",
        "本月通辽市降雨多少",
    ],
)
def test_anything_else_is_none(question: str) -> None:
    assert recognise_look(Understanding(RESOLVER, TOKENIZER), question, TODAY) is None


def test_a_place_at_home_stands_for_one_that_is_not_named() -> None:
    understanding = Understanding(RESOLVER, TOKENIZER)
    assert recognise_look(understanding, "这个月发生了什么", TODAY, "150524") == Look("150524", *JUNE)
