"""A place's week, of pages that were written for it."""

from datetime import date
from pathlib import Path

import pytest
from stores import ENCODER, RESOLVER, TOKENIZER, ingester

from bot.languages import DEFAULT, texts_of
from bot.messages.courses.weeks import render_week, say_places
from bot.messages.links import Links
from bot.messages.splitting import MESSAGE_UNITS, plain_text, utf16_length
from bot.messages.weeks import Month, Week, compose_week, find_look, items_of, newest_week, span_of
from retrieval import Answerer, Library, LocalIndex, Store

TEXTS = texts_of(DEFAULT)
PAGES = {
    "1.txt": "date: 2022-06-27\n## 库伦旗 插秧结束\n\n库伦旗水稻插秧结束，面积达3万亩。\n",
    "2.txt": "date: 2022-07-03\n## 奈曼旗 图书馆开放\n\n奈曼旗图书馆新馆开放，读者纷至沓来。\n",
    "3.txt": "date: 2022-06-26\n## 库伦旗 上一周\n\n库伦旗举办文艺演出，观众热情高涨。\n",
    "4.txt": "date: 2022-06-30\n## 乌海市 绿化\n\n乌海市完成春季绿化任务，市民点赞。\n",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("weeks")
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")
    store = Store.open(f"sqlite:///{folder / 'home' / 'yunwen.db'}")
    ingester(store).ingest([folder])
    index = LocalIndex(store, Path(folder) / "x.index", ENCODER)
    return Library(store, Answerer(store, index, ENCODER, TOKENIZER, RESOLVER), RESOLVER)


def test_a_week_begins_on_monday_and_has_its_iso_name() -> None:
    week = Week.around(date(2022, 7, 3))
    assert (week.first, week.last, week.name) == (date(2022, 6, 27), date(2022, 7, 3), "2022-W26")
    assert Week.parse("2022-W26") == week
    assert Week.parse("2022-W60") is None
    assert Week.parse("通辽市") is None


def test_a_place_s_week_has_its_news_and_figures_and_where_they_are_from(library: Library) -> None:
    week = newest_week(library, "150500")
    assert week == Week(date(2022, 6, 27))
    items = items_of(library, "150500", week)
    said = compose_week(items, "150500", week, RESOLVER.gazetteer, TEXTS)
    assert said.heading == "通辽市（2022年6月27日至2022年7月3日）：2 条"
    assert [line.quote.text for line in said.news] == ["奈曼旗图书馆新馆开放，读者纷至沓来。"]
    assert [line.quote.text for line in said.figures] == ["库伦旗水稻插秧结束，面积达3万亩。"]
    assert dict(said.places) == {"库伦旗": 1, "奈曼旗": 1}
    reply = render_week(said, TEXTS, Links("bot"))
    assert "新消息\n· 图书馆开放" in plain_text(reply.html)
    assert utf16_length(plain_text(reply.html)) <= MESSAGE_UNITS


def test_a_place_without_articles_has_no_week(library: Library) -> None:
    assert newest_week(library, "150900") is None


def test_a_month_goes_from_its_first_day_to_its_last() -> None:
    month = Month.around(date(2024, 2, 14))
    assert (month.first, month.last, month.name) == (date(2024, 2, 1), date(2024, 2, 29), "2024-02")
    assert Month.parse("2024-02") == month
    assert Month.parse("2024-13") is None
    assert span_of(month.first, month.last) == month
    assert span_of(date(2022, 6, 27), date(2022, 7, 3)) == Week(date(2022, 6, 27))
    assert span_of(date(2022, 6, 1), date(2022, 6, 15)) is None


def test_a_place_s_month_has_what_its_weeks_have(library: Library) -> None:
    month = Month.parse("2022-06")
    assert month is not None
    said = compose_week(items_of(library, "150500", month), "150500", month, RESOLVER.gazetteer, TEXTS)
    assert said.n == 2
    assert said.told["150524"] == 2
    assert said.told["150581"] == 0


def test_a_question_looks_back_on_a_month(library: Library) -> None:
    said = find_look(library, "6月通辽市发生了什么", TEXTS, today=date(2022, 7, 5))
    assert said is not None
    assert said.heading.startswith("通辽市（2022年6月1日")
    assert find_look(library, "5月通辽市发生了什么", TEXTS, today=date(2022, 7, 5)) is None


def test_the_places_are_said_once_with_a_map_or_without(library: Library) -> None:
    week = Week(date(2022, 6, 27))
    said = compose_week(items_of(library, "150500", week), "150500", week, RESOLVER.gazetteer, TEXTS)
    assert say_places(said, TEXTS) == "1 库伦旗（1）、2 奈曼旗（1）"
    assert say_places(said, TEXTS) in plain_text(render_week(said, TEXTS, Links("bot")).html)
    assert "库伦旗（1）" not in plain_text(render_week(said, TEXTS, Links("bot"), has_map=True).html)
