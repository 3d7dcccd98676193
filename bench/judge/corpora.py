"""Sets as the judge learns from them: articles cut into passages by the product, and the best neighbours by bigrams."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]
from numpy.typing import NDArray

from bench.judge.questions import read_lines
from retrieval.reading.formats.records import read_records
from retrieval.text.passages import chunk, reading_header

_N_BINS = 1 << 21
_OTHER = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9.%]+")
_SPACE = ord(" ")


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage: what stands over it and its text, with its place in its article's text as the product reads it."""

    article: str
    head: str
    text: str
    start: int


class Corpus:
    """The passages of some articles."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.of: dict[str, list[int]] = {}
        self.texts: dict[str, str] = {}
        self._index: Bigrams | None = None

    def read(self, path: Path, aside: Collection[str], change: Callable[[str], str] | None = None) -> None:
        """Add a corpus.jsonl, without the articles kept aside; `change` is made to titles and texts first."""
        if change is not None:
            with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
                for record in read_lines(path):
                    changed = {
                        key: change(value) if key in ("title", "text") else value
                        for key, value in record.items()
                    }
                    file.write(json.dumps(changed, ensure_ascii=False) + "\n")
                file.flush()
                self.read(Path(file.name), aside)
            return
        for name, article in read_records(path):
            if name in aside or name in self.of:
                continue
            head = reading_header(article)
            self.of[name], self.texts[name] = [], article.text
            for part in chunk(article):
                self.of[name].append(len(self.pieces))
                self.pieces.append(Piece(name, head, article.text[part.start : part.end], part.start))

    def near(self, question: str, k: int) -> list[int]:
        """Return the numbers of the best passages for a question by BM25 over bigrams."""
        if self._index is None:
            self._index = Bigrams([f"{piece.head} {piece.text}" for piece in self.pieces])
        return self._index.search(question, k)


class Bigrams:
    """BM25 over pairs of characters."""

    def __init__(self, texts: Sequence[str], k1: float = 1.2, b: float = 0.75) -> None:
        ends, columns, counts, lengths = [0], [], [], []
        for text in texts:
            grams = bigrams(text)
            values, times = np.unique(grams, return_counts=True)
            columns.append(values.astype(np.int32))
            counts.append(times.astype(np.float32))
            ends.append(ends[-1] + len(values))
            lengths.append(len(grams))
        shape = (len(texts), _N_BINS)
        rows = sp.csr_matrix((np.concatenate(counts), np.concatenate(columns), np.array(ends)), shape=shape)
        length = np.array(lengths, dtype=np.float32)
        df = np.bincount(rows.indices, minlength=_N_BINS)
        idf = np.log(1 + (len(texts) - df + 0.5) / (df + 0.5)).astype(np.float32)
        norms = np.repeat(k1 * (1 - b + b * length / length.mean()), np.diff(rows.indptr))
        rows.data = rows.data * (k1 + 1) / (rows.data + norms) * idf[rows.indices]
        self._columns = rows.tocsc()

    def search(self, question: str, k: int) -> list[int]:
        """Return the numbers of the k best texts."""
        scores = np.zeros(self._columns.shape[0], dtype=np.float32)
        for gram in np.unique(bigrams(question)):
            first, last = self._columns.indptr[gram], self._columns.indptr[gram + 1]
            scores[self._columns.indices[first:last]] += self._columns.data[first:last]
        k = min(k, len(scores))
        best = np.argpartition(-scores, k - 1)[:k]
        numbers: list[int] = best[np.argsort(-scores[best], kind="stable")].tolist()
        return numbers


def bigrams(text: str) -> NDArray[np.int64]:
    """Return a number for each pair of neighbouring characters, none across punctuation."""
    codes = np.frombuffer(_OTHER.sub(" ", text).lower().encode("utf-32-le"), dtype=np.uint32).astype(
        np.uint64
    )
    if len(codes) < 2:
        return np.zeros(0, dtype=np.int64)
    hashes = (codes[:-1] * np.uint64(1000003) + codes[1:] * np.uint64(7919)) % np.uint64(_N_BINS)
    grams: NDArray[np.int64] = hashes[(codes[:-1] != _SPACE) & (codes[1:] != _SPACE)].astype(np.int64)
    return grams
