from decimal import Decimal

import pytest

from retrieval.timelines.indicator import asks_for_course, without_course
from retrieval.timelines.scales import common_unit, in_unit, printed_unit


@pytest.mark.parametrize(
    ("amount", "unit", "told"),
    [
        ("32000", "万亩", "3.2"),
        ("30000", "公顷", "2000"),
        ("1430000000000", "亿元", "14300"),
        ("500000", "斤", "1000"),
        ("92600000", "万千瓦", "9260"),
        ("92600000", "亿千瓦", "0.926"),
        ("5", "", "5"),
    ],
)
def test_an_amount_is_told_exactly_in_another_unit(amount: str, unit: str, told: str) -> None:
    if unit:
        assert in_unit(Decimal(amount), unit) == Decimal(told)


def test_the_printed_unit_has_the_scale_before_it() -> None:
    assert [
        printed_unit(text, unit) for text, unit in [("3.2万余亩", "亩"), ("1.39万亿斤", "斤"), ("80头", "头")]
    ] == [
        "万亩",
        "万亿斤",
        "头",
    ]
    assert common_unit(["亩", "万亩", "万亩"]) == "万亩"
    assert common_unit([]) == ""


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("库伦旗水稻种植面积这几年", "库伦旗水稻种植面积"),
        ("近三年通辽肉牛存栏变化", "近三年通辽肉牛存栏"),
        ("历年粮食产量走势", "粮食产量"),
        ("粮食产量每年怎么变化", "粮食产量"),
    ],
)
def test_words_that_ask_for_a_course_are_no_part_of_what_is_followed(question: str, figure: str) -> None:
    assert asks_for_course(question)
    assert without_course(question) == figure
    assert not asks_for_course(figure)
