"""Handlers for following places: menus, wishes, settings, digests at once, export, import, and forgetting."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

from telegram import InputFile, Message, Update
from telegram.constants import ChatMemberStatus, ChatType, ParseMode
from telegram.error import BadRequest, TelegramError

from bot import menus
from bot.context import Context
from bot.digests import Window
from bot.languages import Texts, typed
from bot.questions import edit, send_to, thread_of
from bot.replies import Reply
from bot.rights import may_change
from bot.schedule import Hours
from bot.subscribers import MOST_SUBSCRIPTIONS, ChatState, TooMany
from bot.wishes import (
    MAX_IMPORT_BYTES,
    Unclear,
    WishError,
    export_wishes,
    parse_hours,
    parse_import,
    parse_quiet,
    parse_wish,
    parse_zone,
)
from retrieval import Choice

_ONE_DAY = timedelta(days=1)
_FILE_NAME = "yunwen-subscriptions.json"
Parse = Callable[[str, Hours, Texts], Hours]
"""Hours changed as a word says; raises WishError."""

# ------------------------------------------------------------------------------------------------ commands


async def subscribe(update: Update, context: Context) -> None:
    """Follow the places named, or show the menu."""
    message = update.effective_message
    if message is None or not await may_change(update, context, message):
        return
    text = (message.text or "").partition(" ")[2].strip()
    if not text:
        listing = await asyncio.to_thread(context.services.library.listing, None)
        await send_to(
            message,
            menus.render_listing(listing, 0, context.texts)
            if listing
            else Reply(context.texts.how_to_subscribe),
        )
        return
    for reply in await asyncio.to_thread(_subscribe, context, message.chat_id, text):
        await send_to(message, reply)


def _subscribe(context: Context, chat_id: int, text: str) -> list[Reply]:
    try:
        wish = parse_wish(text, context.services.library.find_place, context.texts)
    except WishError as error:
        return [Reply(str(error), is_html=False)]
    if isinstance(wish, Unclear):
        return [menus.render_unclear(wish.name, wish.choices, context.texts)]
    return [_follow(context, chat_id, choice) for choice in wish] or [Reply(context.texts.how_to_subscribe)]


def _follow(context: Context, chat_id: int, choice: Choice) -> Reply:
    services = context.services
    try:
        is_new = services.subscribers.subscribe(chat_id, choice, services.clock())
    except TooMany:
        return Reply(context.texts.too_many.format(n=MOST_SUBSCRIPTIONS))
    subscriber = services.subscribers.get(chat_id)
    if subscriber is None:
        return Reply(context.texts.no_subscriptions)
    return menus.render_subscribed(subscriber, choice, is_new, services.library.name_of, context.texts)


async def unsubscribe(update: Update, context: Context) -> None:
    """Stop following a place named, or show what there is to stop."""
    message = update.effective_message
    if message is None or not await may_change(update, context, message):
        return
    name = (message.text or "").partition(" ")[2].strip()
    await send_to(message, await asyncio.to_thread(_unsubscribe, context, message.chat_id, name))


def _unsubscribe(context: Context, chat_id: int, name: str) -> Reply:
    services = context.services
    subscriber = services.subscribers.get(chat_id)
    if subscriber is None or not subscriber.subscriptions:
        return Reply(context.texts.no_subscriptions)
    if not name:
        return menus.render_subscriptions(subscriber, services.library.name_of, context.texts)
    if name.lower() in typed.ALL_WORDS:
        services.subscribers.unsubscribe(chat_id, None, services.clock())
        return Reply(context.texts.unsubscribed_all)
    code = services.library.find_place(name).code
    mine = [each for each in subscriber.subscriptions if each.choice.code == code]
    for each in mine:
        services.subscribers.unsubscribe(chat_id, each.id, services.clock())
    if not mine:
        return Reply(context.texts.not_followed)
    return Reply(context.texts.unsubscribed.format(place=services.library.name_of(str(code))))


async def show_subscriptions(update: Update, context: Context) -> None:
    """List what the chat follows."""
    if update.effective_message is not None:
        message = update.effective_message
        await send_to(message, await asyncio.to_thread(_list, context, message.chat_id))


def _list(context: Context, chat_id: int) -> Reply:
    subscriber = context.services.subscribers.get(chat_id)
    standing = context.services.standing.of_chat(chat_id)
    if subscriber is None or not (subscriber.subscriptions or standing):
        return Reply(context.texts.no_subscriptions)
    name_of = context.services.library.name_of
    return menus.render_subscriptions(subscriber, name_of, context.texts, standing)


async def set_hour(update: Update, context: Context) -> None:
    """Change the hour of the digest."""
    await _set(update, context, parse_hours)


async def set_zone(update: Update, context: Context) -> None:
    """Change the time zone."""
    await _set(update, context, parse_zone)


async def set_quiet(update: Update, context: Context) -> None:
    """Change the quiet hours."""
    await _set(update, context, parse_quiet)


async def _set(update: Update, context: Context, parse: Parse) -> None:
    message = update.effective_message
    if message is None or not await may_change(update, context, message):
        return
    word = (message.text or "").partition(" ")[2]
    await send_to(message, await asyncio.to_thread(_change_hours, context, message.chat_id, word, parse))


def _change_hours(context: Context, chat_id: int, word: str, parse: Parse) -> Reply:
    services = context.services
    subscriber = services.subscribers.get(chat_id)
    try:
        hours = parse(word, subscriber.hours if subscriber else Hours(), context.texts)
    except WishError as error:
        return Reply(str(error), is_html=False)
    services.subscribers.set_hours(chat_id, hours, services.clock())
    return menus.render_hours_changed(hours, context.texts)


async def show_digest(update: Update, context: Context) -> None:
    """Show today's digest at once; the next one on schedule is not changed by it."""
    if update.effective_message is not None:
        await _send_digest(update.effective_message, context)


