import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich_html import read_rich
from samples import TEXT, WHICH, answer, article, hit, hit_with_two_quotes

from bot.languages import Language, texts_of
from bot.messages.answers import Quote, Report, explain_outcome, report_of
from bot.messages.links import Links
from bot.messages.menus import render_place
from bot.messages.sources import Source, question_about
from bot.messages.splitting import utf16_length
from bot.telegram.rendering import (
    apology,
    render_answer,
    render_found,
    render_full,
    render_hit,
    render_more,
    render_told,
    welcome,
)
from retrieval import Answer, Division, Outcome, PlaceListing, Wanted

TEXTS = texts_of(Language.SIMPLIFIED)
LINKS = Links("yunwen_bot")


def plain(html: str) -> str:
    return unescape(re.sub(r"</?(?:b|i|blockquote|a)(?: [^>]*)?>", "", html))


def test_the_evidence_comes_first_with_its_words_bold_and_all_escaped() -> None:
    html = render_hit(hit(), TEXTS, LINKS)
    assert html.startswith("今年&lt;全旗&gt;<b>水稻种植面积</b>达3万余亩。")
    assert '<a href="https://t.me/yunwen_bot?start=a_article1">水稻 &amp; 丰收1</a>' in html
    assert '<a href="https://t.me/yunwen_bot?start=r_150524">库伦旗</a>' in html
    assert plain(html).splitlines()[3:] == [
        "水稻 & 丰收1 · 库伦旗 · 截至2022年6月30日（据电头推定）",
        "预计总产量达15000余吨。",
    ]
    assert html.endswith("<blockquote expandable>预计总产量达15000余吨。</blockquote>")


def test_the_answers_own_words_are_the_first_line_and_bold_in_their_sentence() -> None:
    given = hit()
    read = replace(given, evidence=(replace(given.evidence[0], answer=(13, 17)),))
    lines = render_hit(read, TEXTS, LINKS).splitlines()
    assert lines[:2] == ["<b>3万余亩</b>", "今年&lt;全旗&gt;水稻种植面积达<b>3万余亩</b>。"]
    whole = replace(given, evidence=(replace(given.evidence[0], answer=(0, 18)),))
    assert render_hit(whole, TEXTS, LINKS).startswith("<b>今年&lt;全旗&gt;水稻种植面积达3万余亩。</b>\n")


def test_a_passage_that_ends_with_the_sentence_has_nothing_to_unfold() -> None:
    assert "blockquote" not in render_hit(hit(text="水稻种植面积达3万余亩。"), TEXTS, LINKS)
    assert "blockquote" not in render_hit(hit(text="水稻种植面积达3万余亩。（记者 张三）"), TEXTS, LINKS)


def test_relative_words_are_explained() -> None:
    assert "“今年”指2022年" in render_hit(hit(), TEXTS, LINKS)


def test_two_sentences_of_an_article_that_stand_apart_are_two_quotations() -> None:
    first, second, _ = plain(render_hit(hit_with_two_quotes(), TEXTS, LINKS)).split("\n\n")
    assert first == "水稻种植面积3万余亩。"
    assert second == "同一篇另一处：\n另有水稻种植面积2万亩在改造。"


def test_a_passage_that_does_not_fit_is_left_to_the_full_text() -> None:
    html = render_hit(hit(text="长" * 1000 + "。" + "长" * 4000), TEXTS, LINKS)
    assert "blockquote" not in html
    assert utf16_length(plain(html)) <= 4096


def test_an_article_with_an_address_offers_the_original_and_no_other_scheme_is_one() -> None:
    linked = hit(url="https://example.com/?a=1&b=2")
    assert '<a href="https://example.com/?a=1&amp;b=2">原文</a>' in render_hit(linked, TEXTS, LINKS)
    for url in ("javascript:alert(1)", "tg://resolve?domain=x", None):
        assert "原文" not in render_hit(hit(url=url), TEXTS, LINKS)


