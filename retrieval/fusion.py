"""Two ranked lists to one list of candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.types import Scored

RRF_K = 60
"""The constant of reciprocal rank fusion (Cormack et al. 2009)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that at least one side found, with its 1-based rank on each; None: not found there."""

    passage_id: int
    dense_rank: int | None
    sparse_rank: int | None

    @property
    def rrf(self) -> float:
        """The reciprocal rank fusion of its two ranks."""
        return sum(1.0 / (RRF_K + rank) for rank in (self.dense_rank, self.sparse_rank) if rank is not None)


def fuse(dense: Sequence[Scored], sparse: Sequence[Scored]) -> list[Candidate]:
    """Every passage of either list once, by reciprocal rank fusion, larger first, ties by id."""
    dense_ranks = {scored.passage_id: rank for rank, scored in enumerate(dense, start=1)}
    sparse_ranks = {scored.passage_id: rank for rank, scored in enumerate(sparse, start=1)}
    candidates = [
        Candidate(passage_id, dense_ranks.get(passage_id), sparse_ranks.get(passage_id))
        for passage_id in dict.fromkeys([*dense_ranks, *sparse_ranks])
    ]
    return sorted(candidates, key=lambda candidate: (-candidate.rrf, candidate.passage_id))
