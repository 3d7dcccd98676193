"""Questions to begin with are real ones: of a place, for a figure that the article gives."""

import pytest

from retrieval.sample_questions import sample_question
from retrieval.types import Article, Span, SpanKind


def asked_of(text: str) -> str | None:
    article = Article(title="x", text=text, spans=(Span(SpanKind.BODY, 0, len(text)),), lines=(1, 2))
    return sample_question(article, "库伦旗")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("近年来，今年全旗水稻种植面积达3万余亩。", "库伦旗水稻种植面积是多少？"),
        ("今年库伦旗水稻种植面积达3万余亩。", "库伦旗水稻种植面积是多少？"),
        ("库伦平均每天的荞麦产量达3吨。", "库伦旗平均每天的荞麦产量是多少？"),
        ("蟹田大米亩产量达到800余斤。", "库伦旗蟹田大米亩产量是多少？"),
        ("本次共完成疫苗接种84人次。", "库伦旗完成疫苗接种多少人次？"),
        ("冰雪节期间，全旗接待滑雪爱好者超过5.6万人次。", "库伦旗接待滑雪爱好者多少人次？"),
    ],
)
def test_a_figure_is_asked_for_by_what_it_measures(text: str, question: str) -> None:
    assert asked_of(text) == question


@pytest.mark.parametrize(
    "text",
    [
        "九原区获批国家农村产业融合发展示范园。",
        "发放500余份。",
        "6月30日，会议召开。",
        "面积3万亩。",
        "建成后能够满足500人。",
    ],
)
def test_where_nothing_natural_can_be_asked_there_is_no_question(text: str) -> None:
    assert asked_of(text) is None
