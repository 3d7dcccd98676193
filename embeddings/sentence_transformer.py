"""Any sentence-transformers model as an Encoder."""

from __future__ import annotations

import contextlib
import logging
import threading
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.encoder import EncoderError, Progress, Vectors, made_of
from embeddings.windows import windows

_BATCH_TOKENS = 4096
"""Tokens computed at once, padding included: more gains nothing on two cores and costs memory."""
_BATCH_TEXTS = 64


class SentenceTransformerEncoder:
    """Encodes with a sentence-transformers model: prompts put before texts, batches sorted by length.

    The fingerprint names model, weights and prompts, but neither backend nor precision: the same weights
    at 8 and at 32 bits give vectors with a cosine of about 0.995, nearer to each other than any two
    different texts, so an index made by one can be searched by the other.
    """

    def __init__(
        self,
        name: str,
        folder: str,
        *,
        weights: str,
        backend: str,
        device: str | None = None,
        query_prompt: str | None = None,
        passage_prompt: str | None = None,
    ) -> None:
        """`folder` is a path or a name in the model cache; `weights` stands for the weights' content.

        A prompt of None means the model's own, if it has one. Raises EncoderError if it cannot be opened.
        """
        self.name = name
        self._model = _open(name, folder, backend, device)
        own = self._model.prompts or {}
        self._query_prompt = own.get("query", "") if query_prompt is None else query_prompt
        passage_own = own.get("passage") or own.get("document") or ""
        self._passage_prompt = passage_own if passage_prompt is None else passage_prompt
        self.fingerprint = made_of(name, weights, self._query_prompt, self._passage_prompt)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self._lock = threading.Lock()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, in the order given."""
        return self._encode(texts, self._query_prompt, None)

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of passages, in the order given."""
        return self._encode(texts, self._passage_prompt, progress)

    def _encode(self, texts: Sequence[str], prompt: str, progress: Progress | None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        parts = [(number, part) for number, text in enumerate(texts) for part in self._windows(text, prompt)]
        parts.sort(key=lambda pair: len(pair[1]))
        left = Counter(number for number, _ in parts)
        for batch in _batches(parts):
            rows = self._compute([prompt + part for _, part in batch])
            for (number, _), row in zip(batch, rows, strict=True):
                vectors[number] += row
                left[number] -= 1
            if progress is not None:
                progress(len({number for number, _ in batch if left[number] == 0}))
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(norms, 1e-12)
        return vectors

    def _compute(self, texts: list[str]) -> Vectors:
        with self._lock, quiet_loading():
            rows: Vectors = self._model.encode(
                texts,
                batch_size=len(texts),
                prompt="",
                show_progress_bar=False,
                convert_to_numpy=True,
                normalize_embeddings=True,
            )
        return rows

    def _windows(self, text: str, prompt: str) -> list[str]:
        """The text, or overlapping parts of it that the model can read whole with the prompt."""
        limit = int(self._model.max_seq_length or 512)
        if len(text) + len(prompt) < limit - 2:  # a token is at least a character
            return [text]
        with self._lock, quiet_loading():
            found = self._model.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
            room = limit - 2 - len(self._model.tokenizer(prompt, add_special_tokens=False)["input_ids"])
        offsets = found["offset_mapping"]
        return [text] if len(offsets) <= room else windows(text, offsets, room)


def _batches(windows: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Neighbours in length, as many as keep the padded batch small; a Chinese token is about a character."""
    batch: list[tuple[int, str]] = []
    for window in windows:
        if batch and (len(batch) >= _BATCH_TEXTS or (len(batch) + 1) * len(window[1]) > _BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def _open(name: str, folder: str, backend: str, device: str | None) -> Any:
    options: dict[str, Any] = {"device": device, "backend": backend}
    if backend == "onnx":
        provider = "CUDAExecutionProvider" if device and device.startswith("cuda") else "CPUExecutionProvider"
        options["model_kwargs"] = {"provider": provider}
    is_folder = Path(folder).is_dir()
    need(f"EMBEDDING_MODEL={name}")
    if backend == "onnx" and find_spec("optimum") is None:
        raise EncoderError(
            f"EMBEDDING_BACKEND=onnx: for EMBEDDING_MODEL={name} this needs optimum-onnx, which is not installed: run "
            f".venv/bin/python -m pip install optimum-onnx, or remove the setting"
        )
    try:
        with quiet_loading():
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(folder, local_files_only=is_folder, **options)
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        where = (
            "the folder is no sentence-transformers model"
            if is_folder
            else "no such folder, and no model of this name could be fetched"
        )
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise EncoderError(
            f"EMBEDDING_MODEL={name}: {where} ({reason}): give the path of a model folder, or remove the setting for "
            f"the bundled model"
        ) from error


def need(setting: str) -> None:
    """Raise EncoderError, naming the setting that asks for it, where what runs other models is not installed."""
    for package in ("torch", "sentence_transformers"):
        if find_spec(package) is None:
            raise EncoderError(
                f"{setting}: needs {package}, which is not installed: run make torch (see docs/install.md), or remove "
                f"the setting for the model that comes with yunwen"
            )


@contextlib.contextmanager
def quiet_loading() -> Iterator[None]:
    """Without the libraries' chatter, which is about choices made here on purpose.

    The tokenizer's warning of a wrong regular expression is meant for Mistral's models; optimum's, where it is
    installed, are about its own use of deprecated names.
    """
    loggers = [logging.getLogger(each) for each in ("sentence_transformers", "transformers", "optimum")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
