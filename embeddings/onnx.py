"""The bundled model's 8-bit file, run by ONNX Runtime itself: what answers questions, a second away from the start.

sentence-transformers prepares the folder and opens every other model; importing it and torch takes longer than
all else that a first question needs, so the default path does without them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderError, Progress, Vectors, made_of
from embeddings.graph import INPUT
from embeddings.windows import windows


class OnnxEncoder:
    """Encodes text by text: no padding, so a text's vector is the same in any company, and each core has its own.

    Matrices this small gain nothing from being computed by several cores together: two texts at once on a core each
    are done sooner than one after the other on both, and a question does not wait for a core that is busy elsewhere.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        file: Path,
        *,
        weights: str,
        query_prompt: str | None = None,
        passage_prompt: str | None = None,
        n_threads: int | None = None,
    ) -> None:
        """`folder` is the bundled model's, `file` its graph (see embeddings/graph.py).

        A prompt of None means the model's own; `n_threads` texts are encoded at once (default: one for each core
        this process may use). Raises EncoderError if it cannot be opened.
        """
        self.name = name
        try:
            own = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
            limits = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
            self._tokenizer = _open_tokenizer(folder / "tokenizer.json")
            self._session = open_session(file)
        except Exception as error:  # the libraries' own errors share no class
            raise EncoderError(
                f"{folder}: the model cannot be opened ({str(error).strip().splitlines()[0]}): remove this folder, "
                f"and it is made again"
            ) from error
        prompts = own.get("prompts") or {}
        self._query_prompt = str(prompts.get("query", "")) if query_prompt is None else query_prompt
        self._passage_prompt = str(prompts.get("passage", "")) if passage_prompt is None else passage_prompt
        self.fingerprint = made_of(name, weights, self._query_prompt, self._passage_prompt)
        self._limit = int(limits["model_max_length"])
        self.dimension = int(self._session.get_outputs()[0].shape[-1])
        self._n_threads = n_threads or len(os.sched_getaffinity(0))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, in the order given."""
        return self._encode(texts, self._query_prompt, None)

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of passages, in the order given."""
        return self._encode(texts, self._passage_prompt, progress)

    def _encode(self, texts: Sequence[str], prompt: str, progress: Progress | None) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # the longest first, so that at the end no core is left with a long one alone
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        for number, row in zip(order, self._rows([texts[number] for number in order], prompt), strict=True):
            vectors[number] = row
            if progress is not None:
                progress(1)
        return vectors

    def _rows(self, texts: Sequence[str], prompt: str) -> Iterator[NDArray[np.float32]]:
        if len(texts) < 2 or self._n_threads == 1:
            yield from (self._row(text, prompt) for text in texts)
            return
        with ThreadPoolExecutor(self._n_threads) as pool:
            yield from pool.map(lambda text: self._row(text, prompt), texts)

    def _row(self, text: str, prompt: str) -> NDArray[np.float32]:
        """The vector of one text: of several windows' vectors the mean, at length 1 again."""
        vector = np.zeros(self.dimension, dtype=np.float32)
        for ids in self._windows(text, prompt):
            vector += self._compute(ids)
        return vector / max(float(np.linalg.norm(vector)), 1e-12)

    def _windows(self, text: str, prompt: str) -> list[list[int]]:
        """Token ids of the text with its prompt, or of overlapping parts of it that the model can read whole."""
        whole: list[int] = self._tokenizer.encode(prompt + text).ids
        if len(whole) <= self._limit:
            return [whole]
        offsets = self._tokenizer.encode(text, add_special_tokens=False).offsets
        n_prompt = len(self._tokenizer.encode(prompt, add_special_tokens=False).ids)
        room = self._limit - 2 - n_prompt
        # cut out of its text a part may begin with a piece more: never more than the model reads
        return [
            self._tokenizer.encode(prompt + part).ids[: self._limit] for part in windows(text, offsets, room)
        ]

    def _compute(self, ids: list[int]) -> NDArray[np.float32]:
        """The mean of the tokens' vectors, at length 1."""
        mean: NDArray[np.float32] = self._session.run(None, {INPUT: np.array([ids], dtype=np.int64)})[0][0]
        return mean / max(float(np.linalg.norm(mean)), 1e-12)


def _open_tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def open_session(file: Path) -> Any:
    """Return an ONNX Runtime session of a graph, on one core for each call."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
