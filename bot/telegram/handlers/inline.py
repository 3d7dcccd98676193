"""Handlers for inline queries: @bot 库伦旗水稻 in any chat lists passages to share, each with source and date.

Telegram sends a query with almost every key that is pressed. One waits for a moment, and is dropped without
being computed when its person has typed on by then. Nothing is stored of them.

Telegram keeps the passages of a query for all people, so they are framed in 简体中文, the articles' own
language; only the help is in the person's.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from functools import partial
from html import escape

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import InlineQueryHandler

from bot.languages import DEFAULT, Texts, texts_of
from bot.messages.answers import compose_answer
from bot.messages.links import Links
from bot.messages.sources import place_of
from bot.messages.splitting import shorten
from bot.messages.unasked import ask_typed, say_unasked_words
from bot.telegram.context import Context
from bot.telegram.registration import Handlers
from bot.telegram.rendering import render_hit, render_nearby
from retrieval import Answer, Hit, Outcome

_K = 20
_PER_PAGE = 10
"""Passages at a time; Telegram asks for the next ones when somebody scrolls to the end."""
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_FEWEST_HAN = 2
_CACHE_SECONDS = 300
"""How long Telegram may answer a query itself; a page that came in since is missing for no longer."""
_TYPING_SECONDS = 0.25
"""How long a query waits for the next one of the same person."""
_TITLE_CHARS, _DESCRIPTION_CHARS = 60, 120
"""What a phone shows of a result."""


async def offer_passages(update: Update, context: Context) -> None:
    """Answer an inline query, unless its person has typed on."""
    query = update.inline_query
    if query is None:
        return
    latest, user_id = context.bot_data.inline_queries, query.from_user.id
    latest.arrived(user_id, query.id)
    try:
        is_question = say_unasked_words(query.query, context.texts) is None
        if not is_question or len(_HAN.findall(query.query)) < _FEWEST_HAN:
            await _answer(query, [_help(context.texts, context.bot.username)], is_personal=True)
            return
        await asyncio.sleep(_TYPING_SECONDS)
        if not latest.is_latest(user_id, query.id):
            return
        answer = await context.ask(partial(ask_typed, context.services.library, query.query, k=_K))
        if latest.is_latest(user_id, query.id):
            results, next_offset = list_results(answer, context.links, _offset_of(query))
            await _answer(query, results, next_offset, is_personal=False)
    finally:
        latest.done(user_id, query.id)


async def _answer(
    query: InlineQuery, results: list[InlineQueryResultArticle], next_offset: str = "", *, is_personal: bool
) -> None:
    with contextlib.suppress(BadRequest):  # too old by now: the person has typed on or gone
        await query.answer(
            results, cache_time=_CACHE_SECONDS, is_personal=is_personal, next_offset=next_offset
        )


def _offset_of(query: InlineQuery) -> int:
    """How many passages the person has been offered already: what `next_offset` said, "" at first."""
    offset = query.offset
    return int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 4 else 0


def list_results(answer: Answer, links: Links, first: int = 0) -> tuple[list[InlineQueryResultArticle], str]:
    """What can be shared, without the `first` before, and the offset of what follows, "" if nothing does.

    A passage each if the question is answered; else one result that says it is not.
    """
    texts = texts_of(DEFAULT)
    if answer.outcome is Outcome.FOUND or (answer.outcome is Outcome.BROWSE and answer.hits):
        last = first + _PER_PAGE
        shown = [_passage(hit, texts, links) for hit in answer.hits[first:last]]
        return shown, str(last) if len(answer.hits) > last else ""
    said = compose_answer(answer, texts)
    reason = said.reason or ""
    choices = texts.list_comma.join(each.path for each in said.choices)
    is_plain = said.must_choose or answer.outcome is Outcome.BROWSE
    html = escape(f"{reason}{choices}") if is_plain else render_nearby(said, texts, links)
    return [_article("none", reason, choices, html)], ""


def _passage(hit: Hit, texts: Texts, links: Links) -> InlineQueryResultArticle:
    article, evidence = hit.article, " ".join(hit.evidence[0].text.split())
    dated = texts.say_day(article.date) if article.date else texts.date_unknown
    where = texts.comma.join(part for part in (place_of(article), dated) if part)
    html = render_hit(hit, texts, links)
    button = InlineKeyboardButton(texts.full_button, url=links.article(article.id))
    markup = InlineKeyboardMarkup([[button]])
    return _article(f"p{hit.passage.id}", article.title, f"{where} · {evidence}", html, markup)


def _help(texts: Texts, username: str) -> InlineQueryResultArticle:
    html = texts.inline_help_text.format(username=escape(username))
    return _article("help", texts.inline_help_title, texts.inline_help_description, html)


def _article(
    result_id: str, title: str, description: str, html: str, markup: InlineKeyboardMarkup | None = None
) -> InlineQueryResultArticle:
    content = InputTextMessageContent(
        html, parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    return InlineQueryResultArticle(
        id=result_id,
        title=shorten(title, _TITLE_CHARS),
        description=shorten(description, _DESCRIPTION_CHARS),
        input_message_content=content,
        reply_markup=markup,
    )


HANDLERS = Handlers(others=(InlineQueryHandler(offer_passages),))
