"""Both sides of search on Milvus, for what one machine cannot hold.

One collection for each encoder holds a vector of each passage, its terms as a sparse vector, and what it is filtered
by. The server's own BM25 is not used: terms are ours (tokenization.py), their weights BM25's two halves, the
document's in the collection and the question's from counts in SQL, and the metric is the inner product. So both
tiers score alike, whatever the server's segments and shards.
"""

from __future__ import annotations

import json
import logging
import math
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from retrieval.errors import RetrievalError
from retrieval.index.base import EVERYTHING, IndexStatus
from retrieval.index.milvus_server import MOST_CODES, MilvusServer
from retrieval.regions.codes import code_prefix, code_prefixes
from retrieval.store.database import held_alone
from retrieval.store.store import Store
from retrieval.store.term_counts import TermCounts
from retrieval.types import Filter, IndexedPassage, PassageScore

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

_LAYOUT = 1
"""Raised when rows are made differently: another collection is then built and switched to."""
_K1, _B = 1.2, 0.75
_TITLE_TIMES = 2
"""A title's term counts as often as this."""
_USUAL_LENGTH = 350.0
"""Terms of a passage with its title, where there are too few to tell the average."""
_ENOUGH = 1000
_BATCH = 500
"""Rows of one request: about two megabytes."""
_BOUND_SECONDS = 6.0
"""When all searches see what the server has acknowledged: the server's bound is five."""
_TURN_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class _State:
    """What a collection holds; kept in the store, so that all processes know it."""

    seq: int = -1
    """It has all of the store's log up to this line; -1: it is being built."""
    built: int = 0
    """While it is being built: the last passage that is in it."""
    head: int = 0
    """The log's last line when the building began: what came later is followed behind it."""
    average: float = _USUAL_LENGTH
    """Terms of a passage that document weights reckon with; it stays as it was when the collection was begun."""


