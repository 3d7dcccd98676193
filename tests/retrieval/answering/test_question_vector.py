"""Vectors of questions, made once."""

import numpy as np
from numpy.typing import NDArray

from embeddings import HashingEncoder
from retrieval.answering.question_vector import QuestionVectors


class Counting(HashingEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.n_calls = 0

    def encode_queries(self, texts: list[str]) -> NDArray[np.float32]:  # type: ignore[override]
        self.n_calls += 1
        return super().encode_queries(texts)


def test_a_vector_is_made_once_and_what_it_took_is_told_again() -> None:
    encoder = Counting()
    vectors = QuestionVectors(encoder)
    known = vectors.of("水稻")
    first, second = vectors.begin("水稻"), vectors.begin("水稻")
    assert first.vector() is known
    assert second.vector() is known
    assert encoder.n_calls == 1
    assert first.took == second.took > 0
    assert vectors.begin("玉米").vector() is not known
    assert encoder.n_calls == 2
