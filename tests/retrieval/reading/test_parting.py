"""An article as long as a book becomes several, and nothing of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stores import article

from retrieval.reading.parting import LONGEST, parts_of
from retrieval.types import Span, SpanKind

SENTENCE = "库伦旗水稻种植面积达到三万亩。"


def test_an_article_of_usual_length_stays_as_it_is() -> None:
    whole = article("水稻", SENTENCE * (LONGEST // len(SENTENCE)))
    assert list(parts_of(whole)) == [whole]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    whole = article("水稻", SENTENCE * 5000, place="库伦旗")
    parts = list(parts_of(whole))
    assert len(parts) == 4
    assert "".join(part.text for part in parts) == whole.text
    assert all(part.text.endswith("。") and len(part.text) <= LONGEST for part in parts)
    assert {(part.title, part.place) for part in parts} == {("水稻", "库伦旗")}
    assert all(part.spans == (Span(SpanKind.BODY, 0, len(part.text)),) for part in parts)


@given(
    paragraphs=st.lists(
        st.text(st.sampled_from("水稻。，！ ”"), min_size=1, max_size=60), min_size=1, max_size=12
    ),
    longest=st.integers(1, 50),
)
def test_the_parts_have_all_that_the_spans_cover_in_order(paragraphs: list[str], longest: int) -> None:
    text, spans = "\n".join(paragraphs), []
    for paragraph in paragraphs:
        start = spans[-1].end + 1 if spans else 0
        spans.append(Span(SpanKind.BODY, start, start + len(paragraph)))
    whole = article("水稻", text)
    object.__setattr__(whole, "spans", tuple(spans))
    parts = list(parts_of(whole, longest))
    if len(text) > longest:
        assert max(len(part.text) for part in parts) <= longest
    covered = "".join(part.text[span.start : span.end] for part in parts for span in part.spans)
    # what separates sentences belongs to none
    assert covered.replace(" ", "") == "".join(paragraphs).replace(" ", "")
    assert all(0 <= span.start < span.end <= len(part.text) for part in parts for span in part.spans)


@pytest.mark.parametrize("kind", [SpanKind.CAPTION, SpanKind.BOILERPLATE])
def test_a_part_keeps_the_kind_of_its_stretches(kind: SpanKind) -> None:
    whole = article("水稻", "水" * 50_000)
    object.__setattr__(whole, "spans", (Span(kind, 0, 50_000),))
    assert [span.kind for part in parts_of(whole) for span in part.spans] == [kind] * 3
