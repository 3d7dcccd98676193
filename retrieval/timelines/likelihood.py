"""How likely figures are of one indicator: boosted trees that were learned from timelines checked by reading.

Learned twice (`bench/timelines/learn.py`): once from what a figure's sentence says, and once more with what the other
figures that were found say of it, each weighed by how likely it is itself. The weights lie beside this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_WEIGHTS = Path(__file__).with_name("likelihood.npz")


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted trees: each number is compared with a threshold at each node, and the leaves' values are summed up."""

    feature: NDArray[np.int16]
    """Trees x nodes: the number that a node looks at; -1 at a leaf."""
    threshold: NDArray[np.float64]
    """Trees x nodes: up to it one goes left."""
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float32]
    start: float

    def probabilities(self, rows: Numbers) -> Numbers:
        """Return how likely each of rows x numbers is."""
        n, (n_trees, _) = len(rows), self.feature.shape
        node = np.zeros((n, n_trees), dtype=np.int64)
        trees, at = np.arange(n_trees), np.arange(n)[:, np.newaxis]
        while True:
            feature = self.feature[trees, node]
            is_leaf = feature < 0
            if is_leaf.all():
                break
            goes_left = rows[at, feature] <= self.threshold[trees, node]
            below = np.where(goes_left, self.left[trees, node], self.right[trees, node])
            node = np.where(is_leaf, node, below)
        scores = self.start + self.value[trees, node].sum(axis=1, dtype=np.float64)
        likely: Numbers = 1 / (1 + np.exp(-scores))
        return likely


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Both models."""

    alone: Trees
    together: Trees

    def save(self, path: Path = _WEIGHTS) -> None:
        """Write it beside this module."""
        arrays = {
            f"{name}_{field}": np.asarray(getattr(trees, field))
            for name, trees in (("alone", self.alone), ("together", self.together))
            for field in Trees.__slots__
        }
        np.savez_compressed(path, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: Path = _WEIGHTS) -> Likelihood:
        """Return what `save` wrote."""
        with np.load(path) as kept:
            alone, together = (
                Trees(*(kept[f"{name}_{field}"] for field in Trees.__slots__))
                for name in ("alone", "together")
            )
            return cls(alone, together)


bundled = cache(Likelihood.load)
"""The model that comes with the package."""
