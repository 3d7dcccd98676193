"""A story's course, of pages that were written for it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from stores import ENCODER, RESOLVER, TOKENIZER, ingester, library_of

from bot.languages import DEFAULT, texts_of
from bot.messages.courses.stories import render_story
from bot.messages.links import Links
from bot.messages.splitting import MESSAGE_UNITS, plain_text, utf16_length
from retrieval import Course, Library, LocalIndex, Store
from retrieval.timelines.stories import Judge, follow

PAGES = {
    "1.txt": "date: 2022-03-01\n## 青龙湾水库开工建设\n\n青龙湾水库今天开工，总库容一亿立方米，计划三年建成。\n",
    "2.txt": "date: 2023-05-02\n## 青龙湾水库大坝封顶\n\n青龙湾水库大坝昨日封顶，比计划提前两个月。水库总库容一亿立方米。\n",
    "copy.txt": "date: 2023-05-03\n## 青龙湾水库大坝封顶\n\n青龙湾水库大坝昨日封顶，比计划提前两个月。水库总库容一亿立方米。\n",
    "3.txt": "date: 2024-09-10\n## 青龙湾水库下闸蓄水\n\n记者获悉，青龙湾水库下闸蓄水，下游十万亩农田受益。\n",
    "4.txt": "date: 2023-06-01\n## 白石水库清淤\n\n白石水库清淤工程启动，投资三千万元。\n",
    "5.txt": "date: 2023-04-01\n## 第三届湖畔博览会开幕\n\n第三届湖畔博览会今天开幕，三百家企业参展。\n",
    "6.txt": "date: 2023-04-05\n## 第三届湖畔博览会闭幕\n\n第三届湖畔博览会落下帷幕，签约五十亿元。\n",
    "7.txt": "date: 2024-04-01\n## 第四届湖畔博览会开幕\n\n第四届湖畔博览会今天开幕，四百家企业参展。\n",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    weather = [
        f"## 天气 {day}\n\n今天晴，明天多云，第{day}次观测。\n" for day in range(1, 40)
    ]  # names are rare beside much else
    pages = PAGES | {"weather.txt": "date: 2021-01-09\n" + "\n".join(weather)}
    return library_of(pages, tmp_path_factory.mktemp("stories"), date(2025, 1, 1))


def course(library: Library, title: str) -> Course:
    article = next(each for each in library.newest_articles(1000) if each.title == title)
    return library.story(article)


def test_a_story_has_its_articles_in_order_without_copies(library: Library) -> None:
    found = course(library, "青龙湾水库下闸蓄水")
    assert [step.article.title for step in found.steps] == [
        "青龙湾水库开工建设",
        "青龙湾水库大坝封顶",
        "青龙湾水库下闸蓄水",
    ]
    assert found.is_shown
    assert found.steps[1].shared == ("青龙湾水库",)


def test_each_article_says_what_none_before_it_has_said(library: Library) -> None:
    steps = course(library, "青龙湾水库下闸蓄水").steps
    assert [step.sentence_text for step in steps] == [
        "青龙湾水库今天开工，总库容一亿立方米，计划三年建成。",
        "青龙湾水库大坝昨日封顶，比计划提前两个月。",
        "记者获悉，青龙湾水库下闸蓄水，下游十万亩农田受益。",
    ]


def test_a_question_asks_for_the_story_of_a_matter(library: Library) -> None:
    told = library.sequel("青龙湾水库后来怎么样了")
    assert told is not None
    assert len(told[1].steps) == 3
    assert library.sequel("白石水库后来怎么样了") is None  # one article alone
    assert library.sequel("后来怎么样了") is None


def test_a_fair_of_another_year_is_another_matter(library: Library) -> None:
    assert [step.article.title for step in course(library, "第三届湖畔博览会闭幕").steps] == [
        "第三届湖畔博览会开幕",
        "第三届湖畔博览会闭幕",
    ]


def test_an_article_without_a_name_in_its_title_has_no_story(library: Library) -> None:
    assert not course(library, "天气 3").is_shown


def test_a_story_is_a_message_with_a_button_to_be_told_more(library: Library) -> None:
    reply = render_story(course(library, "青龙湾水库下闸蓄水"), "abc", texts_of(DEFAULT), Links("bot"))
    assert "青龙湾水库下闸蓄水：前后 3 篇" in plain_text(reply.html)
    assert utf16_length(plain_text(reply.html)) <= MESSAGE_UNITS
    assert reply.buttons[0][0].data == "w:abc"


ACTORS = {
    "a.txt": "date: 2023-03-01\n## 玉泉区 养老骗局被揭穿\n\n警方抓获犯罪嫌疑人霍云沙、霍起鹏等人，涉案金额八百万元。\n",
    "b.txt": "date: 2023-09-01\n## 玉泉区 法院一审宣判\n\n被告人霍云沙被判处有期徒刑十年，退赔老人损失。\n",
    "c.txt": "date: 2023-10-01\n## 玉泉区 象棋赛\n\n象棋赛上，选手霍起鹏获得第三名，奖品是一副棋。\n",
}


def _judge(told: str, passages: Sequence[tuple[str, str]]) -> list[float]:
    """Say that what tells of a sentence of a court is on the matter."""
    return [1.0 if "有期徒刑" in text else -1.0 for _, text in passages]


@pytest.mark.parametrize(
    ("judge", "titles"), [(_judge, ["养老骗局被揭穿", "法院一审宣判"]), (None, ["养老骗局被揭穿"])]
)
def test_people_lead_to_further_articles_if_the_judge_agrees(
    judge: Judge | None, titles: list[str], tmp_path: Path
) -> None:
    for name, text in (PAGES | ACTORS).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    weather = [f"## 天气 {day}\n\n今天晴，明天多云，第{day}次观测。\n" for day in range(1, 40)]
    (tmp_path / "weather.txt").write_text("date: 2021-01-09\n" + "\n".join(weather), encoding="utf-8")
    store = Store.open(f"sqlite:///{tmp_path / 'home' / 'yunwen.db'}")
    ingester(store).ingest([tmp_path])
    index = LocalIndex(store, tmp_path / "x.index", ENCODER)
    article = next(each for each in store.newest_articles(1000) if each.title == titles[0])
    found = follow(store, index, TOKENIZER, RESOLVER.gazetteer, article, judge)
    assert [step.article.title for step in found.steps] == titles
    if judge is not None:
        assert found.steps[1].shared == ("霍云沙",)
