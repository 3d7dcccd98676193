"""Buttons under an answer: the whole article, more, a place."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable

from telegram import InputFile, Message, Update

from bot.chats.answers import GivenAnswer, GivenHit
from bot.messages.answers import report_of
from bot.messages.reply import Button, Reply
from bot.messages.sources import question_about
from bot.telegram.client.rich import Receiver
from bot.telegram.client.sending import GROUPS, edit, send_only_to, send_to, thread_of
from bot.telegram.context import Context
from bot.telegram.handlers.answering import answer, answer_on
from bot.telegram.handlers.callbacks import Press, accept
from bot.telegram.registration import Handlers
from bot.telegram.rendering import MORE_PER_PAGE, add_page_button, render_found, render_full, render_more
from retrieval import ArticlePicture, Outcome, StoredArticle

_PAGE_FILE = "page.jpg"
_CAPTION_CHARS = 1000
"""Telegram allows a picture 1024."""


async def press(update: Update, context: Context) -> None:
    """Do what a button says. The press is acknowledged first, whatever comes of it.

    A text that was sent for this very button is not sent again.
    """
    opened = context.bot_data.opened
    only_for = _receiver(update, context)
    user_id = only_for.receiver_user_id if only_for else None

    def refuse(pressed: Press) -> str | None:
        is_sent = pressed.action == "full" and opened.has(pressed.message, pressed.rest, user_id)
        return context.texts.full_stands_above if is_sent else None

    pressed = await accept(update, context, refuse=refuse)
    if pressed is None:
        return
    if pressed.action != "full":
        await _ACTIONS[pressed.action](pressed.message, context, pressed.rest)
        return
    await send_full(pressed.message, context, pressed.rest, only_for)
    if pressed.is_acknowledged:
        opened.add(pressed.message, pressed.rest, user_id)


def _receiver(update: Update, context: Context) -> Receiver | None:
    """Who alone is to see an article: who pressed in a group, where the server knows such messages; None: all."""
    query = update.callback_query
    if query is None or not isinstance(query.message, Message) or not context.bot_data.is_rich:
        return None
    return Receiver(query.from_user.id, query.id) if query.message.chat.type in GROUPS else None


async def say_too_old(update: Update, context: Context) -> None:
    """Acknowledge a button that no version knows any more."""
    pressed = await accept(update, context)
    if pressed is not None:
        await send_to(pressed.message, Reply(context.texts.too_old))


async def _press_sample(message: Message, context: Context, article_id: str) -> None:
    article = await asyncio.to_thread(context.services.library.article, article_id)
    if article is None:
        await send_to(message, Reply(context.texts.gone))
        return
    await answer(message, context, question_about(article))


async def _press_ask(message: Message, context: Context, question: str) -> None:
    """Answer a question that a button offers."""
    await answer(message, context, question)


async def send_full(message: Message, context: Context, rest: str, only_for: Receiver | None = None) -> None:
    """Send a whole article, or its parts from one on, `ID:PART`; to one person of a group alone where that is asked for."""
    article_id, _, part = rest.partition(":")
    article = await asyncio.to_thread(context.services.library.article, article_id)
    if article is None or not part.isascii() or not part.isdigit():
        await send_to(message, Reply(context.texts.gone if article is None else context.texts.too_old))
        return
    parts = render_full(article, int(part), context.texts, context.links)
    has_picture = await asyncio.to_thread(context.services.library.has_page_picture, article)
    if parts and has_picture:
        parts[-1] = add_page_button(parts[-1], article.id, context.texts)
    for reply in parts or [Reply(context.texts.no_more)]:
        await (send_only_to(message, reply, only_for) if only_for else send_to(message, reply))


async def _press_more(message: Message, context: Context, answer_id: str) -> None:
    given = await find_given_answer(message, context, answer_id)
    if given is not None:
        await send_more(message, context, given, 0)


async def send_more(message: Message, context: Context, given: GivenAnswer, page: int) -> None:
    """Send a page of an answer's further hits; of a list of stories those that follow."""
    if given.outcome is Outcome.BROWSE:
        await answer_on(message, context, given)
    else:
        await send_to(message, await asyncio.to_thread(_more, context, given, page))


async def _press_page(message: Message, context: Context, rest: str) -> None:
    answer_id, _, page = rest.partition(":")
    given = await find_given_answer(message, context, answer_id)
    if given is not None and page.isascii() and page.isdigit() and len(page) < 4:
        await edit(message, await asyncio.to_thread(_more, context, given, int(page)))