async def _send_digest(message: Message, context: Context) -> None:
    for reply in await asyncio.to_thread(_digest, context, message.chat_id):
        await send_to(message, reply)


def _digest(context: Context, chat_id: int) -> list[Reply]:
    services = context.services
    subscriber = services.subscribers.get(chat_id)
    if subscriber is None or not subscriber.subscriptions:
        return [Reply(context.texts.no_subscriptions)]
    now = services.clock()
    until = services.writer.known_until() or now
    day = subscriber.hours.local_date(now)
    # what the last digest has not told, else what was new within a day of the newest article
    for since in (subscriber.seen_until, until - _ONE_DAY):
        window = Window(since, until)
        if services.writer.items(subscriber, window):
            return services.writer.write(subscriber, window, day, context.links, context.texts)
    return [Reply(context.texts.nothing_new)]


async def export(update: Update, context: Context) -> None:
    """Send the chat's wishes as a small file."""
    message = update.effective_message
    if message is None:
        return
    subscriber = await asyncio.to_thread(context.services.subscribers.get, message.chat_id)
    if subscriber is None:
        await send_to(message, Reply(context.texts.no_subscriptions))
        return
    standing = await asyncio.to_thread(context.services.standing.of_chat, message.chat_id)
    data = export_wishes(subscriber, [each.wish for each in standing])
    document = InputFile(io.BytesIO(data), filename=_FILE_NAME)
    await context.bot.send_document(
        message.chat_id,
        document,
        caption=context.texts.export_caption,
        message_thread_id=thread_of(message),
    )


async def import_file(update: Update, context: Context) -> None:
    """Take a file of wishes sent in the chat; a bad one changes nothing."""
    message = update.effective_message
    if message is None or message.document is None or not await may_change(update, context, message):
        return
    if (message.document.file_size or 0) > MAX_IMPORT_BYTES:
        await send_to(message, Reply(context.texts.import_too_large))
        return
    file = await message.document.get_file()
    data = bytes(await file.download_as_bytearray())
    await send_to(message, await asyncio.to_thread(_import, context, message.chat_id, data))


