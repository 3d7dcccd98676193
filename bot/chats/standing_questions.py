"""Standing questions: what chats want to be told of when an article answers it, and the ledger of what is on its way.

A question's mark says until when it has been asked against what became known. It moves when nothing answered,
or when the answer has arrived; a crash, a flood limit or a blocked chat moves nothing, so nothing is lost.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, update

from bot.chats.claims import DeliveryState
from bot.chats.database import Tables
from bot.chats.schema import chats, standing
from bot.chats.subscriptions import ChatState, TooMany, aware, ensure_chat
from retrieval import StoredArticle

MOST_STANDING = 20
"""Of one chat."""
MOST_CHARS = 200
"""Of a standing question."""
GAP = timedelta(minutes=30)
"""Between two answers to one question: what an ingest of many pages brings comes together."""
MOST_TOLD = 100
"""Sentences of a question that are remembered as told."""


@dataclass(frozen=True, slots=True)
class StandingQuery:
    """A question that is to be asked again of whatever comes in."""

    question: str
    regions: tuple[str, ...] = ()
    """Codes of the divisions that it was taken to be about."""


@dataclass(frozen=True, slots=True)
class StandingQuestion:
    """A chat's question with what it has been told."""

    id: int
    chat_id: int
    query: StandingQuery
    told: frozenset[str]
    """Fingerprints of sentences that were told."""
    seen_until: datetime
    """Asked against all that became known until then; aware."""
    thread_id: int | None = None


class StandingQuestionStore(Tables):
    """Chats' standing questions in the database. Safe for several threads and processes."""

    # ----------------------------------------------------------------------------------------- people

    def put(
        self,
        chat_id: int,
        query: StandingQuery,
        seen_until: datetime,
        now: datetime,
        *,
        told: Sequence[str] = (),
        thread_id: int | None = None,
    ) -> tuple[int, bool]:
        """Set a question. Return its number, and False if it was there already. Raises TooMany."""
        with self._writing() as connection:
            ensure_chat(connection, chat_id, now)
            return put_standing(connection, chat_id, query, seen_until, told=told, thread_id=thread_id)

    def of_chat(self, chat_id: int) -> list[StandingQuestion]:
        """A chat's questions in the order they were set."""
        mine = select(standing).where(standing.c.chat_id == chat_id).order_by(standing.c.id)
        with self._reading() as connection:
            return [_question(row) for row in connection.execute(mine)]

    def remove(self, chat_id: int, question_id: int) -> bool:
        """Delete one of a chat's questions, and what is on its way. Return whether it was there."""
        mine = (standing.c.chat_id == chat_id) & (standing.c.id == question_id)
        with self._writing() as connection:
            return connection.execute(delete(standing).where(mine)).rowcount > 0

    def replace_all(
        self, chat_id: int, queries: Sequence[StandingQuery], seen_until: datetime, now: datetime
    ) -> None:
        """Make a chat's questions exactly these, in one transaction; those it had keep what they were told."""
        with self._writing() as connection:
            ensure_chat(connection, chat_id, now)
            mine = connection.execute(select(standing).where(standing.c.chat_id == chat_id)).all()
            gone = [row.id for row in mine if _question(row).query not in queries]
            connection.execute(delete(standing).where(standing.c.id.in_(gone)))
            for query in queries:
                put_standing(connection, chat_id, query, seen_until)

    # ---------------------------------------------------------------------------------------- checking

    def oldest_mark(self, known: datetime, now: datetime) -> datetime | None:
        """The earliest mark of the questions that wait to be asked against what is known; None: none waits."""
        with self._reading() as connection:
            oldest = connection.scalar(
                select(func.min(standing.c.seen_until)).select_from(_with_chats()).where(_waits(known, now))
            )
        return aware(oldest) if oldest else None

    def waiting(
        self, until: datetime, known: datetime, now: datetime, after: int, limit: int
    ) -> list[StandingQuestion]:
        """Up to `limit` waiting questions with numbers above `after` that were not asked until then, by number."""
        chosen = (
            _waits(known, now) & (standing.c.seen_until < until.astimezone(UTC)) & (standing.c.id > after)
        )
        rows = select(standing).select_from(_with_chats()).where(chosen).order_by(standing.c.id).limit(limit)
        with self._reading() as connection:
            return [_question(row) for row in connection.execute(rows)]

    def pass_over(self, questions: Sequence[StandingQuestion], until: datetime) -> None:
        """Nothing answered: note until when they have been asked."""
        until = until.astimezone(UTC)
        with self._writing() as connection:
            for start in range(0, len(questions), 500):
                ids = [each.id for each in questions[start : start + 500]]
                asked = standing.c.id.in_(ids) & (standing.c.seen_until < until) & _has_nothing_open()
                connection.execute(
                    update(standing).where(asked).values(seen_until=until, state=DeliveryState.IDLE.value)
                )

    def enter(
        self,
        question: StandingQuestion,
        parts: str,
        n_parts: int,
        telling: Sequence[str],
        until: datetime,
        now: datetime,
    ) -> bool:
        """Have an answer of packed parts sent; False if another process did so first, or the question is gone."""
        same = and_(
            standing.c.id == question.id,
            standing.c.seen_until == question.seen_until.astimezone(UTC),
            _has_nothing_open(),
        )
        values = {
            "state": DeliveryState.DUE.value,
            "until": until.astimezone(UTC),
            "telling": json.dumps(list(telling)),
            "parts": parts,
            "n_parts": n_parts,
            "n_sent": 0,
            "n_unsure": 0,
            "n_tries": 0,
            "try_at": now.astimezone(UTC),
            "reason": None,
            "settled_at": None,
        }
        with self._writing() as connection:
            return connection.execute(update(standing).where(same).values(**values)).rowcount > 0


