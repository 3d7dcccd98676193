from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_a_sentence_ends_at_its_stop_with_the_quotes_that_follow() -> None:
    assert sentences("他说：“好。”然后走了。") == ["他说：“好。”", "然后走了。"]


def test_a_line_break_ends_a_sentence() -> None:
    assert sentences("一、产业\n二、人才") == ["一、产业", "二、人才"]


def test_a_decimal_point_ends_nothing() -> None:
    assert sentences("增长3.5%，达12.7亿元。") == ["增长3.5%，达12.7亿元。"]


def test_a_semicolon_ends_nothing() -> None:
    assert sentences("一是快；二是好。") == ["一是快；二是好。"]


@given(st.text(alphabet="甲乙。！？”）\n .1a"))
def test_sentences_are_in_order_and_hold_all_that_is_not_blank(text: str) -> None:
    spans = split_sentences(text)
    assert all(start < end for start, end in spans)
    assert all(first[1] <= second[0] for first, second in zip(spans, spans[1:], strict=False))
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())
