"""Figures as a sentence gives them: their units, and what sort of figure each is."""

from datetime import date
from decimal import Decimal

import pytest

from retrieval.timelines.evidence import NAMES
from retrieval.timelines.figures import Reading, glimpse_figures, read_figures
from retrieval.timelines.indicator import parse_indicator
from retrieval.timelines.values import PointKind, Sentence


def read(text: str, words: list[str], before: str = "毡房\n") -> list[Reading]:
    """The figures that a report of October 2024 may give for an indicator, behind its title."""
    indicator = parse_indicator("".join(words), ["".join(words)], lambda _: words, None, None)
    sentence = Sentence(text, 0, len(text), before, date(2024, 10, 8))
    glimpses = list(glimpse_figures(text, sentence, indicator))
    return list(read_figures(sentence, glimpses, indicator, [1.0] * len(indicator.terms)))


@pytest.mark.parametrize("said", ["游客人次1200万", "游客人次达1200万", "游客1200万人次"])
def test_a_number_s_unit_may_stand_before_it(said: str) -> None:
    (reading,) = read(f"2023年,草原毡房{said}。", ["草原", "毡房", "游客"])
    assert (reading.figure.unit, reading.value.least) == ("人次", Decimal(12_000_000))


@pytest.mark.parametrize("since", ["截至目前", "自工程实施以来"])
def test_what_flows_since_something_began_or_up_to_now_is_a_sum(since: str) -> None:
    (reading,) = read(f"{since},全国羊毛收购量达3400吨。", ["羊毛", "收购量"])
    assert (reading.point_kind, reading.moment.exactly) == (PointKind.CUMULATIVE, "2024-10-08")


def test_what_something_is_by_now_is_told_beside_what_it_was() -> None:
    then, now = read("全国毡房户数从2013年的40万户增长到目前的60万户。", ["毡房", "户数"])
    assert (then.moment.exactly, then.value.least) == ("2013", Decimal(400_000))
    assert (now.moment.exactly, now.value.least) == ("2024-10-08", Decimal(600_000))


def test_what_has_too_little_of_the_question_is_not_read() -> None:
    assert read("全国毡房达60万户。", ["草原", "羊毛", "收购量"]) == []


def test_a_state_that_has_risen_is_read_and_marked() -> None:
    then, now = read("全国毡房户数从2013年的40万户增长到60万户。", ["毡房", "户数"])
    assert (then.is_risen, now.is_risen) == (False, True)
    assert (now.moment.exactly, now.value.least) == ("2024-10-08", Decimal(600_000))


def test_a_quarter_s_end_is_a_day_and_no_sum() -> None:
    (reading,) = read("三季度末,全国毡房户数为60万户。", ["毡房", "户数"])
    assert (reading.moment.exactly, reading.point_kind) == ("2024-09-30", PointKind.ACTUAL)


def test_what_was_done_in_all_is_a_sum_of_a_state_too() -> None:
    (reading,) = read("十年来,全国累计完成草原面积16亿亩。", ["草原", "面积"])
    assert (reading.point_kind, reading.moment.exactly) == (PointKind.CUMULATIVE, "2024-10-08")


def test_figures_listed_behind_their_names_are_all_read() -> None:
    paired = NAMES.index("paired")
    wool, milk, felt = (
        each for each in read("前三季度,羊毛、牛奶、毛毡产量分别为60万吨、70万吨、80万吨。", ["牛奶", "产量"])
    )
    assert wool.evidence[paired] < 0 < milk.evidence[paired]
    assert felt.evidence[paired] < 0
    assert milk.evidence[NAMES.index("figures_between")] == 0
    assert milk.narrowed == ""


@pytest.mark.parametrize(
    ("said", "before"),
    [
        ("自毡房修缮政策实施以来,羊毛收购量突破3400万吨。", "2023年羊毛\n"),
        ("截至今天,自毡房修缮政策实施以来,羊毛收购量突破3400万吨。", "羊毛\n"),
        ("羊毛收购量超3400万件。", "2024年羊毛\n"),
    ],
)
def test_what_has_been_going_on_is_told_up_to_the_day(said: str, before: str) -> None:
    (reading,) = read(said, ["羊毛", "收购量"], before)
    assert (reading.point_kind, reading.moment.exactly) == (PointKind.CUMULATIVE, "2024-10-08")


@pytest.mark.parametrize(
    ("said", "is_read"),
    [
        ("截至9月底,全国草原毡房达60万座", True),
        ("前三季度,全国新增草原毡房60万座", False),
        ("2023年,全国新登记草原毡房60万座", False),
        ("2023年,全国建成草原毡房60万座", False),
        ("前三季度,全国改造草原毡房60万座", False),
        ("截至2023年底,全国建成草原毡房60万座", True),
        ("2023年,全国累计建成草原毡房60万座", True),
    ],
)
def test_what_came_anew_does_not_say_how_much_there_is(said: str, is_read: bool) -> None:
    assert bool(read(f"{said}。", ["草原", "毡房", "数量"])) is is_read


@pytest.mark.parametrize("verb", ["新开工", "改造", "新登记"])
def test_what_came_anew_is_a_sum_where_the_question_asks_for_it(verb: str) -> None:
    (reading,) = read(f"1至7月,全国{verb}草原毡房60万座。", [verb, "草原", "毡房", "数量"])
    assert (reading.point_kind, reading.moment.exactly) == (PointKind.CUMULATIVE, "2024-07")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["蒙古国", "贸易额"], "前7个月,我国与蒙古国进出口60亿元。"),
        (["蒙古国", "进出口"], "前7个月,我国与蒙古国贸易额60亿元。"),
        (["羊毛", "出口额"], "前7个月,我国羊毛出口60亿元。"),
        (["老年人口"], "截至7月底,全国60岁及以上人口60万人。"),
    ],
)
def test_what_means_the_same_is_read(words: list[str], said: str) -> None:
    *_, reading = read(said, words)
    assert reading.figure.text.startswith("60")
    assert reading.figure.unit in ("元", "人")
    assert reading.evidence[NAMES.index("in_sentence")] == 1
    assert reading.evidence[NAMES.index("chars_in_sentence")] > 0.5


def test_exports_are_no_imports_and_exports() -> None:
    (reading,) = read("前7个月,我国羊毛进出口60亿元。", ["羊毛", "出口"])
    assert reading.evidence[NAMES.index("last_in_sentence")] == 0
