"""What an inline query offers, and which query of a quick hand counts."""

import re

import pytest
from samples import WHICH, answer, hit

from bot.messages.links import Links
from bot.telegram.context import LatestQueries
from bot.telegram.handlers.inline import list_results
from retrieval import Outcome

LINKS = Links("yunwen_bot")


def test_a_found_answer_is_a_passage_each_with_evidence_source_and_date() -> None:
    results, next_offset = list_results(answer(n_hits=3), LINKS)
    assert next_offset == ""
    assert [each.id for each in results] == ["p1", "p2", "p3"]
    first = results[0]
    assert (first.title, first.description) == (
        "水稻 & 丰收1",
        "库伦旗，2022年6月30日 · 今年<全旗>水稻种植面积达3万余亩。",
    )
    content = first.input_message_content.to_dict()
    assert content["parse_mode"] == "HTML"
    assert content["message_text"].startswith("今年&lt;全旗&gt;<b>水稻种植面积</b>达3万余亩。")
    assert "截至2022年6月30日" in content["message_text"]
    assert first.reply_markup is not None
    assert first.reply_markup.inline_keyboard[0][0].url == "https://t.me/yunwen_bot?start=a_article1"


def test_ten_passages_are_offered_at_a_time_until_there_are_no_more() -> None:
    given = answer(n_hits=14)
    first, next_offset = list_results(given, LINKS)
    assert ([each.id for each in first], next_offset) == ([f"p{n}" for n in range(1, 11)], "10")
    second, end = list_results(given, LINKS, 10)
    assert ([each.id for each in second], end) == ([f"p{n}" for n in range(11, 15)], "")
    assert list_results(given, LINKS, 900) == ([], "")
    assert list_results(answer(n_hits=10), LINKS)[1] == ""


@pytest.mark.parametrize("outcome", [Outcome.NEAR, Outcome.NONE, Outcome.NEEDS_COUNTING])
def test_what_is_not_found_is_one_result_that_says_so(outcome: Outcome) -> None:
    ((only,), _) = list_results(answer(outcome, 3), LINKS)
    text = only.input_message_content.to_dict()["message_text"]
    assert re.match("没有找到|这个问题要跨文章", only.title)
    assert "相近的报道（不是答案）：" in text
    assert "blockquote" not in text


def test_an_unclear_place_is_one_result_that_names_what_it_may_be() -> None:
    ((only,), _) = list_results(WHICH, LINKS)
    assert only.title == "“朝阳”可能是几个地方，请选一个："
    assert only.description == "北京市 › 朝阳区、辽宁省 › 朝阳市"


def test_long_words_are_cut_to_what_a_phone_shows_and_the_passage_is_not() -> None:
    text = "长" * 500 + "。" + "长" * 500
    long = hit(text=text, title="题" * 200)
    ((only,), _) = list_results(answer(hits=(long,)), LINKS)
    assert (len(only.title), len(only.description or "")) == (60, 120)
    assert only.input_message_content.to_dict()["message_text"].count("长") == 1000


def test_only_a_persons_last_query_counts_and_nothing_is_kept_when_it_is_done() -> None:
    latest = LatestQueries()
    for user_id, query_id in ((1, "a"), (1, "b"), (2, "c")):
        latest.arrived(user_id, query_id)
    assert [latest.is_latest(1, "a"), latest.is_latest(1, "b"), latest.is_latest(2, "c")] == [
        False,
        True,
        True,
    ]
    latest.done(1, "a")
    assert latest.is_latest(1, "b")
    for user_id, query_id in ((1, "b"), (2, "c")):
        latest.done(user_id, query_id)
    assert latest._latest == {}
