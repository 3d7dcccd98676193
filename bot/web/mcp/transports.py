"""How the tools are reached: over HTTP at /mcp, within the limits of all programs, and on standard input and output."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from bot.web.inquiries import Inquiries
from bot.web.mcp.tools import build_mcp
from bot.web.parts import WebParts, visitor_of
from bot.web.programs import KeyRefused

_T = TypeVar("_T")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_MOST_BYTES = 256 * 1024


class McpEndpoint:
    """Takes the requests at /mcp: each stands for itself, so that nothing is kept between two of them."""

    def __init__(self, parts: WebParts, inquiries: Inquiries) -> None:
        self._parts = parts
        self._server = build_mcp(inquiries, parts.gate.run)

    @asynccontextmanager
    async def running(self, _app: Starlette) -> AsyncIterator[None]:
        """Serve as long as the application does."""
        self._server.streamable_http_app(  # makes a session manager, which runs once
            json_response=True,
            stateless_http=True,
            max_request_body_size=_MOST_BYTES,
            transport_security=security_of(self._parts),
        )
        async with self._server.session_manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        request = Request(scope)
        if request.method != "POST":
            # there is no stream to open and no session to end
            raise HTTPException(405, headers={"Allow": "POST"})
        try:
            asker = self._parts.programs.asker(request.headers.get("authorization"), visitor_of(request))
        except KeyRefused:
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"}) from None
        asker.admit(self._parts.gate)
        await self._server.session_manager.handle_request(scope, receive, send)


def security_of(parts: WebParts) -> TransportSecuritySettings:
    """Return which names this server may be called by, so that no page in a browser reaches it by a name of its own."""
    hosts = [f"{host}:*" for host in _LOOPBACK] + [*_LOOPBACK, *parts.programs.hosts]
    origins = [f"http://{host}:*" for host in _LOOPBACK] + list(parts.programs.origins)
    if parts.site.url:
        url = urlsplit(parts.site.url)
        hosts.append(url.netloc)
        origins.append(f"{url.scheme}://{url.netloc}")
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins)


def run_stdio(inquiries: Inquiries, answers_at_once: int) -> None:
    """Serve whoever started this process, until standard input ends."""
    # a thread waits for input, which an exception in the main one does not end: Ctrl-C would seem to do nothing
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(_serve(inquiries, answers_at_once))


async def _serve(inquiries: Inquiries, answers_at_once: int) -> None:
    answering = asyncio.Semaphore(answers_at_once)

    async def in_turn(compute: Callable[[], _T]) -> _T:
        async with answering:
            return await asyncio.to_thread(compute)

    server: MCPServer[Any] = build_mcp(inquiries, in_turn)
    await server.run_stdio_async()
