"""Where updates come in, whatever way: decided about, kept, given to their chat's turn, handled."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from telegram import Message, Update
from telegram.constants import ChatType

from bot.metrics import Metrics, received_at
from bot.telegram.admission import Admission, AdmissionResult, UpdateOrigin
from bot.telegram.context import App
from bot.telegram.updates.chat_queues import ChatQueues
from bot.telegram.updates.inbox import InboxWriter, StoredUpdate
from bot.telegram.updates.refusals import Notices
from retrieval import Unreachable

_log = logging.getLogger(__name__)

_STOP_SECONDS = 8.0
"""How long answers go on after a signal to stop; what is left then is answered after the restart."""
_GRACE_SECONDS = 3.0
_NOTICES_SECONDS = 1.0
_LOOK_SECONDS = 30.0


class NoRoom(Exception):
    """No update can be accepted now: Telegram is to keep it."""


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
        self, application: App, clerk: InboxWriter, admission: Admission, metrics: Metrics, queue_limit: int
    ) -> None:
        self._application = application
        self._notices = Notices(application.bot_data.required_services.preferences)
        self._clerk = clerk
        self._admission = admission
        self._metrics = metrics
        self._most = 2 * queue_limit
        self._turns: ChatQueues[_Arrival] = ChatQueues(self._handle)
        self._n_coming = 0
        self._told: set[tuple[int, str]] = set()
        self._is_open = False
        self._looking: asyncio.Task[None] | None = None

    @property
    def n_waiting(self) -> int:
        """Updates accepted, or about to be, and not yet handled."""
        return self._turns.n_waiting + self._n_coming

    @property
    def has_room(self) -> bool:
        """Whether updates are accepted now."""
        return self._is_open and self.n_waiting < self._most

    async def start(self) -> int:
        """Begin, with what an earlier process left behind; how many updates that is."""
        left = await self._clerk.start()
        self._resume(left)
        self._is_open = True
        self._looking = asyncio.create_task(self._look_on(), name="inbox's sign of life")
        return len(left)

    async def receive(self, updates: Sequence[dict[str, Any]]) -> None:
        """Return when every update is safe or refused for good.

        Raises NoRoom, or StoreError if they cannot be kept: none of them is accepted then. While the database is
        away, requests are refused with a word to each person, and anything else is for Telegram to keep.
        """
        if not self.has_room:
            raise NoRoom
        came = perf_counter()
        accepted: list[tuple[Update, StoredUpdate | None]] = []
        try:
            for raw in updates:
                update, came_as = Update.de_json(raw, self._application.bot), StoredUpdate.of(raw)
                if came_as.key not in self._told and self._is_accepted(update):
                    self._n_coming += 1
                    accepted.append((update, None if update.inline_query else came_as))
            letters = [letter for _, letter in accepted if letter is not None]
            before = await self._clerk.keep(letters) if letters else set()
        except Unreachable as error:
            if not await self._refuse(accepted, error):
                raise
            return
        finally:
            self._n_coming -= len(accepted)
        for update, letter in accepted:
            if letter is None or letter.key not in before:
                arrival = _Arrival(update, letter.key if letter else None, came)
                self._turns.put(_turn_of(update), arrival)
        self._told.clear()

    async def stop(self) -> None:
        """Accept nothing more, finish what can be finished in time, leave the rest in the inbox."""
        self._is_open = False
        if self._looking is not None:
            self._looking.cancel()
        n_left = await self._turns.stop(_STOP_SECONDS, _GRACE_SECONDS)
        if n_left:
            _log.warning("stopped within %d chats' answers: they are given after the restart", n_left)
        await self._notices.stop(_NOTICES_SECONDS)
        await self._clerk.stop()

    # ---------------------------------------------------------------------------------------- accepting

    def _is_accepted(self, update: Update) -> bool:
        decision = self._admission.decide(sender_of(update, self._application.bot.username), self.n_waiting)
        self._metrics.updates.labels(decision.result.value).inc()
        if decision.result is AdmissionResult.ACCEPTED:
            return True
        self._notices.refuse(update, decision)
        return False

    async def _refuse(
        self, accepted: Sequence[tuple[Update, StoredUpdate | None]], error: Unreachable
    ) -> bool:
        """Tell each who asked that the database is away, once; whether nothing else was among the updates."""
        code = secrets.token_hex(3)
        self._metrics.count_error(error)
        _log.error("error %s: a server is away: %s", code, error, extra={"code": code})
        username = self._application.bot.username
        asked = [each for each in accepted if sender_of(each[0], username).is_request]
        self._told.update(letter.key for _, letter in asked if letter is not None)
        say, texts_for = self._notices.say, self._notices.texts_for
        await asyncio.gather(*(say(update, texts_for(update).unreachable) for update, _ in asked))
        return len(asked) == len(accepted)

    # ----------------------------------------------------------------------------------------- handling

    async def _handle(self, arrival: _Arrival) -> None:
        received_at.set(arrival.came)
        await self._application.process_update(arrival.update)
        if arrival.key is not None:
            self._clerk.done(arrival.key)

    def _resume(self, letters: Sequence[StoredUpdate]) -> None:
        for letter in letters:
            update = Update.de_json(letter.document(), self._application.bot)
            self._turns.put(_turn_of(update), _Arrival(update, letter.key, perf_counter()))

    async def _look_on(self) -> None:
        """Show that this process lives, and take over what one that died has left."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                self._resume(await self._clerk.look_after())
                services = self._application.bot_data.services
                if services is not None:
                    self._admission.block(await asyncio.to_thread(services.blocks.all))
            except Exception:
                _log.exception("the inbox cannot be reached; trying again")


def sender_of(update: Update, username: str) -> UpdateOrigin:
    """Whence an update comes, and whether it wants an answer."""
    chat, user = update.effective_chat, update.effective_user
    message = update.message
    return UpdateOrigin(
        chat_id=chat.id if chat else None,
        user_id=user.id if user else None,
        is_request=bool(
            update.callback_query
            or update.inline_query
            or (message is not None and _is_for_us(message, username))
        ),
        is_counted=update.inline_query is None,
        n_chars=len(message.text or message.caption or "") if message else 0,
    )


def _is_for_us(message: Message, username: str) -> bool:
    """Whether a message asks this bot something: any in private, in groups a command, a mention or a reply."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    text, username = (message.text or message.caption or "").lower(), username.lower()
    replied = message.reply_to_message
    author = replied.from_user if replied is not None else None
    if author is not None and (author.username or "").lower() == username:
        return True
    if text.startswith("/"):
        return text.split(maxsplit=1)[0].partition("@")[2] in ("", username)
    return f"@{username}" in text


def _turn_of(update: Update) -> int:
    """Whose turn an update takes: its chat's. An inline query has its own: a later one makes it worthless."""
    if update.inline_query is not None:
        return -(2**60) - update.update_id
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else 0
