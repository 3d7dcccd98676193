"""Handlers for following places: menus, wishes, settings, digests at once, export, import, and forgetting."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

from telegram import Chat, InputFile, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, TelegramError

from bot import menus, replies
from bot.context import Context
from bot.digests import NOTHING_NEW, Window
from bot.questions import send_to
from bot.replies import Reply
from bot.schedule import Hours
from bot.sending import build_markup
from bot.subscribers import ChatState, TooMany
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

_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
_ONE_DAY = timedelta(days=1)
_FILE_NAME = "yunwen-subscriptions.json"

# ------------------------------------------------------------------------------------------------ commands


async def subscribe(update: Update, context: Context) -> None:
    """Follow the places named, or show the menu."""
    message = update.effective_message
    if message is None or not await _may_change(update, message):
        return
    text = (message.text or "").partition(" ")[2].strip()
    if not text:
        listing = await asyncio.to_thread(context.services.library.listing, None)
        await send_to(message, menus.render_listing(listing, 0) if listing else Reply(menus.HOW))
        return
    for reply in await asyncio.to_thread(_subscribe, context, message.chat_id, text):
        await send_to(message, reply)


def _subscribe(context: Context, chat_id: int, text: str) -> list[Reply]:
    try:
        wish = parse_wish(text, context.services.library.find_place)
    except WishError as error:
        return [Reply(str(error), is_html=False)]
    if isinstance(wish, Unclear):
        return [menus.render_unclear(wish.name, wish.choices)]
    return [_follow(context, chat_id, choice) for choice in wish] or [Reply(menus.HOW)]


def _follow(context: Context, chat_id: int, choice: Choice) -> Reply:
    services = context.services
    try:
        is_new = services.subscribers.subscribe(chat_id, choice, services.clock())
    except TooMany:
        return Reply(menus.TOO_MANY)
    subscriber = services.subscribers.get(chat_id)
    if subscriber is None:
        return Reply(menus.NO_SUBSCRIPTIONS)
    return menus.render_subscribed(subscriber, choice, is_new, services.library.name_of)


async def unsubscribe(update: Update, context: Context) -> None:
    """Stop following a place named, or show what there is to stop."""
    message = update.effective_message
    if message is None or not await _may_change(update, message):
        return
    name = (message.text or "").partition(" ")[2].strip()
    await send_to(message, await asyncio.to_thread(_unsubscribe, context, message.chat_id, name))


def _unsubscribe(context: Context, chat_id: int, name: str) -> Reply:
    services = context.services
    subscriber = services.subscribers.get(chat_id)
    if subscriber is None or not subscriber.subscriptions:
        return Reply(menus.NO_SUBSCRIPTIONS)
    if not name:
        return menus.render_subscriptions(subscriber, services.library.name_of)
    if name in ("全部", "all"):
        services.subscribers.unsubscribe(chat_id, None, services.clock())
        return Reply("已取消全部订阅。")
    code = services.library.find_place(name).code
    mine = [each for each in subscriber.subscriptions if each.choice.code == code]
    for each in mine:
        services.subscribers.unsubscribe(chat_id, each.id, services.clock())
    return Reply(f"已取消订阅{services.library.name_of(str(code))}。") if mine else Reply(menus.NOT_FOLLOWED)


async def show_subscriptions(update: Update, context: Context) -> None:
    """List what the chat follows."""
    if update.effective_message is not None:
        message = update.effective_message
        await send_to(message, await asyncio.to_thread(_list, context, message.chat_id))


def _list(context: Context, chat_id: int) -> Reply:
    subscriber = context.services.subscribers.get(chat_id)
    if subscriber is None or not subscriber.subscriptions:
        return Reply(menus.NO_SUBSCRIPTIONS)
    return menus.render_subscriptions(subscriber, context.services.library.name_of)


async def set_hour(update: Update, context: Context) -> None:
    """Change the hour of the digest."""
    await _set(update, context, parse_hours)


async def set_zone(update: Update, context: Context) -> None:
    """Change the time zone."""
    await _set(update, context, parse_zone)


async def set_quiet(update: Update, context: Context) -> None:
    """Change the quiet hours."""
    await _set(update, context, parse_quiet)


async def _set(update: Update, context: Context, parse: Callable[[str, Hours], Hours]) -> None:
    message = update.effective_message
    if message is None or not await _may_change(update, message):
        return
    word = (message.text or "").partition(" ")[2]
    await send_to(message, await asyncio.to_thread(_change_hours, context, message.chat_id, word, parse))


def _change_hours(context: Context, chat_id: int, word: str, parse: Callable[[str, Hours], Hours]) -> Reply:
    services = context.services
    subscriber = services.subscribers.get(chat_id)
    try:
        hours = parse(word, subscriber.hours if subscriber else Hours())
    except WishError as error:
        return Reply(str(error), is_html=False)
    services.subscribers.set_hours(chat_id, hours, services.clock())
    quiet = f"，{hours.quiet[0]}:00–{hours.quiet[1]}:00 免打扰" if hours.quiet else ""
    return Reply(f"好的：每天 {hours.hour}:00（{hours.zone}）{quiet}。")


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
        return [Reply(menus.NO_SUBSCRIPTIONS)]
    now = services.clock()
    until = services.writer.known_until() or now
    day = subscriber.hours.local_date(now)
    # what the last digest has not told, else what was new within a day of the newest article
    for since in (subscriber.seen_until, until - _ONE_DAY):
        pages = services.writer.page(subscriber, Window(since, until), 0, day, _link(context))
        if pages:
            return pages
    return [Reply(NOTHING_NEW)]


def _link(context: Context) -> Callable[[str], str]:
    username = context.bot.username
    return lambda article_id: f"https://t.me/{username}?start=a_{article_id}"


async def export(update: Update, context: Context) -> None:
    """Send the chat's wishes as a small file."""
    message = update.effective_message
    if message is None:
        return
    subscriber = await asyncio.to_thread(context.services.subscribers.get, message.chat_id)
    if subscriber is None:
        await send_to(message, Reply(menus.NO_SUBSCRIPTIONS))
        return
    document = InputFile(io.BytesIO(export_wishes(subscriber)), filename=_FILE_NAME)
    await context.bot.send_document(message.chat_id, document, caption="把这个文件发回来就能恢复订阅。")


