"""Verdicts to a folder that `yunwen evaluate` and `make quality` run: what must stay right, and what was wrong.

corpus.jsonl, queries.jsonl, qrels.tsv and answers.jsonl hold the answers that people found good. What they found
wrong is in negatives.jsonl with the reason, and questions rightly left unanswered are in refusals.jsonl.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from bot.chats.answers import GivenHit
from bot.chats.feedback import Judged, Verdict
from bot.errors import BotError
from retrieval import Outcome, Passage, Resolver, Store, StoredArticle


@dataclass(slots=True)
class Exported:
    """What an export wrote."""

    articles: int = 0
    questions: int = 0
    negatives: int = 0
    refusals: int = 0
    contested: int = 0
    """Answers that some found good and others bad: they are negatives alone."""
    gone: int = 0
    """Verdicts on articles that are no longer in the store."""


@dataclass(slots=True)
class _Set:
    """A set as it grows."""

    queries: dict[str, str] = field(default_factory=dict)
    relevant: dict[tuple[str, str], None] = field(default_factory=dict)
    """(query id, article id) in order."""
    answers: dict[str, dict[str, None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Case:
    """One verdict with what it is about, found again in the store."""

    judged: Judged
    question: str
    article: StoredArticle | None
    evidence: tuple[str, ...]

    @property
    def id(self) -> str:
        """Names the question."""
        return blake2b(self.question.encode(), digest_size=5).hexdigest()

    @property
    def key(self) -> tuple[str, str]:
        """What was judged: a question with an article."""
        return self.id, self.article.id if self.article else ""


def export_feedback(judged: Iterable[Judged], store: Store, resolver: Resolver, folder: Path) -> Exported:
    """Write the set, in place of one that was written there before; raises BotError if it cannot be written."""
    cases = [_find(each, store, resolver) for each in judged]
    bad = {case.key for case in cases if case.judged.verdict is Verdict.BAD}
    done, good, negatives, refusals = Exported(), _Set(), [], {}
    for case in cases:
        is_answer = case.judged.outcome is Outcome.FOUND
        if is_answer and case.article is None:
            done.gone += 1
        elif case.judged.verdict is Verdict.BAD:
            negatives.append(_negative(case))
        elif case.key in bad:
            done.contested += 1
        elif is_answer and case.article is not None:
            _add(good, case, case.article)
        else:
            refusals[case.id] = {"id": case.id, "text": case.question, "outcome": case.judged.outcome.value}
    articles = store.newest_articles(store.counts().articles) if cases else []
    done.articles, done.questions = len(articles), len(good.queries)
    done.negatives, done.refusals = len(negatives), len(refusals)
    files = {
        "corpus.jsonl": _lines(map(_record, articles)),
        "queries.jsonl": _lines({"id": i, "text": text} for i, text in good.queries.items()),
        "qrels.tsv": "".join(f"{i}\t{article}\t1\n" for i, article in good.relevant),
        "answers.jsonl": _lines({"id": i, "answers": list(said)} for i, said in good.answers.items()),
        "negatives.jsonl": _lines(negatives),
        "refusals.jsonl": _lines(refusals.values()),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise BotError(f"{folder}: cannot be written ({error.strerror}): name another folder") from error
    return done


def _find(judged: Judged, store: Store, resolver: Resolver) -> _Case:
    hit = judged.hits[0] if judged.hits else None
    article = store.article(hit.article_id) if hit else None
    passage = store.passage(hit.passage_id) if hit else None
    evidence = _evidence(article, passage, hit) if article and hit else ()
    return _Case(judged, _question(judged, resolver), article, evidence)


def _evidence(article: StoredArticle, passage: Passage | None, hit: GivenHit) -> tuple[str, ...]:
    """The sentences that were shown; of one that its passage ends within, what lies in the passage."""
    said: list[str] = []
    for each in hit.evidence:
        start, end = each.start, each.end
        if passage is not None and start < passage.end and end > passage.start:
            start, end = max(start, passage.start), min(end, passage.end)
        said.append(article.text[start:end])
    return tuple(said)


def _question(judged: Judged, resolver: Resolver) -> str:
    """The question as it can be asked alone: in full, and with its place where a button or the talk told it."""
    if judged.turn is None:
        return judged.question
    named = {mention.code for mention in resolver.resolve_question(judged.turn.question).mentions}
    told = [
        resolver.gazetteer.path_name(code).replace(" › ", "")
        for code in judged.turn.regions
        if code not in named
    ]
    return " ".join([*told, judged.turn.question])


def _add(good: _Set, case: _Case, article: StoredArticle) -> None:
    good.queries[case.id] = case.question
    good.relevant[case.id, article.id] = None
    good.answers.setdefault(case.id, {}).update(dict.fromkeys(case.evidence))


def _negative(case: _Case) -> dict[str, Any]:
    judged = case.judged
    return {
        "id": case.id,
        "text": case.question,
        "reason": judged.reason.value if judged.reason else None,
        "outcome": judged.outcome.value,
        "article": case.article.id if case.article and judged.outcome is Outcome.FOUND else None,
        "evidence": list(case.evidence) if judged.outcome is Outcome.FOUND else [],
        "versions": dict(judged.versions),
        "judged_on": judged.given_at.date().isoformat(),
    }


def _record(article: StoredArticle) -> dict[str, Any]:
    primary = next((each.code for each in article.regions if each.role == "primary"), None)
    values = {
        "id": article.id,
        "title": None if article.title_is_derived else article.title,
        "text": article.text,
        "date": article.date.isoformat() if article.date else None,
        "source": article.source,
        "url": article.url,
        "byline": article.byline,
        "place": article.place,
        "region": article.region or primary,
        "section": article.section,
        "credit": article.credit,
    }
    return {name: value for name, value in values.items() if value is not None}


def _lines(records: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
