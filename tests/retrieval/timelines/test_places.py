"""Whose a figure is: the place named last before it, unless the question itself names it."""

import pytest
from samples import article
from stores import RESOLVER

from retrieval.timelines.places import NATION, place_of_figure

SAID = "2024年，长三角地区羊毛进出口总值达5万亿元。"


@pytest.mark.parametrize(
    ("asked", "code"),
    [(("羊毛", "进出口"), None), (("长三角", "羊毛"), NATION), (("长三角地区", "羊毛"), NATION)],
)
def test_a_region_is_foreign_to_a_figure_unless_it_is_asked_for(
    asked: tuple[str, ...], code: str | None
) -> None:
    report = article(text=SAID, title="贸易")
    owner = place_of_figure(
        report,
        RESOLVER.resolve_article(report),
        (0, len(SAID)),
        SAID.index("5"),
        asked_abroad=False,
        asked=asked,
    )
    assert owner.code == code


@pytest.mark.parametrize(
    ("said", "asked_abroad", "code"),
    [
        ("库伦旗对蒙古国羊毛出口5万亿元。", True, "150524"),
        ("蒙古国羊毛出口5万亿元。", True, NATION),
        ("库伦旗羊毛生产领跑全国,产量达5万吨。", False, "150524"),
        ("库伦旗羊毛产量占我国第一位,全旗羊毛产量达5万吨。", False, "150524"),
        ("库伦旗介绍,我国羊毛产量达5万吨。", False, NATION),
    ],
)
def test_whose_a_figure_is(said: str, asked_abroad: bool, code: str) -> None:
    report = article(text=said, title="羊毛")
    resolution = RESOLVER.resolve_article(report)
    owner = place_of_figure(report, resolution, (0, len(said)), said.index("5"), asked_abroad=asked_abroad)
    assert owner.code == code
