"""The dense side on one machine: inner product by FAISS, exact or through a coarse scan. The only user of FAISS.

Vectors are normalised on the way in and on the way out, so every score is a cosine, -1 to 1.
"""

from __future__ import annotations

import json
import math
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.errors import SnapshotError
from retrieval.index.columns import Columns
from retrieval.types import Filter, IndexedPassage, PassageScore

_MAGIC = b"yunwen-dense-4\n"
EXACT_LIMIT = 10_000
"""Of more passages than this a coarse scan chooses what is compared exactly: 3 times as fast at 10,000, 6 at 100,000
(docs/speed.md), with a recall@10 of 0.99."""
_LEAST = 500
"""So many are at least chosen by the coarse scan."""
_TRAINING = 50_000
"""Vectors that the coarse scan's codebook is learned from."""
_FEW = 0.02
"""Of a filter that lets through no more than this share, each is compared exactly: that takes less than the scan."""
_MOST = 0.5
"""Share from which the nearest of all are searched and those that do not pass left out."""
_SPARE = 1.5
"""Times as many as should do are searched then."""
_DEAD = 0.2
"""Share of removed vectors from which the index is worth building again."""


@dataclass(frozen=True, slots=True)
class Watermark:
    """What a snapshot holds: an encoder's vectors up to one line of one store's log."""

    store: str
    encoder: str
    dimension: int
    seq: int


