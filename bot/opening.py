"""Handlers for what opens by an address: an article, or a place with its newest articles to leaf through."""

from __future__ import annotations

import asyncio

from telegram import Update

from bot import menus, replies
from bot.context import Context
from bot.links import parse_start
from bot.presses import accept
from bot.questions import greet, send_full
from bot.replies import Reply
from bot.talking import argument_of, edit, send_to

PATTERN = r"^r:"
"""The buttons that `turn` is for."""


async def start(update: Update, context: Context) -> None:
    """Greet, with sample questions; a link from an answer or a digest opens its article or place."""
    message = update.effective_message
    if message is None:
        return
    article_id, code = parse_start(argument_of(message))
    if article_id is not None:
        await send_full(message, context, f"{article_id}:0")
    elif code is not None:
        await send_to(message, await asyncio.to_thread(_place, context, code, 0))
    else:
        await greet(update, context, replies.welcome)


async def turn(update: Update, context: Context) -> None:
    """Turn the pages of a place's articles, in place."""
    press = await accept(update, context)
    if press is None:
        return
    code, _, first = press.rest.partition(":")
    if not (first.isascii() and first.isdigit() and len(first) < 10):
        await send_to(press.message, Reply(context.texts.too_old))
        return
    await edit(press.message, await asyncio.to_thread(_place, context, code, int(first)))


def _place(context: Context, code: str, first: int) -> Reply:
    library = context.services.library
    listing = library.listing(code) if code else None
    if listing is None:
        return Reply(context.texts.no_place)
    articles = library.newest_within(code, menus.ARTICLES_PER_PAGE, first)
    return menus.render_articles(listing, articles, first, context.texts, context.links)
