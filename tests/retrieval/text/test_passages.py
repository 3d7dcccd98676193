import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.passages import ChunkSize, chunk, passage_header
from retrieval.types import Article, Span, SpanKind


def article(text: str, *spans: Span, **fields: object) -> Article:
    return Article(
        title="题", text=text, spans=spans or (Span(SpanKind.BODY, 0, len(text)),), lines=(1, 1), **fields
    )  # type: ignore[arg-type]


def test_whole_sentences_fill_a_passage_up_to_its_target() -> None:
    text = "甲" * 9 + "。" + "乙" * 9 + "。" + "丙" * 9 + "。"
    pieces = chunk(article(text), ChunkSize(target=15, limit=20))
    assert [(piece.start, piece.end) for piece in pieces] == [(0, 20), (20, 30)]


def test_a_sentence_longer_than_the_limit_is_cut_at_commas() -> None:
    text = "甲" * 9 + "，" + "乙" * 9 + "。"
    pieces = chunk(article(text), ChunkSize(target=5, limit=12))
    assert [text[piece.start : piece.end] for piece in pieces] == ["甲" * 9 + "，", "乙" * 9 + "。"]


def test_datelines_and_credits_belong_to_no_passage() -> None:
    text = "本报讯 种了三亩。（张三）"
    spans = (Span(SpanKind.DATELINE, 0, 4), Span(SpanKind.BODY, 4, 9), Span(SpanKind.CREDIT, 9, 13))
    assert [text[piece.start : piece.end] for piece in chunk(article(text, *spans))] == ["种了三亩。"]


def test_a_caption_is_a_passage_of_its_own_kind() -> None:
    text = "种了三亩。\n图为稻田。"
    spans = (Span(SpanKind.BODY, 0, 5), Span(SpanKind.CAPTION, 6, 11))
    assert [piece.kind for piece in chunk(article(text, *spans))] == [SpanKind.BODY, SpanKind.CAPTION]


def test_a_short_tail_goes_to_its_neighbour() -> None:
    text = "甲" * 19 + "。" + "乙。"
    assert len(chunk(article(text), ChunkSize(target=20, limit=30))) == 1


def test_the_header_is_place_and_title_but_no_derived_title() -> None:
    assert passage_header(article("一。", place="库伦旗")) == "库伦旗 题"
    assert passage_header(article("一。", title_is_derived=True)) == ""


def test_a_target_above_the_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="target"):
        ChunkSize(target=30, limit=20)


@given(st.text(alphabet="甲乙丙，。！\n ", max_size=300))
def test_passages_cover_each_sentence_once_in_order_within_the_limit(text: str) -> None:
    size = ChunkSize(target=20, limit=30)
    pieces = chunk(article(text), size)
    assert all(0 < piece.end - piece.start <= size.limit for piece in pieces)
    assert all(a.end <= b.start for a, b in zip(pieces, pieces[1:], strict=False))
    kept = "".join(text[piece.start : piece.end] for piece in pieces)
    assert "".join(kept.split()) == "".join(text.split())
