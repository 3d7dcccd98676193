"""Handlers for the first contact, and for what opens by an address: an article, or a place to leaf through."""

from __future__ import annotations

import asyncio
from collections import Counter

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import filters

from bot.messages import menus
from bot.messages.links import parse_start
from bot.messages.reply import Prompt, Reply
from bot.telegram.client.sending import argument_of, edit, send_to
from bot.telegram.context import Context
from bot.telegram.handlers.answer_buttons import send_full
from bot.telegram.handlers.callbacks import accept
from bot.telegram.registration import Handlers
from bot.telegram.rendering import help_text, welcome
from retrieval import Library, RegionRole

_SAMPLES, _PLACES = 3, 6
"""Questions to try, and places to choose from, in the greeting."""
_RECENT = 100
"""Articles whose places are offered."""


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
        await _greet(message, context)


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


def _keep_place(context: Context, chat_id: int, code: str) -> None:
    """Have the talk go on from a place."""
    library = context.services.library
    answer = library.ask(library.name_of(code), k=menus.ARTICLES_PER_PAGE, region=code)
    context.services.storage.keep_answer(chat_id, answer)


async def show_help(update: Update, context: Context) -> None:
    """Say what can be asked, with questions to try."""
    if update.effective_message is not None:
        samples = await context.ask(context.services.library.sample_questions, _SAMPLES)
        await send_to(update.effective_message, help_text(context.texts, samples))


async def _greet(message: Message, context: Context) -> None:
    """Greet, and ask in private where the person is at home; questions to try stand below."""
    library = context.services.library
    samples = await context.ask(library.sample_questions, _SAMPLES)
    is_private = message.chat.type == ChatType.PRIVATE
    places = await asyncio.to_thread(_places_told_of, library) if is_private else []
    await send_to(message, welcome(context.texts, places, samples, asks_place=is_private))


def _places_told_of(library: Library) -> list[tuple[str, str]]:
    """Places of the paper's province that its newest articles are about, with codes, the most often told of first.

    Where it has none, places of anywhere.
    """
    home, local = library.resolver.home, library.newest_at_home(_RECENT)
    is_within = library.resolver.gazetteer.is_within
    told = Counter(
        (region.code, region.name)
        for article in local or library.newest_articles(_RECENT)
        for region in article.regions
        if region.role is RegionRole.PRIMARY
        and (not local or (is_within(region.code, home) and region.code != home))
    )
    return [place for place, _ in told.most_common(_PLACES)]


async def choose_way(update: Update, context: Context) -> None:
    """Do what a button of the greeting says: ask for the place on the map, or for its name, or say what offices can do."""
    press = await accept(update, context)
    if press is None:
        return
    texts = context.texts
    replies = {
        "map": Reply(texts.ask_location, prompt=Prompt(texts.location_button, is_location=True)),
        "office": _for_offices(context),
    }
    await send_to(press.message, replies.get(press.rest) or Reply(texts.too_old))


async def show_offices(update: Update, context: Context) -> None:
    """Say how the bot is used in a group, and takes in an office's own pages."""
    if update.effective_message is not None:
        await send_to(update.effective_message, _for_offices(context))


def _for_offices(context: Context) -> Reply:
    return Reply(context.texts.for_offices.format(username=context.bot.username))


async def find_place_on_map(update: Update, context: Context) -> None:
    """Show the county that a shared location lies in, as far as seats tell."""
    message = update.effective_message
    if message is None or message.location is None:
        return
    at = message.location
    code = await asyncio.to_thread(context.services.library.place_at, at.latitude, at.longitude)
    reply = await asyncio.to_thread(_place, context, code or "", 0)
    if code is not None:  # 附近有什么新闻 goes on from here
        await asyncio.to_thread(_keep_place, context, message.chat_id, code)
    await send_to(message, reply)


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
    buttons={"r": turn_page, "way": choose_way},
    messages=(
        (filters.ChatType.PRIVATE & filters.LOCATION, find_place_on_map),
        (filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & filters.COMMAND, show_help),
    ),
)