async def import_file(update: Update, context: Context) -> None:
    """Take a file of wishes sent in the chat; a bad one changes nothing."""
    message = update.effective_message
    if message is None or message.document is None or not await _may_change(update, message):
        return
    if (message.document.file_size or 0) > MAX_IMPORT_BYTES:
        await send_to(message, Reply("这个文件太大了，不是云问导出的订阅文件。"))
        return
    file = await message.document.get_file()
    data = bytes(await file.download_as_bytearray())
    await send_to(message, await asyncio.to_thread(_import, context, message.chat_id, data))


def _import(context: Context, chat_id: int, data: bytes) -> Reply:
    services = context.services
    try:
        wishes = parse_import(data, lambda code: services.library.listing(code) is not None)
    except WishError as error:
        return Reply(str(error), is_html=False)
    services.subscribers.replace_all(
        chat_id, wishes.choices, wishes.hours, wishes.wants_empty, services.clock()
    )
    return _list(context, chat_id)


async def ask_to_forget(update: Update, _context: Context) -> None:
    """Ask before everything about the chat is deleted."""
    if update.effective_message is not None and await _may_change(update, update.effective_message):
        await send_to(update.effective_message, menus.render_forget())


async def show_privacy(update: Update, _context: Context) -> None:
    """Say what is stored."""
    if update.effective_message is not None:
        await send_to(update.effective_message, Reply(menus.PRIVACY))


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
    if change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT):
        await asyncio.to_thread(services.subscribers.set_state, chat_id, ChatState.BLOCKED, services.clock())
    elif await asyncio.to_thread(services.subscribers.welcome_back, chat_id, services.clock()):
        with contextlib.suppress(TelegramError):
            await context.bot.send_message(chat_id, menus.BACK)


async def notice(update: Update, context: Context) -> None:
    """A chat that had been shut out writes again: its digests go on, and it is told."""
    chat = update.effective_chat
    if chat is None or update.my_chat_member is not None:
        return
    services = context.services
    if await asyncio.to_thread(services.subscribers.welcome_back, chat.id, services.clock()):
        await context.bot.send_message(chat.id, menus.BACK)


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
    if action in _CHANGES and not await _may_change(update, message):
        return
    if action == "now":
        await _send_digest(message, context)
        return
    result = await asyncio.to_thread(_ACTIONS[action], context, message.chat_id, rest)
    if isinstance(result, list):
        for reply in result:
            await send_to(message, reply)
    elif result is not None:
        await _edit(message, result)


