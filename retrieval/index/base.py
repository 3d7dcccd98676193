"""What a passage index is: two sides of search over the store's passages, kept behind the store's log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.types import Filter, PassageScore

EVERYTHING = Filter()
"""The filter that limits nothing."""


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What an index holds."""

    kind: str
    """For people: "faiss fp16 + tantivy"."""
    n_passages: int
    behind: int
    """Changes in the store that this index has not taken in yet."""


class PassageIndex(Protocol):
    """Both sides of search. The store is the truth; an index only ever follows it.

    Every list returned is ordered by score, larger first, ties by passage id, holds no passage twice, at
    most `depth` entries, and only passages that pass `where`: exactly min(depth, passing) of them on the
    dense side, and on the sparse side those of them that share a term with the question.
    """

    def refresh(self, *, is_whole: bool = False) -> int:
        """Take in what changed in the store since the last time. Return the number of changes taken in.

        Where that is much, and not `is_whole`, it may come with a later call: questions are not kept waiting.
        """
        ...

    def search_dense(
        self, vector: NDArray[np.float32], depth: int, where: Filter = EVERYTHING
    ) -> list[PassageScore]:
        """The nearest passages by cosine; `vector` has shape (dimension,) and any norm above 0."""
        ...

    def search_sparse(
        self, terms: Sequence[str], depth: int, where: Filter = EVERYTHING
    ) -> list[PassageScore]:
        """The best passages by BM25 over our own terms; no terms or unknown terms give no hits."""
        ...

    def similarities(self, vector: NDArray[np.float32], passage_ids: Sequence[int]) -> dict[int, float]:
        """Cosines of a vector with these passages' by id; passages it does not hold are left out."""
        ...

    def passing(self, passage_ids: Sequence[int], where: Filter) -> frozenset[int]:
        """Those of the passages that pass a filter."""
        ...

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands; terms that stand in none are left out."""
        ...

    @property
    def n_passages(self) -> int:
        """How many passages it holds."""
        ...

    def status(self) -> IndexStatus:
        """What it holds and how far behind the store it is."""
        ...

    def save(self) -> None:
        """Keep what would be slow to build again; raises SnapshotError and leaves the old state."""
        ...
