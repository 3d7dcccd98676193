"""Both sides of search on one machine: FAISS in memory, FTS5 in the store's own database."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from retrieval.index.base import EVERYTHING, IndexStatus
from retrieval.index.dense import EXACT_LIMIT, DenseIndex, Watermark, read_header
from retrieval.index.sparse import allowed_passages, passage_frequencies, search_terms
from retrieval.store import Store
from retrieval.types import Filter, Scored


class LocalIndex:
    """A PassageIndex over one store; safe for several threads.

    The FAISS side is a cache of the vectors in the store. It is read from its snapshot and brought up to
    date by the store's log; a snapshot that is missing, damaged or of another encoder is built again.
    """

    def __init__(
        self, store: Store, snapshot: Path, encoder: Encoder, *, exact_limit: int = EXACT_LIMIT
    ) -> None:
        """Open the index of one encoder and bring it up to date.

        Raises EncoderMismatch if the store's passages were encoded by another encoder.
        """
        store.check_encoder(encoder)
        self._store = store
        self._snapshot = snapshot
        self._encoder = encoder.fingerprint
        self._dimension = encoder.dimension
        self._lock = threading.Lock()
        self._dense = DenseIndex(encoder.dimension, exact_limit=exact_limit)
        seq = self._dense.load(snapshot, store.id, self._encoder)
        self._saved_seq = seq
        self._seq = seq if seq is not None and seq <= store.log_head() else -1
        self.refresh()

    def refresh(self) -> int:
        """Take in what changed in the store since the last time; the number of changes taken in."""
        with self._lock:
            if self._seq < 0:
                return self._rebuild()
            n_changes = 0
            while changes := self._store.changes(self._seq):
                removed = [change.passage_id for change in changes if change.is_removal]
                self._dense.remove(removed)
                added = [change.passage_id for change in changes if not change.is_removal]
                vectors = self._store.vectors_of(self._encoder, added)
                if vectors:
                    self._dense.put(list(vectors), np.stack(list(vectors.values())))
                self._seq = changes[-1].seq
                n_changes += len(changes)
            if self._dense.has_outgrown:
                self._rebuild()
            return n_changes

    def rebuild(self) -> int:
        """Build the dense side again from the store; the number of vectors taken in."""
        with self._lock:
            return self._rebuild()

    def _rebuild(self) -> int:
        self._seq, batches = self._store.all_vectors(self._encoder)
        self._dense.build(batches)
        self._saved_seq = None
        return len(self._dense)

    def search_dense(
        self, vector: NDArray[np.float32], depth: int, where: Filter = EVERYTHING
    ) -> list[Scored]:
        """The nearest passages by cosine; `vector` has shape (dimension,) and any norm above 0."""
        if vector.shape != (self._dimension,):
            raise ValueError(f"a vector of shape ({self._dimension},) is needed, not {vector.shape}")
        allowed = None
        if where:
            with self._store.reading() as connection:
                allowed = allowed_passages(connection, where)
        with self._lock:
            return self._dense.search(vector, depth, allowed)

    def search_sparse(self, terms: Sequence[str], depth: int, where: Filter = EVERYTHING) -> list[Scored]:
        """The best passages by BM25 over our own terms; no terms or unknown terms give no hits."""
        with self._store.reading() as connection:
            return search_terms(connection, terms, depth, where, len(self._dense))

    def similarities(self, vector: NDArray[np.float32], passage_ids: Sequence[int]) -> dict[int, float]:
        """Cosines of a vector with these passages' by id; passages it does not hold are left out."""
        with self._lock:
            return self._dense.similarities(vector, passage_ids)

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands; terms that stand in none are left out."""
        with self._store.reading() as connection:
            return passage_frequencies(connection, terms)

    def status(self) -> IndexStatus:
        """What it holds and how far behind the store it is."""
        behind = self._store.log_head() - self._seq
        return IndexStatus(f"faiss {self._dense.kind} + sqlite fts5", len(self._dense), behind)

    def save(self) -> None:
        """Write the snapshot, unless the saved one is as new; raises SnapshotError, the old one stays."""
        with self._lock:
            if self._saved_seq != self._seq:
                watermark = Watermark(self._store.id, self._encoder, self._dimension, self._seq)
                self._dense.save(self._snapshot, watermark)
                self._saved_seq = self._seq


def snapshot_status(store: Store, snapshot: Path) -> IndexStatus:
    """What the saved snapshot holds and how far it is behind the store, without loading it."""
    header = read_header(snapshot)
    encoder = store.encoder
    if header is None or encoder is None or (header["store"], header["encoder"]) != (store.id, encoder[0]):
        return IndexStatus("none saved", 0, store.log_head())
    behind = store.log_head() - int(header["seq"])
    return IndexStatus(f"faiss {header['kind']} + sqlite fts5", int(header["n"]), behind)
