"""Any sentence-transformers CrossEncoder as a Reranker."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embeddings.encoder import EncoderError
from embeddings.reranking.reranker import Reading
from embeddings.sentence_transformer import need, quiet_loading


class SentenceTransformerReranker:
    """Reads with a CrossEncoder; it knows no spans."""

    def __init__(self, name: str, *, device: str | None = None) -> None:
        """`name` is a folder or a name in the model cache. Raises EncoderError if it cannot be opened."""
        need(f"RERANKER_MODEL={name}")
        self.name = self.fingerprint = name
        path = Path(name).expanduser()
        if path.is_dir() and not (path / "config.json").is_file():
            raise _cannot_open(name, "no config.json in it")  # said at once: the libraries take long to load
        from sentence_transformers import CrossEncoder
        from torch import nn

        try:
            with quiet_loading():
                self._model = CrossEncoder(
                    str(path) if path.is_dir() else name,
                    device=device,
                    num_labels=1,
                    local_files_only=True,
                    activation_fn=nn.Identity(),
                )
        except Exception as error:  # the libraries' own errors share no class
            raise _cannot_open(name, str(error).strip().splitlines()[0]) from error
        self._lock = threading.Lock()

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Return what it makes of each passage."""
        if not passages:
            return []
        pairs = [(question, f"{head}\n{text}" if head else text) for head, text in passages]
        with self._lock:
            logits = self._model.predict(pairs, show_progress_bar=False)
        none = np.zeros((0, 2), dtype=np.int32)
        return [Reading(float(logit), none, none.astype(np.float32)) for logit in logits]


def _cannot_open(name: str, reason: str) -> EncoderError:
    return EncoderError(
        f"{name}: the reranker cannot be opened ({reason}): set RERANKER_MODEL to the folder of a sentence-transformers "
        f"CrossEncoder, or to none"
    )
