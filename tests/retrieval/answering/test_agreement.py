"""A question about one time is not answered with what is told of another."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from stores import ENCODER, RESOLVER, TOKENIZER, ingester

from retrieval import Answerer, Instead, LocalIndex, Outcome, Store
from retrieval.answering.agreement import sentence_time_agreement
from retrieval.answering.answerer import Thresholds
from retrieval.answering.query import parse_question
from retrieval.regions.places import AGREES, DIFFERS

TODAY = date(2026, 11, 26)
ARTICLES = {
    "开鲁县6月羊绒收购量": ("2026-07-08", "6月，开鲁县收购羊绒31吨。"),
    "开鲁县1至6月羊绒收购量": ("2026-07-15", "今年1至6月，开鲁县收购羊绒140吨。"),
    "奈曼旗三季度接诊": ("2025-10-12", "2025年三季度，奈曼旗流动诊疗车接诊4100人次。"),
    "奈曼旗前三季度接诊": ("2025-10-20", "2025年前三季度，奈曼旗流动诊疗车接诊9800人次。"),
    "库伦旗1至9月修路": ("2026-10-11", "1—9月，库伦旗新修砂石路87公里。"),
    "库伦旗9月修路": ("2026-10-12", "9月份，库伦旗新修砂石路12公里。"),
    "科尔沁区除雪": ("2026-01-20", "上周，科尔沁区出动除雪车63台次。"),
    "扎鲁特旗围封": ("2026-04-09", "4月7日，扎鲁特旗围封草场2600亩。"),
    "霍林郭勒市存羊": ("2026-08-01", "今年，霍林郭勒市存栏绵羊两千六百只。"),
    "霍林郭勒市绵羊": ("2026-08-06", "今年，霍林郭勒市存栏绵羊2600只。"),
    "科尔沁左翼中旗公园": ("2026-08-02", "科尔沁左翼中旗湿地公园面积15公顷。"),
    "科尔沁左翼中旗湿地公园": ("2026-08-08", "科尔沁左翼中旗湿地公园面积225亩。"),
    "科尔沁左翼后旗水库": ("2026-08-02", "科尔沁左翼后旗水库今年蓄水3.2万立方米。"),
    "科尔沁左翼后旗水库蓄水": ("2026-08-08", "科尔沁左翼后旗水库今年蓄水4.1万立方米。"),
}


NEVER_FOUND = Thresholds(found=1.0, near=0.0, further=0.0)


def stored(folder: Path, articles: Mapping[str, tuple[str, str]], bars: Thresholds | None = None) -> Answerer:
    for number, (title, (day, text)) in enumerate(articles.items()):
        (folder / f"{number}.txt").write_text(f"date: {day}\n## {title}\n\n{text}\n", encoding="utf-8")
    store = Store.open(f"sqlite:///{folder / 'home' / 'yunwen.db'}")
    ingester(store).ingest([folder])
    index = LocalIndex(store, folder / "x.index", ENCODER)
    return Answerer(store, index, ENCODER, TOKENIZER, RESOLVER, bars=bars, clock=lambda: TODAY)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    return stored(tmp_path_factory.mktemp("times"), ARTICLES)


@pytest.fixture(scope="module")
def everything_is_near(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    return stored(tmp_path_factory.mktemp("near"), ARTICLES, NEVER_FOUND)


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("开鲁县6月份收购羊绒多少吨", "31吨"),
        ("开鲁县2026.6收购羊绒多少吨", "31吨"),
        ("开鲁县上半年收购羊绒多少吨", "140吨"),
        ("开鲁县1-6月收购羊绒多少吨", "140吨"),
        ("开鲁县前六个月收购羊绒多少吨", "140吨"),
        ("奈曼旗去年第三季度流动诊疗车接诊多少人次", "4100人次"),
        ("奈曼旗去年前三季度流动诊疗车接诊多少人次", "9800人次"),
        ("库伦旗前三季度新修砂石路多少公里", "87公里"),
        ("库伦旗一至三季度新修砂石路多少公里", "87公里"),
        ("库伦旗九月份新修砂石路多少公里", "12公里"),
        ("库伦旗上上个月新修砂石路多少公里", "12公里"),
        ("扎鲁特旗2026.4.7围封草场多少亩", "2600亩"),
        ("扎鲁特旗26年4月7日围封草场多少亩", "2600亩"),
        ("扎鲁特旗二〇二六年四月围封草场多少亩", "2600亩"),
    ],
)
def test_the_figure_of_the_time_asked_for_is_given_and_no_other(
    answerer: Answerer, question: str, figure: str
) -> None:
    answer = answerer.ask(question)
    assert answer.outcome is Outcome.FOUND
    assert [each.text for hit in answer.hits for each in hit.evidence[0].figures][-1] == figure
    assert len(answer.hits) == 1
    assert answer.differing == ()


@pytest.mark.parametrize(
    "question",
    [
        "开鲁县5月收购羊绒多少吨",
        "开鲁县第二季度收购羊绒多少吨",
        "奈曼旗2024年前三季度流动诊疗车接诊多少人次",
        "奈曼旗去年9月流动诊疗车接诊多少人次",
        "扎鲁特旗2025.4.7围封草场多少亩",
        "扎鲁特旗2025/4/7围封草场多少亩",
        "扎鲁特旗25年4月7日围封草场多少亩",
        "扎鲁特旗2025.4围封草场多少亩",
        "科尔沁区上周出动除雪车多少台次",
    ],
)
def test_no_figure_of_another_time_is_given_as_the_answer(answerer: Answerer, question: str) -> None:
    assert answerer.ask(question).outcome is not Outcome.FOUND


@pytest.mark.parametrize(
    ("question", "instead"),
    [
        ("扎鲁特旗2025年围封草场多少亩", Instead(days=(date(2026, 4, 7), date(2026, 4, 7)))),
        (
            "奈曼旗2024年前三季度流动诊疗车接诊多少人次",
            Instead(days=(date(2025, 1, 1), date(2025, 9, 30)), said="2025年前三季度"),
        ),
    ],
)
def test_the_other_time_that_the_nearest_report_tells_of_is_known(
    answerer: Answerer, question: str, instead: Instead
) -> None:
    answer = answerer.ask(question)
    assert (answer.outcome, answer.instead) == (Outcome.NEAR, instead)


def test_the_other_place_that_the_nearest_report_tells_of_is_known(answerer: Answerer) -> None:
    answer = answerer.ask("库伦旗围封草场多少亩")
    assert (answer.outcome, answer.instead) == (Outcome.NEAR, Instead(place="扎鲁特旗"))
    far = answerer.ask("长春市围封草场多少亩")
    assert (far.outcome, far.hits, far.instead) == (Outcome.NONE, (), None)


def test_an_answer_and_what_is_amiss_in_more_than_one_way_have_no_other_time_or_place(
    answerer: Answerer,
) -> None:
    assert answerer.ask("扎鲁特旗围封草场多少亩").instead is None
    assert answerer.ask("库伦旗2024年围封草场多少亩").instead is None


def test_last_week_in_a_report_is_that_before_its_own_issue(answerer: Answerer) -> None:
    asked = "科尔沁区上周出动除雪车多少台次"
    assert answerer.ask(asked, today=date(2026, 1, 23)).outcome is Outcome.FOUND
    assert answerer.ask(asked, today=date(2026, 1, 27)).outcome is not Outcome.FOUND
    assert answerer.ask(asked.replace("上周", "上上周"), today=date(2026, 1, 27)).outcome is Outcome.FOUND


def test_a_month_and_the_sum_up_to_it_do_not_differ(answerer: Answerer) -> None:
    assert answerer.ask("开鲁县收购羊绒多少吨").differing == ()
    assert answerer.ask("库伦旗新修砂石路多少公里").differing == ()


@pytest.mark.parametrize("question", ["霍林郭勒市存栏绵羊多少只", "科尔沁左翼中旗湿地公园面积是多少"])
def test_equal_numbers_in_other_dress_do_not_differ(answerer: Answerer, question: str) -> None:
    answer = answerer.ask(question)
    assert (answer.outcome, len(answer.hits), answer.differing) == (Outcome.FOUND, 2, ())


def test_unequal_numbers_of_one_time_do_differ(answerer: Answerer) -> None:
    assert answerer.ask("科尔沁左翼后旗水库蓄水多少立方米").differing == (1, 2)


@pytest.mark.parametrize(
    ("asked", "issued", "sentence", "before", "agrees"),
    [
        ("今年种了多少", date(2026, 6, 3), "全旗种植荞麦3万亩。", "", True),
        ("今年种了多少", date(2026, 6, 3), "全旗种植荞麦3万亩，比去年增加1万亩。", "", True),
        ("去年种了多少", date(2026, 6, 3), "全旗种植荞麦3万亩，比去年增加1万亩。", "", False),
        ("今年种了多少", date(2026, 6, 3), "2023年，全旗种植荞麦2万亩。", "", False),
        ("今年种了多少", date(2026, 6, 3), "自2023年以来，种植面积一直稳定在2万亩。", "", True),
        ("6月存栏多少", date(2026, 6, 20), "全旗存栏肉牛3万头。", "", True),
        ("6月存栏多少", date(2026, 6, 20), "今年前5个月，出栏肉牛3万头。", "", False),
        ("前三季度产值多少", date(2026, 10, 20), "其中，牧业产值9亿元。", "前三季度，全旗产值31亿元。", True),
        ("9月份产值多少", date(2026, 9, 20), "其中，牧业产值9亿元。", "1至8月，全旗产值31亿元。", False),
        ("前三季度产值多少", date(2026, 8, 20), "全旗产值31亿元。", "", False),
        ("截至6月底存栏多少", date(2026, 7, 3), "截至6月末，存栏肉牛3万头。", "", True),
        ("6月发放贷款多少", date(2026, 7, 3), "截至6月底，累计发放贷款3亿元。", "", False),
        ("2025年建成多少公里", date(2023, 5, 1), "到2025年底将建成90公里。", "", False),
        ("到2025年底将建成多少公里", date(2023, 5, 1), "到2025年底将建成90公里。", "", True),
        ("上个月有什么活动", date(2026, 11, 1), "10月18日，举办赛马会。", "", True),
    ],
)
def test_a_sentence_is_about_the_time_that_it_names(
    asked: str, issued: date, sentence: str, before: str, agrees: bool
) -> None:
    query = parse_question(asked, TOKENIZER, TODAY)
    assert query.periods
    told = sentence_time_agreement(issued, sentence, before, before + sentence, query)
    assert told == (AGREES if agrees else DIFFERS)


@pytest.mark.parametrize(
    ("asked", "sentence", "agrees"),
    [
        ("去年运了多少吨", "2025年运货5622万吨。", True),
        ("前年运了多少吨", "2025年运货5622万吨。", False),
        ("2025年运了多少吨", "当年运货5622万吨。", True),
        ("2024年运了多少吨", "2025年运货5622万吨。", False),
    ],
)
def test_a_sentence_of_an_undated_article_is_about_the_year_that_it_names(
    asked: str, sentence: str, agrees: bool
) -> None:
    query = parse_question(asked, TOKENIZER, date(2026, 6, 3))
    whole = "2025年，铁路改造开工。2024年，立项。" if "2024" in asked else "2025年，铁路改造开工。"
    told = sentence_time_agreement(None, sentence, "", whole + sentence, query)
    assert told == (AGREES if agrees else DIFFERS)


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("开鲁县羊绒衫卖多少钱", ["开鲁县1至6月羊绒收购量", "开鲁县6月羊绒收购量"]),
        ("扎鲁特旗有几所幼儿园", []),  # the place alone
        ("扎鲁特旗4月7日娃娃上学不", ["扎鲁特旗围封"]),  # what happened there just then
        ("赤峰市收购羊绒多少吨", ["开鲁县1至6月羊绒收购量", "开鲁县6月羊绒收购量"]),  # all of it, near by
        ("赤峰市羊绒衫收购多少钱", []),  # some of it, elsewhere
        ("长春市收购羊绒多少吨", []),  # all of it, in another province
        ("库伦旗旗长是谁", []),  # the place without its post
    ],
)
def test_near_is_what_tells_of_the_topic_there_or_all_of_it_in_the_province(
    everything_is_near: Answerer, question: str, titles: list[str]
) -> None:
    assert sorted(hit.article.title for hit in everything_is_near.ask(question).hits) == sorted(titles)


def test_another_places_office_is_not_near(tmp_path: Path) -> None:
    told = {"奈曼旗植树": ("2026-04-12", "奈曼旗旗长包志远参加义务植树。")}
    answerer = stored(tmp_path, told, NEVER_FOUND)
    assert [hit.article.title for hit in answerer.ask("奈曼旗旗长是谁").hits] == ["奈曼旗植树"]
    assert answerer.ask("库伦旗旗长是谁").outcome is Outcome.NONE
