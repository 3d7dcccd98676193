from dataclasses import replace
from datetime import date

import pytest
from stores import TOKENIZER

from retrieval.answering.evidence import _with_list, find_evidence, find_matches, weigh
from retrieval.answering.query import parse_question
from retrieval.types import Passage, Span, SpanKind, StoredArticle

TEXT = (
    "连日来，库伦旗各地稻农抢抓农时开展水稻插秧作业。去年，蟹田大米亩产量达到800余斤。"
    "今年全县水稻种植面积达3万余亩，预计稻谷总产量达15000余吨。该村党支部书记张建明介绍了经验。"
)


def stored(text: str, kind: SpanKind = SpanKind.BODY) -> tuple[StoredArticle, Passage]:
    article = StoredArticle(
        id="a",
        page="/p/a.txt",
        story="a",
        regions=(),
        title="水稻种植",
        place="库伦旗",
        date=date(2022, 6, 30),
        text=text,
        spans=(Span(kind, 0, len(text)),),
        lines=(1, 1),
    )
    return article, Passage(id=1, article_id="a", kind=kind, start=0, end=len(text), text=text)


def evidence(question: str, text: str = TEXT, kind: SpanKind = SpanKind.BODY):
    query = parse_question(question, TOKENIZER, date(2022, 7, 1))
    article, passage = stored(text, kind)
    return find_evidence(article, passage, query, weigh(query, dict.fromkeys(query.terms, 2), 100))


@pytest.mark.parametrize(
    ("question", "figure"),
    [("库伦旗水稻种植面积", "3万余亩"), ("蟹田大米亩产", "800余斤"), ("稻谷总产量多少吨", "15000余吨")],
)
def test_the_sentence_that_holds_the_figure_is_the_evidence(question: str, figure: str) -> None:
    (found,) = evidence(question)
    assert figure in [each.text for each in found.figures]


def test_a_question_for_a_person_prefers_a_sentence_with_one() -> None:
    (found,) = evidence("村书记是谁")
    assert "张建明" in found.text


def test_offsets_slice_back_to_the_article() -> None:
    (found,) = evidence("库伦旗水稻种植面积")
    assert TEXT[found.start : found.end] == found.text
    assert all(TEXT[each.start : each.end] == each.text for each in found.figures)
    assert [TEXT[start:end] for start, end in found.matched] == ["水稻种植面积"]


def test_relative_words_are_resolved_by_the_articles_date() -> None:
    (found,) = evidence("库伦旗水稻种植面积")
    assert found.resolved == (("今年", "2022年"),)


def test_a_caption_marks_no_figures() -> None:
    (found,) = evidence("水稻面积", "图为3万亩水稻。", SpanKind.CAPTION)
    assert found.figures == ()


def test_a_question_for_several_things_gathers_the_sentences_that_go_on() -> None:
    text = "宣传方式包括展板、横幅、讲座。宣传还包括短信、广播。会后大家合影。"
    assert [each.text for each in evidence("宣传方式包括哪些", text)] == [
        "宣传方式包括展板、横幅、讲座。",
        "宣传还包括短信、广播。",
    ]


def test_matches_are_found_whatever_width_and_script() -> None:
    query = parse_question("GDP增長", TOKENIZER, date(2022, 7, 1))
    assert find_matches("ＧＤＰ增长3%", 0, 8, query) == ((0, 5),)


def test_the_parts_of_a_list_are_gathered_across_the_article() -> None:
    text = "某县在三个一线锤炼干部。\n项目一线练本领。干部下去了。\n信访一线练耐心。\n防疫一线练担当。\n会议还研究了其他事项。"
    spans, at = [], 0
    for paragraph in text.split("\n"):
        spans.append(Span(SpanKind.BODY, at, at + len(paragraph)))
        at += len(paragraph) + 1
    article, passage = stored(text)
    article = replace(article, spans=tuple(spans))
    query = parse_question("三个一线包括哪些", TOKENIZER, date(2022, 7, 1))
    found = find_evidence(article, passage, query, weigh(query, dict.fromkeys(query.terms, 2), 100))
    assert [each.text for each in found] == [
        "某县在三个一线锤炼干部。",
        "项目一线练本领。",
        "信访一线练耐心。",
        "防疫一线练担当。",
    ]


def test_evidence_ends_without_the_closing_mark_of_what_began_before_it() -> None:
    text = "局长说：“今年雨水好。水稻种植面积有3万亩。”大家都高兴。"
    assert [each.text for each in evidence("水稻种植面积", text)] == ["水稻种植面积有3万亩。"]
    text = "局长说：“水稻种植面积有3万亩。”大家都高兴。"
    assert [each.text for each in evidence("水稻种植面积", text)] == ["局长说：“水稻种植面积有3万亩。”"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [("、3人受伤", "共造成3人死亡、3人受伤"), ("3人受伤", "3人受伤"), ("3人死亡", "3人死亡")],
)
def test_an_answer_begins_with_a_part_of_a_list_and_not_with_the_mark_before_it(
    words: str, answer: str
) -> None:
    text = "昨天发生一起事故，共造成3人死亡、3人受伤，伤者无生命危险。"
    start = text.index(words)
    assert text[slice(*_with_list(text, start, start + len(words)))] == answer
