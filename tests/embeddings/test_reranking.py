"""The reranker that comes with the product, and others in its place."""

import os
from pathlib import Path

import numpy as np
import pytest

from embeddings import EncoderError, Reading, open_reranker
from embeddings.bundled import prune
from embeddings.reranking import Reranker
from embeddings.weights import (
    RERANKER_WEIGHTS,
    ModelWeights,
    bundled_file,
    quantised,
    read_reranker_weights,
    read_weights,
    write_reranker_weights,
)

HEAD = "2026年7月3日 库伦旗 水稻插秧忙"
ANSWER = "今年库伦旗水稻种植面积达到3万余亩。"
PASSAGE = f"眼下正是插秧的好时节。{ANSWER}农户们起早贪黑。"
OTHER = "图书馆周末照常开放，读者可以预约座位。"


def test_what_answers_is_more_relevant_than_what_does_not(reranker: Reranker) -> None:
    right, wrong = reranker.read("库伦旗种了多少水稻", [(HEAD, PASSAGE), ("", OTHER)])
    assert right.relevance > wrong.relevance


def test_the_span_stands_in_the_passage_and_holds_the_figure(reranker: Reranker) -> None:
    reading = reranker.read("库伦旗种了多少水稻", [(HEAD, PASSAGE)])[0]
    span = reading.best_span(0, len(PASSAGE))
    assert span is not None
    assert "3万余亩" in PASSAGE[span.start : span.end]


def test_a_span_is_sought_within_a_stretch_alone(reranker: Reranker) -> None:
    reading = reranker.read("库伦旗种了多少水稻", [(HEAD, PASSAGE)])[0]
    start = PASSAGE.index("农户")
    span = reading.best_span(start, len(PASSAGE))
    assert span is not None
    assert start <= span.start < span.end <= len(PASSAGE)
    assert reading.best_span(3, 3) is None


def test_a_passage_reads_the_same_in_any_company_and_by_any_number_of_threads(model_cache: Path) -> None:
    alone, many = (open_reranker(cache=model_cache, n_threads=n) for n in (1, 3))
    assert alone is not None
    assert many is not None
    first = alone.read("库伦旗种了多少水稻", [(HEAD, PASSAGE)])[0]
    second = many.read("库伦旗种了多少水稻", [("", OTHER), (HEAD, PASSAGE), ("", OTHER)])[1]
    assert first.relevance == second.relevance
    assert np.array_equal(first.logits, second.logits)


def test_a_passage_longer_than_is_read_is_read_at_its_beginning(reranker: Reranker) -> None:
    reading = reranker.read("问" * 500, [(HEAD, PASSAGE * 40)])[0]
    assert 0 < len(reading.offsets) < 256
    assert reading.best_span(len(PASSAGE) * 39, len(PASSAGE) * 40) is None


def test_no_passages_no_readings(reranker: Reranker) -> None:
    assert reranker.read("问", []) == []


def test_the_longest_span_and_its_order_are_kept() -> None:
    offsets = np.array([(at, at + 1) for at in range(40)], dtype=np.int32)
    logits = np.zeros((40, 2), dtype=np.float32)
    logits[0, 0], logits[39, 1] = 9, 9  # too far apart for one answer
    logits[30, 0], logits[5, 1] = 5, 5  # begins behind its end
    span = Reading(0.0, offsets, logits).best_span(0, 40)
    assert span is not None
    assert 0 < span.end - span.start <= 24


@pytest.fixture(scope="module")
def encoder() -> ModelWeights:
    return prune(read_weights(bundled_file()))


def test_weights_come_back_as_they_were_written(tmp_path: Path, encoder: ModelWeights) -> None:
    weights = read_reranker_weights(encoder)
    own = {name: values for name, values in weights.tensors.items() if not name.startswith("emb.")}
    write_reranker_weights(own, tmp_path / "again.npz")
    again = read_reranker_weights(encoder, tmp_path / "again.npz")
    assert again.architecture == weights.architecture
    for name, values in weights.tensors.items():
        assert np.allclose(again.tensors[name], values, rtol=1e-6), name
    assert RERANKER_WEIGHTS.stat().st_size < 12_000_000


def test_rows_that_were_at_8_bits_are_so_again() -> None:
    rows = np.random.default_rng(20).normal(size=(5, 64)).astype(np.float32)
    values, scales = quantised(rows)
    again, _ = quantised(values.astype(np.float32) * scales[:, None])
    assert np.array_equal(values, again)


def test_none_is_none(tmp_path: Path) -> None:
    assert open_reranker("none", cache=tmp_path) is None
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_no_model_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"no config\.json.*RERANKER_MODEL"):
        open_reranker(str(tmp_path), cache=tmp_path)


@pytest.mark.soak
def test_a_folder_whose_model_is_damaged_is_said_to_be_none(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is left out: make torch")
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(EncoderError, match="cannot be opened.*RERANKER_MODEL"):
        open_reranker(str(tmp_path), cache=tmp_path)


def test_damaged_weights_are_said_to_be_damaged(tmp_path: Path, encoder: ModelWeights) -> None:
    (tmp_path / "weights.npz").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(EncoderError, match="cannot be read"):
        read_reranker_weights(encoder, tmp_path / "weights.npz")


@pytest.mark.soak
def test_any_cross_encoder_may_read_in_its_place(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is left out: make torch")
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"库伦旗水稻面积万亩"]
    (tmp_path / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    tokenizer = BertTokenizerFast(vocab_file=str(tmp_path / "vocab.txt"))
    tokenizer.save_pretrained(tmp_path)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    model = BertForSequenceClassification(BertConfig(vocab_size=len(words), num_labels=1, **sizes))
    model.save_pretrained(tmp_path)
    opened = open_reranker(str(tmp_path), cache=tmp_path)
    assert opened is not None
    readings = opened.read("水稻面积", [("库伦旗", "水稻3万亩"), ("", "面积")])
    assert [reading.best_span(0, 4) for reading in readings] == [None, None]
    assert readings[0].relevance != readings[1].relevance