class MilvusIndex:
    """A PassageIndex on a Milvus server; safe for several threads, processes and hosts.

    One process at a time follows the store's log, whichever comes first; the others go on. A server that does not
    answer is Unreachable within five seconds, and is used again when it is back.
    """

    def __init__(
        self,
        store: Store,
        address: str,
        encoder: Encoder,
        *,
        follows: bool = True,
        has_sparse: bool = True,
    ) -> None:
        """`follows`: whether this process takes in what changes; the others only search.

        `has_sparse` is false for servers before 2.4, which have the dense side alone. Raises EncoderMismatch if the
        store's passages were encoded by another encoder.
        """
        store.check_encoder(encoder)
        self._store = store
        self._encoder = encoder.fingerprint
        self._dimension = encoder.dimension
        self._follows = follows
        # who writes reads what it wrote; the others need not wait until every node has the last write, which costs
        # 0.4 s on a single one, and see it within the server's bound. A passage that is gone is not in the store either
        self._level = "Strong" if follows else "Bounded"
        self._server = MilvusServer(address)
        self._counts = TermCounts(store.engine)
        self._has_sparse = has_sparse
        checksum = _checksum(encoder.fingerprint)
        self._alias = f"yunwen_{store.id}"
        self._collection = f"{self._alias}_{checksum}"
        self._note = f"milvus {checksum}"
        self._lock = threading.Lock()
        self._is_there = False
        """Whether the server has been asked for the collection: it may have been emptied since the last time."""
        self._seen = (-1, -1)
        self._changed_at = 0.0
        if follows:
            self.refresh()

    # --------------------------------------------------------------------------------------- following

    def refresh(self, *, is_whole: bool = True) -> int:  # noqa: ARG002 (it always is)
        """Take in what changed in the store since the last time, the whole. Return the number of changes taken in.

        0 while another process is taking them in. In a process that only searches it is 1 as long as what it finds
        may be changing: from a change in the store or on the server until all searches see it.
        """
        if not self._follows:
            return int(self._may_be_changing())
        state = self._state()
        if self._is_there and state.seq >= 0 and state.seq == self._store.log_head():
            return 0
        with self._lock, held_alone(self._store.engine, self._note) as holder:
            if holder is not None:
                return 0
            return self._follow()

    def _may_be_changing(self) -> bool:
        seen = (self._state().seq, self._store.log_head())
        now = time.monotonic()
        if seen != self._seen:
            self._seen, self._changed_at = seen, now
        return seen[0] != seen[1] or now - self._changed_at < _BOUND_SECONDS

    def _follow(self) -> int:
        state = self._state()
        if not self._server.has(self._collection):
            state = self._begin()
        self._is_there = True
        n_changes = 0
        if state.seq < 0:
            n_changes += self._build(state)
            state = self._state()
        while changes := self._store.changes(state.seq, _BATCH):
            removed = [change.passage_id for change in changes if change.is_removal]
            added = [change.passage_id for change in changes if not change.is_removal]
            self._delete(removed)
            self._put(added, state.average)
            state = replace(state, seq=changes[-1].seq)
            self._keep(state)
            n_changes += len(changes)
        return n_changes

    def _begin(self) -> _State:
        """An empty collection, and what it is going to hold; nobody is sent to it before it is whole."""
        self._server.create(self._collection, self._dimension, has_sparse=self._has_sparse)
        average = self._counts.average_length(_ENOUGH, _TITLE_TIMES) or _USUAL_LENGTH
        state = _State(head=self._store.log_head(), average=average)
        self._keep(state)
        return state

    def _build(self, state: _State) -> int:
        """Put all passages in, going on where an earlier run stopped, then send everybody to the collection."""
        self._counts.begin()
        n_built = 0
        while ids := self._store.passage_ids(state.built, _BATCH):
            self._put(ids, state.average)
            state = replace(state, built=ids[-1])
            self._keep(state)
            n_built += len(ids)
        self._server.switch(self._alias, self._collection)
        self._keep(replace(state, seq=state.head))
        return n_built

    def _put(self, ids: Sequence[int], average: float) -> None:
        vectors = self._store.vectors_of(self._encoder, ids)
        passages = [each for each in self._store.indexed_passages(ids) if each.passage_id in vectors]
        stories = self._store.stories(list({each.article_id for each in passages}))
        rows = [
            _row(each, vectors[each.passage_id], average, has_sparse=self._has_sparse)
            | {"story": stories.get(each.article_id, each.article_id)}
            for each in passages
        ]
        for start in range(0, len(rows), _BATCH):
            self._server.upsert(self._collection, rows[start : start + _BATCH])

    def _delete(self, ids: Sequence[int]) -> None:
        if ids:
            self._server.delete(self._collection, f"id in {list(ids)}")

    def _state(self) -> _State:
        return _kept_state(self._store, self._note)

    def _keep(self, state: _State) -> None:
        self._store.keep_note(self._note, json.dumps(asdict(state)))

    # --------------------------------------------------------------------------------------- searching

    def search_dense(
        self, vector: NDArray[np.float32], depth: int, where: Filter = EVERYTHING
    ) -> list[PassageScore]:
        """The nearest passages by cosine; `vector` has shape (dimension,) and any norm above 0."""
        if vector.shape != (self._dimension,):
            raise ValueError(f"a vector of shape ({self._dimension},) is needed, not {vector.shape}")
        norm = float(np.linalg.norm(vector))
        if norm <= 0:
            raise ValueError("a vector of norm 0 has no direction to compare")
        if depth < 1:
            return []
        unit = (vector / norm).astype(np.float32).tolist()
        found = self._search("dense", unit, depth, where, {"ef": max(2 * depth, 128)})
        return _ordered(PassageScore(i, float(np.clip(score, -1.0, 1.0))) for i, score in found)

    def search_sparse(
        self, terms: Sequence[str], depth: int, where: Filter = EVERYTHING
    ) -> list[PassageScore]:
        """The best passages by BM25 over our own terms; no terms or unknown terms give no hits."""
        if not self._has_sparse:
            raise RetrievalError("this Milvus has no sparse vectors: upgrade it to 2.4 or newer")
        n_passages, frequencies = self._counts.of(terms)
        if depth < 1 or not frequencies:
            return []
        question = Counter[int]()
        for term, n in frequencies.items():
            question[_dimension_of(term)] += math.log(1 + (n_passages - n + 0.5) / (n + 0.5))  # type: ignore[assignment]
        found = self._search("sparse", dict(question), depth, where, {})
        return _ordered(PassageScore(i, score) for i, score in found if score > 0)

    def _search(
        self, field: str, data: Any, depth: int, where: Filter, parameters: dict[str, Any]
    ) -> list[tuple[int, float]]:
        return self._server.search(
            self._collection, field, data, depth, _condition(where), parameters, self._level
        )

    def similarities(self, vector: NDArray[np.float32], passage_ids: Sequence[int]) -> dict[int, float]:
        """Cosines of a vector with these passages' by id, from the store; passages it does not hold are left out."""
        unit = vector / np.linalg.norm(vector)
        stored = self._store.vectors_of(self._encoder, passage_ids)
        return {i: float(row @ unit / np.linalg.norm(row)) for i, row in stored.items()}

    def passing(self, passage_ids: Sequence[int], where: Filter) -> frozenset[int]:
        """Those of the passages that pass a filter."""
        ids = [int(each) for each in passage_ids]
        if not ids:
            return frozenset()
        condition = _condition(where)
        chosen = f"id in {ids}" + (f" and {condition}" if condition else "")
        return frozenset(self._server.ids(self._collection, chosen, self._level))

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands; terms that stand in none are left out."""
        return self._counts.of(terms)[1]

    @property
    def n_passages(self) -> int:
        """How many passages there are, as SQL counts them."""
        return self._counts.of(())[0]

    def status(self) -> IndexStatus:
        """What it holds and how far behind the store it is."""
        behind = self._store.log_head() - max(self._state().seq, 0)
        return IndexStatus(f"milvus {self._server.version()}", self._server.count(self._collection), behind)

    def save(self) -> None:
        """Return when the server has all that the store has now, whichever process brings it there."""
        head, self._is_there = self._store.log_head(), False
        while self._follows:
            self.refresh()
            if self._state().seq >= head:
                break
            time.sleep(_TURN_SECONDS)  # another process follows, and may die


def milvus_status(store: Store, address: str) -> IndexStatus:
    """What the server holds of the store's present encoder and how far it is behind, without an encoder at hand."""
    encoder = store.encoder
    if encoder is None:
        return IndexStatus("milvus, nothing yet", 0, store.log_head())
    server, checksum = MilvusServer(address), _checksum(encoder[0])
    state = _kept_state(store, f"milvus {checksum}")
    collection = f"yunwen_{store.id}_{checksum}"
    n_passages = server.count(collection) if server.has(collection) else 0
    return IndexStatus(f"milvus {server.version()}", n_passages, store.log_head() - max(state.seq, 0))


