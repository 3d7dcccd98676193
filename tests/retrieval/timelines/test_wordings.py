"""The ways in which papers word a figure, each in a page that was written for it."""

from datetime import date
from decimal import Decimal

import pytest
from likely_points import likely_points
from stores import library_of

from retrieval import Library

TODAY = date(2025, 3, 1)
PAGES = {
    "1.txt": """date: 2024-05-06
## 指数

4月份，中国花卉指数为52.1%，升至近10个月内的高点，连续7个月在扩张区间。
4月份，中国果品物流指数为103.4点，比上月提高1.2点。
4月份，果农经营活动预期指数为55.6%。
""",
    "2.txt": """date: 2024-06-05
## 指数

5月份，中国花卉指数为51.3%，连续8个月在扩张区间。
5月份，中国果品物流指数为104.2点，比上月提高0.8点。
5月份，果农经营活动预期指数为54.9%。
""",
    "3.txt": """date: 2024-07-10
## 民生

截至6月底，全国社会保障卡申领人数达13.2亿人。上半年，全国港口完成甘草吞吐量20万吨。
460万公里的牧区公路四通八达。我国牧区互联网用户规模达1.2亿。
全国加气设施达12万台。
""",
    "4.txt": """date: 2024-12-10
## 民生

截至11月底，全国社保卡申领人数达13.4亿人。前11个月，全国港口完成甘草吞吐量41万吨，其中南山港甘草吞吐量5万吨。
截至11月底，牧区公路里程从2014年底的388万公里增长到了470万公里。我国牧区互联网用户达1.3亿户。
截至11月底，全国加气设施达14万个。
""",
    "5.txt": """date: 2024-10-08
## 牧区供水

9月，各地开展检查。全国牧区集中供水率超过81%。2024年国庆假期，全国接待观鸟者500万人次。
《牧区供水规划》提出，经过努力，全国牧区集中供水率提升至接近95%。
""",
    "6.txt": """date: 2025-01-10
## 牧区供水

2024年底，全国牧区集中供水率达到83%。2024年，全国接待观鸟者3200万人次。
山地牧区集中供水率达到60%。今年，全国牧区集中供水率将提升至86%。
""",
    "7.txt": """date: 2024-02-10
## 毡房

2023年，全国毡房研发经费达100万元。2023年，全国毡房零售额达950万元。2022年，全国毡房研究发展经费投入为5万元。
""",
    "8.txt": """date: 2025-02-10
## 毡房

2024年，全国毡房零售额达1000万元，其中，手工毡房零售额900万元。
""",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(PAGES, tmp_path_factory.mktemp("wordings"), TODAY)


@pytest.mark.parametrize(
    ("question", "points"),
    [
        # the months beside an index are none of its figures
        ("中国花卉指数走势", [("2024-04", "52.1", "actual"), ("2024-05", "51.3", "actual")]),
        ("中国果品物流指数", [("2024-04", "103.4", "actual"), ("2024-05", "104.2", "actual")]),
        # what has "expected" in its name is not expected
        ("果农经营活动预期指数", [("2024-04", "55.6", "actual"), ("2024-05", "54.9", "actual")]),
        # a short form and the whole name are one
        ("全国社保卡申领人数", [("2024-06-30", "13.2", "actual"), ("2024-11-30", "13.4", "actual")]),
        ("全国社会保障卡申领人数", [("2024-06-30", "13.2", "actual"), ("2024-11-30", "13.4", "actual")]),
        # the country's harbours are no part of it, one harbour is
        ("全国港口甘草吞吐量", [("2024-06", "20", "cumulative"), ("2024-11", "41", "cumulative")]),
        # what it rose to from an older one that has its own time
        ("牧区公路里程", [("2014-12-31", "388", "actual"), ("2024-11-30", "470", "actual")]),
        # without a unit, and with the unit for anything
        ("我国牧区互联网用户", [("2024-07-10", "1.2", "actual"), ("2024-11-30", "1.3", "actual")]),
        ("全国加气设施数量", [("2024-07-10", "12", "actual"), ("2024-11-30", "14", "actual")]),
        # a rate is of a moment: not of the month named before it; a plan without its time is left out, a part is too
        (
            "全国牧区集中供水率",
            [("2024-10-08", "81", "actual"), ("2024-12-31", "83", "actual"), ("2025", "86", "forecast")],
        ),
        # what another figure of the same time contradicts is of a part
        ("全国毡房零售额", [("2023", "950", "actual"), ("2024", "1000", "actual")]),
        # a holiday is not its year
        ("全国接待观鸟者", [("2024", "3200", "actual")]),
    ],
)
def test_a_figure_is_read_however_it_is_worded(
    library: Library, question: str, points: list[tuple[str, str, str]]
) -> None:
    told = [(point.date, point.value, point.kind.value) for point in likely_points(library, question, TODAY)]
    assert told == [(day, Decimal(value), kind) for day, value, kind in points]
