"""How far a long work is, told to whoever shows it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of every step, so that a person sees where the work is."""

    def start(self, step: str, total: int) -> None:
        """A step of `total` units begins; it is named for a person."""
        ...

    def advance(self, n: int) -> None:
        """So many units are done."""
        ...


class Silence:
    """Progress that nobody watches."""

    def start(self, step: str, total: int) -> None:
        """Say nothing."""

    def advance(self, n: int) -> None:
        """Say nothing."""
