"""Who is answered how often: token buckets, lists of chats, and a length above which nothing is looked for.

Pure bookkeeping over a clock; memory stays bounded however many people write.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.telegram.token_bucket import Buckets, Rate

NOTICE_SECONDS = 60.0
"""Between two notices to one chat that it is not answered now."""
NOTICES_PER_MINUTE = 600.0
NOTICE_BURST = 20
"""All chats together: telling them must not cost more than answering them."""
MAX_QUESTION_CHARS = 1000
"""Of a command with what stands behind it, and of a question that comes by other ways than Telegram."""
MAX_MESSAGE_CHARS = 4096
"""What Telegram lets a person write: an article is passed on in one message."""
_READ_WHILE_WAITING = ((4, 6), (12, 3))
"""Up to so many that wait, so many passages are read for a question; beyond, none: reading takes most of an answer."""
_SHARE = 4
"""A chat may hold a quarter of the places that are left in the queue, however many its rate allows: twenty channels of
one person, each within its limits, would else take all of them (a dynamic threshold, Choudhury and Hahne 1998)."""
DELETIONS = Rate(per_minute=2, burst=4)
"""Of a chat's presses and commands that ask to delete everything, beside what it may send."""


def passages_worth_reading(n_waiting: int) -> int:
    """Return how many passages may be read for a question while so many others wait."""
    return next((n for most, n in _READ_WHILE_WAITING if n_waiting <= most), 0)


class AdmissionResult(StrEnum):
    """What becomes of an update."""

    ACCEPTED = "accepted"
    BLOCKED = "blocked"
    """On the list of those that are not answered: never told."""
    NOT_ALLOWED = "not_allowed"
    """Not on the list of those that alone are answered."""
    TOO_LONG = "too_long"
    LIMITED = "limited"
    """Too many from one person or chat."""
    OVERLOADED = "overloaded"
    """Too many from all together."""


@dataclass(frozen=True, slots=True)
class UpdateOrigin:
    """Who sent an update, and whether it asks for an answer."""

    chat_id: int | None
    user_id: int | None
    is_request: bool = True
    """Whether it wants an answer; what Telegram itself reports is never limited."""
    is_counted: bool = True
    """Whether it takes from what its person and chat may send; an inline query comes with every key pressed."""
    n_chars: int = 0
    is_command: bool = False
    is_deletion: bool = False
    """Whether it asks to delete everything, which no limit on questions stands in the way of."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an update, and whether the chat is told of it."""

    result: AdmissionResult
    is_told: bool = False
    wait_seconds: int = 0
    """With LIMITED: until the next is accepted, rounded up."""


class Admission:
    """Decides about every update before any work is done for it."""

    def __init__(
        self,
        *,
        user: Rate,
        chat: Rate,
        queue_limit: int,
        clock: Callable[[], float],
        allowed: frozenset[int] = frozenset(),
        blocked: frozenset[int] = frozenset(),
    ) -> None:
        """`allowed` and `blocked` hold ids of chats and people; an empty `allowed` lets everybody in."""
        self._users = Buckets(user, clock)
        self._chats = Buckets(chat, clock)
        self._deletions = Buckets(DELETIONS, clock)
        self._told = Buckets(Rate(60 / NOTICE_SECONDS, 1), clock)
        self._notices = Buckets(Rate(NOTICES_PER_MINUTE, NOTICE_BURST), clock)
        self._queue_limit = queue_limit
        self._allowed = allowed
        self._always_blocked = blocked
        self._blocked = blocked

    def block(self, blocked: frozenset[int]) -> None:
        """Block these chats and people, beside those that the settings name."""
        self._blocked = self._always_blocked | blocked

    def decide(self, sender: UpdateOrigin, n_waiting: int, n_of_asker: int = 0) -> Decision:
        """What becomes of an update while `n_waiting` others wait, of which so many are of its own chat or person."""
        result = self._result(sender, n_waiting, n_of_asker)
        is_quiet = result in (AdmissionResult.ACCEPTED, AdmissionResult.BLOCKED) or sender.chat_id is None
        wait = self._seconds_to_next(sender) if result is AdmissionResult.LIMITED else 0
        return Decision(result, not is_quiet and self._may_tell(sender.chat_id or 0), wait)

    def _result(self, sender: UpdateOrigin, n_waiting: int, n_of_asker: int) -> AdmissionResult:
        ids = {sender.chat_id, sender.user_id}
        if ids & self._blocked:
            return AdmissionResult.BLOCKED
        if self._allowed and not ids & self._allowed:
            return AdmissionResult.NOT_ALLOWED
        if not sender.is_request:
            return AdmissionResult.ACCEPTED
        if sender.n_chars > (MAX_QUESTION_CHARS if sender.is_command else MAX_MESSAGE_CHARS):
            return AdmissionResult.TOO_LONG
        if sender.is_counted and not self._take(sender):
            return AdmissionResult.LIMITED
        if n_of_asker * _SHARE >= self._queue_limit - n_waiting:
            return AdmissionResult.OVERLOADED
        return AdmissionResult.ACCEPTED

    def _take(self, sender: UpdateOrigin) -> bool:
        """Take a token of the person and one of the chat, or none."""
        if sender.is_deletion and self._deletions.take(sender.chat_id or 0):
            return True
        known = self._buckets_of(sender)
        return all(buckets.has(key) for buckets, key in known) and all(
            buckets.take(key) for buckets, key in known
        )

    def _buckets_of(self, sender: UpdateOrigin) -> list[tuple[Buckets, int]]:
        asked = [(self._users, sender.user_id), (self._chats, sender.chat_id)]
        return [(buckets, key) for buckets, key in asked if key is not None]

    def _seconds_to_next(self, sender: UpdateOrigin) -> int:
        waits = (buckets.seconds_to_next(key) for buckets, key in self._buckets_of(sender))
        return max(1, math.ceil(max(waits, default=0.0)))

    def _may_tell(self, chat_id: int) -> bool:
        return self._told.has(chat_id) and self._notices.take(0) and self._told.take(chat_id)
