"""Which sites' scripts may ask from a browser: those that the setting API_CORS names, for the interface for programs alone."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_SHARED = "/api/"


class CrossOrigin:
    """Lets some origins read what programs may ask for; the pages are for nobody's scripts."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        """`origins` may be ("*",), for every site."""
        self._app = app
        self._shared = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=["GET"],
            allow_headers=["Authorization"],
            expose_headers=["Retry-After"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        is_shared = scope["type"] == "http" and scope["path"].startswith(_SHARED)
        await (self._shared if is_shared else self._app)(scope, receive, send)
