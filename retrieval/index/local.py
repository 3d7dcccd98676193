"""Both sides of search on one machine: FAISS in memory, tantivy in a folder beside its snapshot."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from retrieval.errors import RetrievalError
from retrieval.index.base import EVERYTHING, IndexStatus
from retrieval.index.dense import EXACT_LIMIT, DenseIndex, Watermark, read_header, use_one_core
from retrieval.index.sparse import SparseIndex, ordered
from retrieval.store.store import Store
from retrieval.types import Filter, IndexedPassage, PassageScore

_log = logging.getLogger(__name__)

_WIDE = 0.2
"""Share of the passages from which a filter is wide."""
_SPARE = 1.5
"""Times as many as should do are searched where a wide filter sorts some out."""
_PATIENCE_SECONDS = 60.0
"""How long a save waits for another process that writes the sparse side."""
_FEW = 2000
"""Changes that a question takes in itself: they take a tenth of a second. More are taken in behind it."""


class LocalIndex:
    """A PassageIndex over one store; safe for several threads.

    Both sides are caches of what is in the store, brought up to date by the store's log. The dense side is this
    process's own and saved as a snapshot, the sparse side a folder that processes share; what is missing, damaged,
    of another encoder or another store is built again.
    """

    def __init__(
        self, store: Store, snapshot: Path, encoder: Encoder, *, exact_limit: int = EXACT_LIMIT
    ) -> None:
        """Open the index of one encoder and bring it up to date; the sparse side's folder lies beside `snapshot`.

        Raises EncoderMismatch if the store's passages were encoded by another encoder.
        """
        store.check_encoder(encoder)
        self._store = store
        self._snapshot = snapshot
        self._encoder = encoder.fingerprint
        self._dimension = encoder.dimension
        self._exact_limit = exact_limit
        self._lock = threading.Lock()
        """Held while the dense side is searched or changed, never while something is read or built."""
        self._following = threading.Lock()
        """Held by the one who takes changes in."""
        self._behind: threading.Thread | None = None
        """Takes in what is too much for a question to wait for."""
        self._n_taken_in = 0
        """Changes since `refresh` last told of them."""
        self._dense = DenseIndex(encoder.dimension, exact_limit=exact_limit)
        self._sparse = SparseIndex(sparse_folder(snapshot), store.id)
        seq = self._dense.load(snapshot, store.id, self._encoder)
        self._saved_seq = seq
        self._seq = seq if seq is not None and seq <= store.log_head() else -1
        self.refresh(is_whole=True)

    def refresh(self, *, is_whole: bool = False) -> int:
        """Take in what changed in the store since the last time. Return the number of changes since the last call.

        More than a few, and a dense side that has to be built again, are taken in by a thread: meanwhile what was
        there before is searched, and nobody waits. With `is_whole` all is there on return.
        """
        head = self._store.log_head()
        with self._lock:
            behind = self._behind
        if is_whole:
            if behind is not None:
                behind.join()
            self._catch_up()
        elif behind is None or not behind.is_alive():
            n_changes = head - min(self._seq, self._sparse.seq)
            if n_changes > _FEW or self._dense.has_outgrown:
                self._catch_up_behind()
            elif n_changes:
                with self._following:
                    self._follow(head)
        with self._lock:
            n_taken_in, self._n_taken_in = self._n_taken_in, 0
        return n_taken_in

    def _catch_up_behind(self) -> None:
        with self._lock:
            if self._behind is None or not self._behind.is_alive():
                self._behind = threading.Thread(target=self._try_to_catch_up, name="index")
                self._behind.start()

    def _try_to_catch_up(self) -> None:
        use_one_core()
        try:
            self._catch_up()
        except (RetrievalError, OSError) as error:
            _log.warning(
                "the search index could not be brought up to date, the next question tries again: %s", error
            )

    def _catch_up(self) -> None:
        """Take in all that there is, and build anew what is better built anew."""
        if self._seq >= 0:
            with self._following:
                self._follow(self._store.log_head())
        if self._seq < 0 or self._dense.has_outgrown:
            self._rebuild()
        with self._following:
            self._follow(self._store.log_head())

    def _follow(self, head: int) -> None:
        """Bring both sides to the log's line `head`, or further; whoever calls is the one who follows."""
        before = self._seq, self._sparse.seq
        self._seq = self._follow_dense(self._dense, self._seq)
        self._follow_sparse(head)
        n_changes = max(self._seq - before[0], self._sparse.seq - before[1])
        with self._lock:
            self._n_taken_in += n_changes

    def _follow_dense(self, dense: DenseIndex, seq: int) -> int:
        """Bring a dense side from a line of the log to its last. Return that one."""
        while changes := self._store.changes(seq):
            added = [change.passage_id for change in changes if not change.is_removal]
            found = list(self._with_vectors(self._store.vectors_of(self._encoder, added)))
            with self._lock:
                dense.remove([change.passage_id for change in changes if change.is_removal])
                for passages, vectors in found:
                    dense.put(passages, vectors)
            seq = changes[-1].seq
        return seq

    def _rebuild(self) -> None:
        """Put a dense side that is built anew in the place of the one there is, which is searched meanwhile."""
        dense = DenseIndex(self._dimension, exact_limit=self._exact_limit)
        seq, batches = self._store.all_vectors(self._encoder)
        dense.build(
            pair
            for ids, rows in batches
            for pair in self._with_vectors(dict(zip(ids.tolist(), rows, strict=True)))
        )
        with self._following:
            seq = self._follow_dense(dense, seq)
            with self._lock:
                self._n_taken_in += len(dense)
                self._dense, self._seq, self._saved_seq = dense, seq, None

    def _with_vectors(
        self, vectors: Mapping[int, NDArray[np.float32]]
    ) -> Iterator[tuple[list[IndexedPassage], NDArray[np.float32]]]:
        """Passages with their vectors as rows; nothing for none."""
        passages = self._store.indexed_passages(list(vectors))
        if passages:
            yield passages, np.stack([vectors[each.passage_id] for each in passages])

    def _follow_sparse(self, head: int) -> bool:
        """Bring the shared folder to the log's line `head`; whether it is there, which another process may delay."""
        self._sparse.reload()
        if self._sparse.seq > head:
            head = self._store.log_head()  # another process may have taken in what came since
        if not 0 <= self._sparse.seq <= head:
            return self._sparse.write((), self._all_passages(), head, is_whole=True)
        while self._sparse.seq < head:
            changes = self._store.changes(self._sparse.seq)
            removed = [change.passage_id for change in changes if change.is_removal]
            added = self._store.indexed_passages([each.passage_id for each in changes if not each.is_removal])
            if not self._sparse.write(removed, added, changes[-1].seq):
                return False
        return True

    def _all_passages(self) -> Iterator[IndexedPassage]:
        last = 0
        while ids := self._store.passage_ids(last):
            yield from self._store.indexed_passages(ids)
            last = ids[-1]

    def search_dense(
        self, vector: NDArray[np.float32], depth: int, where: Filter = EVERYTHING
    ) -> list[PassageScore]:
        """The nearest passages by cosine; `vector` has shape (dimension,) and any norm above 0."""
        if vector.shape != (self._dimension,):
            raise ValueError(f"a vector of shape ({self._dimension},) is needed, not {vector.shape}")
        with self._lock:
            return self._dense.search(vector, depth, where or None)

    def search_sparse(
        self, terms: Sequence[str], depth: int, where: Filter = EVERYTHING
    ) -> list[PassageScore]:
        """The best passages by BM25 over our own terms; no terms or unknown terms give no hits."""
        if where and depth > 0:
            with self._lock:
                share = self._dense.share(where)
            if share > _WIDE:  # most pass: sorting out is faster than a filter, which lets nothing be skipped
                wanted = int(depth / share * _SPARE)
                ids, scores = self._sparse.best(terms, wanted, EVERYTHING)
                passing = self._passing(ids, where)
                kept = ordered(itertools.compress(ids, passing), itertools.compress(scores, passing))
                if len(kept) >= depth or len(ids) < wanted:
                    return kept[:depth]
        return self._sparse.search(terms, depth, where)

    def similarities(self, vector: NDArray[np.float32], passage_ids: Sequence[int]) -> dict[int, float]:
        """Cosines of a vector with these passages' by id; passages it does not hold are left out."""
        with self._lock:
            return self._dense.similarities(vector, passage_ids)

    def passing(self, passage_ids: Sequence[int], where: Filter) -> frozenset[int]:
        """Those of the passages that pass a filter."""
        passing = self._passing(passage_ids, where)
        return frozenset(i for i, is_passing in zip(passage_ids, passing, strict=True) if is_passing)

    def _passing(self, passage_ids: Sequence[int], where: Filter) -> list[bool]:
        with self._lock:
            return self._dense.passing(passage_ids, where)

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands; terms that stand in none are left out."""
        return self._sparse.frequencies(terms)

    @property
    def n_passages(self) -> int:
        """How many passages it holds."""
        return len(self._dense)

    def status(self) -> IndexStatus:
        """What it holds and how far behind the store it is."""
        behind = self._store.log_head() - min(self._seq, self._sparse.seq)
        return IndexStatus(_kind(self._dense.kind), len(self._dense), behind)

    def save(self) -> None:
        """Write the snapshot, unless the saved one is as new; raises SnapshotError, the old one stays.

        The sparse side is brought up to date here too, however long another process may be writing it.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        with self._following:
            while not self._follow_sparse(self._store.log_head()) and time.monotonic() < deadline:
                time.sleep(0.1)
            if self._saved_seq != self._seq:
                watermark = Watermark(self._store.id, self._encoder, self._dimension, self._seq)
                with self._lock:
                    self._dense.save(self._snapshot, watermark)
                self._saved_seq = self._seq


def sparse_folder(snapshot: Path) -> Path:
    """Where the sparse side of the index with this snapshot lies; hidden, so that no ingest takes it for pages."""
    return snapshot.with_name(".sparse.index")


def snapshot_status(store: Store, snapshot: Path) -> IndexStatus:
    """What the saved snapshot holds and how far it is behind the store, without loading it."""
    header = read_header(snapshot)
    encoder = store.encoder
    if header is None or encoder is None or (header["store"], header["encoder"]) != (store.id, encoder[0]):
        return IndexStatus("none saved", 0, store.log_head())
    behind = store.log_head() - int(header["seq"])
    return IndexStatus(_kind(header["kind"]), int(header["n"]), behind)


def _kind(dense: str) -> str:
    return f"faiss {dense} + tantivy"