def test_a_found_answer_has_further_hits_in_a_line_each_and_buttons() -> None:
    reply = render_answer(answer(n_hits=4), "abcd1234", TEXTS, LINKS)
    assert plain(reply.html).count("\n2. ") == 1
    labels = [button.label for row in reply.buttons for button in row]
    assert labels == ["全文", "复制", "更多", "🔔 有新消息告诉我", "👍👎"]
    assert [len(row) for row in reply.buttons] == [3, 2]
    in_group = render_answer(answer(n_hits=4), "abcd1234", TEXTS, LINKS, is_group=True)
    labels = [button.label for row in in_group.buttons for button in row]
    assert labels == [
        "全文",
        "复制",
        "更多",
        "👍👎",
    ]  # what its admins alone may press is not shown to its members


def test_more_is_offered_only_where_there_is_more() -> None:
    def labels(given: Answer) -> list[str]:
        reply = render_answer(given, "abcd1234", TEXTS, LINKS)
        return [button.label for row in reply.buttons for button in row]

    assert "更多" not in labels(answer(n_hits=1))
    assert "更多" in labels(answer(n_hits=2))
    assert "更多" not in labels(answer(Outcome.NEAR, 2))
    assert "更多" in labels(answer(Outcome.NEAR, 3))


def test_differing_figures_are_shown_together_and_said_to_differ() -> None:
    reply = render_answer(answer(n_hits=5, differing=(1, 2, 3, 4)), "abcd1234", TEXTS, LINKS)
    assert plain(reply.html).splitlines()[-5:] == [
        "同一件事，不同日期的报道数字不一：",
        *(f"· 2022-06-30 3万余亩 水稻 & 丰收{rank}" for rank in (1, 2, 3, 4)),
    ]
    rich = read_rich(reply.rich)
    assert rich.rows == [f"2022-06-30 | 3万余亩 | 水稻 & 丰收{rank}" for rank in (1, 2, 3, 4)]
    assert rich.lines[-5:] == ["同一件事，不同日期的报道数字不一：", *rich.rows]


@given(st.text(min_size=1), st.text(max_size=300), st.text(max_size=99))
def test_what_is_copied_is_the_sentence_with_where_it_stands_in_what_a_button_takes(
    sentence: str, title: str, paper: str
) -> None:
    article_source = Source("id", title, None, None, None, "", "2022-06-30", paper or None, None, None)
    quote = Quote(sentence, (), None, (), ())
    copied = Report(1, (quote,), article_source, "").copied
    assert utf16_length(copied) <= 256
    assert copied.endswith("2022-06-30")
    assert copied.startswith(" ".join(sentence.split())[:100])


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome.NEAR, "没有找到“&lt;它&gt;”的答案。"),
        (Outcome.NONE, "没有找到“&lt;它&gt;”的答案，也没有找到相近的报道。"),
        (Outcome.NEEDS_COUNTING, "这个问题要跨文章计数、相加或比较，我不会算；下面只列出找到的相关报道。"),
    ],
)
def test_what_is_not_found_says_so_first_and_marks_what_is_near(outcome: Outcome, said: str) -> None:
    reply = render_answer(answer(outcome, 2), "abcd1234", TEXTS, LINKS)
    assert reply.html.startswith(f"{said}\n\n相近的报道（不是答案）：\n1. ")
    assert "blockquote" not in reply.html


def test_nothing_found_lists_nothing() -> None:
    reply = render_answer(answer(Outcome.NONE, 0), "abcd1234", TEXTS, LINKS)
    assert reply.html == "没有找到“&lt;它&gt;”的答案，也没有找到相近的报道。"
    assert [[button.label for button in row] for row in reply.buttons] == [
        ["🔔 有新消息告诉我", "👍👎"],
    ]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("q", ("奈曼旗",), (), "水稻面积"), "没有找到奈曼旗的水稻面积。"),
        (Wanted("q", ("奈曼旗", "库伦旗"), ("去年",), "水稻"), "没有找到奈曼旗、库伦旗去年的水稻。"),
        (Wanted("q", ("奈曼旗",), ("去年",)), "没有找到“q”的答案。"),
        (Wanted("q"), "没有找到“q”的答案。"),
    ],
)
def test_what_was_wanted_is_said_by_place_time_and_topic(wanted: Wanted, said: str) -> None:
    reason = explain_outcome(answer(Outcome.NEAR, 1, wanted=wanted), TEXTS)
    assert reason is not None
    assert reason.startswith(said)


