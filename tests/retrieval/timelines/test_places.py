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
