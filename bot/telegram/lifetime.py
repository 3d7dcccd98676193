"""The running bot from its first call to its last: receiving, answering, digests, folders, and a graceful stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.chats.claims import Worker
from bot.errors import BotError
from bot.metrics import Metrics
from bot.serving.server import Server
from bot.telegram import commands
from bot.telegram.addressing import UPDATES
from bot.telegram.admission import Admission, passages_worth_reading
from bot.telegram.application import build_application
from bot.telegram.client.pace import ChatPace
from bot.telegram.client.rich import RichServer
from bot.telegram.context import App, Services
from bot.telegram.delivery.digests import Ledger
from bot.telegram.health import Health, Reach
from bot.telegram.monitoring import monitoring_app
from bot.telegram.token_bucket import Rate
from bot.telegram.updates.inbox import InboxStore, InboxWriter
from bot.telegram.updates.polling import Polling
from bot.telegram.updates.reception import UpdateReceiver
from bot.telegram.updates.webhook import PATH, webhook_app

_log = logging.getLogger(__name__)

_BOOT_TRIES = 4
_BOOT_WAIT_SECONDS = 1.0
_STOP_SECONDS = 10.0
_BUSY_TURNS = 10
"""Updates waiting, above which nobody is shown that the bot types: that costs as much as an answer."""
_MOST_CONNECTIONS = 100
"""What Telegram opens to a webhook at most."""


class Job(Protocol):
    """What runs beside the answers: senders, watchers, the pages' server."""

    async def run(self) -> None:
        """Work until `stop`."""

    def stop(self) -> None:
        """Let what is under way be finished, and begin nothing more."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram sends updates."""

    url: str
    secret: str
    listen: str


@dataclass(frozen=True, slots=True)
class Operation:
    """How the bot is run."""

    webhook: Webhook | None
    """None: updates are fetched."""
    http_listen: str | None
    """Where health and metrics are served; None: nowhere."""
    user_rate: Rate
    chat_rate: Rate
    queue_limit: int
    answering: asyncio.Semaphore
    """Lets so many answers be computed at a time; the pages' server beside the bot passes it too."""
    rich: RichServer = field(default_factory=lambda: RichServer(is_wanted=True))
    """Whether rich messages are sent; the senders beside the bot ask it too."""
    allowed: frozenset[int] = frozenset()
    blocked: frozenset[int] = frozenset()


