"""What the doctor says of one thing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing is."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    name: str
    state: State
    text: str
    """What was found and, unless it is ok, what to do."""


def ok(name: str, text: str) -> Finding:
    """Return the finding that a thing is as it should be."""
    return Finding(name, State.OK, text)


def warning(name: str, text: str) -> Finding:
    """Return the finding that a thing may become broken, or is not as good as it could be."""
    return Finding(name, State.WARNING, text)


def broken(name: str, text: str) -> Finding:
    """Return the finding that a thing does not work."""
    return Finding(name, State.BROKEN, text)
