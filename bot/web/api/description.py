"""The OpenAPI document of the interface: what FastAPI sees in the routes, and what it does not: errors and keys."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field

_ABOUT = (
    "Answers over local newspapers: the sentence, its figure, its date and its source. Nothing is made up: every word of an "
    "answer stands in an article. A question without an answer gets one that says so."
)


class WrongParameter(BaseModel):
    """A parameter that cannot be taken."""

    at: str
    """Where it stands: query.q, path.day."""
    detail: str


class Problem(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    type: str
    title: str
    """What is the matter and what to do."""
    status: int = Field(ge=400, le=599)
    detail: str = ""
    code: str = ""
    """Under which the operator finds it in the log."""
    errors: list[WrongParameter] = Field(default=[])
    """The parameters that cannot be taken."""


_ERRORS = {
    "401": "The key is missing or not known.",
    "404": "There is nothing of this name.",
    "422": "A parameter is missing or cannot be taken.",
    "429": "Too many requests from this address or with this key.",
    "500": "Something went wrong; the operator finds it by the code.",
    "503": "Busy, or a database is away.",
}
_WAIT = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}}


def describe(router: APIRouter, url: str | None, *, needs_key: bool) -> dict[str, Any]:
    """Return the document for a router's routes as they are reached at the site's address."""
    document = get_openapi(
        title="Yunwen",
        version=version("yunwen"),
        openapi_version="3.1.0",
        description=_ABOUT,
        routes=router.routes,
        servers=[{"url": url or "/"}],
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    made = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= made.pop("$defs", {}) | {"Problem": made}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for path in document["paths"].values():
        for operation in path.values():
            operation["security"] = [{"key": []}] if needs_key else [{}, {"key": []}]
            operation["responses"] |= {status: _problem(status) for status in _ERRORS}
    return document


def _problem(status: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    described: dict[str, Any] = {"description": _ERRORS[status], "content": content}
    return described | {"headers": _WAIT} if status in ("429", "503") else described
