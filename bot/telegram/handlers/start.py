"""Handlers for what opens by an address: an article, or a place with its newest articles to leaf through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from telegram import Update
from telegram.ext import filters

from bot.languages import Texts
from bot.messages import menus
from bot.messages.answers import place_of, sample_question
from bot.messages.links import parse_start
from bot.messages.reply import Reply
from bot.telegram.client.sending import argument_of, edit, send_to
from bot.telegram.context import Context
from bot.telegram.handlers.answer_buttons import send_full
from bot.telegram.handlers.callbacks import accept
from bot.telegram.registration import Handlers
from bot.telegram.rendering import help_text, welcome
from retrieval import Library

_SAMPLES = 3


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
        await greet(update, context, welcome)


async def turn_page(update: Update, context: Context) -> None:
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


async def show_help(update: Update, context: Context) -> None:
    """Say what can be asked."""
    await greet(update, context, help_text)


async def greet(
    update: Update, context: Context, render: Callable[[Texts, Sequence[tuple[str, str]]], Reply]
) -> None:
    """Send a text with sample questions below it."""
    if update.effective_message is not None:
        samples = await asyncio.to_thread(_sample_questions, context.services.library)
        await send_to(update.effective_message, render(context.texts, samples))


def _sample_questions(library: Library) -> list[tuple[str, str]]:
    """Questions that the newest articles answer, of different places where there are some."""
    chosen: dict[str, tuple[str, str]] = {}
    for article in library.newest_articles(50):
        place = place_of(article)
        if place and not article.title_is_derived:
            chosen.setdefault(place, (sample_question(article), article.id))
    return list(chosen.values())[:_SAMPLES]


async def show_place(update: Update, context: Context) -> None:
    """List a place's children and how many articles each has."""
    message = update.effective_message
    if message is None or message.text is None:
        return
    name = argument_of(message)
    if not name:
        await send_to(message, Reply(context.texts.which_place))
        return
    listing = await asyncio.to_thread(context.services.library.place, name)
    await send_to(
        message, menus.render_place(listing, context.texts) if listing else Reply(context.texts.no_place)
    )


HANDLERS = Handlers(
    commands={"start": start, "help": show_help, "place": show_place},
    buttons={"r": turn_page},
    messages=((filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & filters.COMMAND, show_help),),
)
