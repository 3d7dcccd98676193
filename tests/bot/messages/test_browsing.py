"""Stories that were asked for, as they are said and shown in each language."""

from dataclasses import replace
from datetime import date

import pytest
from samples import answer

from bot.languages import Language, texts_of
from bot.messages.answers import compose_answer
from bot.messages.browsing.stories import compose_browse, render_browse
from bot.messages.browsing.words import explain_browse
from bot.messages.links import Links
from bot.messages.splitting import plain_text
from retrieval import Answer, Browsed, Outcome, Wanted

HANS, EN = texts_of(Language.SIMPLIFIED), texts_of(Language.ENGLISH)
NEWEST, ASKED = date(2022, 6, 30), date(2026, 6, 30)
LINKS = Links("yunwen_bot")


def browse(n_hits: int = 2, wanted: Wanted | None = None, **browsed: object) -> Answer:
    known = Browsed(library_newest=NEWEST, **browsed)  # type: ignore[arg-type]
    return answer(Outcome.BROWSE, n_hits, wanted=wanted or Wanted("q", ("库伦旗",)), browsed=known)


def test_what_was_asked_for_is_the_heading() -> None:
    wanted = Wanted("q", ("通辽市",), ("6月30日",), "水稻")
    asked = browse(wanted=wanted, days=((NEWEST, NEWEST),))
    assert compose_browse(asked, HANS).heading == "通辽市 · 2022年6月30日 · “水稻”"
    assert compose_browse(browse(wanted=Wanted("q")), HANS).heading == "最新消息"
    assert (
        compose_browse(browse(wanted=Wanted("q", (), ("今天",)), days=((NEWEST, NEWEST),)), HANS).heading
        == "今天"
    )


def test_stories_stand_under_their_days() -> None:
    found = browse(3)
    first, *others = found.hits
    older = replace(others[-1], article=replace(others[-1].article, date=date(2022, 6, 29)))
    said = compose_browse(replace(found, hits=(first, others[0], older)), HANS)
    assert [(day, len(lines)) for day, lines in said.days] == [("2022年6月30日", 2), ("2022年6月29日", 1)]


def test_days_with_a_story_each_stand_behind_their_stories() -> None:
    found = browse(3)
    days = (date(2022, 6, 30), date(2022, 5, 1), date(2021, 4, 2))
    hits = tuple(
        replace(hit, article=replace(hit.article, date=day))
        for hit, day in zip(found.hits, days, strict=True)
    )
    lines = plain_text(render_browse(replace(found, hits=hits), "abc", HANS, LINKS).html).split("\n")
    assert len(lines) == 5
    assert lines[-1].endswith("2021年4月2日）")


def test_a_place_without_news_leads_to_the_one_around_it() -> None:
    nothing = browse(0, follow=("150524", "库伦旗"), wider="通辽市")
    for texts, label in ((HANS, "看通辽市的"), (EN, "News of 通辽市")):
        first, *_ = render_browse(nothing, "abc", texts, LINKS).buttons[0]
        assert (first.label, first.data) == (label, "ask:通辽市")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (browse(), None),
        (
            browse(
                wanted=Wanted("q", (), ("今天",)),
                days=((ASKED, ASKED),),
                newest=NEWEST,
                is_of_newest=True,
                is_yet_to_come=True,
            ),
            "今天的报纸还没到，最近一期是2022年6月30日：",
        ),
        (
            browse(
                wanted=Wanted("q", ("通辽市",), ("6月30日",)),
                days=((ASKED, ASKED),),
                newest=NEWEST,
                is_of_newest=True,
            ),
            "没有通辽市 2026年6月30日的报道，最近一期是2022年6月30日：",
        ),
        (
            browse(
                0, wanted=Wanted("q", ("赤峰市",), ("8月",)), days=((date(2026, 8, 1), date(2026, 8, 31)),)
            ),
            "还没有赤峰市 8月的报道。资料库里最新的一期是2022年6月30日。",
        ),
    ],
)
def test_why_there_is_nothing_of_then_is_said_with_the_newest_issue(asked: Answer, said: str | None) -> None:
    assert explain_browse(asked, HANS) == said


def test_an_empty_library_says_that_it_is() -> None:
    empty = answer(Outcome.BROWSE, 0, browsed=Browsed(), wanted=Wanted("q"))
    assert explain_browse(empty, HANS) == "资料库里还没有报道。"


def test_titles_are_tapped_and_buttons_go_on_and_follow() -> None:
    reply = render_browse(browse(follow=("150524", "库伦旗"), has_more=True), "abc", HANS, LINKS)
    assert "start=a_article1" in reply.html
    assert [[(each.label, each.data) for each in row] for row in reply.buttons] == [
        [("更多", "more:abc"), ("订阅库伦旗", "s:150524")]
    ]
    assert render_browse(browse(), "abc", EN, LINKS).buttons == ()
    for_members = render_browse(browse(follow=("150524", "库伦旗")), "abc", HANS, LINKS, is_group=True)
    assert for_members.buttons == ()


def test_who_wrote_it_is_said_where_that_was_asked() -> None:
    asked = render_browse(browse(1, asks_author=True), "abc", HANS, LINKS)
    assert "记者 张三" in asked.html
    assert "记者 张三" not in render_browse(browse(1), "abc", HANS, LINKS).html


def test_a_channel_that_knows_answers_alone_shows_stories_as_reports() -> None:
    said = compose_answer(browse(3, is_of_newest=True, newest=NEWEST, has_more=True), HANS)
    assert (said.found, said.heading, len(said.further)) == (None, "库伦旗", 3)
    assert said.reason == "没有库伦旗的报道，最近一期是2022年6月30日："
    assert [each.step for each in said.steps] == ["more"]
