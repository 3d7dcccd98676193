"""Stories that are asked for, over a small library of made-up pages."""

from datetime import date
from pathlib import Path

import pytest
from stores import ingester, library_of

from retrieval import Answer, Library, Outcome, Store, Turn

TODAY = date(2022, 7, 1)
PAGES = {
    "a.txt": (
        "date: 2022-06-30\n## 库伦旗 水稻丰收\n\n库伦旗水稻种植面积达3万亩。\n\n"
        "## 奈曼旗 养老服务\n\n奈曼旗排查养老企业12家。\n\n## 敖汉旗 夜市开张\n\n敖汉旗夜市迎来游客。\n"
    ),
    "b.txt": "date: 2022-06-29\n## 库伦旗 乌兰牧骑下乡\n\n库伦旗乌兰牧骑演出8场。\n",
    "copy.txt": "date: 2022-06-28\n## 库伦旗 水稻丰收了\n\n库伦旗水稻种植面积达3万亩。\n",
    "late.txt": "date: 2022-07-05\n## 库伦旗 明日之事\n\n库伦旗将举办那达慕。\n",
    "old.txt": "date: 2021-06-30\n## 镶黄旗 乌兰牧骑演出\n\n镶黄旗乌兰牧骑演出51场。\n",
    "ar.txt": "date: 2022-06-27\n## 阿鲁科尔沁旗 草原节\n\n阿鲁科尔沁旗举办草原节。\n",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(PAGES, tmp_path_factory.mktemp("browsing"), TODAY)


def titles(answer: Answer) -> list[str]:
    assert answer.outcome is Outcome.BROWSE
    return [hit.article.title for hit in answer.hits]


def test_a_places_news_is_its_own_the_newest_first_and_copies_are_one(library: Library) -> None:
    answer = library.ask("库伦旗有什么新闻")
    assert titles(answer) == ["水稻丰收", "乌兰牧骑下乡"]
    assert [hit.rank for hit in answer.hits] == [1, 2]
    assert [each.title for each in answer.hits[0].also] == ["水稻丰收了"]
    assert answer.as_of == date(2022, 6, 30)
    assert answer.browsed is not None
    assert (answer.browsed.region, answer.browsed.has_more) == ("150524", False)
    assert answer.browsed.follow == ("150524", "库伦旗")


def test_evidence_and_passage_of_a_story_slice_back(library: Library) -> None:
    for hit in library.ask("最新消息").hits:
        assert hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text
        assert [hit.article.text[each.start : each.end] for each in hit.evidence] == [hit.evidence[0].text]


def test_a_time_limits_the_stories_and_a_prefecture_has_its_banners(library: Library) -> None:
    assert titles(library.ask("6月30日通辽有什么新闻")) == ["水稻丰收", "养老服务"]
    assert titles(library.ask("昨天有什么新闻")) == ["水稻丰收", "养老服务", "夜市开张"]
    assert titles(library.ask("去年内蒙古的新闻")) == ["乌兰牧骑演出"]


def test_a_topic_limits_them_too_and_one_that_is_unknown_is_a_question(library: Library) -> None:
    assert titles(library.ask("内蒙古有哪些乌兰牧骑的报道")) == ["乌兰牧骑下乡", "乌兰牧骑演出"]
    assert titles(library.ask("库伦旗有哪些乌兰牧骑的报道")) == ["乌兰牧骑下乡"]
    assert library.ask("航天飞船有什么新闻").outcome is Outcome.NONE


def test_a_list_goes_on_page_by_page(library: Library) -> None:
    first = library.ask("最新消息", k=2)
    assert first.browsed is not None
    assert (first.browsed.region, first.browsed.follow) == (None, ("150000", "内蒙古自治区"))
    assert first.browsed.has_more
    assert first.turn is not None
    second = library.browse_on(first.turn, k=2, first=2)
    assert second is not None
    assert [hit.rank for hit in second.hits] == [3, 4]
    assert not {hit.article.id for hit in first.hits} & {hit.article.id for hit in second.hits}
    assert library.browse_on(Turn("库伦旗水稻种植面积"), k=2, first=2) is None


def test_a_time_without_news_gives_the_newest_issue_and_says_so(library: Library) -> None:
    today = library.ask("今天库伦旗有什么新闻")
    assert titles(today) == ["水稻丰收"]
    assert today.browsed is not None
    assert (today.browsed.is_of_newest, today.browsed.is_yet_to_come) == (True, True)
    assert today.browsed.newest == date(2022, 6, 30)
    past = library.ask("2019年库伦旗有什么新闻")
    assert past.browsed is not None
    assert (past.browsed.is_of_newest, past.browsed.is_yet_to_come) == (True, False)


def test_a_place_without_news_says_what_the_newest_issue_is(library: Library) -> None:
    answer = library.ask("8月满洲里市有什么新闻")
    assert titles(answer) == []
    assert answer.browsed is not None
    assert (answer.browsed.newest, answer.browsed.library_newest) == (None, date(2022, 6, 30))


def test_a_place_without_news_leads_to_the_nearest_around_it_that_has_some(library: Library) -> None:
    silent = library.ask("霍林郭勒市有什么新闻", today=date(2022, 7, 1))
    assert not silent.hits
    assert silent.browsed is not None
    assert silent.browsed.wider == "通辽市"
    told = library.ask("库伦旗有什么新闻", today=date(2022, 7, 1))
    assert told.browsed is not None
    assert told.browsed.wider is None


def test_what_is_dated_later_than_today_is_no_news_yet(library: Library) -> None:
    assert "明日之事" not in titles(library.ask("库伦旗"))
    assert "明日之事" in titles(library.ask("库伦旗", today=date(2022, 7, 5)))


def test_an_unclear_place_is_asked_back_and_chosen(library: Library) -> None:
    unclear = library.ask("朝阳区有什么新闻")
    assert unclear.outcome is Outcome.WHICH_PLACE
    chosen = library.ask("朝阳区有什么新闻", region=unclear.candidates[0].code)
    assert titles(chosen) == []


def test_of_a_short_name_the_one_place_with_reports_is_meant(library: Library) -> None:
    assert titles(library.ask("阿旗有什么新闻")) == ["草原节"]
    answer = library.ask("阿旗举办了什么")
    assert answer.turn is not None
    assert answer.turn.regions == ("150421",)


def test_a_follow_up_has_another_place_or_time(library: Library) -> None:
    before = library.ask("通辽最近有啥新闻").turn
    assert titles(library.ask("那赤峰呢", previous=before)) == ["夜市开张", "草原节"]
    dated = library.ask("6月30日库伦旗的新闻").turn
    assert titles(library.ask("6月29日呢", previous=dated)) == ["乌兰牧骑下乡"]


def test_news_behind_an_answer_is_that_places(library: Library) -> None:
    before = library.ask("库伦旗水稻种植面积").turn
    assert titles(library.ask("最新消息", previous=before)) == ["水稻丰收", "乌兰牧骑下乡"]
    assert titles(library.ask("奈曼旗", previous=before)) == ["养老服务"]
    assert library.ask("那奈曼旗呢", previous=before).outcome is not Outcome.BROWSE
    assert library.ask("去年", previous=before).outcome is not Outcome.BROWSE
    assert titles(library.ask("昨天有什么新闻", previous=before)) == ["水稻丰收", "养老服务", "夜市开张"]


@pytest.mark.parametrize("question", ["庫倫旗有什麼新聞", "news from 库伦旗", "Any news in Kulun?"])
def test_it_is_asked_in_any_characters_and_in_english(library: Library, question: str) -> None:
    assert titles(library.ask(question)) == ["水稻丰收", "乌兰牧骑下乡"]


def test_who_wrote_it_is_asked_of_the_same_stories(library: Library) -> None:
    answer = library.ask("谁报道了库伦旗水稻")
    assert titles(answer) == ["水稻丰收"]
    assert answer.browsed is not None
    assert answer.browsed.asks_author


def test_an_article_that_is_passed_on_is_found_whatever_is_put_around_it(tmp_path: Path) -> None:
    text = "".join(f"第{n}组群众参加了库伦旗的水稻收割活动，收获第{n}块稻田。" for n in range(1, 30))
    (tmp_path / "p.txt").write_text(f"date: 2022-06-30\n## 库伦旗 收割\n\n{text}\n", encoding="utf-8")
    store = Store.open(f"sqlite:///{tmp_path / 'yunwen.db'}")
    ingester(store).ingest([tmp_path / "p.txt"])
    found = store.same_story(f"转发：库伦旗收割\n{text[:600]}\n来源：网络")
    assert found is not None
    assert found.title == "收割"
    assert store.same_story("与此无关的一篇很长的文章，讲的是别的地方的别的事情。" * 20) is None
    store.engine.dispose()
