"""What every response goes through: limits on what is sent in, HEAD, ETag, gzip, and the headers that keep a page safe."""

from __future__ import annotations

import asyncio
import gzip
import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST_BYTES = 1 << 20
"""Of what is sent in."""
_BODY_SECONDS = 15.0
"""For all of it."""
_WORTH_PACKING = 500
_PACKED = ("text/", "application/json", "application/atom+xml", "application/feed+json", "image/svg+xml")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load and do: what is ours, nothing else."""
_SAFE = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Delivery:
    """Passes requests on within limits, and makes responses whole: checked against what the client has, packed, safe."""

    def __init__(self, app: ASGIApp, prefix: str = "") -> None:
        """`prefix` is the path under which a proxy serves us; it is taken off where the proxy has left it on."""
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        response = _Response(scope["method"], headers, send)
        if not length.isdecimal() or int(length) > _MOST_BYTES:
            await response.refuse(413)
            return
        scope = dict(scope)
        path: str = scope["path"]
        if self._prefix and (path == self._prefix or path.startswith(self._prefix + "/")):
            scope["path"] = path.removeprefix(self._prefix) or "/"
            scope["raw_path"] = scope["path"].encode()
        if scope["method"] == "HEAD":
            scope["method"] = "GET"
        await self._app(scope, _limited(receive), response.send)


def _limited(receive: Receive) -> Receive:
    """Return what receives a body within its limits of size and time; whoever reads it gets HTTP's error beyond."""
    n_bytes = 0
    is_whole = False
    given_up = asyncio.get_running_loop().time() + _BODY_SECONDS

    async def receive_some() -> Message:
        nonlocal n_bytes, is_whole
        if is_whole:  # from here on it only waits for the client to go away
            return await receive()
        try:
            async with asyncio.timeout_at(given_up):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408) from None
        n_bytes += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        if n_bytes > _MOST_BYTES:
            raise HTTPException(413)
        return message

    return receive_some


class _Response:
    """One response on its way out: kept until it is whole, unless it is a stream of events or a large file."""

    def __init__(self, method: str, asked: Headers, send: Send) -> None:
        self._method = method
        self._asked = asked
        self._send = send
        self._start: Message | None = None
        self._body: list[bytes] = []
        self._is_streamed = False

    async def refuse(self, status: int) -> None:
        """Answer with a status alone."""
        await self.send({"type": "http.response.start", "status": status, "headers": []})
        await self.send({"type": "http.response.body", "body": b""})

    async def send(self, message: Message) -> None:
        """Take a piece of the response."""
        if message["type"] == "http.response.start":
            self._start = message
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in _SAFE.items():
                headers.setdefault(name, value)
            self._is_streamed = headers.get("content-type", "").startswith("text/event-stream")
            if self._is_streamed:
                await self._send(message)
        elif self._is_streamed:
            await self._send(message)
        else:
            self._body.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._finish()

    async def _finish(self) -> None:
        start = self._start
        if start is None:
            raise RuntimeError("a response's body came before its head")
        body = b"".join(self._body)
        headers = MutableHeaders(raw=start["headers"])
        if start["status"] == 200 and self._method in ("GET", "HEAD"):
            headers.setdefault("ETag", f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"')
            if _is_known(self._asked.get("if-none-match"), headers["ETag"]):
                start["status"], body = 304, b""
                for name in ("content-length", "content-type"):
                    del headers[name]
        if len(body) >= _WORTH_PACKING and headers.get("content-type", "").startswith(_PACKED):
            headers.add_vary_header("Accept-Encoding")
            if "content-encoding" not in headers and _takes_gzip(self._asked.get("accept-encoding")):
                body = gzip.compress(body, 5, mtime=0)
                headers["Content-Encoding"] = "gzip"
        if start["status"] not in (204, 304):
            headers["Content-Length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": b"" if self._method == "HEAD" else body})


def _is_known(asked: str | None, etag: str) -> bool:
    """Whether the client has this state already, as If-None-Match compares: weakly."""
    if asked is None:
        return False
    known = {each.strip().removeprefix("W/") for each in asked.split(",")}
    return "*" in known or etag.removeprefix("W/") in known


def _takes_gzip(asked: str | None) -> bool:
    for each in (asked or "").lower().split(","):
        name, _, quality = each.partition(";")
        if name.strip() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
