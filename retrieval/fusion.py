"""Ranked lists to one list of candidates."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.types import Scored

RRF_K = 60
"""The constant of reciprocal rank fusion (Cormack et al. 2009)."""


def fuse(*lists: Sequence[Scored]) -> list[Scored]:
    """Every passage of the lists once, scored by reciprocal rank fusion, larger first, ties by id."""
    sums: dict[int, float] = {}
    for found in lists:
        for rank, each in enumerate(found, start=1):
            sums[each.passage_id] = sums.get(each.passage_id, 0.0) + 1.0 / (RRF_K + rank)
    return [Scored(i, worth) for i, worth in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))]
