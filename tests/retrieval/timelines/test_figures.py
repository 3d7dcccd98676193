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
