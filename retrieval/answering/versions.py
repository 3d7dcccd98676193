"""What an answer depends on beside the articles: encoder, reranker, the learned ranking, the rules that read pages."""

from __future__ import annotations

from hashlib import sha256

from embeddings import Encoder, Reranker
from retrieval.answering.ranking import LEARNED
from retrieval.ingestion import RULES_VERSION
from retrieval.reading import READER_VERSION


def answering_versions(encoder: Encoder, reranker: Reranker | None) -> dict[str, str]:
    """Short names of what answers now: two that are equal answer alike over the same articles."""
    return {
        "encoder": encoder.fingerprint,
        "reranker": reranker.fingerprint if reranker else "none",
        "ranking": sha256(LEARNED.read_bytes()).hexdigest()[:12],
        "reader": str(READER_VERSION),
        "rules": str(RULES_VERSION),
    }
