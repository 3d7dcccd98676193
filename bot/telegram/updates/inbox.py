"""Updates that were accepted and are not yet handled, kept in the database so that no kill loses one.

Telegram may forget an update once it is told that it was accepted; by then it is here. What a process leaves
behind is taken over by the next one, or by another one that runs.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, TypeVar

from sqlalchemy import Engine, and_, bindparam, delete, func, insert, or_, select, update

from bot.chats.claims import LEASE, Worker
from bot.chats.database import Tables
from bot.chats.replies import GivenReply, forget_replies, keep_replies
from bot.chats.schema import inbox as _inbox
from retrieval import Unreachable

_log = logging.getLogger(__name__)

_T = TypeVar("_T")
_KNOWN_FOR = timedelta(hours=1)
"""How long a handled update is recognised when Telegram sends it again."""
_GATHER_SECONDS = 0.1
"""How long it may take until handled updates are marked; under load they are marked together."""
_GATHERED = 8
"""So many are marked at once: what was answered and not marked is answered again after a kill."""
_KNOWN = select(_inbox.c.update_id, _inbox.c.digest).where(
    _inbox.c.update_id.in_(bindparam("numbers", expanding=True))
)
_PUT = insert(_inbox)
_DONE = (
    update(_inbox)
    .where(_inbox.c.update_id == bindparam("number"), _inbox.c.digest == bindparam("checksum"))
    .values(payload=None)
)
"""Built once, as they are run for every update."""


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """An update as it came. Two that share a number but not their content are two: servers number alike."""

    update_id: int
    payload: str
    checksum: str

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> StoredUpdate:
        """Return an update, as Telegram sent it, as it is stored."""
        payload = json.dumps(document, sort_keys=True, separators=(",", ":"))  # in ASCII, lone surrogates too
        return cls(document["update_id"], payload, blake2b(payload.encode(), digest_size=12).hexdigest())

    def document(self) -> dict[str, Any]:
        """The update as Telegram sent it."""
        document: dict[str, Any] = json.loads(self.payload)
        return document

    @property
    def key(self) -> tuple[int, str]:
        """What it is known by."""
        return self.update_id, self.checksum


class InboxStore(Tables):
    """The table of updates. Safe for several threads, processes and hosts."""

    def __init__(self, engine: Engine, worker: Worker) -> None:
        super().__init__(engine)
        self._worker = worker

    def exchange(
        self,
        came: Sequence[StoredUpdate],
        done: Sequence[tuple[int, str]],
        now: datetime,
        given: Sequence[GivenReply] = (),
    ) -> set[tuple[int, str]]:
        """Keep what came, mark what is done and note what answers it, in one transaction.

        Return the keys of what had come before.
        """
        with self._writing(beside_others=True) as connection:
            before: set[tuple[int, str]] = set()
            if came:
                numbers = list({each.update_id for each in came})
                stored = {(row[0], row[1]) for row in connection.execute(_KNOWN, {"numbers": numbers})}
                before = stored & {each.key for each in came}
            rows = {
                each.key: {
                    "update_id": each.update_id,
                    "digest": each.checksum,
                    "payload": each.payload,
                    "worker": str(self._worker),
                    "lease_until": now + LEASE,
                    "received_at": now,
                }
                for each in came
                if each.key not in before
            }
            if rows:
                connection.execute(_PUT, list(rows.values()))
            if done:
                keys = [{"number": number, "checksum": checksum} for number, checksum in done]
                connection.execute(_DONE, keys)
            if given:
                keep_replies(connection, given, now)
        return before

    def take_over(self, now: datetime) -> list[StoredUpdate]:
        """What processes that live no more left behind, now this one's, in the order in which it came."""
        is_open = _inbox.c.payload.is_not(None) & (_inbox.c.worker != str(self._worker))
        with self._reading() as connection:
            rows = connection.execute(select(_inbox).where(is_open).order_by(_inbox.c.update_id)).all()
        gone = {each for each in {row.worker for row in rows} if self._worker.has_outlived(each)}
        left = or_(_inbox.c.worker.in_(gone), _inbox.c.lease_until < now)
        mine = {"worker": str(self._worker), "lease_until": now + LEASE}
        taken: list[StoredUpdate] = []
        if not rows:
            return taken
        with self._writing(beside_others=True) as connection:
            for row in rows:
                same = and_(_inbox.c.update_id == row.update_id, _inbox.c.digest == row.digest, is_open, left)
                if connection.execute(update(_inbox).where(same).values(**mine)).rowcount:
                    taken.append(StoredUpdate(row.update_id, row.payload, row.digest))
        return taken

    def renew(self, now: datetime) -> None:
        """Show a sign of life, and forget what was handled long ago."""
        mine = (_inbox.c.worker == str(self._worker)) & _inbox.c.payload.is_not(None)
        with self._writing(beside_others=True) as connection:
            connection.execute(update(_inbox).where(mine).values(lease_until=now + LEASE))
            old = (_inbox.c.received_at < now - _KNOWN_FOR) & _inbox.c.payload.is_(None)
            connection.execute(delete(_inbox).where(old))
            forget_replies(connection, now)

    def n_open(self) -> int:
        """Updates that are not handled."""
        with self._reading() as connection:
            chosen = select(func.count()).select_from(_inbox).where(_inbox.c.payload.is_not(None))
            return int(connection.execute(chosen).scalar_one())


