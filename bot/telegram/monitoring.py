"""What the bot tells its operator's checks: that it lives, whether it can answer, and its metrics."""

from __future__ import annotations

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.metrics import CONTENT_TYPE, Metrics
from bot.serving.liveness import ALIVE
from bot.telegram.health import OK, Health


def monitoring_app(health: Health, metrics: Metrics) -> ASGIApp:
    """Return the application with /healthz, /readyz and /metrics."""

    async def is_ready(_request: Request) -> Response:
        found = await health.look()
        is_ready = all(each == OK for each in found.values())
        return JSONResponse({"ready": is_ready, **found}, status_code=200 if is_ready else 503)

    async def measured(_request: Request) -> Response:
        text = await asyncio.to_thread(metrics.text)
        return Response(text, headers={"Content-Type": CONTENT_TYPE})

    return Starlette(routes=[ALIVE, Route("/readyz", is_ready), Route("/metrics", measured)])
