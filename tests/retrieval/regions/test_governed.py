"""Which part of a sentence is about the place asked for."""

import pytest
from samples import article

from retrieval.regions import Gazetteer, Resolver
from retrieval.regions.places import governed_stretches

GAZETTEER = Gazetteer.load()
RESOLVER = Resolver(GAZETTEER, home="150000")
KULUN, NAIMAN, TONGLIAO = "150524", "150525", "150500"


def told(text: str, code: str) -> list[str]:
    told_in = article(text=text, title="要闻", section=None)
    resolution = RESOLVER.resolve_article(told_in)
    found = governed_stretches(GAZETTEER, told_in, resolution, 0, len(text), (code,))
    return [text[start:end] for start, end in found]


@pytest.mark.parametrize(
    ("text", "code", "stretches"),
    [
        ("库伦旗种植水稻3万亩，奈曼旗种植水稻5万亩。", KULUN, ["库伦旗种植水稻3万亩，"]),
        ("库伦旗种植水稻3万亩，奈曼旗种植水稻5万亩。", NAIMAN, ["奈曼旗种植水稻5万亩。"]),
        ("库伦旗、奈曼旗分别种植水稻3万亩、5万亩。", KULUN, []),
        ("库伦旗、奈曼旗共种植水稻8万亩。", KULUN, ["库伦旗、奈曼旗共种植水稻8万亩。"]),
        ("库伦旗的大米卖到奈曼旗，一年3万吨。", KULUN, ["库伦旗的大米卖到奈曼旗，一年3万吨。"]),
        (
            "库伦旗种植水稻3万亩，奈曼旗种植水稻5万亩。",
            TONGLIAO,
            ["库伦旗种植水稻3万亩，", "奈曼旗种植水稻5万亩。"],
        ),
        ("扎鲁特旗种植水稻3万亩。", KULUN, []),
        ("奈曼旗每亩900元，山东、库伦旗每亩860元。", KULUN, ["山东、库伦旗每亩860元。"]),
        ("公益班在奈曼旗招收49人，库伦旗招收32人。", KULUN, ["库伦旗招收32人。"]),
        ("库伦旗种植水稻3万亩，全盟种植300万亩。", KULUN, ["库伦旗种植水稻3万亩，"]),
        ("库伦旗上涨3%，三四线城市上涨2%。", KULUN, ["库伦旗上涨3%，"]),
        ("在库伦旗的地头，今年，通辽市计划种植水稻300万亩。", KULUN, ["在库伦旗的地头，今年，"]),
        ("库伦旗今天有雨，通辽市气象台预计降水20毫米。", KULUN, ["库伦旗今天有雨，通辽市气象台预计降水20毫米。"]),
        ("据悉，通辽市库伦旗种植水稻3万亩。", KULUN, ["据悉，通辽市库伦旗种植水稻3万亩。"]),
        ("库伦旗种植水稻3万亩，占全盟的一成。", KULUN, ["库伦旗种植水稻3万亩，占全盟的一成。"]),
        ("北京、奈曼旗上涨3%，上海、库伦旗上涨5%。", NAIMAN, ["北京、奈曼旗上涨3%，"]),
    ],
)
def test_a_figure_belongs_to_the_place_that_governs_it(text: str, code: str, stretches: list[str]) -> None:
    assert told(text, code) == stretches


def test_the_rank_of_a_thing_is_no_place() -> None:
    text = "库伦旗库伦镇开展整治。内蒙古自治区级文明社区和旗直单位参加。清理旧车89辆。"
    told_in = article(text=text, title="库伦旗开展整治", section=None)
    resolution = RESOLVER.resolve_article(told_in)
    start = text.index("清理")
    assert governed_stretches(GAZETTEER, told_in, resolution, start, len(text), (KULUN,)) == [
        (start, len(text))
    ]
