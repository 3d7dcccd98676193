"""Answers that were given, made whole again from where their words stand."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chats.answers import GivenAnswer, GivenCount, GivenHit
from retrieval import (
    HOME_ZONE,
    Answer,
    Archive,
    ArticleCount,
    Evidence,
    Hit,
    Library,
    Outcome,
    Passage,
    PlaceSide,
    SpanKind,
    StoredArticle,
    Timings,
    today_at_home,
)

_MOST_ALSO = 10


def restore(given: GivenAnswer, library: Library) -> Answer:
    """Return an answer as it was given, without hits whose articles are gone.

    What it was taken to look for is worked out anew, as of the day on which it was asked.
    """
    all_hits = [*given.hits, *(side.hit for side in given.sides if side.hit is not None)]
    counted = given.count.newest if given.count else ()
    articles = library.store.articles([*(hit.article_id for hit in all_hits), *counted])
    passages = library.store.passages(hit.passage_id for hit in all_hits)
    archive = Archive(library.store)

    def restored(hit: GivenHit) -> Hit | None:
        article = articles.get(hit.article_id)
        return _restore_hit(hit, article, passages.get(hit.passage_id), archive) if article else None

    hits = tuple(hit for hit in map(restored, given.hits) if hit is not None)
    region = given.turn.regions[0] if given.turn and len(given.turn.regions) == 1 else None
    day = given.given_at.astimezone(HOME_ZONE).date() if given.given_at else today_at_home()
    wanted, candidates = library.understood(given.question, day, region=region, previous=given.previous)
    return Answer(
        question=given.question,
        outcome=given.outcome,
        as_of=hits[0].article.date if hits else None,
        hits=hits,
        candidates=candidates,
        turn=given.turn,
        differing=tuple(hit.rank for hit in given.hits if hit.differs and hit.article_id in articles),
        browsed=library.browsed(given.turn, day) if given.turn and given.outcome is Outcome.BROWSE else None,
        wanted=wanted if given.turn or candidates or given.count or given.sides else None,
        count=_restore_count(given.count, articles) if given.count else None,
        sides=tuple(PlaceSide(side.name, restored(side.hit) if side.hit else None) for side in given.sides),
        instead=given.instead,
        timings=Timings(0.0, 0.0, 0.0),
    )


def _restore_count(count: GivenCount, articles: Mapping[str, StoredArticle]) -> ArticleCount:
    newest = tuple(articles[each] for each in count.newest if each in articles)
    return ArticleCount(count.place, count.first, count.last, count.words, count.n, newest)


def _restore_hit(hit: GivenHit, article: StoredArticle, passage: Passage | None, archive: Archive) -> Hit:
    evidence = tuple(restore_evidence(each, article) for each in hit.evidence)
    if passage is None:  # cut otherwise since
        start, end = (evidence[0].start, evidence[0].end) if evidence else (0, 0)
        text = article.text[start:end]
        passage = Passage(
            id=hit.passage_id, article_id=article.id, kind=SpanKind.BODY, start=start, end=end, text=text
        )
    also = tuple(archive.copies(article, _MOST_ALSO))
    return Hit(
        rank=hit.rank,
        score=0.0,
        article=article,
        passage=passage,
        evidence=evidence,
        also=also,
        place=hit.place,
    )


def restore_evidence(evidence: Evidence, article: StoredArticle) -> Evidence:
    """Return evidence with its words."""
    return Evidence(
        text=article.text[evidence.start : evidence.end],
        start=evidence.start,
        end=evidence.end,
        matched=evidence.matched,
        resolved=evidence.resolved,
        answer=evidence.answer,
    )
