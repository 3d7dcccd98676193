"""Which of the queries that a person's typing sends is the last."""

from __future__ import annotations


class LatestQueries:
    """Which inline query is each person's last: only that one is worth computing."""

    def __init__(self) -> None:
        self._latest: dict[int, str] = {}

    def arrived(self, user_id: int, query_id: str) -> None:
        """A person's query came."""
        self._latest[user_id] = query_id

    def is_latest(self, user_id: int, query_id: str) -> bool:
        """Whether no other has come since."""
        return self._latest.get(user_id) == query_id

    def done(self, user_id: int, query_id: str) -> None:
        """A query was answered or dropped: nothing is kept of it."""
        if self.is_latest(user_id, query_id):
            del self._latest[user_id]
