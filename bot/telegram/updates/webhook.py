"""The webhook: Telegram sends updates to it, and is answered 200 only when an update is safe.

It runs in the bot's own event loop, so that an update is refused or accepted in the place that knows how busy the bot is.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.serving.bodies import BodyLimit
from bot.telegram.updates.reception import NoRoom, UpdateReceiver
from retrieval import RetrievalError

_log = logging.getLogger(__name__)

PATH = "/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_TOO_BUSY = {"Retry-After": "1"}


def webhook_app(receiver: UpdateReceiver, secret: str) -> ASGIApp:
    """Return the application that takes updates from who knows the secret."""

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("latin-1"), secret.encode()):
            return Response(status_code=403)
        try:
            update = receiver.decode(json.loads(await request.body()))
        except (ValueError, RecursionError, ClientDisconnect):
            return Response(status_code=400)
        try:
            await receiver.receive([update] if update is not None else [])
        except NoRoom:
            return Response(status_code=503, headers=_TOO_BUSY)
        except RetrievalError:
            _log.exception("error %s: an update cannot be kept; Telegram keeps it", secrets.token_hex(3))
            return Response(status_code=503, headers=_TOO_BUSY)
        return Response()

    return Starlette(routes=[Route(PATH, receive, methods=["POST"])], middleware=[Middleware(BodyLimit)])
