"""A question's vector, made in a thread while the question is understood."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder

_T = TypeVar("_T")


class QuestionVector:
    """A question's vector in the making."""

    def __init__(self, pool: ThreadPoolExecutor, encoder: Encoder, question: str) -> None:
        begun = threading.Event()

        def encode() -> NDArray[np.float32]:
            begun.set()
            vector: NDArray[np.float32] = encoder.encode_queries([question])[0]
            return vector

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
