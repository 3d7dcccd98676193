"""The application: routes of pages and of the interface for programs, behind the same limits and headers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from functools import partial
from importlib.metadata import version

from anyio import to_thread
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.documents.composing import Composer
from bot.serving.liveness import ALIVE
from bot.web import errors
from bot.web.api import routes as api
from bot.web.api.cross_origin import CrossOrigin
from bot.web.delivery import Delivery
from bot.web.inquiries import Inquiries
from bot.web.mcp.transports import McpEndpoint
from bot.web.miniapp import routes as miniapp
from bot.web.pages import articles, asking, courses, exports, feeds, places, site
from bot.web.pages.rendering import error_page, prepare_templates
from bot.web.parts import PAGES_AT_ONCE, WebParts
from embeddings import EncoderError
from retrieval import RetrievalError

_log = logging.getLogger(__name__)

ROUTERS: tuple[APIRouter, ...] = (
    site.ROUTER,
    asking.ROUTER,
    articles.ROUTER,
    courses.ROUTER,
    exports.ROUTER,
    feeds.ROUTER,
    places.ROUTER,
    miniapp.ROUTER,
    api.ROUTER,
)
"""In the order in which a path is offered to them."""


def create_app(parts: WebParts, routers: Sequence[APIRouter] = ROUTERS) -> ASGIApp:
    """Return the application over some parts."""
    inquiries = Inquiries(
        parts.library, Composer(parts.site.url, is_public=True), version("yunwen"), parts.record
    )
    mcp = McpEndpoint(parts, inquiries)

    @contextlib.asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        prepare_templates()
        to_thread.current_default_thread_limiter().total_tokens = PAGES_AT_ONCE
        async with mcp.running(app):
            preparing = asyncio.create_task(_prepare(parts))
            yield
            await preparing

    app = FastAPI(
        title="yunwen",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        exception_handlers=errors.handlers_with(error_page),
        lifespan=running,
    )
    app.state.parts = parts
    app.state.inquiries = inquiries
    for router in routers:
        app.include_router(router)
    app.router.routes += [ALIVE, Route("/mcp", mcp)]
    app.add_middleware(errors.Failures, render=error_page)
    app.add_middleware(CrossOrigin, origins=parts.programs.origins)
    return Delivery(app, parts.site.prefix)


async def _prepare(parts: WebParts) -> None:
    """Find questions to begin with before somebody opens the first page."""
    try:
        await parts.run_slowly(partial(asking.find_samples, parts))
    except (RetrievalError, EncoderError):
        pass  # who asks is told
    except Exception:  # a fault of ours must not end the server
        _log.exception("error %s: the first page could not be prepared", secrets.token_hex(3))
