"""`/a/ID`: an article as printed, with the words that answer marked, its copies, what is related, and how to cite it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.chats.answers import WEB_CHAT
from bot.messages.sources import compose_source
from bot.web.pages.rendering import View
from bot.web.pages.stories import cited, row_of
from bot.web.parts import Parts, WebParts
from retrieval import Archive, ArticlePicture, Evidence, SpanKind, StoredArticle

ROUTER = APIRouter(include_in_schema=False)
PART_CHARS = 12_000
"""Of an article on one page; what is longer is leafed through."""
_MOST_COPIES, _MOST_RELATED = 8, 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph."""

    text: str
    is_evidence: bool = False
    is_answer: bool = False
    is_first: bool = False
    """Whether it is where the eye is led."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article."""

    kind: SpanKind
    pieces: tuple[Piece, ...]


@ROUTER.get("/a/{article_id}")
def article(request: Request, article_id: str, answer: str = "", part: int = 0) -> Response:
    """Return an article; `answer` is the id of an answer whose sentences are marked in it."""
    view = View.of(request)
    with view.parts.library.store.at_once():
        values = _values(view, article_id, answer, part)
    return view.page("article.html", kept="public, max-age=300", **values)


def _values(view: View, article_id: str, answer: str, part: int) -> dict[str, Any]:
    """What the page shows."""
    library = view.parts.library
    found = library.article(article_id[:16])
    if found is None:
        raise HTTPException(404)
    evidence = _evidence(view.parts, article_id, answer)
    chunks = split_parts(found.text)
    if "part" not in view.request.query_params and evidence:
        part = next((n for n, (start, end) in enumerate(chunks) if start <= evidence[0].start < end), part)
    if not 0 <= part < len(chunks):
        raise HTTPException(404)
    texts = view.texts
    source = compose_source(found, texts)
    code = source.place_code
    above = [*reversed(library.resolver.gazetteer.ancestors(code))] if code else []
    address = view.address(f"/a/{found.id}")
    return {
        "article": found,
        "source": source,
        "trail": [(each.code, each.name) for each in above] + ([(code, source.place)] if code else []),
        "paragraphs": paragraphs(found, *chunks[part], evidence),
        "part": part,
        "n_parts": len(chunks),
        "answer_id": answer if evidence else "",
        "copies": [row_of(each, texts) for each in Archive(library.store).copies(found, _MOST_COPIES)],
        "related": [row_of(each, texts) for each in library.related(found, _MOST_RELATED)],
        "citation": view.web.cite_line.format(
            title=found.title, source=cited(found, texts), address=source.url or address
        ),
        "address": address,
        "summary": found.text[:160],
        "has_picture": library.has_page_picture(found),
    }


@ROUTER.get("/a/{article_id}/page.jpg")
async def picture(parts: Parts, article_id: str) -> Response:
    """Return the picture of an article's page, with the article outlined."""

    def draw() -> ArticlePicture | None:
        found = parts.library.article(article_id[:16])
        return parts.library.page_picture(found) if found is not None else None

    drawn = await parts.run_slowly(draw)
    if drawn is None:
        raise HTTPException(404)
    return Response(drawn.data, media_type="image/jpeg", headers={"Cache-Control": "public, max-age=86400"})


def _evidence(parts: WebParts, article_id: str, answer_id: str) -> Sequence[Evidence]:
    given = parts.answers.given_answer(answer_id, WEB_CHAT) if len(answer_id) == 12 else None
    hits = given.hits if given else ()
    return next((hit.evidence for hit in hits if hit.article_id == article_id), ())


def split_parts(text: str) -> list[tuple[int, int]]:
    """Return where the parts of a text begin and end, cut between paragraphs where there is a place to cut."""
    parts: list[tuple[int, int]] = []
    start = 0
    while len(text) - start > PART_CHARS:
        cut = text.rfind("\n", start + PART_CHARS // 2, start + PART_CHARS) + 1
        end = cut or start + PART_CHARS
        parts.append((start, end))
        start = end
    return [*parts, (start, len(text))]


def paragraphs(article: StoredArticle, start: int, end: int, evidence: Sequence[Evidence]) -> list[Paragraph]:
    """Return the paragraphs of a stretch of an article's text, its evidence and the answer's words apart."""
    marks = sorted({start, end, *_bounds(article, evidence)})
    found: list[Paragraph] = []
    first = evidence[0].start if evidence else -1  # of two it is the likelier
    at = start
    while at < end:
        stop = article.text.find("\n", at, end)
        stop = end if stop < 0 else stop
        cuts = [at, *(mark for mark in marks if at < mark < stop), stop]
        pieces = tuple(
            Piece(article.text[a:b], *_meaning(a, b, evidence), is_first=a == first)
            for a, b in zip(cuts, cuts[1:], strict=False)
            if a < b
        )
        if pieces:
            found.append(Paragraph(_kind_at(article, at), pieces))
        at = stop + 1
    return found


def _bounds(article: StoredArticle, evidence: Sequence[Evidence]) -> set[int]:
    stretches = [(each.start, each.end) for each in evidence]
    stretches += [stretch for each in evidence for stretch in _answers(each)]
    return {min(bound, len(article.text)) for stretch in stretches for bound in stretch}


def _answers(evidence: Evidence) -> Sequence[tuple[int, int]]:
    return (evidence.answer,) if evidence.answer else evidence.matched


def _meaning(start: int, end: int, evidence: Sequence[Evidence]) -> tuple[bool, bool]:
    inside = [each for each in evidence if each.start <= start and end <= each.end]
    is_answer = any(a <= start and end <= b for each in inside for a, b in _answers(each))
    return bool(inside), is_answer


def _kind_at(article: StoredArticle, at: int) -> SpanKind:
    """The kind of the stretch that a paragraph begins in; a dateline belongs to its paragraph."""
    kind = next((each.kind for each in article.spans if each.start <= at < each.end), SpanKind.BODY)
    return SpanKind.BODY if kind is SpanKind.DATELINE else kind
