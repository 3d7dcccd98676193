"""What kind of message a text is, told by its vector: a question, or one of the things that people say to a bot.

A linear model over the bundled encoder's question vectors, learned from utterances of our own (`bench/message_kinds.py`);
the weights lie beside this file. With another encoder there is none, as its vectors are others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SURE = 0.5
"""From which probability a text is taken for what it most likely is: less, and it is asked like a question."""
_WEIGHTS = Path(__file__).with_name("message_kinds.npz")


@dataclass(frozen=True, slots=True)
class MessageKinds:
    """A softmax over kinds: a vector times `weights`, plus `biases`."""

    names: tuple[str, ...]
    """Of the kinds, in the order of the columns."""
    weights: NDArray[np.float32]
    """Dimensions x kinds."""
    biases: NDArray[np.float32]
    """One a kind."""
    fingerprint: str
    """Of the encoder whose vectors it reads."""
    words: frozenset[str]
    """With which people ask for news, so that they are no topic of what they ask for."""

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return how likely texts are of each kind, texts x kinds, by their vectors, texts x dimensions."""
        scores = vectors.astype(np.float64) @ self.weights + self.biases
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely: NDArray[np.float64] = scores / scores.sum(axis=1, keepdims=True)
        return likely

    def kind(self, vector: NDArray[np.float32]) -> str | None:
        """Return the kind that a text is at least as likely as not; None if there is none."""
        likely = self.probabilities(vector[np.newaxis])[0]
        best = int(likely.argmax())
        return self.names[best] if likely[best] >= SURE else None

    def save(self, path: Path = _WEIGHTS) -> None:
        """Write it beside this module."""
        np.savez_compressed(
            path,
            names=np.array(self.names),
            weights=self.weights.astype(np.float16),
            biases=self.biases.astype(np.float32),
            fingerprint=np.array(self.fingerprint),
            words=np.array(sorted(self.words)),
        )


@cache
def _load() -> MessageKinds:
    with np.load(_WEIGHTS) as kept:
        return MessageKinds(
            tuple(map(str, kept["names"])),
            kept["weights"].astype(np.float32),
            kept["biases"],
            str(kept["fingerprint"]),
            frozenset(map(str, kept["words"])),
        )


def message_kinds(fingerprint: str) -> MessageKinds | None:
    """Return the model that reads an encoder's vectors, by the encoder's fingerprint; None if there is none."""
    kinds = _load()
    return kinds if kinds.fingerprint == fingerprint else None
