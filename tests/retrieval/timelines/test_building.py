"""A figure over time, made of pages that were written for it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from likely_points import likely_points
from stores import ENCODER, RESOLVER, TOKENIZER, ingester, library_of

from retrieval import Answerer, Library, LocalIndex, PointKind, Store, Timeline

TODAY = date(2025, 3, 1)
PAGES = {
    "a.txt": """date: 2021-12-20
## 库伦旗 稻农增收

2021年，库伦旗水稻种植面积达2.6万亩，比上年增加1000亩。其中水泉乡水稻种植面积5000亩。
奈曼旗水稻种植面积达9万亩。
""",
    "0.txt": """date: 2020-09-01
## 库伦旗 秋收

近年来，库伦旗各地推广新品种，3个苏木镇、56个社区参加，今年全旗水稻种植面积达2万亩。
""",
    "b.txt": """date: 2022-06-30
## 库伦旗 水稻长势好

今年，库伦旗水稻种植面积达3万余亩。额勒顺镇三家子村水稻种植面积800亩。
""",
    "c.txt": """date: 2022-10-12
## 库伦旗 秋收

今年库伦旗水稻种植面积稳定在3.05万亩，水稻总产量达1.5万吨。
""",
    "d.txt": """date: 2023-09-01
## 库伦旗 水稻

去年，库伦旗水稻种植面积为3.05万亩。今年，库伦旗水稻种植面积由3.05万亩增加到2200公顷。
""",
    "e.txt": """date: 2024-02-10
## 库伦旗 备耕

库伦旗计划今年水稻种植面积达到3.6万亩。预计到2026年底，库伦旗水稻种植面积将达4万亩。
""",
    "f.txt": """date: 2024-08-10
## 库伦旗 水稻

今年库伦旗水稻种植面积达3.4万亩。
""",
    "g.txt": """date: 2024-09-10
## 库伦旗 水稻

今年库伦旗水稻种植面积达3.5万亩。
""",
    "h.txt": """date: 2024-11-20
## 通辽市 旅游

今年1至10月，通辽市接待游客1200万人次，同比增长8.5%。10月份，通辽市接待游客150万人次，同比下降2.1%。
今年前10个月，通辽市累计接待游客1200万人次。
""",
    "i.txt": """date: 2024-12-02
## 国际

美国新能源汽车产量150万辆。11月份，我国新能源汽车产量达156.6万辆，其中纯电动汽车、插电混动汽车产量分别为90万辆、66万辆。
""",
    "j.txt": """date: 2025-01-15
## 经济

