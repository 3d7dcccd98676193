"""What went wrong, told to people as a page and to programs as a problem document (RFC 9457), with a code for the operator."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.gate import Refused
from embeddings import EncoderError
from retrieval import RetrievalError

_log = logging.getLogger(__name__)

PROGRAMS = ("/api/", "/mcp")
"""How the paths begin that programs ask."""
Render = Callable[[Request, int, str | None], Response]
"""Makes the page of an error from its HTTP status and its code."""


def is_program(request: Request) -> bool:
    """Whether a program asks: it is told of errors as JSON."""
    return str(request.scope["path"]).startswith(PROGRAMS)


def problem(
    status: int, title: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """Return a problem document."""
    document = {"type": "about:blank", "title": title, "status": status, **more}
    return JSONResponse(document, status, headers, media_type="application/problem+json")


def respond(
    request: Request,
    status: int,
    render: Render,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
    detail: str | None = None,
) -> Response:
    """Return what is said of an error to whoever asked; `detail` is for programs."""
    if is_program(request):
        more = {name: said for name, said in (("code", code), ("detail", detail)) if said}
        return problem(status, _TITLES.get(status, "this cannot be answered"), headers=headers, **more)
    response = render(request, status, code)
    response.headers.update(headers or {})
    response.headers.setdefault("Cache-Control", "no-store")
    return response


_TITLES = {
    400: "the request is not understood: see /api/openapi.json",
    401: "a key is missing or not known: send Authorization: Bearer KEY",
    404: "there is nothing at this address",
    405: "this address does not take this method",
    413: "the question is too long: at most 1000 characters",
    422: "a parameter is missing or wrong: see /api/openapi.json",
    429: "too many questions: wait as long as Retry-After says",
    500: "something went wrong: tell the operator the code",
    503: "busy, or a database is away: try again in a moment",
}


class Failures:
    """Turns what nobody foresaw into a response with a code, and tells the operator under it."""

    def __init__(self, app: ASGIApp, render: Render) -> None:
        self._app = app
        self._render = render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def watch(message: Message) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except ClientDisconnect:
            return
        except Exception as error:
            status = 503 if isinstance(error, RetrievalError | EncoderError) else 500
            code = secrets.token_hex(3)
            _log.exception("error %s: a page could not be made", code, extra={"code": code})
            if not has_started:
                response = respond(Request(scope), status, self._render, code)
                await response(scope, receive, send)


def handlers_with(render: Render) -> dict[Any, Any]:
    """Return FastAPI's handlers of the errors that routes raise on purpose."""

    async def refused(request: Request, error: Refused) -> Response:
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
        return respond(request, error.status, render, headers=headers)

    async def failed(request: Request, error: HTTPException) -> Response:
        detail = None if error.detail == HTTPStatus(error.status_code).phrase else error.detail
        return respond(request, error.status_code, render, headers=error.headers, detail=detail)

    async def invalid(request: Request, error: RequestValidationError) -> Response:
        if is_program(request):
            wrong = [
                {"at": ".".join(map(str, each["loc"])), "detail": each["msg"]} for each in error.errors()
            ]
            return problem(422, _TITLES[422], errors=wrong)
        return respond(request, 400, render)

    return {Refused: refused, HTTPException: failed, RequestValidationError: invalid}
