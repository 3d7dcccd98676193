"""Where updates come in, whatever way: admitted, stored, put into their chat's queue, handled."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from telegram import Update

from bot.metrics import Metrics, received_at
from bot.telegram.addressing import origin_of, sender_of
from bot.telegram.admission import Admission, AdmissionResult, UpdateOrigin
from bot.telegram.client.sending import GROUPS
from bot.telegram.context import App
from bot.telegram.updates.chat_queues import ChatQueues
from bot.telegram.updates.inbox import InboxWriter, StoredUpdate
from bot.telegram.updates.refusals import Notices
from retrieval import Unreachable

_log = logging.getLogger(__name__)

_MAX_NUMBER = 2**63 - 1
"""What the database can hold."""
_STOP_SECONDS = 8.0
"""How long answers go on after a signal to stop; what is left then is answered after the restart."""
_GRACE_SECONDS = 3.0
_NOTICES_SECONDS = 1.0
_LOOK_SECONDS = 30.0


class NoRoom(Exception):
    """No update can be accepted now: Telegram is to keep it."""


@dataclass(frozen=True, slots=True)
class ReceivedUpdate:
    """An update, read and as Telegram sent it, which is how it is kept."""

    update: Update
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An accepted update on its way."""

    update: Update
    key: tuple[int, str] | None
    """In the inbox; None: not kept, as it is worthless later."""
    came: float


