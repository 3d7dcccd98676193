"""Questions' vectors, made in a thread while the question is understood."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from retrieval.answering.cache import KEPT

_T = TypeVar("_T")
_ENCODERS = 4
"""Questions encoded at the same time."""
_KEPT = 2 * KEPT
"""Vectors: of what is answered from memory too, since what kind of message a text is is asked before."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A vector, and how many milliseconds its making took."""

    vector: NDArray[np.float32]
    took: float


class QuestionVectors:
    """Makes the vectors of questions, and keeps the last ones. Safe for several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._pool = ThreadPoolExecutor(_ENCODERS, thread_name_prefix="encode")
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Made] = OrderedDict()

    def of(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a text as a question."""
        return (self._known(text) or self._make(text)).vector

    def begin(self, text: str) -> QuestionVector:
        """Have the vector of a text made in a thread, if it is not there yet."""
        known = self._known(text)
        if known is not None:
            return QuestionVector(lambda: known)
        begun = threading.Event()

        def encode() -> _Made:
            begun.set()
            return self._make(text)

        making = self._pool.submit(encode)
        begun.wait()  # else this thread keeps the interpreter, and the encoder idle, until it first waits for something
        return QuestionVector(making.result)

    def _known(self, text: str) -> _Made | None:
        with self._lock:
            made = self._kept.get(text)
            if made is not None:
                self._kept.move_to_end(text)
            return made

    def _make(self, text: str) -> _Made:
        took, vectors = timed(lambda: self._encoder.encode_queries([text]))
        made = _Made(vectors[0], took)
        with self._lock:
            self._kept[text] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


class QuestionVector:
    """A question's vector, made or in the making."""

    def __init__(self, made: Callable[[], _Made]) -> None:
        """`made` returns it when it is there."""
        self._made = made
        self.took = self.waited = 0.0
        """Milliseconds that encoding took, and that it was waited for."""

    def vector(self) -> NDArray[np.float32]:
        """The vector, waited for if need be; raises what the encoder raised."""
        self.waited, made = timed(self._made)
        self.took = made.took
        return made.vector


def timed(work: Callable[[], _T]) -> tuple[float, _T]:
    """Return how many milliseconds some work took, and what it gave."""
    started = time.perf_counter()
    result = work()
    return milliseconds_since(started), result


def milliseconds_since(started: float) -> float:
    """Return the milliseconds since a moment of the performance counter."""
    return (time.perf_counter() - started) * 1000
