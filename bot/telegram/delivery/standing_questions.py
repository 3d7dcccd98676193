"""Asks standing questions of what came in, and sends the answers on the digests' sender by the ledger's rules."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update
from telegram import Bot

from bot.chats.answers import AnswerStore
from bot.chats.claims import Worker
from bot.chats.schema import standing
from bot.chats.standing_questions import (
    MOST_TOLD,
    StandingQuestion,
    StandingQuestionStore,
    sentence_fingerprint,
)
from bot.chats.subscriptions import ChatState, SubscriptionStore, aware
from bot.languages import DEFAULT, texts_of
from bot.messages.links import Links
from bot.messages.reply import Reply
from bot.telegram.client.pace import Pace
from bot.telegram.delivery.outbox import Claimed, Outbox, pack_parts, unpack_parts
from bot.telegram.delivery.sender import Sender, most_at_once, open_sending_bot, utc_now
from bot.telegram.rendering import render_told
from retrieval import Answerer, Arrivals, Hit, Store, Turn

_log = logging.getLogger(__name__)

_WINDOW = 500
"""New articles that questions are asked of at a time."""
_BATCH = 500
"""Questions read at a time."""
_REST = timedelta(seconds=3)
_PATIENCE = 12
"""Looks at a store that does not rest before it is asked all the same."""
_K = 8


@dataclass(frozen=True, slots=True)
class ArticleSource:
    """Where new articles come from, and who answers over them, opened when first needed."""

    store: Store
    open_answerer: Callable[[], Answerer]


class StandingQuestionChecker:
    """Asks each standing question once against what is new since its own mark."""

    def __init__(
        self,
        articles: ArticleSource,
        questions: StandingQuestionStore,
        storage: AnswerStore,
        subscribers: SubscriptionStore,
        clock: Callable[[], datetime],
    ) -> None:
        self._articles = articles
        self._questions = questions
        self._storage = storage
        self._subscribers = subscribers
        self._clock = clock
        self._n_restless = 0

    def is_due(self, *, at_once: bool) -> bool:
        """Whether a question waits and the store rests, so that what comes in together is told together."""
        known = self._articles.store.known_until()
        now = self._clock()
        if known is None or self._questions.oldest_mark(known, now) is None:
            return False
        self._n_restless += 1
        if at_once or now - known >= _REST or self._n_restless > _PATIENCE:
            self._n_restless = 0
            return True
        return False

    def check(self, is_stopping: Callable[[], bool], links: Links) -> int:
        """Ask what waits. Return how many questions have an answer on its way now."""
        n_answered = 0
        known = self._articles.store.known_until()
        while known is not None and not is_stopping():
            since = self._questions.oldest_mark(known, self._clock())
            until = self._articles.store.known_after(since, _WINDOW) if since else None
            if since is None or until is None:
                break
            # what became known while we worked is the next look's
            until = min(until, known)
            arrivals = self._articles.open_answerer().arrivals(since, until)
            n_asked, n_new = self._ask_all(arrivals, until, known, is_stopping, links)
            n_answered += n_new
            if n_asked == 0:
                break
        return n_answered

    def _ask_all(
        self,
        arrivals: Arrivals,
        until: datetime,
        known: datetime,
        is_stopping: Callable[[], bool],
        links: Links,
    ) -> tuple[int, int]:
        """Ask every waiting question against some arrivals. Return how many were asked, and answered."""
        n_asked = n_answered = last = 0
        while not is_stopping():
            questions = self._questions.waiting(until, known, self._clock(), last, _BATCH)
            if not questions:
                break
            passed = [each for each in questions if not self._ask(each, arrivals, until, links)]
            self._questions.pass_over(passed, until)
            last = questions[-1].id
            n_asked += len(questions)
            n_answered += len(questions) - len(passed)
        return n_asked, n_answered

    def _ask(self, each: StandingQuestion, arrivals: Arrivals, until: datetime, links: Links) -> bool:
        """Whether something new answers a question; its answer is on its way then."""
        regions = each.query.regions
        answer = self._articles.open_answerer().ask_among(
            each.query.question,
            arrivals,
            each.seen_until,
            k=_K,
            region=regions[0] if len(regions) == 1 else None,
            previous=Turn(each.query.question, regions) if len(regions) > 1 else None,
            is_known=lambda hit: _first_fingerprint(hit) in each.told,
        )
        if answer is None:
            return False
        answer_id = self._storage.keep_answer(each.chat_id, answer)
        telling = [_first_fingerprint(hit) for hit in answer.hits]
        subscriber = self._subscribers.get(each.chat_id)
        texts = texts_of(subscriber.language if subscriber else DEFAULT)
        part = render_told(each.query.question, each.id, answer, answer_id, texts, links)
        self._questions.enter(each, pack_parts([part]), 1, telling, until, self._clock())
        return True


def _first_fingerprint(hit: Hit) -> str:
    return sentence_fingerprint(hit.article, hit.evidence[0].start, hit.evidence[0].end)


class AnswerSender(Sender):
    """Checks standing questions and sends their answers until it is told to stop."""

    def __init__(
        self,
        bot: Bot,
        ledger: StandingLedger,
        subscribers: SubscriptionStore,
        checker: StandingQuestionChecker,
        pace: Pace,
        *,
        in_flight: int = 1,
        at_once: int = 32,
        is_hurried: bool = False,
        clock: Callable[[], datetime] = utc_now,
        web_url: str | None = None,
    ) -> None:
        """`is_hurried`: the store need not rest before it is asked, as what runs once does not wait."""
        super().__init__(bot, ledger, subscribers, pace, in_flight=in_flight, at_once=at_once, clock=clock)
        self._checker = checker
        self._is_hurried = is_hurried
        self._web_url = web_url

    def _claim(self, n_free: int) -> list[tuple[Claimed, tuple[Reply, ...]]]:
        """Ask what waits, then take on as much as there is room for."""
        if self._checker.is_due(at_once=self._is_hurried):
            links = Links(self._bot.username, self._web_url)
            n_answered = self._checker.check(self._stopping.is_set, links)
            if n_answered:
                _log.info("%d standing questions have an answer", n_answered)
        return self.prepare(self._outbox.claim(n_free, self._clock())) if n_free > 0 else []

    def prepare(self, claimed: Sequence[Claimed]) -> list[tuple[Claimed, tuple[Reply, ...]]]:
        """Return the claimed answers that can be sent now. Quiet hours postpone one; a paused chat fails it."""
        now = self._clock()
        subscribers = self._subscribers.get_many([each.chat_id for each in claimed])
        ready: list[tuple[Claimed, tuple[Reply, ...]]] = []
        for each in claimed:
            subscriber = subscribers.get(each.chat_id)
            if subscriber is None or subscriber.state is not ChatState.ACTIVE or each.parts is None:
                self._outbox.fail(each, "the chat wants nothing now", now)
            elif subscriber.hours.is_quiet(now):
                self._outbox.postpone(each, subscriber.hours.end_of_quiet_hours(now))
                self.tally.put_off += 1
            else:
                ready.append((each, each.parts))
        return ready


def open_answer_sender(
    token: str,
    api: str,
    articles: ArticleSource,
    storage: AnswerStore,
    pace: Pace,
    in_flight: int,
    *,
    is_hurried: bool = False,
    web_url: str | None = None,
) -> AnswerSender:
    """A teller with connections of its own to the Bot API server at `api`, at the digests' pace."""
    at_once, engine = most_at_once(pace), storage.engine
    subscribers = SubscriptionStore(engine)
    checker = StandingQuestionChecker(articles, StandingQuestionStore(engine), storage, subscribers, utc_now)
    return AnswerSender(
        open_sending_bot(token, api, at_once),
        StandingLedger(engine, Worker.this()),
        subscribers,
        checker,
        pace,
        in_flight=in_flight,
        at_once=at_once,
        is_hurried=is_hurried,
        web_url=web_url,
    )


class StandingLedger(Outbox):
    """What is on its way for standing questions, by the rules of the ledger of digests."""

    table = standing

    def _read(self, row: Row[Any]) -> Claimed:
        return Claimed(
            chat_id=row.chat_id,
            issue_date=aware(row.try_at).date(),
            since=aware(row.seen_until),
            parts=unpack_parts(row.parts),
            n_sent=row.n_sent,
            thread_id=row.thread_id,
            question_id=row.id,
        )

    def _key(self, claimed: Claimed) -> Any:
        return standing.c.id == claimed.question_id

    def _move_mark(self, connection: Connection, claimed: Claimed, until: datetime, now: datetime) -> None:
        mine = self._key(claimed)
        row = connection.execute(select(standing.c.told, standing.c.telling).where(mine)).one()
        told = [*json.loads(row.told), *json.loads(row.telling or "[]")][-MOST_TOLD:]
        values = {
            "seen_until": until,
            "told": json.dumps(told),
            "telling": None,
            "told_at": now.astimezone(UTC),
        }
        connection.execute(update(standing).where(mine).values(**values))
