"""Questions' vectors, made in a thread while the question is understood."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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


class QuestionVectors:
    """Makes the vectors of questions, and keeps the last ones. Safe for several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._pool = ThreadPoolExecutor(_ENCODERS, thread_name_prefix="encode")
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def of(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a text as a question."""
        with self._lock:
            vector = self._kept.get(text)
            if vector is not None:
                self._kept.move_to_end(text)
                return vector
        made: NDArray[np.float32] = self._encoder.encode_queries([text])[0]
        with self._lock:
            self._kept[text] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    def begin(self, text: str) -> QuestionVector:
        """Have the vector of a text made in a thread."""
        return QuestionVector(self._pool, self.of, text)


class QuestionVector:
    """A question's vector in the making."""

    def __init__(
        self, pool: ThreadPoolExecutor, vector_of: Callable[[str], NDArray[np.float32]], text: str
    ) -> None:
        begun = threading.Event()

        def encode() -> NDArray[np.float32]:
            begun.set()
            return vector_of(text)

        self._future = pool.submit(timed, encode)
        begun.wait()  # else this thread keeps the interpreter, and the encoder idle, until it first waits for something
        self.took = self.waited = 0.0
        """Milliseconds that encoding took, and that it was waited for."""

    def vector(self) -> NDArray[np.float32]:
        """The vector, waited for if need be; raises what the encoder raised."""
        vector: NDArray[np.float32]
        self.waited, (self.took, vector) = timed(self._future.result)
        return vector


def timed(work: Callable[[], _T]) -> tuple[float, _T]:
    """Return how many milliseconds some work took, and what it gave."""
    started = time.perf_counter()
    result = work()
    return milliseconds_since(started), result


def milliseconds_since(started: float) -> float:
    """Return the milliseconds since a moment of the performance counter."""
    return (time.perf_counter() - started) * 1000
