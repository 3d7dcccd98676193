"""Sends what the ledger says is due, on a sender of its own: paced, resumed, and never in the way of an answer.

It has its own connections to Telegram and its own pace. A flood limit stops this sender alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.chats.subscriptions import SubscriptionStore
from bot.messages.reply import Reply, whole
from bot.telegram.client.connections import Requests
from bot.telegram.client.pace import Pace
from bot.telegram.client.rich import RichServer, send_rich
from bot.telegram.client.sending import as_plain, has_never_arrived, send_reply
from bot.telegram.delivery.outbox import Claimed, Outbox
from retrieval import RetrievalError

_log = logging.getLogger(__name__)

TICK_SECONDS = 5.0
"""How often the schedule is looked at."""
AT_ONCE = (32, 256)
"""Fewest and most digests under way at the same time; between them it is two seconds' messages."""
_CHAT_SECONDS = 1.0
"""Between two messages to one chat."""
_SET_BACK = timedelta(minutes=1)
"""A clock that goes back by more than this was set; by less it was put right."""
_GONE = (
    "chat not found",
    "user is deactivated",
    "bot was kicked",
    "group chat was deleted",
    "peer_id_invalid",
)


def utc_now() -> datetime:
    """The moment, aware."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Tally:
    """What one run did."""

    sent: int = 0
    empty: int = 0
    failed: int = 0
    unsure: int = 0
    put_off: int = 0


class Sender:
    """Claims and sends what an outbox says is due until it is told to stop."""

    def __init__(
        self,
        bot: Bot,
        outbox: Outbox,
        subscribers: SubscriptionStore,
        pace: Pace,
        *,
        in_flight: int = 1,
        at_once: int = AT_ONCE[0],
        rich: RichServer | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """`in_flight` messages are under way at a time: so many can come twice if the process is killed.

        With `rich` rich messages are sent where that says so.
        """
        self._bot = bot
        self._outbox = outbox
        self._subscribers = subscribers
        self._pace = pace
        self._slots = asyncio.Semaphore(in_flight)
        self._at_once = at_once
        self._rich = rich
        self._is_rich = False
        self._clock = clock
        self._latest = clock()
        self._stopping = asyncio.Event()
        self.tally = Tally()

    def stop(self) -> None:
        """Let messages under way finish, put the rest back, and end."""
        self._stopping.set()

    async def run(self, *, until_idle: bool = False) -> None:
        """Send what is due, and what becomes due; with `until_idle` end when nothing is left to send today."""
        async with self._lane():
            await self._run(until_idle)

    @contextlib.asynccontextmanager
    async def _lane(self) -> AsyncIterator[None]:
        """The connection to Telegram, once it can be reached."""
        try:
            while not self._stopping.is_set():
                try:
                    await self._bot.initialize()
                    self._is_rich = self._rich is not None and await self._rich.takes(self._bot)
                    break
                except NetworkError as error:
                    _log.warning("what is due waits: Telegram cannot be reached (%s)", type(error).__name__)
                    await self._pause(TICK_SECONDS)
            yield
        finally:
            await self._bot.shutdown()

    async def _run(self, until_idle: bool) -> None:
        await asyncio.to_thread(self._begin)
        under_way: set[asyncio.Task[None]] = set()
        while not self._stopping.is_set():
            try:
                await asyncio.to_thread(self._heed_clock)
                claimed = await asyncio.to_thread(self._claim, self._at_once - len(under_way))
            except RetrievalError:
                _log.exception("the ledger cannot be reached; trying again")
                claimed = []
            under_way |= {asyncio.create_task(self._deliver(*each)) for each in claimed}
            if under_way:
                _, under_way = await asyncio.wait(under_way, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
            elif until_idle and not await asyncio.to_thread(self._outbox.n_open):
                break
            else:
                await self._pause(0.2 if until_idle else TICK_SECONDS)
        if under_way:
            await asyncio.wait(under_way)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    def _begin(self) -> None:
        """What is done before anything is sent, and whenever the clock has been set back."""
        now = self._clock()
        self._outbox.release_dead(now)
        self._outbox.end_waits(now)

    def _heed_clock(self) -> None:
        """Begin anew where the clock was set back: what it put off while it ran ahead would be long in coming."""
        now = self._clock()
        if now < self._latest - _SET_BACK:
            _log.warning("the clock was set back by %s: what is due is worked out anew", self._latest - now)
            self._begin()
        self._latest = now

    def _claim(self, n_free: int) -> list[tuple[Claimed, tuple[Reply, ...]]]:
        """Take on as much of what is due as there is room for; deliveries with their messages."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------- one delivery

    async def _deliver(self, claimed: Claimed, parts: tuple[Reply, ...]) -> None:
        """Send one delivery; whatever happens to it happens to no other."""
        try:
            await self._send(claimed, parts)
        except Exception:
            code = secrets.token_hex(3)
            _log.exception("error %s while sending what is due", code)
            with contextlib.suppress(RetrievalError):
                await asyncio.to_thread(self._outbox.retry, claimed, f"error {code}", self._clock())

    def link(self, article_id: str) -> str:
        """The address that opens an article in this bot."""
        return f"https://t.me/{self._bot.username}?start=a_{article_id}"

    async def _send(self, claimed: Claimed, parts: tuple[Reply, ...]) -> None:
        """Send the parts that are missing, one a second; the one rich message for all of them where there is one."""
        number = claimed.n_sent
        while number < len(parts):
            if self._stopping.is_set():
                await asyncio.to_thread(self._outbox.postpone, claimed, self._clock())
                return
            if number > claimed.n_sent:
                await asyncio.sleep(_CHAT_SECONDS)
            async with self._slots:
                n_arrived = await self._send_part(claimed, parts, number)
                if not n_arrived:
                    return
                number += n_arrived
                is_ours = await asyncio.to_thread(self._outbox.part_sent, claimed, number, self._clock())
            if not is_ours:
                _log.warning("a delivery was taken over by another process")
                return
        await asyncio.to_thread(self._outbox.sent, claimed, self._clock())
        self.tally.sent += 1

    async def _send_part(self, claimed: Claimed, parts: tuple[Reply, ...], number: int) -> int:
        """Send a part. Return how many have arrived by it; at 0 the ledger says what becomes of it."""
        part = parts[number]
        while True:
            await self._pace.wait()
            try:
                return await self._post(claimed, parts, part)
            except RetryAfter as error:
                self._pace.halt(_seconds(error))
                if not await asyncio.to_thread(self._outbox.renew, claimed, self._clock()):
                    return 0
            except ChatMigrated as error:
                await asyncio.to_thread(self._outbox.postpone, claimed, self._clock())
                await asyncio.to_thread(self._subscribers.move, claimed.chat_id, error.new_chat_id)
                return 0
            except BadRequest as error:
                if "can't parse entities" in error.message.lower() and part.is_html:
                    part = as_plain(part)
                    continue
                await self._give_up(claimed, error)
                return 0
            except (Forbidden, InvalidToken) as error:
                await self._give_up(claimed, error)
                return 0
            except NetworkError as error:
                await self._settle_network(claimed, error)
                return 0
            except TelegramError as error:
                self.tally.put_off += 1
                await asyncio.to_thread(self._outbox.retry, claimed, type(error).__name__, self._clock())
                return 0

    async def _post(self, claimed: Claimed, parts: tuple[Reply, ...], part: Reply) -> int:
        """Send the one rich message for all parts where it is wanted and taken, else a part. Return how many parts that is."""
        chat_id, thread_id = claimed.chat_id, claimed.thread_id
        if self._is_rich and part.rich:
            try:
                await send_rich(self._bot, chat_id, whole(parts), thread_id=thread_id)
            except BadRequest as error:
                if _is_gone(error):
                    raise
                _log.warning("Telegram refused a rich message (%s): HTML is sent", error.message)
            else:
                return len(parts)
        await send_reply(self._bot, chat_id, part, thread_id=thread_id)
        return 1

    async def _give_up(self, claimed: Claimed, error: TelegramError) -> None:
        """Telegram will not take it. A chat that has shut the bot out is not written to again."""
        now, reason = self._clock(), f"{type(error).__name__}: {error.message}"
        if isinstance(error, InvalidToken):
            await asyncio.to_thread(self._outbox.retry, claimed, reason, now)
            return
        is_gone = isinstance(error, Forbidden) or _is_gone(error)
        if not is_gone:
            _log.error("Telegram refused what is due: %s", reason)
        self.tally.failed += 1
        await asyncio.to_thread(self._outbox.fail, claimed, reason, now, is_shut_out=is_gone)

    async def _settle_network(self, claimed: Claimed, error: NetworkError) -> None:
        """A connection failed: before the request had left, or after, when the message may have arrived."""
        now, reason = self._clock(), type(error.__cause__ or error).__name__
        if has_never_arrived(error):
            self.tally.put_off += 1
            await asyncio.to_thread(self._outbox.retry, claimed, reason, now)
        else:
            self.tally.unsure += 1
            await asyncio.to_thread(self._outbox.unsure, claimed, reason, now)


def _is_gone(error: TelegramError) -> bool:
    """Whether the chat is what Telegram does not find."""
    return any(sign in error.message.lower() for sign in _GONE)


def most_at_once(pace: Pace) -> int:
    """Deliveries under way at the same time."""
    return min(max(AT_ONCE[0], int(2 * pace.per_second)), AT_ONCE[1])


def open_sending_bot(token: str, api: str, at_once: int) -> Bot:
    """A bot that sends on connections of its own, so that it is never in the way of an answer."""
    request, fetching = Requests(at_once + 4, pool_timeout=30), Requests(1, pool_timeout=30)
    # it fetches nothing, but would open the library's own connections for that
    return Bot(token, base_url=f"{api}/bot", request=request, get_updates_request=fetching)


def run_senders(senders: Sequence[Sender], *, until_idle: bool) -> list[Tally]:
    """Run senders as a process of their own until they are idle or told to stop. Return what each did."""

    async def run() -> None:
        def stop() -> None:
            for sender in senders:
                sender.stop()

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        await asyncio.gather(*(sender.run(until_idle=until_idle) for sender in senders))

    asyncio.run(run())
    return [sender.tally for sender in senders]


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return (wait.total_seconds() if isinstance(wait, timedelta) else float(wait)) + 0.1
