"""What a module of handlers exports: its commands, its buttons, its messages."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, filters

from bot.telegram.context import Context

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]
MESSAGE_OR_POST = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """The handlers of one module."""

    commands: Mapping[str, Handler] = field(default_factory=dict)
    """By name, in messages."""
    commands_and_posts: Mapping[str, Handler] = field(default_factory=dict)
    """By name, in messages and in a channel's posts."""
    buttons: Mapping[str, Handler] = field(default_factory=dict)
    """By prefix: what stands before the first colon of a button's data."""
    messages: Sequence[tuple[filters.BaseFilter, Handler]] = ()
    """Other messages; the first that fits is used."""
    others: Sequence[BaseHandler[Any, Context, Any]] = ()


def merge_buttons(modules: Sequence[Handlers]) -> dict[str, Handler]:
    """Return every button's handler by prefix. Raises ValueError if two modules claim a prefix."""
    merged: dict[str, Handler] = {}
    for module in modules:
        twice = merged.keys() & module.buttons.keys()
        if twice:
            raise ValueError(f"buttons of two modules: {', '.join(sorted(twice))}")
        merged |= module.buttons
    return merged