class UpdateReceiver:
    """Accepts updates, and sees that each accepted one is handled, by this process or a later one."""

    def __init__(
        self, application: App, inbox: InboxWriter, admission: Admission, metrics: Metrics, queue_limit: int
    ) -> None:
        self._application = application
        self._notices = Notices(application.bot_data.required_services.preferences)
        self._inbox = inbox
        self._admission = admission
        self._metrics = metrics
        self._most = 2 * queue_limit
        self._queues: ChatQueues[_Arrival] = ChatQueues(self._handle, _next_in_chat)
        self._coming: Counter[int] = Counter()
        """Accepted updates that are being stored, by who asks."""
        self._held: Counter[int] = Counter()
        """Updates that are stored and not yet handled, by who asks."""
        self._notified: set[tuple[int, str]] = set()
        self._is_open = False
        self._looking: asyncio.Task[None] | None = None

    @property
    def n_waiting(self) -> int:
        """Updates accepted, or about to be, and not yet handled."""
        return self._queues.n_waiting + self._coming.total()

    @property
    def has_room(self) -> bool:
        """Whether updates are accepted now."""
        return self._is_open and self.n_waiting < self._most

    async def start(self) -> int:
        """Begin, with what an earlier process left behind. Return how many updates that is."""
        left = await self._inbox.start()
        self._resume(left)
        self._is_open = True
        self._looking = asyncio.create_task(self._look_on(), name="inbox's sign of life")
        return len(left)

    def decode(self, document: object) -> ReceivedUpdate | None:
        """Return the update that a document is, None for one that cannot be read: it would not be the next time either.

        Raises ValueError if it is no update at all.
        """
        if not isinstance(document, dict):
            raise ValueError("not an update")
        number = document.get("update_id")
        if type(number) is not int or not 0 <= number <= _MAX_NUMBER:
            raise ValueError("not an update")
        try:
            _check_numbers(document)
            return ReceivedUpdate(Update.de_json(document, self._application.bot), document)
        except Exception as error:  # without its words, which are people's
            self._pass_over(number, error)
            return None

    async def receive(self, updates: Sequence[ReceivedUpdate]) -> None:
        """Return when every update is safe or refused for good.

        Raises NoRoom, or StoreError if they cannot be kept: none of them is accepted then. While the database is
        away, requests are refused with a word to each person, and anything else is for Telegram to keep.
        """
        if not self.has_room:
            raise NoRoom
        came = perf_counter()
        accepted: list[tuple[Update, StoredUpdate | None]] = []
        try:
            for received in updates:
                looked_at = self._looked_at(received)
                if looked_at is None:
                    continue
                update, (origin, stored) = received.update, looked_at
                if stored.key not in self._notified and self._is_accepted(update, origin):
                    self._coming[_asker_of(update)] += 1
                    accepted.append((update, None if update.inline_query else stored))
            kept = [stored for _, stored in accepted if stored is not None]
            before = await self._inbox.keep(kept) if kept else set()
        except Unreachable as error:
            if not await self._refuse(accepted, error):
                raise
            return
        finally:
            self._coming -= Counter(_asker_of(update) for update, _ in accepted)
        for update, stored_as in accepted:
            if stored_as is None or stored_as.key not in before:
                self._put(update, stored_as.key if stored_as else None, came)
        self._notified.clear()

    async def stop(self) -> None:
        """Accept nothing more, finish what can be finished in time, leave the rest in the inbox."""
        self._is_open = False
        if self._looking is not None:
            self._looking.cancel()
        n_left = await self._queues.stop(_STOP_SECONDS, _GRACE_SECONDS)
        if n_left:
            _log.warning("stopped within %d chats' answers: they are given after the restart", n_left)
        await self._notices.stop(_NOTICES_SECONDS)
        await self._inbox.stop()

    # ---------------------------------------------------------------------------------------- accepting

    def _is_accepted(self, update: Update, origin: UpdateOrigin) -> bool:
        asker = _asker_of(update)
        decision = self._admission.decide(origin, self.n_waiting, self._held[asker] + self._coming[asker])
        self._metrics.updates.labels(decision.result.value).inc()
        if decision.result is AdmissionResult.ACCEPTED:
            return True
        self._notices.refuse(update, decision)
        return False

    def _looked_at(self, received: ReceivedUpdate) -> tuple[UpdateOrigin, StoredUpdate] | None:
        """Who sent an update, and how it is stored; None for one that nothing is done about."""
        try:
            origin = self._origin_of(received.update)
            if origin is not None:
                return origin, StoredUpdate.of(received.document)
        except Exception as error:  # whatever a stranger sends, the updates behind it are taken
            self._pass_over(received.update.update_id, error)
        else:
            self._metrics.updates.labels("ignored").inc()
        return None

    def _origin_of(self, update: Update) -> UpdateOrigin | None:
        return origin_of(update, self._application.bot.id, self._application.bot.username)

    def _pass_over(self, number: int, error: Exception) -> None:
        self._metrics.updates.labels("ignored").inc()
        _log.error("update %d is passed over: %s", number, type(error).__name__)

    async def _refuse(
        self, accepted: Sequence[tuple[Update, StoredUpdate | None]], error: Unreachable
    ) -> bool:
        """Tell each who asked that the database is away, once. Return whether nothing else was among the updates."""
        code = secrets.token_hex(3)
        self._metrics.count_error(error)
        _log.error("error %s: a server is away: %s", code, error, extra={"code": code})
        asked = [each for each in accepted if (origin := self._origin_of(each[0])) and origin.is_request]
        self._notified.update(stored.key for _, stored in asked if stored is not None)
        say, texts_for = self._notices.say, self._notices.texts_for
        await asyncio.gather(*(say(update, texts_for(update).unreachable) for update, _ in asked))
        return len(asked) == len(accepted)

    # ----------------------------------------------------------------------------------------- handling

    def _put(self, update: Update, key: tuple[int, str] | None, came: float) -> None:
        self._held[_asker_of(update)] += 1
        self._queues.put(_queue_of(update), _Arrival(update, key, came))

    async def _handle(self, arrival: _Arrival) -> None:
        received_at.set(arrival.came)
        try:
            await self._application.process_update(arrival.update)
        finally:
            self._held -= Counter([_asker_of(arrival.update)])
        if arrival.key is not None:
            self._inbox.done(arrival.key, self._application.bot_data.replies.take_new())

    def _resume(self, left: Sequence[StoredUpdate]) -> None:
        for stored in left:
            received = self.decode(stored.document())
            if received is None:
                self._inbox.done(stored.key)
            else:
                self._put(received.update, stored.key, perf_counter())

    async def _look_on(self) -> None:
        """Show that this process lives, and take over what one that died has left."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                self._resume(await self._inbox.look_after())
                services = self._application.bot_data.services
                if services is not None:
                    self._admission.block(await asyncio.to_thread(services.blocks.all))
            except Exception:
                _log.exception("the inbox cannot be reached; trying again")


def _check_numbers(document: object) -> None:
    """Raise OverflowError if a number anywhere in an update is none that the database can hold."""
    waiting = [document]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, int) and abs(each) > _MAX_NUMBER:
            raise OverflowError


def _next_in_chat(waiting: Sequence[_Arrival]) -> int:
    """Return which update of a chat is the next one: in a group the last of the questions that wait, else the first.

    A group's messages are paced, and who asked last still waits for the answer; commands and presses keep their order.
    """
    n_questions = 0
    for each in waiting:
        message = each.update.message
        if message is None or message.chat.type not in GROUPS or not message.text or message.text[0] == "/":
            break
        n_questions += 1
    return max(0, n_questions - 1)


def _queue_of(update: Update) -> int:
    """Return the queue of an update: who asks. An inline query has its own: a later one makes it worthless."""
    return _asker_of(update) if update.inline_query is None else -(2**60) - update.update_id


def _asker_of(update: Update) -> int:
    """Return the chat that an update is from, else the person."""
    chat_id, user_id = sender_of(update)
    return chat_id if chat_id is not None else user_id or 0
