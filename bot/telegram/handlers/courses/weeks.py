"""/week PLACE and /month PLACE: what a week's or a month's papers said of a place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from telegram import InputFile, Message, Update

from bot.languages import Texts
from bot.messages.courses.maps import draw_map_png, is_telling, lay_out_map
from bot.messages.courses.weeks import render_week, say_places
from bot.messages.reply import Reply
from bot.messages.weeks import (
    Month,
    Span,
    Week,
    WeekMessage,
    compose_week,
    items_of,
    newest_month,
    newest_week,
)
from bot.telegram.client.sending import argument_of, send_photo_to, send_to
from bot.telegram.context import Context
from bot.telegram.registration import Handlers
from retrieval import Library

_Newest = Callable[[Library, str], Span | None]


async def show_week(update: Update, context: Context) -> None:
    """Show a place's week: the one named behind the place (2022-W26), else that of its newest article."""
    await _show(update.effective_message, context, Week.parse, newest_week, context.texts.which_week)


async def show_month(update: Update, context: Context) -> None:
    """Show a place's month: the one named behind the place (2022-06), else that of its newest article."""
    texts = context.texts
    await _show(update.effective_message, context, Month.parse, newest_month, texts.courses.which_month)


async def _show(
    message: Message | None, context: Context, parse: Callable[[str], Span | None], newest: _Newest, how: str
) -> None:
    if message is None:
        return
    words = argument_of(message).split()
    named = parse(words[-1]) if len(words) > 1 else None
    name = " ".join(words[:-1] if named else words)
    if not name:
        await send_to(message, Reply(how))
        return
    texts = context.texts
    library = context.services.library
    said = await context.ask(_look_back, library, name, named, newest, texts)
    if said is None:
        await send_to(message, Reply(texts.no_place))
        return
    tiles = lay_out_map(said.told, library.resolver.gazetteer)
    has_map = is_telling(tiles)
    if has_map:
        picture = await asyncio.to_thread(draw_map_png, tiles)
        caption = f"{context.texts.courses.map_caption}\n{say_places(said, context.texts)}"
        await send_photo_to(message, InputFile(picture, "map.png"), caption)
    await send_to(message, render_week(said, context.texts, context.links, has_map=has_map))


def _look_back(
    library: Library, name: str, named: Span | None, newest: _Newest, texts: Texts
) -> WeekMessage | None:
    code = library.find_place(name).code
    if code is None:
        return None
    span = named or newest(library, code)
    if span is None:
        heading = texts.week_nothing.format(place=library.name_of(code))
        return WeekMessage(heading, (), (), (), 0, {}, code, None)
    return compose_week(items_of(library, code, span), code, span, library.resolver.gazetteer, texts)


HANDLERS = Handlers(commands={"week": show_week, "month": show_month})