class DenseIndex:
    """Vectors by passage id with what they are filtered by. Not safe for use by several threads at once.

    Rows are only ever appended: a removed passage's row is dead until the index is built again. They are kept with
    16 bits a component. Once there are many, what is read for each question is a second, coarse copy: the half of the
    principal components that vary most, turned so that all vary alike, with 4 bits for every two of them (product
    quantization, scanned with vector instructions: André et al. 2015).
    """

    def __init__(self, dimension: int, *, exact_limit: int = EXACT_LIMIT) -> None:
        self._dimension = dimension
        self._exact_limit = max(exact_limit, dimension // 2)  # of fewer no principal components are learned
        self._begin()

    def _begin(self) -> None:
        self._ids = np.empty(0, np.int64)
        """By row."""
        self._is_alive = np.empty(0, np.bool_)
        self._row_of: dict[int, int] = {}
        self._columns = Columns()
        self._exact: Any = faiss.IndexScalarQuantizer(  # FAISS's types are partial
            self._dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self._coarse: Any = None

    @property
    def kind(self) -> str:
        """`fp16` (all compared), or `pca pq4 + fp16` (a coarse scan first)."""
        return "fp16" if self._coarse is None else "pca pq4 + fp16"

    def __len__(self) -> int:
        """How many vectors it holds."""
        return len(self._row_of)

    def build(self, batches: Iterable[tuple[Sequence[IndexedPassage], NDArray[np.float32]]]) -> None:
        """Hold exactly these vectors, in place of all that was there."""
        self._begin()
        for passages, vectors in batches:
            self.put(passages, vectors)
        if len(self) > self._exact_limit:
            self._build_coarse()

    def _build_coarse(self) -> None:
        n, n_codes = len(self._ids), self._dimension // 4
        recipe = f"PCAR{2 * n_codes},IVF1,PQ{n_codes}x4fs"  # one list: FAISS filters in lists alone
        self._coarse = faiss.index_factory(self._dimension, recipe, faiss.METRIC_INNER_PRODUCT)
        self._coarse.train(np.concatenate(list(self._decoded(max(1, n // _TRAINING)))))
        for vectors in self._decoded():
            self._coarse.add(vectors)

    def _decoded(self, step: int = 1, size: int = 16_384) -> Iterator[NDArray[np.float32]]:
        """The vectors of every `step`th row, a few at a time."""
        rows = np.arange(0, len(self._ids), step)
        for start in range(0, len(rows), size):
            yield self._exact.reconstruct_batch(rows[start : start + size])

    def put(self, passages: Sequence[IndexedPassage], vectors: NDArray[np.float32]) -> None:
        """Add passages with their vectors; of one that is there already only dates and regions change.

        A passage's vector never does: another text has another id.
        """
        known = [each for each in passages if each.passage_id in self._row_of]
        self._columns.update([self._row_of[each.passage_id] for each in known], known)
        chosen = [number for number, each in enumerate(passages) if each.passage_id not in self._row_of]
        if not chosen:
            return
        new = [passages[number] for number in chosen]
        rows = _unit_rows(vectors[chosen])
        self._row_of.update({each.passage_id: len(self._ids) + n for n, each in enumerate(new)})
        self._ids = np.concatenate([self._ids, np.array([each.passage_id for each in new], np.int64)])
        self._is_alive = np.concatenate([self._is_alive, np.ones(len(new), np.bool_)])
        self._columns.append(new)
        self._exact.add(rows)
        if self._coarse is not None:
            self._coarse.add(rows)

    def remove(self, ids: Sequence[int]) -> None:
        """Forget vectors; unknown ids change nothing."""
        for passage_id in ids:
            row = self._row_of.pop(passage_id, None)
            if row is not None:
                self._is_alive[row] = False

    @property
    def has_outgrown(self) -> bool:
        """Whether it is worth building again: too large to compare all, or full of removed rows."""
        n = len(self._ids)
        return (self._coarse is None and len(self) > self._exact_limit) or (
            n > 1000 and n - len(self) > n * _DEAD
        )

    def search(
        self, vector: NDArray[np.float32], depth: int, where: Filter | None = None
    ) -> list[PassageScore]:
        """The nearest by cosine, larger first, ties by id; only of those that pass a filter, if one is given."""
        use_one_core()  # one question has no work for two, only waits for them
        question = _unit_rows(vector[None, :])
        passing = self._is_alive & self._columns.passing(where) if where else self._is_alive
        n_passing = int(np.count_nonzero(passing))
        depth = min(depth, n_passing)
        if depth < 1:
            return []
        if self._coarse is None or n_passing <= len(passing) * _FEW:
            rows, scores = self._search_exactly(question, depth, passing, n_passing)
        else:
            rows, scores = self._search_coarsely(question, depth, passing, n_passing)
        found = zip(self._ids[rows].tolist(), np.clip(scores, -1.0, 1.0).tolist(), strict=True)
        ordered = sorted(found, key=lambda pair: (-pair[1], pair[0]))
        return [PassageScore(passage_id, score) for passage_id, score in ordered]

    def _search_coarsely(
        self, question: NDArray[np.float32], depth: int, passing: NDArray[np.bool_], n_passing: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows and cosines of the nearest of those that pass; of 66,000 514 are compared exactly, of a million 2,000."""
        width = min(n_passing, int(max(_LEAST, 2 * math.sqrt(n_passing), 2 * depth)))
        bits = np.packbits(passing, bitorder="little")
        # where all pass, too: at a million FAISS takes a third longer without a selector
        parameters = faiss.SearchParametersIVF(sel=faiss.IDSelectorBitmap(bits))  # type: ignore
        rows = self._coarse.search(question, width, params=parameters)[1][0]
        return self._compare(question, rows[rows >= 0], depth)

    def _search_exactly(
        self, question: NDArray[np.float32], depth: int, passing: NDArray[np.bool_], n_passing: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows and cosines of the nearest of those that pass."""
        n = len(passing)
        if n_passing > n * _MOST:
            width = depth if n_passing == n else min(n, int(depth * n / n_passing * _SPARE))
            scores, rows = self._exact.search(question, width)
            passes = np.flatnonzero(passing[rows[0]])[:depth]
            if len(passes) == depth:
                return rows[0][passes], scores[0][passes]
        return self._compare(question, np.flatnonzero(passing), depth)

    def _compare(
        self, question: NDArray[np.float32], rows: NDArray[np.int64], depth: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The nearest of these rows, copied together: FAISS's own filter looks at all that there are."""
        chosen = faiss.IndexScalarQuantizer(
            self._dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        chosen.add_sa_codes(np.take(self._codes(), rows, axis=0))
        scores, places = chosen.search(question, min(depth, len(rows)))
        return rows[places[0]], scores[0]

    def _codes(self) -> NDArray[np.uint8]:
        """Every row's 16-bit components as bytes, where FAISS has them; gone with the next row that is added."""
        codes = self._exact.codes
        rows: NDArray[np.uint8] = faiss.rev_swig_ptr(codes.data(), codes.size())
        return rows.reshape(self._exact.ntotal, self._exact.code_size)

    def similarities(self, vector: NDArray[np.float32], ids: Sequence[int]) -> dict[int, float]:
        """Cosines with these ids' vectors; ids it does not hold are left out."""
        held = [i for i in ids if i in self._row_of]
        if not held:
            return {}
        vectors = self._exact.reconstruct_batch(np.array([self._row_of[i] for i in held], np.int64))
        cosines = np.clip(_unit_rows(vectors) @ _unit_rows(vector[None, :])[0], -1.0, 1.0)
        return dict(zip(held, cosines.tolist(), strict=True))

    def share(self, where: Filter) -> float:
        """The share, 0 to 1, of its rows that pass a filter."""
        return float(self._columns.passing(where).mean()) if len(self._columns) else 0.0

    def passing(self, ids: Sequence[int], where: Filter) -> list[bool]:
        """Whether it holds each id and it passes a filter."""
        mask = self._columns.passing(where)
        rows = [self._row_of.get(i, -1) for i in ids]
        return [row >= 0 and bool(mask[row]) for row in rows]

    def save(self, path: Path, watermark: Watermark) -> None:
        """Write a snapshot: all or nothing. Raises SnapshotError and leaves the old file."""
        parts: list[Any] = [
            self._ids.tobytes(),
            np.packbits(self._is_alive).tobytes(),
            self._columns.dump(),
            faiss.serialize_index(self._exact).data,
            b"" if self._coarse is None else faiss.serialize_index(self._coarse).data,
        ]
        crc = 0
        for part in parts:
            crc = zlib.crc32(part, crc)
        sizes = [len(part) for part in parts]
        header = asdict(watermark) | {
            "kind": self.kind,
            "n": len(self),
            "n_rows": len(self._ids),
            "sizes": sizes,
            "size": sum(sizes),
            "crc": crc,
        }
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                file.write(_MAGIC + json.dumps(header).encode() + b"\n")
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise SnapshotError(
                f"{path}: the search index could not be saved ({error.strerror}): free disk space or make the "
                f"folder writable; nothing is lost, it is built again from the database"
            ) from error

    def load(self, path: Path, store: str, encoder: str) -> int | None:
        """Take a snapshot's vectors; its place in the log, or None if there is none that can be used.

        A snapshot that is missing, damaged, of another store, encoder or dimension cannot.
        """
        try:
            content = path.read_bytes()
        except OSError:
            return None
        header_end = content.find(b"\n", len(_MAGIC))
        try:
            header = _parse_header(content[: header_end + 1])
            payload = memoryview(content)[header_end + 1 :]
            is_sound = len(payload) == header["size"] and zlib.crc32(payload) == header["crc"]
            made_of = header["store"], header["encoder"], header["dimension"]
            if not is_sound or made_of != (store, encoder, self._dimension):
                return None
            self._take(payload, header["sizes"], header["n_rows"])
            return int(header["seq"])
        except (ValueError, KeyError, TypeError, RuntimeError, OSError):
            self._begin()
            return None

    def _take(self, payload: memoryview, sizes: Sequence[int], n_rows: int) -> None:
        ends = np.cumsum(sizes).tolist()
        ids, alive, columns, exact, coarse = (
            payload[end - size : end] for end, size in zip(ends, sizes, strict=True)
        )
        self._ids = np.frombuffer(ids, np.int64).copy()
        self._is_alive = np.unpackbits(np.frombuffer(alive, np.uint8), count=n_rows).astype(np.bool_)
        living = np.flatnonzero(self._is_alive)
        self._row_of = dict(zip(self._ids[living].tolist(), living.tolist(), strict=True))
        self._columns = Columns.parse(bytes(columns))
        self._exact = faiss.deserialize_index(np.frombuffer(exact, np.uint8))
        self._coarse = faiss.deserialize_index(np.frombuffer(coarse, np.uint8)) if len(coarse) else None


def use_one_core() -> None:
    """Have FAISS do what the calling thread asks of it without helpers; other threads keep theirs."""
    faiss.omp_set_num_threads(1)


def read_header(path: Path) -> dict[str, Any] | None:
    """What a snapshot says of itself (store, encoder, dimension, seq, kind, n, size, crc), or None if it says nothing.

    Only the size is checked, not the contents.
    """
    try:
        with path.open("rb") as file:
            lines = file.readline() + file.readline(4096)
            header = _parse_header(lines)
        return header if path.stat().st_size == len(lines) + header["size"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _parse_header(lines: bytes) -> dict[str, Any]:
    if not lines.startswith(_MAGIC):
        raise ValueError("not a snapshot")
    header: dict[str, Any] = json.loads(lines[len(_MAGIC) :])
    return header


def _unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    rows = np.array(vectors, dtype=np.float32, order="C")
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.all(norms > 0):
        raise ValueError("a vector of norm 0 has no direction to compare")
    rows /= norms
    return rows
