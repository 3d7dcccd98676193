"""Whether a server's event loop turns."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def _alive(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("alive\n")


ALIVE = Route("/healthz", _alive)
"""Answers for as long as the server does."""
