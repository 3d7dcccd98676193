"""A message to send, with its buttons or what it asks to be sent back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message; `data` has at most 64 bytes, or is the https address of a Mini App."""

    label: str
    data: str
    style: str | None = None
    """`primary` or `danger`, where Telegram's app knows colours; digests are kept without."""
    copies: str = ""
    """What the button copies, 1 to 256 characters; its `data` is of no use then."""


def columns(buttons: Sequence[Button], n: int = 2) -> Iterator[tuple[Button, ...]]:
    """Buttons in rows of `n`."""
    return (tuple(buttons[first : first + n]) for first in range(0, len(buttons), n))


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a message asks people to send back: words, or where they are."""

    label: str
    """Shown where they type, 1 to 64 characters; on the button that sends the place."""
    is_location: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """A message to send: HTML, or plain text, with rows of buttons or a prompt."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    is_html: bool = True
    prompt: Prompt | None = None
    rich: str = ""
    """All that this message and those behind it say, as the HTML of one rich message; "" where it is no better as one."""


def whole(parts: Sequence[Reply]) -> Reply:
    """Return the one rich message that stands for all of some messages."""
    return replace(parts[0], buttons=parts[-1].buttons)