def _import(context: Context, chat_id: int, data: bytes) -> Reply:
    services = context.services
    try:
        wishes = parse_import(data, lambda code: services.library.listing(code) is not None, context.texts)
    except WishError as error:
        return Reply(str(error), is_html=False)
    services.subscribers.replace_all(
        chat_id, wishes.choices, wishes.hours, wishes.wants_empty, services.clock()
    )
    if wishes.standing is not None:
        seen_until = services.writer.known_until() or services.clock()
        services.standing.replace_all(chat_id, wishes.standing, seen_until, services.clock())
    return _list(context, chat_id)


async def ask_to_forget(update: Update, context: Context) -> None:
    """Ask before everything about the chat is deleted."""
    if update.effective_message is not None and await may_change(update, context, update.effective_message):
        await send_to(update.effective_message, menus.render_forget(context.texts))


async def show_privacy(update: Update, context: Context) -> None:
    """Say what is stored."""
    if update.effective_message is not None:
        await send_to(update.effective_message, Reply(context.texts.privacy))


# --------------------------------------------------------------------------------------- what Telegram says


async def migrate_chat(update: Update, context: Context) -> None:
    """A group became a supergroup: take everything along."""
    message = update.effective_message
    if message is not None and message.migrate_to_chat_id:
        subscribers = context.services.subscribers
        await asyncio.to_thread(subscribers.move, message.chat_id, message.migrate_to_chat_id)


async def member_changed(update: Update, context: Context) -> None:
    """The bot was shut out of a chat, or let in again."""
    change = update.my_chat_member
    if change is None:
        return
    services, chat_id = context.services, change.chat.id
    gone = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    if change.new_chat_member.status in gone:
        await asyncio.to_thread(services.subscribers.set_state, chat_id, ChatState.BLOCKED, services.clock())
    elif await asyncio.to_thread(services.subscribers.welcome_back, chat_id, services.clock()):
        with contextlib.suppress(TelegramError):
            await context.bot.send_message(chat_id, context.texts.welcome_back)
    elif change.old_chat_member.status in gone and change.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
        with contextlib.suppress(TelegramError):  # it may be let in without leave to write
            text = context.texts.group_welcome.format(username=context.bot.username)
            await context.bot.send_message(chat_id, text, parse_mode=ParseMode.HTML)


# ------------------------------------------------------------------------------------------------- buttons

_Result = Reply | list[Reply] | None


async def press(update: Update, context: Context) -> None:
    """Do what a button says: menus change in place. The press is acknowledged first, whatever comes of it."""
    query = update.callback_query
    if query is None:
        return
    message = query.message
    with contextlib.suppress(BadRequest):
        await query.answer()
    if not isinstance(message, Message):
        return
    action, _, rest = (query.data or "").partition(":")
    if action in _CHANGES and not await may_change(update, context, message):
        return
    if action == "now":
        await _send_digest(message, context)
        return
    result = await asyncio.to_thread(_ACTIONS[action], context, message.chat_id, rest)
    if isinstance(result, list):
        for reply in result:
            await send_to(message, reply)
    elif result is not None:
        await edit(message, result)


def _press_menu(context: Context, _chat_id: int, rest: str) -> _Result:
    code, _, page = rest.partition(":")
    listing = context.services.library.listing(code)
    if listing is None or not (page.isascii() and page.isdigit()):
        return Reply(context.texts.too_old)
    return menus.render_listing(listing, int(page), context.texts)


def _press_subscribe(context: Context, chat_id: int, code: str) -> _Result:
    if context.services.library.listing(code) is None:
        return [Reply(context.texts.too_old)]
    return [_follow(context, chat_id, Choice(code))]


def _press_list(context: Context, chat_id: int, _rest: str) -> _Result:
    return _list(context, chat_id)


def _press_edit(context: Context, chat_id: int, rest: str) -> _Result:
    subscriber = context.services.subscribers.get(chat_id)
    for each in subscriber.subscriptions if subscriber else ():
        if str(each.id) == rest:
            return menus.render_one(each, context.services.library.name_of, context.texts)
    return _list(context, chat_id)


def _press_children(context: Context, chat_id: int, rest: str) -> _Result:
    subscribers = context.services.subscribers
    subscriber = subscribers.get(chat_id)
    for each in subscriber.subscriptions if subscriber else ():
        if str(each.id) == rest:
            choice = replace(each.choice, with_descendants=not each.choice.with_descendants)
            subscribers.change(chat_id, each.id, choice)
    return _press_edit(context, chat_id, rest)


