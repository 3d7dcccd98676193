"""The stretch of time that a digest tells of, and how it stands in a button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Window:
    """What became known after `since`, up to and with `until`; both aware."""

    since: datetime
    until: datetime

    @property
    def data(self) -> str:
        """The window in a button: whole seconds, the first rounded down and the second up."""
        return f"{int(self.since.timestamp())}:{-int(-self.until.timestamp() // 1)}"

    @classmethod
    def parse(cls, first: str, last: str) -> Window:
        """A window from a button; raises ValueError."""
        return cls(*(datetime.fromtimestamp(int(each), UTC) for each in (first, last)))