def _more(context: Context, given: GivenAnswer, page: int) -> Reply:
    """A page of an answer's hits, without the one that was the answer itself; 还有吗 goes on behind it."""
    n_before = 1 if given.outcome is Outcome.FOUND else 0
    hits = given.hits[n_before:]
    first = page * MORE_PER_PAGE
    shown = [
        report_of(hit.rank, article, None, hit.evidence, context.texts, place=hit.place)
        for hit in hits[first : first + MORE_PER_PAGE]
        if (article := context.services.library.article(hit.article_id)) is not None
    ]
    if not shown:
        return Reply(context.texts.no_more)
    context.services.storage.note_page(given.id, page + 1)
    return render_more(shown, page, len(hits), given.id, context.texts, context.links, n_before)


async def _press_hit(message: Message, context: Context, rest: str) -> None:
    answer_id, _, rank = rest.partition(":")
    given = await find_given_answer(message, context, answer_id)
    if given is None:
        return
    hit = next((each for each in given.hits if str(each.rank) == rank), None)
    reply = await _render_given(context, hit) if hit else None
    await send_to(message, reply or Reply(context.texts.gone))


async def open_report(message: Message, context: Context, given: GivenAnswer, rank: int) -> bool:
    """Send the report of an answer that has a number; the whole article of a list of stories. Return whether there is one."""
    hit = next((each for each in given.hits if each.rank == rank), None)
    if hit is None:
        return False
    reply = None if given.outcome is Outcome.BROWSE else await _render_given(context, hit)
    if reply is not None:
        await send_to(message, reply)
    else:
        await send_full(message, context, f"{hit.article_id}:0")
    return True


async def _press_place(message: Message, context: Context, rest: str) -> None:
    answer_id, _, code = rest.partition(":")
    given = await find_given_answer(message, context, answer_id)
    if given is not None:
        await answer(message, context, given.question, region=code, previous=given.previous)


async def find_given_answer(message: Message, context: Context, answer_id: str) -> GivenAnswer | None:
    """Return the answer with this id if the chat was given it; else say that it is too old."""
    given = await asyncio.to_thread(context.services.storage.given_answer, answer_id, message.chat_id)
    if given is None:
        await send_to(message, Reply(context.texts.too_old))
    return given


async def _render_given(context: Context, hit: GivenHit) -> Reply | None:
    library = context.services.library
    article = await asyncio.to_thread(library.article, hit.article_id)
    passage = await asyncio.to_thread(library.passage, hit.passage_id)
    if article is None or passage is None:
        return None
    button = Button(context.texts.full_button, f"full:{article.id}:0")
    html = render_found(article, passage, hit.evidence, context.texts, context.links)
    reply = Reply(html, ((button,),))
    if await asyncio.to_thread(library.has_page_picture, article):
        return add_page_button(reply, article.id, context.texts)
    return reply


async def _send_page(message: Message, context: Context, article_id: str) -> None:
    """Send the newspaper's page with an article outlined."""
    article, picture = await context.run_slowly(_page_picture, context, article_id)
    if article is None or picture is None:
        await send_to(message, Reply(context.texts.gone))
        return
    caption = context.texts.page_caption.format(
        paper=article.source or "",
        day=context.texts.say_day(article.date) if article.date else context.texts.date_unknown,
        number=picture.number,
        name=picture.name,
    )
    await context.bot.send_photo(
        message.chat_id,
        InputFile(io.BytesIO(picture.data), filename=_PAGE_FILE),
        caption=caption[:_CAPTION_CHARS].strip(),
        message_thread_id=thread_of(message),
    )


def _page_picture(context: Context, article_id: str) -> tuple[StoredArticle | None, ArticlePicture | None]:
    library = context.services.library
    article = library.article(article_id)
    return article, library.page_picture(article) if article is not None else None


_ACTIONS: dict[str, Callable[[Message, Context, str], Awaitable[None]]] = {
    "sample": _press_sample,
    "ask": _press_ask,
    "full": send_full,
    "more": _press_more,
    "turn": _press_page,
    "hit": _press_hit,
    "place": _press_place,
    "pic": _send_page,
}
HANDLERS = Handlers(buttons=dict.fromkeys(_ACTIONS, press))