2024年，我国新能源汽车产量达1288.8万辆，同比增长34.4%。
""",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(PAGES, tmp_path_factory.mktemp("timelines"), TODAY)


def told(timeline: Timeline) -> list[tuple[str, Decimal, str]]:
    return [(point.date, point.value, point.kind.value) for point in timeline.points]


def test_a_place_s_figure_of_each_year_is_one_point_in_one_unit(library: Library) -> None:
    timeline = library.timeline("库伦旗水稻种植面积这几年")
    assert (timeline.place, timeline.unit, timeline.indicator) == ("150524", "万亩", "水稻种植面积")
    assert told(timeline) == [
        ("2020", Decimal("2"), "actual"),
        ("2021", Decimal("2.6"), "actual"),
        ("2022", Decimal("3.05"), "actual"),  # 3万余亩 is it told roughly, 去年 of 2023 it told again
        ("2023", Decimal("3.3"), "actual"),  # 2200公顷, and not the 3.05万亩 that it grew from
        ("2024", Decimal("3.4"), "actual"),
        ("2024", Decimal("3.5"), "actual"),
        ("2024", Decimal("3.6"), "planned"),
        ("2026-12-31", Decimal("4"), "forecast"),
    ]


def test_neither_towns_and_villages_nor_changes_and_other_counties_are_points(library: Library) -> None:
    figures = {point.figure_text for point in library.timeline("库伦旗水稻种植面积").points}
    assert not figures & {"1000亩", "5000亩", "800亩", "9万亩"}


def test_every_point_is_a_sentence_of_an_article_with_its_figure_in_it(library: Library) -> None:
    for point in library.timeline("库伦旗水稻种植面积").points:
        assert point.article.text[slice(*point.sentence)] == point.sentence_text
        assert point.sentence[0] <= point.figure[0] < point.figure[1] <= point.sentence[1]
        assert point.figure_text in point.sentence_text


def test_what_differs_for_one_time_stays_and_what_repeats_is_one_point_with_both_articles(
    library: Library,
) -> None:
    points = library.timeline("库伦旗水稻种植面积").points
    assert [
        p.value for p in points if p.stretch == (date(2024, 1, 1), date(2024, 12, 31), PointKind.ACTUAL)
    ] == [
        Decimal("3.4"),
        Decimal("3.5"),
    ]
    repeated = next(point for point in points if point.date == "2022")
    assert {each.date for each in (repeated.article, *repeated.also)} == {
        date(2022, 6, 30),
        date(2022, 10, 12),
        date(2023, 9, 1),
    }


def test_a_month_and_the_months_up_to_it_are_told_apart(library: Library) -> None:
    timeline = library.timeline("通辽市接待游客")
    assert told(timeline) == [
        ("2024-10", Decimal(1200), "cumulative"),
        ("2024-10", Decimal(150), "actual"),
    ]
    assert [point.first for point in timeline.points] == [date(2024, 1, 1), date(2024, 10, 1)]


def test_a_rate_of_growth_is_followed_where_it_is_asked_for_and_falls_below_nothing(library: Library) -> None:
    assert told(library.timeline("通辽市接待游客同比增速")) == [
        ("2024-10", Decimal("8.5"), "cumulative"),
        ("2024-10", Decimal("-2.1"), "actual"),
    ]


def test_the_country_s_figure_is_no_other_country_s_and_no_part_of_it(library: Library) -> None:
    points = likely_points(library, "我国新能源汽车产量", TODAY)
    assert [(each.date, each.value, each.kind.value) for each in points] == [
        ("2024-11", Decimal("156.6"), "actual"),
        ("2024", Decimal("1288.8"), "actual"),
    ]


def test_times_of_the_question_limit_the_points_but_not_under_an_answer(library: Library) -> None:
    assert [point.date for point in library.timeline("库伦旗2021年至2022年水稻种植面积变化").points] == [
        "2021",
        "2022",
    ]
    answer = library.ask("库伦旗2022年水稻种植面积")
    under = library.timeline_under(answer)
    assert under is not None
    assert len(under.points) == 8
    assert under.is_shown


def test_nothing_is_made_up_where_nothing_is_told(library: Library) -> None:
    timeline = library.timeline("库伦旗玉米种植面积")
    assert timeline.points == ()
    assert not timeline.is_shown


def test_what_a_timeline_takes_in_outdates_kept_answers(tmp_path: Path) -> None:
    """Whoever is told of a change first, no answer from before it is given again."""
    page = tmp_path / "pages" / "a.txt"
    page.parent.mkdir()
    page.write_text("## 奈曼旗\n\n奈曼旗甜菜面积达9万亩。\n", encoding="utf-8")
    store = Store.open(f"sqlite:///{tmp_path / 'yunwen.db'}")
    ingester(store).ingest([page.parent])
    index = LocalIndex(store, tmp_path / "x.index", ENCODER)
    answerer = Answerer(store, index, ENCODER, TOKENIZER, RESOLVER, clock=lambda: TODAY)
    library = Library(store, answerer, RESOLVER)
    question = "库伦旗荞麦种植面积"
    assert not library.ask(question).hits
    page.with_name("b.txt").write_text("## 库伦旗\n\n库伦旗荞麦种植面积达5万亩。\n", encoding="utf-8")
    ingester(store).ingest([page.parent])
    library.timeline("奈曼旗甜菜面积这几年")
    assert "5万亩" in library.ask(question).hits[0].evidence[0].text
