"""What people said of answers: one verdict a chat and answer, with all that is needed to answer better."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from bot.chats.answers import GivenHit, read_hits, read_turn
from bot.chats.database import Tables
from bot.chats.schema import answers, feedback
from bot.chats.subscriptions import aware
from retrieval import Outcome, Turn

_DIGEST = "digest"
"""What stands for the outcome where the verdict is on a digest."""


class Verdict(StrEnum):
    """Whether an answer served."""

    GOOD = "good"
    BAD = "bad"


class Reason(StrEnum):
    """What was wrong with a bad answer."""

    PLACE = "place"
    """It is about another place."""
    FIGURE = "figure"
    OUTDATED = "outdated"
    MISSING = "missing"
    """Nothing was found, although it was printed."""
    MISREAD = "misread"
    """It is about something else than what was asked."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer with what was said of it. Nothing tells who said it but the chat."""

    chat_id: int
    answer_id: str
    verdict: Verdict
    reason: Reason | None
    question: str
    outcome: Outcome
    hits: tuple[GivenHit, ...]
    turn: Turn | None
    versions: Mapping[str, str]
    """What answered, by name."""
    given_at: datetime
    """When the verdict was given, or changed; aware."""


class FeedbackStore(Tables):
    """Verdicts in the database. Safe for several threads and processes."""

    def judge(
        self, chat_id: int, answer_id: str, verdict: Verdict, reason: Reason | None, now: datetime
    ) -> Outcome | None:
        """Keep a verdict in place of the chat's one before. Return what became of the question; None for no such answer."""
        values: dict[str, Any] = {
            "verdict": verdict.value,
            "reason": reason.value if reason else None,
            "given_at": now.astimezone(UTC),
        }
        mine = (feedback.c.chat_id == chat_id) & (feedback.c.answer_id == answer_id)
        given = select(answers).where(answers.c.id == answer_id, answers.c.chat_id == chat_id)
        with self._writing() as connection:
            if connection.execute(update(feedback).where(mine).values(**values)).rowcount:
                return Outcome(connection.execute(select(feedback.c.outcome).where(mine)).scalar_one())
            row = connection.execute(given).first()
            if row is None:
                return None
            values |= {
                "chat_id": chat_id,
                "answer_id": answer_id,
                "question": row.question,
                "outcome": row.outcome,
                "hits": row.hits,
                "turn": row.turn,
                "versions": row.versions or "{}",
            }
            connection.execute(insert(feedback).values(**values))
            return Outcome(row.outcome)

    def judge_digest(self, chat_id: int, digest_id: str, verdict: Verdict, now: datetime) -> bool:
        """Keep a verdict of a chat on a day's digest, as `is_digest` knows it. Return False for what is none."""
        if not is_digest(digest_id):
            return False
        values: dict[str, Any] = {"verdict": verdict.value, "given_at": now.astimezone(UTC)}
        mine = (feedback.c.chat_id == chat_id) & (feedback.c.answer_id == digest_id)
        with self._writing() as connection:
            if not connection.execute(update(feedback).where(mine).values(**values)).rowcount:
                values |= {"chat_id": chat_id, "answer_id": digest_id, "outcome": _DIGEST}
                values |= {"question": digest_id, "hits": "[]", "versions": "{}"}
                connection.execute(insert(feedback).values(**values))
        return True

    def all(self) -> Iterator[Judged]:
        """Every verdict on an answer, the oldest first."""
        chosen = select(feedback).where(feedback.c.outcome != _DIGEST)
        with self._reading() as connection:
            for row in connection.execute(chosen.order_by(feedback.c.given_at, feedback.c.answer_id)):
                yield _judged(row)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many verdicts on answers there are, by verdict and reason, and how many on digests.

        Bad ones whose reason was not said are `unsaid`.
        """
        kind = feedback.c.outcome == _DIGEST
        columns = (kind, feedback.c.verdict, feedback.c.reason)
        counts = {
            "verdicts": {each.value: 0 for each in Verdict},
            "reasons": {**{each.value: 0 for each in Reason}, "unsaid": 0},
            "digests": {each.value: 0 for each in Verdict},
        }
        with self._reading() as connection:
            for of_digest, verdict, reason, n in connection.execute(
                select(*columns, func.count()).group_by(*columns)
            ):
                counts["digests" if of_digest else "verdicts"][verdict] += n
                if verdict == Verdict.BAD and not of_digest:
                    counts["reasons"][reason or "unsaid"] += n
        return counts


def is_digest(digest_id: str) -> bool:
    """Whether an id is a day's digest's, d20261124, and no answer's."""
    try:
        datetime.strptime(digest_id, "d%Y%m%d")  # noqa: DTZ007
    except ValueError:
        return False
    return len(digest_id) == 9


def _judged(row: Row[Any]) -> Judged:
    return Judged(
        chat_id=row.chat_id,
        answer_id=row.answer_id,
        verdict=Verdict(row.verdict),
        reason=Reason(row.reason) if row.reason else None,
        question=row.question,
        outcome=Outcome(row.outcome),
        hits=read_hits(row.hits),
        turn=read_turn(row.turn),
        versions=json.loads(row.versions),
        given_at=aware(row.given_at),
    )
