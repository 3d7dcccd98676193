"""The application: routes of pages and of the interface for programs, behind the same limits and headers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import PlainTextResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.web import errors
from bot.web.delivery import Delivery
from bot.web.pages.rendering import error_page
from bot.web.parts import WebParts

_STATIC = Path(__file__).parent / "static"
ROUTERS: tuple[APIRouter, ...] = ()
"""In the order in which a path is offered to them."""


def create_app(parts: WebParts, routers: Sequence[APIRouter] = ROUTERS) -> ASGIApp:
    """Return the application over some parts."""
    app = FastAPI(
        title="云问",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        exception_handlers=errors.handlers_with(error_page),
    )
    app.state.parts = parts
    for router in routers:
        app.include_router(router)
    app.add_api_route("/healthz", _alive, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_STATIC))
    app.add_middleware(errors.Failures, render=error_page)
    return Delivery(app, parts.site.prefix)


async def _alive() -> PlainTextResponse:
    return PlainTextResponse("alive\n")
