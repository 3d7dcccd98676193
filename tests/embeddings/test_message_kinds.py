"""Kinds of messages by their vectors."""

from pathlib import Path

import numpy as np
import pytest

from embeddings import Encoder, HashingEncoder, MessageKinds, message_kinds


def test_another_encoders_vectors_tell_no_kinds() -> None:
    assert message_kinds(HashingEncoder(384).fingerprint) is None


@pytest.mark.model
def test_what_is_said_is_told_from_what_is_asked(bundled: Encoder) -> None:
    kinds = message_kinds(bundled.fingerprint)
    assert kinds is not None
    said = [
        "以后天天给我送库伦旗的新闻吧",
        "库伦旗水稻种了多少亩",
        "最近有啥新闻给念叨念叨",
        "多谢了啊老伙计",
    ]
    vectors = bundled.encode_queries(said)
    assert [kinds.kind(vector) for vector in vectors] == ["subscribe", "question", "browse", "thanks"]
    assert kinds.probabilities(vectors).sum(axis=1) == pytest.approx(1)


def test_no_kind_is_told_unless_it_is_sure() -> None:
    weights = np.array([[4, 0, 0], [0, 1, 1]], dtype=np.float32)
    kinds = MessageKinds(("thanks", "more", "full"), weights, np.zeros(3, dtype=np.float32), "", {})
    assert kinds.kind(np.array([1, 0], dtype=np.float32)) == "thanks"
    assert kinds.kind(np.array([0, 0.1], dtype=np.float32)) is None
    assert kinds.kind(np.array([1, 0], dtype=np.float32), sure=1) is None


def test_a_model_comes_back_as_it_was_written(tmp_path: Path) -> None:
    weights = np.array([[0.5, -2], [1, 3]], dtype=np.float32)
    words = {"watch": frozenset({"消息", "告诉"}), "browse": frozenset[str]()}
    kinds = MessageKinds(("more", "question"), weights, np.array([0.1, 0.2], dtype=np.float32), "e5", words)
    kinds.save(tmp_path / "kinds.npz")
    back = MessageKinds.load(tmp_path / "kinds.npz")
    assert (back.names, back.fingerprint, back.words) == (kinds.names, kinds.fingerprint, words)
    assert back.weights.tolist() == weights.tolist()
    assert back.biases.tolist() == kinds.biases.tolist()