class InboxWriter:
    """Writes to the inbox in a thread of its own; whatever comes meanwhile shares the next transaction."""

    def __init__(self, inbox: InboxStore) -> None:
        self._inbox = inbox
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="inbox")
        self._came: list[tuple[Sequence[StoredUpdate], asyncio.Future[set[tuple[int, str]]]]] = []
        self._done: list[tuple[int, str]] = []
        self._given: list[GivenReply] = []
        self._written_at = 0.0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> list[StoredUpdate]:
        """Begin. Return what an earlier process left behind."""
        self._task = asyncio.create_task(self._write_on(), name="inbox")
        return await self._in_thread(self._inbox.take_over, datetime.now(UTC))

    async def keep(self, updates: Sequence[StoredUpdate]) -> set[tuple[int, str]]:
        """Return when the updates are safe: the keys of those that had come before. Raises StoreError."""
        future: asyncio.Future[set[tuple[int, str]]] = asyncio.get_running_loop().create_future()
        self._came.append((updates, future))
        self._wake.set()
        return await future

    def done(self, key: tuple[int, str], given: Sequence[GivenReply] = ()) -> None:
        """An update is handled; `given` are answers that were sent meanwhile."""
        self._given += given
        if not self._done:
            is_rested = asyncio.get_running_loop().time() - self._written_at >= _GATHER_SECONDS
            (self._wake.set if is_rested else self._wake_soon)()
        self._done.append(key)
        if len(self._done) >= _GATHERED:
            self._wake.set()

    async def look_after(self) -> list[StoredUpdate]:
        """Show a sign of life. Return what others left behind meanwhile."""
        await self._in_thread(self._inbox.renew, datetime.now(UTC))
        return await self._in_thread(self._inbox.take_over, datetime.now(UTC))

    async def stop(self) -> None:
        """Write what is left to write."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            await self._write()
        self._thread.shutdown()

    async def _write_on(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            # a cancellation must not come between a transaction and what it is told
            await asyncio.shield(self._write())

    async def _write(self) -> None:
        came, self._came = self._came, []
        done, self._done = self._done, []
        given, self._given = self._given, []
        if not came and not done:
            return
        updates = [one for batch, _ in came for one in batch]
        self._written_at = asyncio.get_running_loop().time()

        try:
            before = await self._in_thread(self._inbox.exchange, updates, done, datetime.now(UTC), given)
        except Exception as error:
            if given and not isinstance(error, Unreachable):
                # what no database takes must not keep out all that comes: these answers will not be put right
                _log.error("%d answers cannot be noted: %s", len(given), type(error).__name__)
                self._came, self._done = came + self._came, done + self._done
                await self._write()
                return
            self._done, self._given = done + self._done, given + self._given
            if self._done:
                self._wake_soon()
            for future in _open_futures(future for _, future in came):
                future.set_exception(error)
            return
        for batch, future in came:
            keys = {each.key for each in batch}
            if not future.done():
                future.set_result(keys & before)
            before |= keys  # who sends it again at the same moment brings nothing new

    def _wake_soon(self) -> None:
        asyncio.get_running_loop().call_later(_GATHER_SECONDS, self._wake.set)

    async def _in_thread(self, function: Callable[..., _T], *arguments: Any) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)


def _open_futures(futures: Iterable[asyncio.Future[Any]]) -> list[asyncio.Future[Any]]:
    return [future for future in futures if not future.done()]
