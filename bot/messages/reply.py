"""A message to send, with its buttons."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message; `data` has at most 64 bytes, or is the https address of a Mini App."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A message to send: HTML, or plain text, and rows of buttons."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    is_html: bool = True
