"""Name to reranker."""

from __future__ import annotations

import os
from pathlib import Path

from embeddings.bundled import RERANKER_FILE, Steps, prepare_bundled
from embeddings.reranking.reranker import Reranker

DEFAULT_RERANKER = "judge-6"
NO_RERANKER = "none"


def open_reranker(
    name: str = DEFAULT_RERANKER,
    *,
    cache: Path,
    device: str | None = None,
    progress: Steps | None = None,
    n_threads: int | None = None,
) -> Reranker | None:
    """Return the reranker of that name: the bundled one, a folder, or a name in the model cache; None for "none".

    `cache` is where the bundled models are prepared; the bundled one reads `n_threads` passages at once (default: one
    for each core this process may use). Raises EncoderError, with what to do, if it cannot be opened.
    """
    if name == NO_RERANKER:
        return None
    if name == DEFAULT_RERANKER:
        from embeddings.reranking.bundled import BundledReranker

        folder = prepare_bundled(cache, progress=progress)
        return BundledReranker(
            name,
            folder / "tokenizer.json",
            folder / RERANKER_FILE,
            n_threads=n_threads or len(os.sched_getaffinity(0)),
        )
    from embeddings.reranking.cross_encoder import SentenceTransformerReranker

    return SentenceTransformerReranker(name, device=device)