async def _edit(message: Message, reply: Reply) -> None:
    """Change a message in place; one that cannot be changed any more is followed by a new one."""
    try:
        await message.edit_text(
            reply.html, parse_mode="HTML" if reply.is_html else None, reply_markup=build_markup(reply)
        )
    except BadRequest as error:
        if "not modified" not in error.message.lower():
            await send_to(message, reply)


def _press_menu(context: Context, _chat_id: int, rest: str) -> _Result:
    code, _, page = rest.partition(":")
    listing = context.services.library.listing(code)
    if listing is None or not (page.isascii() and page.isdigit()):
        return Reply(replies.TOO_OLD)
    return menus.render_listing(listing, int(page))


def _press_subscribe(context: Context, chat_id: int, code: str) -> _Result:
    if context.services.library.listing(code) is None:
        return [Reply(replies.TOO_OLD)]
    return [_follow(context, chat_id, Choice(code))]


def _press_list(context: Context, chat_id: int, _rest: str) -> _Result:
    return _list(context, chat_id)


def _press_edit(context: Context, chat_id: int, rest: str) -> _Result:
    subscriber = context.services.subscribers.get(chat_id)
    for each in subscriber.subscriptions if subscriber else ():
        if str(each.id) == rest:
            return menus.render_one(each, context.services.library.name_of)
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
    if rest.isascii() and rest.isdigit():
        context.services.subscribers.unsubscribe(chat_id, int(rest), context.services.clock())
    return _list(context, chat_id)


def _press_hour(context: Context, chat_id: int, rest: str) -> _Result:
    return [_change_hours(context, chat_id, rest, parse_hours)] if rest else menus.render_hour_menu()


def _press_quiet(context: Context, chat_id: int, rest: str) -> _Result:
    return [_change_hours(context, chat_id, rest, parse_quiet)] if rest else menus.render_quiet_menu()


def _press_zone(context: Context, chat_id: int, rest: str) -> _Result:
    return [_change_hours(context, chat_id, rest, parse_zone)] if rest else menus.render_zone_menu()


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
    """The next stories of a digest."""
    subscriber = context.services.subscribers.get(chat_id)
    try:
        first, last, number = rest.split(":")
        window, start = Window.parse(first, last), int(number)
    except (ValueError, OverflowError, OSError):
        return [Reply(replies.TOO_OLD)]
    if subscriber is None or start < 0:
        return [Reply(replies.TOO_OLD)]
    day = subscriber.hours.local_date(window.until)
    pages = context.services.writer.page(subscriber, window, start, day, _link(context))
    return pages or [Reply(replies.NO_MORE)]


def _press_forget(context: Context, chat_id: int, _rest: str) -> _Result:
    context.services.subscribers.forget(chat_id)
    return Reply(menus.FORGOTTEN)


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
    "forget": _press_forget,
}
_CHANGES = frozenset("s t d h q z p n forget".split())
"""Buttons that change a chat's wishes: in groups they are for admins alone."""
PATTERN = rf"^(?:{'|'.join([*_ACTIONS, 'now'])})(?::|$)"
"""The buttons that `press` is for."""


# ------------------------------------------------------------------------------------------------ who may


async def _may_change(update: Update, message: Message) -> bool:
    """Whether who did this may change the chat's wishes; says so if not."""
    if await _is_allowed(message.chat, update.effective_user, update):
        return True
    if update.callback_query is None:
        await send_to(message, Reply(menus.ONLY_ADMINS))
    return False


async def _is_allowed(chat: Chat, user: User | None, update: Update) -> bool:
    if chat.type == ChatType.PRIVATE or update.channel_post is not None:
        return True  # only a channel's admins can post in it
    sender = update.effective_message.sender_chat if update.effective_message else None
    if update.callback_query is None and sender is not None and sender.id == chat.id:
        return True  # an admin who writes as the group itself
    if user is None:
        return False
    return (await chat.get_member(user.id)).status in _ADMINS


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
