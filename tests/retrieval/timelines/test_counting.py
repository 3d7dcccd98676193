"""Articles are counted exactly, places are shown side by side, nothing is added up."""

from datetime import date

import pytest
from stores import library_of

from bot.languages import DEFAULT, texts_of
from bot.messages.answers import Step, compose_answer
from retrieval import Library, Outcome

TEXTS = texts_of(DEFAULT)
TODAY = date(2022, 8, 1)
PAGES = {
    "1.txt": "date: 2022-06-30\n## 库伦旗 水稻插秧结束\n\n库伦旗水稻种植面积达3万亩，插秧已经结束。\n",
    "2.txt": "date: 2022-07-01\n## 库伦旗 荞麦播种\n\n库伦旗荞麦播种开始，农民抢抓农时。\n",
    "3.txt": "date: 2022-07-20\n## 库伦旗 水稻抽穗\n\n库伦旗水稻进入抽穗期，长势喜人。\n",
    "4.txt": "date: 2022-07-31\n## 库伦旗 扶贫\n\n库伦旗额勒顺镇举办技能培训，学员百余人。\n",
    "5.txt": "date: 2022-07-10\n## 奈曼旗 水稻\n\n奈曼旗水稻种植面积达9万亩，长势良好。\n",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(PAGES, tmp_path_factory.mktemp("counting"), TODAY)


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("7月库伦旗登了几篇", ["扶贫", "水稻抽穗", "荞麦播种"]),
        ("库伦旗关于水稻的报道有多少篇", ["水稻抽穗", "水稻插秧结束"]),
        ("6月30日库伦旗发了多少条新闻", ["水稻插秧结束"]),
        ("通辽市7月一共有几篇报道", ["扶贫", "水稻抽穗", "水稻", "荞麦播种"]),
        ("开鲁县登了几篇", []),
        ("7月有几篇提到水稻的报道", ["水稻抽穗", "水稻"]),
        ("库伦旗写到水稻的有多少篇", ["水稻抽穗", "水稻插秧结束"]),
        ("7月讲到荞麦的新闻有几条", ["荞麦播种"]),
    ],
)
def test_articles_are_counted_exactly_with_their_list(
    library: Library, question: str, titles: list[str]
) -> None:
    answer = library.ask(question)
    assert answer.outcome is Outcome.NEEDS_COUNTING
    assert answer.count is not None
    assert answer.count.n == len(titles)
    assert [article.title for article in answer.count.newest] == titles
    said = compose_answer(answer, TEXTS)
    assert said.found is None
    assert f"共 {len(titles)} 篇" in (said.reason or "")
    assert [report.source.title for report in said.further] == titles
    assert [step.step for step in said.steps] == [Step.JUDGE]


def test_two_places_are_shown_side_by_side_and_not_judged(library: Library) -> None:
    answer = library.ask("库伦旗和奈曼旗水稻种植面积哪个多")
    assert answer.outcome is Outcome.NEEDS_COUNTING
    assert [side.name for side in answer.sides] == ["库伦旗", "奈曼旗"]
    said = compose_answer(answer, TEXTS)
    assert said.found is None
    assert said.reason == TEXTS.side_by_side
    assert [report.quotes[0].text for report in said.further] == [
        "库伦旗水稻种植面积达3万亩，插秧已经结束。",
        "奈曼旗水稻种植面积达9万亩，长势良好。",
    ]


def test_of_which_place_nothing_is_told_is_said(library: Library) -> None:
    answer = library.ask("库伦旗和开鲁县水稻种植面积哪个多")
    assert [side.hit is None for side in answer.sides] == [False, True]
    assert "没有找到：开鲁县" in (compose_answer(answer, TEXTS).reason or "")


def test_adding_up_stays_declined(library: Library) -> None:
    answer = library.ask("各旗县水稻种植面积加起来多少")
    assert answer.outcome is Outcome.NEEDS_COUNTING
    assert answer.count is None
    assert answer.sides == ()
