from datetime import date

import pytest

from retrieval.answering.query import clean, parse_question
from retrieval.text.figures import Kind
from retrieval.text.tokenization import Tokenizer

TOKENIZER = Tokenizer()
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("question", "kind", "unit"),
    [
        ("库伦旗水稻种植面积", Kind.AREA, None),
        ("前旗花村种了多少亩水稻", Kind.AREA, "亩"),
        ("蟹田大米亩产", Kind.MASS, None),
        ("立佳家庭农场哪年成立", Kind.DATE, None),
        ("引进了多少名博士生", Kind.PEOPLE, "名"),
        ("公共实训中心主任是谁", Kind.PERSON, None),
        ("示范园是第几批", Kind.ORDINAL, None),
        ("老人多大岁数", Kind.AGE, None),
        ("在哪里举行", Kind.PLACE, None),
        ("通辽市高铁票价", Kind.MONEY, None),
        ("四个一线包括哪些", Kind.LIST, None),
        ("乌兰牧骑演出多少场", Kind.COUNT, "场"),
        ("抵制升学宴", None, None),
    ],
)
def test_what_is_asked_for_is_recognised(question: str, kind: Kind | None, unit: str | None) -> None:
    query = parse_question(question, TOKENIZER, TODAY)
    assert (query.asks_for, query.unit) == (kind, unit)


def test_interrogatives_and_function_words_are_no_content() -> None:
    query = parse_question("请问库伦旗的水稻种植面积是多少？", TOKENIZER, TODAY)
    assert query.runs == ("库伦旗", "水稻种植面积")


def test_the_topic_is_what_is_neither_place_nor_time() -> None:
    query = parse_question("库伦旗2023年水稻", TOKENIZER, TODAY, places=[(0, 3)])
    assert query.topic_terms == ("水稻",)
    assert {"库伦", "2023", "水稻"} <= set(query.terms)
    assert [period.text for period in query.periods] == ["2023年"]


def test_a_post_keeps_the_character_that_it_shares_with_its_place() -> None:
    query = parse_question("赤峰市长换成谁了", TOKENIZER, TODAY, places=[(0, 3)])
    assert query.topic_words[0] == "市长"
    other = parse_question("赤峰市长途汽车站谁管", TOKENIZER, TODAY, places=[(0, 3)])
    assert other.topic_words[0] == "长途汽车站"


@pytest.mark.parametrize(
    "question",
    [
        "哪个旗的水稻面积最多",
        "一共多少篇报道",
        "各旗县一共种了多少亩水稻",
        "库伦旗和奈曼旗哪个更大",
        "通辽市今年有几个旗县种水稻",
        "有多少个盟市出现旱情",
    ],
)
def test_counting_and_comparing_across_articles_is_recognised(question: str) -> None:
    assert parse_question(question, TOKENIZER, TODAY).needs_counting


@pytest.mark.parametrize(
    "question",
    [
        "库伦旗水稻种植面积",
        "奈曼旗排查了几家养老企业",
        "活动一共多少人参加",
        "通辽市有几个旗县",
        "多少个县级领导包联项目",
        "几个县城通了高铁",
    ],
)
def test_a_figure_that_an_article_says_needs_no_counting(question: str) -> None:
    assert not parse_question(question, TOKENIZER, TODAY).needs_counting


@pytest.mark.parametrize("question", ["", "   ", "？！", "😀😀"])
def test_a_question_without_words_is_empty(question: str) -> None:
    assert parse_question(clean(question), TOKENIZER, TODAY).is_empty


def test_a_question_of_function_words_alone_is_looked_for_as_it_is() -> None:
    assert (
        not parse_question("什么", TOKENIZER, TODAY).is_empty
        or parse_question("是的", TOKENIZER, TODAY).terms
    )


def test_control_and_direction_characters_are_dropped_and_blanks_joined() -> None:
    assert clean("\u202e库伦旗\x00\u200b \n\t水稻\ufeff") == "库伦旗 水稻"


def test_a_follow_up_that_names_only_a_place_has_no_topic() -> None:
    query = parse_question("那奈曼旗呢", TOKENIZER, TODAY, places=[(1, 4)])
    assert (query.topic_terms, query.is_empty) == ((), False)