def _checksum(fingerprint: str) -> str:
    return blake2b(f"{_LAYOUT}\0{fingerprint}".encode(), digest_size=5).hexdigest()


def _kept_state(store: Store, note: str) -> _State:
    kept = store.note(note)
    return _State(**json.loads(kept)) if kept else _State()


def _ordered(found: Iterable[PassageScore]) -> list[PassageScore]:
    return sorted(found, key=lambda scored: (-scored.score, scored.passage_id))


def _dimension_of(term: str) -> int:
    """A term's place in sparse vectors: two in a thousand million share one, which costs next to nothing."""
    return zlib.crc32(term.encode("utf-8", "surrogatepass")) & 0x7FFFFFFF


def _row(
    passage: IndexedPassage, vector: NDArray[np.float32], average: float, *, has_sparse: bool
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": passage.passage_id,
        "dense": (vector / np.linalg.norm(vector)).astype(np.float32).tolist(),
        "article": passage.article_id,
        "day": passage.day.toordinal() if passage.day else 0,
        "regions": _prefixes(code for code, _ in passage.regions),
        "main": _prefixes(code for code, is_primary in passage.regions if is_primary),
    }
    if has_sparse:
        row["sparse"] = _document_weights(passage, average)
    return row


def _prefixes(codes: Iterable[str]) -> list[str]:
    """The divisions and all that they lie in, so that a filter by one of those finds them."""
    found = dict.fromkeys(prefix for code in codes for prefix in code_prefixes(code))
    return list(found)[:MOST_CODES]


def _document_weights(passage: IndexedPassage, average: float) -> dict[int, float]:
    """BM25's half of the document: its terms' frequencies, saturated and set against its length."""
    frequencies = Counter(passage.title.split() * _TITLE_TIMES + passage.body.split())
    length = _K1 * (1 - _B + _B * frequencies.total() / average)
    weights: dict[int, float] = {}
    for term, n in frequencies.items():
        place = _dimension_of(term)
        weights[place] = weights.get(place, 0.0) + n * (_K1 + 1) / (n + length)
    return weights or {0: 1e-9}  # the server takes no empty vector


def _condition(where: Filter) -> str:
    parts: list[str] = []
    if where.regions:
        field = "main" if where.primary_only else "regions"
        codes = [code_prefix(code) for code in where.regions]
        parts.append(f"array_contains_any({field}, {json.dumps(codes)})")
    if where.first_date:
        parts.append(f"day >= {where.first_date.toordinal()}")
    elif where.last_date:
        parts.append("day > 0")
    if where.last_date:
        parts.append(f"day <= {where.last_date.toordinal()}")
    return " and ".join(parts)
