"""Questions that go on from others, written out as a person would; sums over places; places that one name may mean."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from stores import RESOLVER, TOKENIZER

from retrieval.answer_types import Turn
from retrieval.answering.understanding import Asked, Understanding

TODAY = date(2022, 7, 1)
UNDERSTANDING = Understanding(RESOLVER, TOKENIZER)


def talked(*questions: str) -> Asked:
    """The last of some questions, each of which goes on from the one before."""
    previous: Turn | None = None
    for question in questions:
        asked = UNDERSTANDING.understand(question, TODAY, None, previous)
        previous = Turn(asked.query.question, asked.regions)
    return asked


@pytest.mark.parametrize(
    ("questions", "meant"),
    [
        (("库伦旗今年水稻种植面积是多少", "那奈曼旗呢"), "奈曼旗今年水稻种植面积是多少"),
        (("库伦旗今年水稻种植面积是多少", "那奈曼旗呢", "去年呢"), "奈曼旗去年水稻种植面积是多少"),
        (("库伦旗水稻种植面积", "2021年呢"), "2021年库伦旗水稻种植面积"),
        (("水稻产量", "那霍林郭勒市呢"), "霍林郭勒市水稻产量"),
        (("库伦旗和奈曼旗水稻", "那开鲁县呢"), "开鲁县水稻"),
        (("库伦旗水稻", "那產量呢"), "库伦旗產量"),
        (("庫倫旗水稻", "還有產量呢？"), "库伦旗產量"),
        (("库伦旗水稻", "产量呢"), "库伦旗产量"),
        (("库伦旗旗委书记是谁", "旗长呢"), "库伦旗旗长是谁"),
        (("库伦旗旗委书记是谁", "产量呢"), "库伦旗产量"),
        (("库伦旗水稻", "玉米长势如何"), "玉米长势如何"),
        (("库伦旗水稻", "他在干什么呢"), "他在干什么呢"),
        (("那达慕在哪儿开的", "啥时候开的"), "那达慕啥时候开的"),
        (("那达慕什么时候开幕", "在哪举办的？"), "那达慕在哪举办的？"),
        (("新铁路全长多少", "到底多少公里啊"), "新铁路全长到底多少公里啊"),
        (("禁牧期到啥时候", "那补贴给多少钱"), "禁牧期补贴给多少钱"),
        (("库伦旗水稻种植面积", "那补贴给多少钱"), "库伦旗补贴给多少钱"),
        (("库伦旗水稻", "那为什么减产了"), "库伦旗为什么减产了"),
        (("水稻产量", "那达慕在哪儿开的"), "那达慕在哪儿开的"),
        (("新铁路啥时候通车", "什么时候开学"), "什么时候开学"),
        (("多少钱", "在哪买"), "在哪买"),
        (("新铁路全长多少", "总投资呢"), "新铁路全长总投资"),
        (("库伦旗旗委书记是谁", "以前是谁"), "库伦旗旗委书记以前是谁"),
    ],
)
def test_what_goes_on_is_written_out_as_a_person_would(questions: tuple[str, ...], meant: str) -> None:
    assert talked(*questions).query.question == meant


def test_the_place_that_was_chosen_goes_along() -> None:
    chosen = Turn("朝阳区水稻", ("110105",))
    asked = UNDERSTANDING.understand("那产量呢", TODAY, None, chosen)
    assert asked.regions == ("110105",)


@pytest.mark.parametrize(
    ("question", "is_sum"),
    [
        ("库伦旗和奈曼旗水稻面积一共多少", True),
        ("库伦旗、奈曼旗水稻面积加起来有多少亩", True),
        ("通辽市库伦旗水稻面积一共多少", False),
        ("库伦旗和奈曼旗水稻面积分别多少", False),
    ],
)
def test_a_sum_over_several_places_needs_counting(question: str, is_sum: bool) -> None:
    assert talked(question).query.needs_counting is is_sum


def test_what_a_question_is_about_is_said_in_its_own_words_or_not_at_all() -> None:
    assert UNDERSTANDING.wanted(talked("庫倫旗的水稻種植面積是多少")).topic == "水稻種植面積"
    assert UNDERSTANDING.wanted(talked("红烧肉怎么做")).topic == ""
    assert UNDERSTANDING.wanted(talked("库伦旗水稻面积多少亩？")).topic == "水稻面积"
    assert UNDERSTANDING.wanted(talked("库伦旗哪家医院好")).topic == ""
    assert UNDERSTANDING.wanted(talked("库伦旗那边风电装了多少")).topic == ""
    assert UNDERSTANDING.wanted(talked("海南区老旧小区改造花多少钱")).topic == ""
    assert UNDERSTANDING.wanted(talked("库伦旗羊肉一斤多钱")).topic == ""


@pytest.mark.parametrize(
    ("counts", "regions"),
    [({"150421": 3}, ("150421",)), ({}, ()), ({"150421": 3, "150721": 1}, ())],
)
def test_of_the_papers_own_places_the_only_one_with_reports_is_meant(
    counts: Mapping[str, int], regions: tuple[str, ...]
) -> None:
    def count(codes: Sequence[str]) -> dict[str, int]:
        return {code: counts.get(code, 0) for code in codes}

    asked = Understanding(RESOLVER, TOKENIZER, count).understand("阿旗水稻产量", TODAY, None, None)
    assert (asked.regions, asked.is_unclear) == (regions, not regions)


def test_places_elsewhere_are_asked_back_whatever_there_are_reports_of() -> None:
    known = Understanding(RESOLVER, TOKENIZER, lambda codes: {codes[0]: 5})
    assert known.understand("朝阳区水稻产量", TODAY, None, None).is_unclear


@pytest.mark.parametrize(
    ("line", "is_alone"),
    [
        ("库伦旗水稻面积", True),
        ("水稻面积是多少", True),
        ("水稻丰收了？", True),
        ("水稻面积", False),
        ("库伦旗", False),
        ("是多少", False),
    ],
)
def test_a_line_stands_alone_if_it_says_what_and_where_or_asks(line: str, is_alone: bool) -> None:
    assert UNDERSTANDING.stands_alone(line, TODAY) is is_alone
