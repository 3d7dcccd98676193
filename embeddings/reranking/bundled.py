"""The cross-encoder that comes with the product: our own weights on the bundled encoder's words, run by ONNX Runtime.

The weights' card is docs/reranker.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np

from embeddings.encoder import EncoderError
from embeddings.graph import INPUT, RELEVANCE, SPAN
from embeddings.onnx import open_session
from embeddings.reranking.reranker import Reading
from embeddings.weights import RERANKER_WEIGHTS

MAX_TOKENS = 256
MAX_QUESTION = 64
"""Characters of a question that are read."""


class BundledReranker:
    """Reads pair by pair: no padding, and each core has its own, as OnnxEncoder does."""

    def __init__(self, name: str, tokenizer: Path, graph: Path, *, n_threads: int) -> None:
        """`n_threads` pairs are read at once. Raises EncoderError if it cannot be opened."""
        from tokenizers import Tokenizer

        self.name = name
        try:
            self.fingerprint = sha256(RERANKER_WEIGHTS.read_bytes()).hexdigest()[:12]
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
            self._session = open_session(graph)
        except Exception as error:  # the libraries' own errors share no class
            raise EncoderError(
                f"{graph}: the reranker cannot be opened ({str(error).strip().splitlines()[0]}): remove the folder "
                f"{tokenizer.parent}, and it is made again"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
        self._pool = ThreadPoolExecutor(n_threads, thread_name_prefix="rerank")

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Return what it makes of each passage."""
        return list(self._readings(question[:MAX_QUESTION], passages))

    def _readings(self, question: str, passages: Sequence[tuple[str, str]]) -> Iterator[Reading]:
        return self._pool.map(lambda passage: self._read(question, *passage), passages)

    def _read(self, question: str, head: str, text: str) -> Reading:
        joined = f"{head}\n{text}" if head else text
        encoding = self._tokenizer.encode(question, joined)
        ids = np.array([encoding.ids], dtype=np.int64)
        relevance, logits = self._session.run([RELEVANCE, SPAN], {INPUT: ids})
        sides = np.array([side == 1 for side in encoding.sequence_ids])
        offsets = np.array(encoding.offsets, dtype=np.int32)[sides] - (len(joined) - len(text))
        is_text = offsets[:, 0] >= 0
        return Reading(float(relevance.item()), offsets[is_text], logits[0][sides][is_text])