def test_a_long_question_is_said_back_shortened_and_one_without_words_not_at_all() -> None:
    long = answer(Outcome.NONE, 0, wanted=Wanted("长" * 41))
    assert explain_outcome(long, TEXTS) == "没有找到“" + "长" * 39 + "…”的答案，也没有找到相近的报道。"
    empty = answer(Outcome.NONE, 0, wanted=None)
    assert explain_outcome(empty, TEXTS) == "这个问题里没有可以查找的字词，请换个说法再问。"


def test_the_same_answer_is_framed_in_english_and_quoted_as_it_stands() -> None:
    english = texts_of(Language.ENGLISH)
    reply = render_answer(answer(n_hits=2), "abcd1234", english, LINKS)
    text = plain(reply.html)
    assert text.startswith("今年<全旗>水稻种植面积达3万余亩。\nHere “今年” means 2022年")
    assert "水稻 & 丰收1 · 库伦旗 · as of 30 June 2022 (inferred from the dateline)" in text
    assert text.endswith("See also:\n2. 水稻 & 丰收2 (库伦旗, 2022-06-30)")
    assert [button.label for row in reply.buttons for button in row] == [
        *("Full text", "Copy", "More", "🔔 Tell me news of this", "👍👎")
    ]


def test_the_titles_of_further_hits_open_their_articles() -> None:
    html = render_answer(answer(n_hits=3), "abcd1234", TEXTS, LINKS).html
    assert [f"start=a_article{rank}" in html for rank in (1, 2, 3)] == [True, True, True]


def test_more_hits_are_pages_with_buttons_that_turn_to_their_neighbours() -> None:
    shown = [report_of(rank, hit(rank).article, None, hit(rank).evidence, TEXTS) for rank in range(6, 10)]
    reply = render_more(shown, 1, 19, "abcd1234", TEXTS, LINKS, n_before=1)
    assert plain(reply.html).startswith(
        "其他相关报道，第 6 至 9 条，共 20 条：\n\n6. 水稻 & 丰收6（库伦旗，2022-06-30）\n"
    )
    assert reply.html.count("<b>水稻种植面积</b>") == 4
    assert [[button.data for button in row] for row in reply.buttons] == [
        [f"hit:abcd1234:{rank}" for rank in range(6, 10)],
        ["turn:abcd1234:0", "turn:abcd1234:2"],
    ]
    last = render_more(shown[:3], 4, 19, "abcd1234", TEXTS, LINKS)
    assert [button.data for button in last.buttons[-1]] == ["turn:abcd1234:3"]


def test_a_page_of_hits_fits_one_message_however_long_they_are() -> None:
    long = hit(title="题" * 400, text="长" * 3000 + "。", credit="x" * 500)
    shown = [report_of(rank, long.article, None, long.evidence, TEXTS) for rank in range(4)]
    assert utf16_length(plain(render_more(shown, 0, 4, "abcd1234", TEXTS, LINKS).html)) <= 4096


def test_an_unclear_place_is_asked_back_with_a_button_each() -> None:
    reply = render_answer(WHICH, "abcd1234", TEXTS, LINKS)
    assert [row[0].label for row in reply.buttons] == ["北京市 › 朝阳区", "辽宁省 › 朝阳市"]


def test_every_buttons_data_fits_telegrams_64_bytes() -> None:
    replies = [
        render_answer(answer(n_hits=5), "abcd1234", TEXTS, LINKS),
        render_answer(WHICH, "abcd1234", TEXTS, LINKS),
        welcome(TEXTS, [("150524", "库伦旗")], ["库伦旗水稻种植面积是多少？", "长" * 30], asks_place=True),
    ]
    replies += render_full(article(text="句。" * 30000), 0, TEXTS, LINKS)
    assert all(
        len(button.data.encode()) <= 64 for reply in replies for row in reply.buttons for button in row
    )


