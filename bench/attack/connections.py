"""Connections that say nothing, and requests of every kind to the web page and the interface."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import quote

from bench.attack.world import World, status_of

_HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "
_HALF_A_BODY = b"POST /q/000000000000/verdict HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx"


async def silence(world: World) -> str:
    """Open 1,100 connections to webhook and health, and send half a request on each."""
    held = []
    for number in range(1100):
        port = int(world.webhook.rsplit(":", 1)[1].partition("/")[0]) if number % 2 else world.http
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le")
            held.append(writer)
    status = await asyncio.to_thread(status_of, f"http://127.0.0.1:{world.http}/healthz", None, {})
    assert status == 200, f"health said {status}"
    forged = await asyncio.to_thread(status_of, world.webhook, b"{}", {})
    assert forged == 403, f"the webhook said {forged}"
    for writer in held:
        writer.close()
    return f"{len(held)} connections; health 200, webhook 403"


async def pages(world: World) -> str:
    """Ask the web page and the interface with hostile paths, questions and headers, and hold 600 half-sent requests."""
    from abuse import TEXTS

    held = []
    for half in (_HALF_A_HEAD, _HALF_A_BODY):
        for _ in range(300):
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", world.web)
                writer.write(half)
                held.append(writer)
    base = f"http://127.0.0.1:{world.web}"
    tried = [f"{base}/?q={quote(text[:1000], errors='surrogatepass')}" for text in TEXTS]
    tried += [
        f"{base}/api/ask?q={quote(text[:1000], errors='surrogatepass')}&after={quote(text[:50], errors='surrogatepass')}"
        for text in TEXTS
    ]
    tried += [
        f"{base}/{kind}/{quote(text[:200], safe='', errors='surrogatepass')}"
        for kind in ("a", "r", "q", "d")
        for text in TEXTS[:40]
    ]
    tried += [
        f"{base}{path}"
        for path in ("/../../etc/passwd", "/%2e%2e/chats.db", "/metrics", "/?q=" + "x" * 20_000)
    ]
    statuses: dict[int, int] = {}
    for address in tried:
        status = await asyncio.to_thread(
            status_of, address, None, {"X-Forwarded-For": "1.2.3.4, x", "Accept-Language": "\x7f"}
        )
        statuses[status] = statuses.get(status, 0) + 1
    assert not [status for status in statuses if status >= 500 and status != 503], statuses
    assert await asyncio.to_thread(status_of, f"{base}/robots.txt", None, {}) == 200
    for writer in held:
        writer.close()
    return f"{sum(statuses.values())} requests: {statuses}"
