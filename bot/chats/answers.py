"""Answers that were given, so that their buttons work and the talk goes on after a restart."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row, bindparam, delete, insert, select, update

from bot.chats.database import Tables
from bot.chats.schema import answers as _answers
from retrieval import Answer, ArticleRegion, Evidence, Hit, Instead, Outcome, RegionRole, StoreError, Turn

KEPT = timedelta(days=180)
"""How long an answer's buttons work."""
WEB_CHAT = 0
"""Whose the answers of the pages are; no chat of Telegram has this id, so neither is shown what was said to the other."""
_MOST_ON_WEB = 1_000_000
"""Answers of the pages that are kept, the newest: their addresses are passed on, and tell nobody who asked."""
_MOST_COUNTED = 20
"""Counted articles that are remembered."""
_TALK = timedelta(minutes=10)
"""How long a question may refer to the one before it."""
_KEEP = insert(_answers)
_LAST = (
    select(_answers)
    .where(
        _answers.c.chat_id == bindparam("of"),
        _answers.c.given_at >= bindparam("since"),
        _answers.c.turn.is_not(None),
    )
    .order_by(_answers.c.given_at.desc())
    .limit(1)
)
"""Built once: both are run for every question, and building them takes longer than running them."""


@dataclass(frozen=True, slots=True)
class GivenHit:
    """A hit as it was shown: where its words stand, not the words."""

    rank: int
    article_id: str
    passage_id: int
    evidence: tuple[Evidence, ...]
    """With empty texts: they are cut from the article anew."""
    differs: bool = False
    """Whether it is one of the first hits, which give differing figures for the same thing."""
    place: ArticleRegion | None = None
    """What its evidence tells of, where the article tells of several places."""


@dataclass(frozen=True, slots=True)
class GivenCount:
    """What was counted, as `ArticleCount` has it, with the ids of the newest articles."""

    place: str | None
    first: date | None
    last: date | None
    words: tuple[str, ...]
    n: int
    newest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GivenSide:
    """What was told of one of several places that a question compared."""

    name: str
    hit: GivenHit | None


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer that was sent."""

    id: str
    chat_id: int
    question: str
    outcome: Outcome
    hits: tuple[GivenHit, ...]
    turn: Turn | None = None
    given_at: datetime | None = None
    """When it was sent; aware."""
    previous: Turn | None = None
    """What its question went on from."""
    n_pages: int = 0
    """Pages of its further reports that have been shown; 还有吗 goes on behind them."""
    count: GivenCount | None = None
    sides: tuple[GivenSide, ...] = ()
    instead: Instead | None = None
    """Of which other time or place what was near told."""


class AnswerStore(Tables):
    """Remembers what was sent. Safe for several threads."""

    def __init__(self, engine: Engine, versions: Callable[[], Mapping[str, str]] = dict) -> None:
        """`versions` name what answers, and are kept with each answer."""
        super().__init__(engine)
        self._versions = versions

    def keep_answer(self, chat_id: int, answer: Answer, previous: Turn | None = None) -> str:
        """Remember an answer, and what its question went on from. Return its id, 12 characters that nobody can guess."""
        answer_id = secrets.token_urlsafe(9)
        row = {
            "id": answer_id,
            "chat_id": chat_id,
            "question": answer.question,
            "outcome": answer.outcome.value,
            "hits": _pack_hits(answer),
            "turn": _pack_turn(answer.turn),
            "previous": _pack_turn(previous),
            "given_at": datetime.now(UTC),
            "versions": json.dumps(dict(self._versions())),
        }
        with self._writing(beside_others=True) as connection:
            connection.execute(_KEEP, row)
        return answer_id

    def check(self) -> None:
        """Raise StoreError if answers cannot be remembered: the database is gone, damaged or out of reach."""
        path = self.engine.url.database
        if self.engine.dialect.name == "sqlite" and path and not Path(path).exists():
            raise StoreError(f"{path}: is not there any more: restore it, then restart the bot")
        with self._reading() as connection:
            connection.execute(select(_answers.c.id).limit(1)).first()

    def given_answer(self, answer_id: str, chat_id: int) -> GivenAnswer | None:
        """The answer sent to this chat, or None."""
        with self._reading() as connection:
            row = connection.execute(
                select(_answers).where(_answers.c.id == answer_id, _answers.c.chat_id == chat_id)
            ).first()
        return _given(row) if row else None

    def note_page(self, answer_id: str, n_pages: int) -> None:
        """Remember that so many pages of an answer's further reports have been shown."""
        shown = update(_answers).where(_answers.c.id == answer_id).values(n_pages=n_pages)
        with self._writing(beside_others=True) as connection:
            connection.execute(shown)

    def last_answer(self, chat_id: int, now: datetime | None = None) -> GivenAnswer | None:
        """The last answer sent to a chat that a question may refer to: one of the last ten minutes, or None."""
        since = (now or datetime.now(UTC)) - _TALK
        with self._reading() as connection:
            row = connection.execute(_LAST, {"of": chat_id, "since": since}).first()
        return _given(row) if row else None

    def forget_old_answers(self, now: datetime | None = None) -> int:
        """Drop answers whose buttons have had their time, and the oldest of the pages' beyond those kept. Return how many."""
        is_web = _answers.c.chat_id == WEB_CHAT
        is_old = ~is_web & (_answers.c.given_at < (now or datetime.now(UTC)) - KEPT)
        last_kept = select(_answers.c.given_at).where(is_web).order_by(_answers.c.given_at.desc())
        is_beyond = is_web & (_answers.c.given_at < last_kept.offset(_MOST_ON_WEB).limit(1).scalar_subquery())
        with self._writing() as connection:
            return connection.execute(delete(_answers).where(is_old | is_beyond)).rowcount