class BotRun:
    """One run of the bot."""

    def __init__(
        self,
        token: str,
        api: str,
        services: Services,
        jobs: Sequence[Job],
        operation: Operation,
        metrics: Metrics,
        give_up: Callable[[], None] = lambda: None,
    ) -> None:
        """`jobs` run beside the answers; `give_up` ends what threads of theirs still wait for at the end."""
        self._give_up = give_up
        self._api = api
        self._services = services
        self._jobs = tuple(jobs)
        self._operation = operation
        self._metrics = metrics
        self._reach = Reach()
        self._admission = Admission(
            user=operation.user_rate,
            chat=operation.chat_rate,
            queue_limit=operation.queue_limit,
            clock=time.monotonic,
            allowed=operation.allowed,
            blocked=operation.blocked,
        )
        self._application: App = build_application(token, api, services, ChatPace(self._count))
        data = self._application.bot_data
        data.metrics, data.admission = metrics, self._admission
        data.gate = operation.answering
        inbox = InboxWriter(InboxStore(services.storage.engine, Worker.this()))
        self._receiver = UpdateReceiver(
            self._application, inbox, self._admission, metrics, operation.queue_limit
        )
        data.is_busy = lambda: self._receiver.n_waiting > _BUSY_TURNS
        services.library.answerer.passages_to_read = self._passages_to_read

    def _passages_to_read(self) -> int:
        """Return how many passages may be read for a question while as many updates wait as do now."""
        waiting = self._receiver.n_waiting
        n = passages_worth_reading(waiting)
        self._metrics.readings.labels(str(n)).inc()
        return n

    async def run(self, stopping: asyncio.Event) -> None:
        """Run until `stopping` is set. Raises BotError if Telegram or an address to listen on cannot be had."""
        await self._boot()
        self._admission.block(await asyncio.to_thread(self._services.blocks.all))
        self._metrics.register(self._gauges)
        try:
            async with contextlib.AsyncExitStack() as stack:
                stack.push_async_callback(self._application.shutdown)
                self._serve(stack)
                polling = await self._open()
                jobs = [asyncio.create_task(job.run(), name=type(job).__name__) for job in self._jobs]
                self._application.bot_data.tasks = tuple(jobs)
                for task in (*jobs, *polling):
                    task.add_done_callback(_report_end)
                await stopping.wait()
                await self._stop(jobs)
        finally:
            _log.info("stopped")

    async def _boot(self) -> None:
        """Reach Telegram; a network that is not up yet gets some tries."""
        for number in range(1, _BOOT_TRIES + 1):
            try:
                await self._application.initialize()
                await commands.tell_commands(self._application.bot)
            except InvalidToken:
                await self._hang_up()
                raise BotError(
                    "TELEGRAM_BOT_TOKEN: Telegram does not know this token: copy it again from @BotFather"
                ) from None
            except NetworkError as error:
                if number == _BOOT_TRIES:
                    await self._hang_up()
                    raise BotError(
                        f"{self._api}: Telegram cannot be reached ({type(error).__name__}): "
                        "check the network and TELEGRAM_API_BASE_URL"
                    ) from None
                await asyncio.sleep(_BOOT_WAIT_SECONDS * number)
            else:
                data = self._application.bot_data
                data.is_rich = await self._operation.rich.takes(self._application.bot)
                return

    async def _hang_up(self) -> None:
        """Close the connections, those too of an application that did not come up."""
        await self._application.shutdown()
        await self._application.bot.shutdown()

    def _serve(self, stack: contextlib.AsyncExitStack) -> None:
        """Listen until the stack is left: to Telegram, and to the operator's checks."""
        webhook, http_listen = self._operation.webhook, self._operation.http_listen
        if webhook is not None:
            app = webhook_app(self._receiver, webhook.secret)
            _run_until_left(stack, Server(app, webhook.listen, "WEBHOOK_LISTEN"))
        if http_listen is not None:
            health = Health(self._services, self._application.bot, self._reach)
            app = monitoring_app(health, self._metrics)
            _run_until_left(stack, Server(app, http_listen, "HTTP_LISTEN"))

    async def _open(self) -> list[asyncio.Task[None]]:
        """Begin to receive. Return the task that fetches updates, if one does."""
        n_left = await self._receiver.start()
        if n_left:
            _log.warning("%d updates that an earlier run accepted are handled now", n_left)
        if self._operation.webhook is not None:
            await self._set_webhook(self._operation.webhook)
            return []
        self._polling = Polling(self._application.bot, self._receiver, UPDATES, self._count)
        await self._polling.start()
        self._fetching = asyncio.create_task(self._polling.run(), name="Polling")
        return [self._fetching]

    async def _set_webhook(self, webhook: Webhook) -> None:
        try:
            await self._application.bot.set_webhook(
                webhook.url,
                secret_token=webhook.secret,
                allowed_updates=list(UPDATES),
                max_connections=min(_MOST_CONNECTIONS, self._operation.queue_limit),
                drop_pending_updates=False,
            )
        except TelegramError as error:
            raise BotError(
                f"WEBHOOK_URL: Telegram refuses it ({error.message}): it must be a public https:// address"
            ) from error

    async def _stop(self, jobs: Sequence[asyncio.Task[None]]) -> None:
        """Take nothing more; let answers, the message and the page under way be finished."""
        for job in self._jobs:
            job.stop()
        if self._operation.webhook is None:
            self._polling.stop()
            await self._fetching
        await self._receiver.stop()
        if jobs:
            await asyncio.wait(jobs, timeout=_STOP_SECONDS)
        await asyncio.to_thread(self._give_up)

    def _count(self, method: str, result: str) -> None:
        self._metrics.count_call(method, result)
        self._reach.count(method, result)

    def _gauges(self) -> Mapping[str, Mapping[str, float]]:
        """What is read when somebody asks for the metrics."""
        ledger = Ledger(self._services.storage.engine, Worker.this())
        return {
            "queue_length": {"": self._receiver.n_waiting},
            "ledger": ledger.totals(),
            "stored": self._services.library.counts(),
            **self._services.library.paper_counts(),
        }


def _run_until_left(stack: contextlib.AsyncExitStack, server: Server) -> None:
    running = asyncio.create_task(server.run(), name=type(server).__name__)
    running.add_done_callback(_report_end)

    async def end() -> None:
        server.stop()
        await running

    stack.push_async_callback(end)


def _report_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _log.error("the %s has stopped: restart the bot", task.get_name(), exc_info=task.exception())


def webhook_url(url: str) -> str:
    """The address with the path that the server listens on, unless it names its own."""
    return url if "/" in url.partition("://")[2].rstrip("/") else url.rstrip("/") + PATH


async def run_until_signal(open_run: Callable[[], BotRun]) -> None:
    """Run the bot that `open_run` makes until a signal to stop.

    Raises BotError if the token is refused or the server not reached.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    await open_run().run(stopping)
