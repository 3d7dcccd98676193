"""Offsets are true whatever characters stand in names and figures: what is cut out by them is what was found."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import ENCODER, RESOLVER, TOKENIZER, ingester

from retrieval import Answerer, LocalIndex, Store
from retrieval.text.figures import find_figures
from retrieval.text.sentences import split_sentences

TROUBLE = (
    "\u200b\u200d\u200e\u202e\u2066\u2069\ufeff\u00ad\ue000\U000f0000\u0301\ufe0f\U0001f600\ud800\x00\x1f"
)
PIECES = [
    "库伦旗",
    "通辽市奈曼旗",
    "水稻",
    "种植面积达",
    "3万余亩",
    "百分之九十",
    "2022年4月29日",
    "６０％",
    "。",
    "\n",
]
TEXTS = st.lists(st.sampled_from([*PIECES, *TROUBLE, *(name[:1] for name in PIECES)]), max_size=30).map(
    "".join
)


@settings(deadline=None)
@given(TEXTS)
def test_what_is_found_in_a_text_is_what_its_offsets_cut_out(text: str) -> None:
    for figure in find_figures(text):
        assert text[figure.start : figure.end] == figure.text
    for start, end in split_sentences(text):
        assert text[start:end].strip() == text[start:end] != ""
    for mention in RESOLVER.resolve_text(text).mentions:
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize("mark", [each for each in TROUBLE if each not in "\ud800\x00\x1f"])
def test_an_article_with_such_characters_is_stored_found_and_quoted_as_it_stands(
    tmp_path: Path, mark: str
) -> None:
    sentence = f"库伦旗{mark}今年水{mark}稻种植面积达{mark}3万{mark}余亩，稻农喜笑颜开。"
    (tmp_path / "page.txt").write_text(
        f"date: 2022-06-30\n## 库伦旗{mark} 水稻\n\n{sentence}\n", encoding="utf-8"
    )
    store = Store.open(f"sqlite:///{tmp_path / 'home' / 'yunwen.db'}")
    ingester(store).ingest([tmp_path])
    index = LocalIndex(store, tmp_path / "x.index", ENCODER)
    answer = Answerer(store, index, ENCODER, TOKENIZER, RESOLVER).ask(f"库伦旗{mark}水稻种植{mark}面积")
    assert answer.hits
    for hit in answer.hits:
        for each in hit.evidence:
            assert hit.article.text[each.start : each.end] == each.text
            assert all(each.start <= first < last <= each.end for first, last in each.matched)
            for figure in each.figures:
                assert hit.article.text[figure.start : figure.end] == figure.text
    store.engine.dispose()
