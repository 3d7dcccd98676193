"""A small stand-in for the Bot API on loopback: what this bot calls, as strict as the documents say.

It keeps messages, checks lengths, formatting and callback data, and can be told to refuse or to hang up.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, web
from sent_messages import Sent, parse_html
from stand_in_calls import Calls, Expected
from stand_in_people import People
from waiting import HANG_SECONDS

__all__ = ["TOKEN", "Sent", "StandIn", "parse_html"]

TOKEN = "123456:stand-in-token"
_NEW = {"deleteEphemeralMessage", "sendRichMessage"}
_RETRY_SECONDS = 0.1
"""Until an update that the webhook did not take is sent again."""


class StandIn(People, Calls):
    """The server."""

    _runner: web.AppRunner | None = None
    _delivering: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        self._is_closing = False
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{name}", self._download)
        self._runner = web.AppRunner(app, shutdown_timeout=HANG_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Close."""
        if self._delivering is not None:
            self._delivering.cancel()
        self._is_closing = True
        self._news.set()  # who fetches updates is answered
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return _error(404, "Not Found")
        method = request.match_info["method"]
        if self.keeps_log:
            self.calls.append(method)
        parameters = {key: _decoded(value) for key, value in (await request.post()).items()}
        if self.faults and self.faults[0]["method"] == method:
            fault = self.faults.popleft()
            if fault.get("drop") and request.transport is not None:
                request.transport.close()
            if "code" in fault:
                return _error(int(fault["code"]), "Internal Server Error")
            retry = fault.get("retry_after", 1)
            return _error(429, f"Too Many Requests: retry after {retry}", {"retry_after": retry})
        trouble = self.chaos(int(parameters["chat_id"])) if method == "sendMessage" else None
        if trouble == "flood":
            return _error(429, "Too Many Requests: retry after 1", {"retry_after": 1})
        if trouble == "forbidden":
            return _error(403, "Forbidden: bot was blocked by the user")
        if method == "getUpdates" and self.webhook:
            return _error(409, "Conflict: can't use getUpdates method while webhook is active")
        handler = getattr(self, f"_do_{method}", None)
        if method in _NEW and not self.knows_rich:
            return _error(404, "Not Found: method not found")
        if handler is None:
            self.refused.append(f"{method} is not known here")
            return _error(404, "Not Found: method")
        try:
            result = await handler(parameters)
            if trouble == "drop" and request.transport is not None:
                request.transport.close()
            return web.json_response({"ok": True, "result": result})
        except Expected as error:
            return _error(400, f"Bad Request: {error}")
        except (ValueError, KeyError) as error:
            self.refused.append(f"{method}: {error}")
            return _error(400, f"Bad Request: {error}")

    async def _do_deleteWebhook(self, p: dict[str, Any]) -> Any:
        self.webhook = {}
        if self._delivering is not None:
            self._delivering.cancel()
            self._delivering = None
        if p.get("drop_pending_updates"):
            self.updates.clear()
        return True

    async def _do_setWebhook(self, p: dict[str, Any]) -> Any:
        secret = str(p.get("secret_token", ""))
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise ValueError("secret token contains unallowed characters")
        if not 1 <= int(p.get("max_connections", 40)) <= 100:
            raise ValueError("max_connections is out of range")
        await self._do_deleteWebhook({"drop_pending_updates": p.get("drop_pending_updates")})
        self.webhook = p | {"secret_token": secret}
        self._delivering = asyncio.create_task(self._deliver())
        return True

    async def _do_getWebhookInfo(self, _p: dict[str, Any]) -> Any:
        return {
            "url": str(self.webhook.get("url", "")),
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
        }

    async def _deliver(self) -> None:
        """Send updates to the webhook, some at a time; one that is not answered 200 is kept and sent again."""
        connections = asyncio.Semaphore(int(self.webhook.get("max_connections", 40)))
        under_way: set[int] = set()
        posts: set[asyncio.Task[None]] = set()
        async with ClientSession(
            timeout=ClientTimeout(HANG_SECONDS), connector=TCPConnector(limit=0)
        ) as session:
            try:
                while True:
                    self._news.clear()
                    for update in [each for each in self.updates if each["update_id"] not in under_way]:
                        under_way.add(update["update_id"])
                        await connections.acquire()
                        task = asyncio.create_task(self._post(session, update, connections, under_way))
                        posts.add(task)
                        task.add_done_callback(posts.discard)
                    await self._news.wait()
            finally:
                for task in posts:
                    task.cancel()

    async def _post(
        self,
        session: ClientSession,
        update: dict[str, Any],
        connections: asyncio.Semaphore,
        under_way: set[int],
    ) -> None:
        secret = self.webhook["secret_token"]
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with session.post(self.webhook["url"], json=update, headers=headers) as response:
                status = response.status
        except (ClientError, TimeoutError):
            status = 0
        finally:
            connections.release()
        self.webhook_statuses[status] += 1
        if status == 200:
            self.updates.remove(update)
        else:
            await asyncio.sleep(_RETRY_SECONDS)
        under_way.discard(update["update_id"])
        self._news.set()

    async def _download(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["name"]])


def _decoded(value: Any) -> Any:
    try:
        return json.loads(value)
    except (ValueError, TypeError):
        return value


def _error(code: int, description: str, parameters: dict[str, Any] | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)