def _given(row: Row[Any]) -> GivenAnswer:
    return GivenAnswer(
        id=row.id,
        chat_id=row.chat_id,
        question=row.question,
        outcome=Outcome(row.outcome),
        hits=read_hits(row.hits),
        turn=read_turn(row.turn),
        given_at=row.given_at if row.given_at.tzinfo else row.given_at.replace(tzinfo=UTC),
        previous=read_turn(row.previous),
        n_pages=row.n_pages or 0,
        count=_read_count(row.hits),
        sides=_read_sides(row.hits),
        instead=_read_instead(row.hits),
    )


def read_hits(packed: str) -> tuple[GivenHit, ...]:
    """The hits of a row."""
    found = json.loads(packed)
    return tuple(_unpack(each) for each in (found["hits"] if isinstance(found, dict) else found))


def _read_count(packed: str) -> GivenCount | None:
    found = json.loads(packed)
    if not isinstance(found, dict) or "count" not in found:
        return None
    place, first, last, words, n, newest = found["count"]
    since, until = (date.fromisoformat(day) if day else None for day in (first, last))
    return GivenCount(place, since, until, tuple(words), n, tuple(newest))


def _read_sides(packed: str) -> tuple[GivenSide, ...]:
    found = json.loads(packed)
    sides = found.get("sides", ()) if isinstance(found, dict) else ()
    return tuple(GivenSide(name, _unpack(hit) if hit else None) for name, hit in sides)


def _read_instead(packed: str) -> Instead | None:
    found = json.loads(packed)
    if not isinstance(found, dict) or "instead" not in found:
        return None
    days, said, place = found["instead"]
    first_and_last = (date.fromisoformat(days[0]), date.fromisoformat(days[1])) if days else None
    return Instead(days=first_and_last, said=said, place=place)


def read_turn(packed: str | None) -> Turn | None:
    """What a row's question was about, or None."""
    if not packed:
        return None
    question, regions = json.loads(packed)
    return Turn(question, tuple(regions))


def _pack_turn(turn: Turn | None) -> str | None:
    return json.dumps([turn.question, turn.regions]) if turn else None


def _pack_hits(answer: Answer) -> str:
    """A list of the hits; where articles were counted, places compared or another time or place told, an object with that too."""
    hits = [_pack(hit, answer.differing) for hit in answer.hits]
    beside: dict[str, object] = {}
    if (count := answer.count) is not None:
        first, last = (day.isoformat() if day else None for day in (count.first, count.last))
        newest = [article.id for article in count.newest[:_MOST_COUNTED]]
        beside["count"] = [count.place, first, last, count.words, count.n, newest]
    if answer.sides:
        beside["sides"] = [[side.name, _pack(side.hit, ()) if side.hit else None] for side in answer.sides]
    if (instead := answer.instead) is not None:
        days = [day.isoformat() for day in instead.days] if instead.days else None
        beside["instead"] = [days, instead.said, instead.place]
    return json.dumps({"hits": hits, **beside} if beside else hits)


def _pack(hit: Hit, differing: Sequence[int]) -> list[object]:
    packed: list[object] = [
        hit.rank,
        hit.article.id,
        hit.passage.id,
        [[each.start, each.end, each.matched, each.resolved, each.answer] for each in hit.evidence],
    ]
    differs = hit.rank in differing
    if hit.place is not None:
        return [*packed, differs, [hit.place.code, hit.place.name, hit.place.role]]
    return [*packed, True] if differs else packed


def _unpack(packed: list[object]) -> GivenHit:
    rank, article_id, passage_id, evidence, *beside = packed
    differs, place, *_ = (*beside, False, None)
    return GivenHit(
        rank=int(str(rank)),
        article_id=str(article_id),
        passage_id=int(str(passage_id)),
        evidence=tuple(
            Evidence(
                text="",
                start=start,
                end=end,
                matched=tuple((a, b) for a, b in matched),
                resolved=tuple((a, b) for a, b in resolved),
                answer=tuple(answer[0]) if answer and answer[0] else None,  # rows of before have none
            )
            for start, end, matched, resolved, *answer in evidence  # type: ignore[attr-defined]
        ),
        differs=bool(differs),
        place=ArticleRegion(place[0], place[1], RegionRole(place[2])) if isinstance(place, list) else None,
    )
