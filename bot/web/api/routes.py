"""What other programs may ask for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.exceptions import HTTPException
from pydantic import BaseModel
from starlette.responses import Response

from bot.documents.shapes import (
    AskedDocument,
    DigestDocument,
    FullArticleDocument,
    PlaceDocument,
    StatusDocument,
)
from bot.languages import DEFAULT, Language
from bot.telegram.admission import MAX_QUESTION_CHARS
from bot.web.api.description import describe
from bot.web.inquiries import (
    MOST_AFTER_CHARS,
    MOST_HITS,
    MOST_ID_CHARS,
    MOST_STORIES,
    Inquiries,
    NotThere,
)
from bot.web.parts import Parts, visitor_of
from bot.web.programs import Asker, KeyRefused

_MOST_SKIPPED = 100_000

ROUTER = APIRouter(prefix="/api", generate_unique_id_function=lambda route: route.name)


async def asker_of(request: Request, parts: Parts) -> Asker:
    """Return who asks. Answers 401 to a key that is missing or nobody's."""
    try:
        return parts.programs.asker(request.headers.get("authorization"), visitor_of(request))
    except KeyRefused:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"}) from None


async def inquiries_of(request: Request) -> Inquiries:
    """Return what answers."""
    inquiries: Inquiries = request.app.state.inquiries
    return inquiries


Who = Annotated[Asker, Depends(asker_of)]
What = Annotated[Inquiries, Depends(inquiries_of)]
Code = Annotated[str, Path(max_length=MOST_ID_CHARS, description="A division's code, such as 150524.")]


@ROUTER.get("/ask", response_model=AskedDocument, summary="Answer a question")
async def ask(
    parts: Parts,
    who: Who,
    what: What,
    q: Annotated[str, Query(min_length=1, max_length=MAX_QUESTION_CHARS, description="The question.")],
    after: Annotated[
        str | None,
        Query(max_length=MOST_AFTER_CHARS, description="`after` of the answer that it goes on from."),
    ] = None,
    place: Annotated[
        str | None,
        Query(max_length=MOST_ID_CHARS, description="A division's code, to settle an unclear place."),
    ] = None,
    language: Annotated[Language, Query(description="In which `reason` is said.")] = DEFAULT,
    k: Annotated[int, Query(ge=1, le=MOST_HITS, description="Hits wanted at most.")] = 5,
) -> Response:
    """Only with the outcome `found` are the hits an answer; else `reason` says in a sentence what is the matter."""
    who.admit(parts.gate, q)
    return await _told(parts.gate.run, lambda: what.ask(q, after=after, place=place, language=language, k=k))


@ROUTER.get("/article/{article_id}", response_model=FullArticleDocument, summary="Read an article")
async def article(
    parts: Parts,
    who: Who,
    what: What,
    article_id: Annotated[str, Path(max_length=MOST_ID_CHARS, description="`id` of an article.")],
) -> Response:
    """Return the article as it was printed, with its source."""
    who.admit(parts.gate)
    return await _told(asyncio.to_thread, lambda: what.article(article_id))


@ROUTER.get("/place/{code}", response_model=PlaceDocument, summary="The news of a place")
async def place(
    parts: Parts,
    who: Who,
    what: What,
    code: Code,
    n: Annotated[int, Query(ge=1, le=MOST_STORIES, description="Stories wanted at most.")] = 10,
    first: Annotated[int, Query(ge=0, le=_MOST_SKIPPED, description="How many to pass over.")] = 0,
) -> Response:
    """Return a division, those right below it, and its newest stories."""
    who.admit(parts.gate)
    return await _told(asyncio.to_thread, lambda: what.place(code, n=n, first=first))


@ROUTER.get("/digest/{code}/{day}", response_model=DigestDocument, summary="The digest of a day")
async def digest(
    parts: Parts,
    who: Who,
    what: What,
    code: Code,
    day: Annotated[date, Path(description="The issue date, YYYY-MM-DD.")],
) -> Response:
    """Return the stories of an issue date about a division or any within it."""
    who.admit(parts.gate)
    return await _told(asyncio.to_thread, lambda: what.digest(code, day))


@ROUTER.get("/status", response_model=StatusDocument, summary="What is in the store")
async def status(parts: Parts, who: Who, what: What) -> Response:
    """Return how much there is, and what searches it."""
    who.admit(parts.gate)
    return await _told(asyncio.to_thread, what.status)


@ROUTER.get("/openapi.json", include_in_schema=False)
async def openapi(parts: Parts) -> Response:
    """Return the description of all of this."""
    return Response(_described(parts.site.url, parts.programs.needs_key), media_type="application/json")


@lru_cache(maxsize=1)
def _described(url: str | None, needs_key: bool) -> bytes:
    return json.dumps(describe(ROUTER, url, needs_key=needs_key), ensure_ascii=False).encode()


async def _told(run: Callable[..., Any], compute: Callable[[], BaseModel]) -> Response:
    """Return a document that is made, to its last byte, in a thread. Answers 404 where nothing is there."""
    try:
        made = await run(lambda: compute().model_dump_json().encode())
    except NotThere as error:
        raise HTTPException(404, str(error)) from None
    return Response(made, media_type="application/json", headers={"Cache-Control": "no-cache"})