def _press_delete(context: Context, chat_id: int, rest: str) -> _Result:
    subscriber = context.services.subscribers.get(chat_id)
    for each in subscriber.subscriptions if subscriber else ():
        if str(each.id) == rest:
            context.services.subscribers.unsubscribe(chat_id, each.id, context.services.clock())
    return _list(context, chat_id)


def _press_hour(context: Context, chat_id: int, rest: str) -> _Result:
    return (
        [_change_hours(context, chat_id, rest, parse_hours)]
        if rest
        else menus.render_hour_menu(context.texts)
    )


def _press_quiet(context: Context, chat_id: int, rest: str) -> _Result:
    return (
        [_change_hours(context, chat_id, rest, parse_quiet)]
        if rest
        else menus.render_quiet_menu(context.texts)
    )


def _press_zone(context: Context, chat_id: int, rest: str) -> _Result:
    return (
        [_change_hours(context, chat_id, rest, parse_zone)] if rest else menus.render_zone_menu(context.texts)
    )


def _press_pause(context: Context, chat_id: int, _rest: str) -> _Result:
    services = context.services
    subscriber = services.subscribers.get(chat_id)
    if subscriber is not None:
        is_active = subscriber.state is ChatState.ACTIVE
        state = ChatState.PAUSED if is_active else ChatState.ACTIVE
        services.subscribers.set_state(chat_id, state, services.clock())
    return _list(context, chat_id)


def _press_empty(context: Context, chat_id: int, _rest: str) -> _Result:
    services = context.services
    subscriber = services.subscribers.get(chat_id)
    if subscriber is not None:
        services.subscribers.set_wants_empty(chat_id, not subscriber.wants_empty, services.clock())
    return _list(context, chat_id)


def _press_page(context: Context, chat_id: int, rest: str) -> _Result:
    """The stories that a digest left out, in a message of their own."""
    return [_digest_page(context, chat_id, rest)]


def _press_turn(context: Context, chat_id: int, rest: str) -> _Result:
    """Other stories of a digest in place of those shown."""
    return _digest_page(context, chat_id, rest)


def _digest_page(context: Context, chat_id: int, rest: str) -> Reply:
    subscriber = context.services.subscribers.get(chat_id)
    try:
        first, last, number = rest.split(":")
        window, start = Window.parse(first, last), int(number)
    except (ValueError, OverflowError, OSError):
        return Reply(context.texts.too_old)
    if subscriber is None or start < 0:
        return Reply(context.texts.too_old)
    day = subscriber.hours.local_date(window.until)
    page = context.services.writer.page(subscriber, window, start, day, context.links, context.texts)
    return page or Reply(context.texts.no_more)


def _press_forget(context: Context, chat_id: int, _rest: str) -> _Result:
    context.services.subscribers.forget(chat_id)
    return Reply(context.texts.forgotten)


_ACTIONS: dict[str, Callable[[Context, int, str], _Result]] = {
    "m": _press_menu,
    "s": _press_subscribe,
    "l": _press_list,
    "e": _press_edit,
    "t": _press_children,
    "d": _press_delete,
    "h": _press_hour,
    "q": _press_quiet,
    "z": _press_zone,
    "p": _press_pause,
    "n": _press_empty,
    "page": _press_page,
    "leaf": _press_turn,
    "forget": _press_forget,
}
_CHANGES = frozenset("s t d h q z p n forget".split())
"""Buttons that change a chat's wishes: in groups they are for admins alone."""
PATTERN = rf"^(?:{'|'.join([*_ACTIONS, 'now'])})(?::|$)"
"""The buttons that `press` is for."""


Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]
COMMANDS: dict[str, Handler] = {
    "subscribe": subscribe,
    "subscriptions": show_subscriptions,
    "unsubscribe": unsubscribe,
    "digest": show_digest,
    "hour": set_hour,
    "zone": set_zone,
    "quiet": set_quiet,
    "export": export,
    "forget": ask_to_forget,
    "privacy": show_privacy,
}