def put_standing(
    connection: Connection,
    chat_id: int,
    query: StandingQuery,
    seen_until: datetime,
    *,
    told: Sequence[str] = (),
    thread_id: int | None = None,
) -> tuple[int, bool]:
    """The same within a transaction that is open."""
    mine = standing.c.chat_id == chat_id
    regions = json.dumps(query.regions)
    same = mine & (standing.c.question == query.question) & (standing.c.regions == regions)
    known = connection.scalar(select(standing.c.id).where(same))
    if known is not None:
        return int(known), False
    if (connection.scalar(select(func.count()).where(mine)) or 0) >= MOST_STANDING:
        raise TooMany
    values = {
        "chat_id": chat_id,
        "thread_id": thread_id,
        "question": query.question,
        "regions": regions,
        "told": json.dumps(list(told)[-MOST_TOLD:]),
        "seen_until": seen_until.astimezone(UTC),
        "state": DeliveryState.IDLE.value,
        "n_sent": 0,
        "n_unsure": 0,
        "n_tries": 0,
    }
    connection.execute(insert(standing).values(**values))
    return int(connection.execute(select(standing.c.id).where(same)).scalar_one()), True


def sentence_fingerprint(article: StoredArticle, start: int, end: int) -> str:
    """Names a sentence as printed on a day, so that an article that was read anew is not told anew: 12 characters."""
    words = "".join(article.text[start:end].split())
    return blake2b(f"{article.date}\0{words}".encode(), digest_size=6).hexdigest()


def _with_chats() -> Any:
    return standing.join(chats, chats.c.chat_id == standing.c.chat_id)


def _has_nothing_open() -> ColumnElement[bool]:
    settled = standing.c.state.in_([DeliveryState.FAILED.value, DeliveryState.UNKNOWN.value])
    return or_(
        standing.c.state.in_([DeliveryState.IDLE.value, DeliveryState.SENT.value]),
        and_(settled, standing.c.settled_at.is_not(None)),
    )


def _waits(known: datetime, now: datetime) -> ColumnElement[bool]:
    """Something became known that the question was not asked against, or whose answer did not arrive.

    After an answer that did not arrive it waits for something newer, so that a chat that cannot be written to
    is not tried for ever.
    """
    known = known.astimezone(UTC)
    is_clear = standing.c.state.in_([DeliveryState.IDLE.value, DeliveryState.SENT.value])
    return and_(
        chats.c.state == ChatState.ACTIVE.value,
        standing.c.seen_until < known,
        _has_nothing_open(),
        or_(is_clear, standing.c.until < known),
        or_(standing.c.told_at.is_(None), standing.c.told_at <= (now - GAP).astimezone(UTC)),
    )


def _question(row: Row[Any]) -> StandingQuestion:
    return StandingQuestion(
        id=row.id,
        chat_id=row.chat_id,
        query=StandingQuery(row.question, tuple(json.loads(row.regions))),
        told=frozenset(json.loads(row.told)),
        seen_until=aware(row.seen_until),
        thread_id=row.thread_id,
    )
