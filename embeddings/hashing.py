"""A deterministic encoder without a model, for tests and for trying the product without one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from embeddings.encoder import Progress, Vectors


class HashingEncoder:
    """Signed feature hashing of character unigrams and bigrams (Weinberger et al. 2009), rows normalised.

    Texts that share characters have a positive inner product; equal texts have 1. An empty text maps to
    the first unit vector, so that every row has norm 1.
    """

    def __init__(self, dimension: int = 256) -> None:
        if dimension < 1:
            raise ValueError(f"dimension must be at least 1, not {dimension}")
        self.name = "hashing"
        self.fingerprint = f"hashing-{dimension}"
        self.dimension = dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions; the same as those of passages."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of passages, in the order given."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for feature in [*text, *(text[i : i + 2] for i in range(len(text) - 1))]:
                checksum = hashlib.blake2b(feature.encode(), digest_size=8).digest()
                value = int.from_bytes(checksum, "little")
                row[value % self.dimension] += 1.0 if value >> 63 else -1.0
            norm = float(np.linalg.norm(row))
            if norm > 0:
                row /= norm
            else:
                row[0] = 1.0
            if progress is not None:
                progress(1)
        return vectors