def test_a_full_article_is_all_there_across_presses() -> None:
    long = article(text="".join(f"第{number}句<话>。" for number in range(6000)))
    sent: list[str] = []
    first = 0
    while True:
        replies = render_full(long, first, TEXTS, LINKS)
        sent += [plain(reply.html) for reply in replies]
        if not replies[-1].buttons:
            break
        first = int(replies[-1].buttons[0][0].data.rpartition(":")[2])
    assert all(utf16_length(text) <= 4096 for text in sent)
    head, _, body = "".join(sent).partition("\n\n")
    assert body == long.text
    assert long.title in head


def test_a_part_beyond_the_end_is_nothing() -> None:
    assert render_full(article(), 99, TEXTS, LINKS) == []


@given(st.text(alphabet="<>&\"'甲。😀", min_size=1, max_size=300))
def test_any_text_is_escaped_to_itself(text: str) -> None:
    item = hit(text="。" + text + "甲" * 12)
    shown = plain(render_found(item.article, item.passage, item.evidence, TEXTS, LINKS))
    assert shown.endswith("\n" + (text + "甲" * 12).lstrip())


def test_what_older_greetings_offered_is_an_articles_place_and_title() -> None:
    assert question_about(article(place="库伦旗")) == "库伦旗水稻 & 丰收1"


def test_an_apology_has_its_code() -> None:
    assert "a1b2c3" in apology(TEXTS, "a1b2c3")


def test_a_place_lists_what_lies_right_below_it_with_articles_first() -> None:
    divisions = [
        Division(code, name, 3, "150500", official=True)
        for code, name in (("150524", "库伦旗"), ("150525", "奈曼旗"))
    ]
    listing = PlaceListing(
        "150500", "150000", "内蒙古自治区 › 通辽市", 3, ((divisions[1], 0), (divisions[0], 3))
    )
    assert plain(render_place(listing, TEXTS).html).splitlines() == [
        "内蒙古自治区 › 通辽市：3 篇",
        "· 库伦旗：3 篇",
        "还没有报道：奈曼旗",
    ]


def test_text_of_the_samples_is_what_the_tests_think() -> None:
    assert TEXT[13:17] == "3万余亩"


def test_the_news_of_a_standing_question_has_its_question_above_and_a_button_to_stop() -> None:
    reply = render_told("水稻<面积>", 5, answer(n_hits=2), "abcd1234", TEXTS, LINKS)
    assert plain(reply.html).startswith(
        "🔔 您关注的“水稻<面积>”有新消息：\n\n今年<全旗>水稻种植面积达3万余亩。"
    )
    data = [button.data for row in reply.buttons for button in row]
    assert "wd:5" in data
    assert not any(each.startswith("w:") for each in data)


def test_news_that_would_be_too_long_with_its_quotation_comes_without() -> None:
    long = answer(n_hits=1)
    text = long.hits[0].article.text + "长" * 3980
    passage = replace(long.hits[0].passage, text=text, end=len(text))
    first = replace(long.hits[0], article=article(text=text), passage=passage)
    assert "blockquote" in render_hit(first, TEXTS, LINKS)
    reply = render_told("水稻" * 50, 5, replace(long, hits=(first,)), "abcd1234", TEXTS, LINKS)
    assert "blockquote" not in reply.html
    assert utf16_length(plain(reply.html)) < 600


def test_what_cannot_be_answered_later_is_not_offered_to_be_watched() -> None:
    for each in (answer(Outcome.NEEDS_COUNTING, 1), WHICH):
        data = [
            button.data for row in render_answer(each, "abcd1234", TEXTS, LINKS).buttons for button in row
        ]
        assert not any(item.startswith("w:") for item in data)
