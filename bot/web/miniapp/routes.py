"""`/app`, the Mini App's page, and the two things that its script asks for: a place's boxes, and to change one."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from bot.chats.subscriptions import MOST_SUBSCRIPTIONS, TooMany
from bot.web.delivery import POLICY
from bot.web.miniapp.init_data import NotSigned, opener
from bot.web.miniapp.tree import Boxes
from bot.web.pages.places import Place, places_within
from bot.web.pages.rendering import View
from bot.web.parts import Parts, TelegramSide, WebParts, visitor_of

ROUTER = APIRouter(include_in_schema=False)
_FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors https://web.telegram.org")
"""Telegram's own web client shows the page in a frame, nobody else may."""


@ROUTER.get("/app")
def app(request: Request, parts: Parts) -> Response:
    """Return the page; who opens it elsewhere than in Telegram is told so."""
    _telegram_of(parts)
    view = View.of(request)
    page = view.page("app.html", kept="public, max-age=300")
    page.headers["Content-Security-Policy"] = _FRAMED
    return page


@ROUTER.post("/app/boxes")
async def boxes(request: Request, parts: Parts) -> Response:
    """Return the boxes of the places within one, after one has been changed where that is asked for.

    Asked with JSON: {"init": what Telegram handed over, "within": code or "", "change": code, "on": bool}.
    """
    telegram, asked = _telegram_of(parts), await _asked(request)
    parts.gate.admit(visitor_of(request))
    try:
        chat_id = opener(str(asked.get("init", "")), telegram.key, parts.clock())
    except NotSigned:
        raise HTTPException(403) from None
    view = View.of(request)
    try:
        found = await run_in_threadpool(_change_and_list, parts, telegram, chat_id, asked)
    except TooMany:
        return JSONResponse({"said": view.texts.too_many.format(n=MOST_SUBSCRIPTIONS)}, 409)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


def _change_and_list(
    parts: WebParts, telegram: TelegramSide, chat_id: int, asked: dict[str, Any]
) -> dict[str, Any]:
    library, store = parts.library, telegram.subscriptions
    gazetteer = library.resolver.gazetteer
    within, change = (str(asked.get(name, "")) for name in ("within", "change"))
    for code in (within, change):
        if code and not library.is_division(code):
            raise HTTPException(404)
    if change:
        mine = Boxes.of(store, chat_id, gazetteer)
        (mine.check if asked.get("on") else mine.uncheck)(store, chat_id, change, parts.clock())
    mine = Boxes.of(store, chat_id, gazetteer)
    place = Place(within, library.name_of(within)) if within else Place(None, "")
    having, silent, _ = places_within(parts, place)
    listed = [*having, *((code, name, 0) for code, name in silent)]
    return {
        "n": len(mine.subscriptions),
        "boxes": [
            {
                "code": code,
                "name": name,
                "n": n,
                "on": mine.is_checked(code),
                "more": bool(gazetteer.children(code)),
            }
            for code, name, n in listed
        ],
    }


async def _asked(request: Request) -> dict[str, Any]:
    try:
        asked = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    if not isinstance(asked, dict):
        raise HTTPException(400)
    return asked


def _telegram_of(parts: WebParts) -> TelegramSide:
    if parts.telegram is None:
        raise HTTPException(404)
    return parts.telegram
