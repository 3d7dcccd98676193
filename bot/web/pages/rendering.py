"""Values to HTML: the templates and what they are given."""

from __future__ import annotations

from html import escape

from fastapi import Request
from starlette.responses import HTMLResponse, Response


def error_page(_request: Request, status: int, code: str | None) -> Response:
    """Return the page of an error."""
    return HTMLResponse(f"<!doctype html><title>{status}</title><p>{status} {escape(code or '')}", status)
