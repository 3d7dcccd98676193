"""What kind of message a text is, told by its vector: a question, or one of the things that people say to a bot.

A linear model over the bundled encoder's question vectors, learned from utterances of our own (`bench/message_kinds.py`);
the weights lie beside this file. With another encoder there is none, as its vectors are others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SURE = 0.4
"""From which probability a text is taken for what it most likely is: less, and it is asked like a question."""
_WORDS_OF = "words of "
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
    words: Mapping[str, frozenset[str]]
    """Of some kinds the words in which such messages are put, which are not what they speak of."""

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return how likely texts are of each kind, texts x kinds, by their vectors, texts x dimensions."""
        scores = vectors.astype(np.float64) @ self.weights + self.biases
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely: NDArray[np.float64] = scores / scores.sum(axis=1, keepdims=True)
        return likely

    def kind(self, vector: NDArray[np.float32], sure: float = SURE) -> str | None:
        """Return the likeliest kind of a text; None if it is less likely than `sure`."""
        likely = self.probabilities(vector[np.newaxis])[0]
        best = int(likely.argmax())
        return self.names[best] if likely[best] >= sure else None

    def save(self, path: Path = _WEIGHTS) -> None:
        """Write it beside this module."""
        arrays = {_WORDS_OF + kind: np.array(sorted(words)) for kind, words in self.words.items()}
        arrays |= {"names": np.array(self.names), "fingerprint": np.array(self.fingerprint)}
        arrays |= {"weights": self.weights.astype(np.float16), "biases": self.biases.astype(np.float32)}
        np.savez_compressed(path, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: Path = _WEIGHTS) -> MessageKinds:
        """Return what `save` wrote."""
        with np.load(path) as kept:
            return cls(
                tuple(map(str, kept["names"])),
                kept["weights"].astype(np.float32),
                kept["biases"],
                str(kept["fingerprint"]),
                {
                    name.removeprefix(_WORDS_OF): frozenset(map(str, kept[name]))
                    for name in kept.files
                    if name.startswith(_WORDS_OF)
                },
            )


_bundled = cache(MessageKinds.load)


def message_kinds(fingerprint: str) -> MessageKinds | None:
    """Return the model that reads an encoder's vectors, by the encoder's fingerprint; None if there is none."""
    kinds = _bundled()
    return kinds if kinds.fingerprint == fingerprint else None
