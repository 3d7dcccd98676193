"""What an encoder is: text in, unit vectors out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import PurePath
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]
"""A C-contiguous float32 array of shape (n, dimension) whose rows have Euclidean norm 1."""

Progress: TypeAlias = Callable[[int], None]
"""Called with the number of texts finished since the last call."""


class EncoderError(Exception):
    """An encoder could not be prepared or opened; the message says what, where and what to do."""


class EncoderUnreachable(EncoderError):
    """An encoder that runs elsewhere does not answer; whoever tries again later may find it there."""


class Encoder(Protocol):
    """Turns questions and passages into comparable vectors."""

    @property
    def name(self) -> str:
        """The name or folder under which a person asked for it (the value of EMBEDDING_MODEL)."""
        ...

    @property
    def fingerprint(self) -> str:
        """Equal for two encoders exactly when their vectors may be compared: model, weights, prompts."""
        ...

    @property
    def dimension(self) -> int:
        """Length of one row."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, in the order given; shape (0, dimension) for no texts."""
        ...

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of passages, in the order given; shape (0, dimension) for no texts.

        A text longer than the model reads at once is encoded in windows whose vectors are averaged, so no
        part of it is silently cut.
        """
        ...


def made_of(name: str, weights: str, query_prompt: str, passage_prompt: str) -> str:
    """The fingerprint of a model: its name, and a checksum of what stands for its weights and of its prompts."""
    content = "\0".join((weights, query_prompt, passage_prompt))
    return f"{PurePath(name).name}-{sha256(content.encode()).hexdigest()[:12]}"
