"""Handlers for following places: menus, names, hours, and digests at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from telegram import Message, Update

from bot.chats.hours import Hours
from bot.chats.subscription_text import (
    SubscriptionError,
    Unclear,
    parse_hours,
    parse_quiet,
    parse_subscriptions,
    parse_zone,
)
from bot.chats.subscriptions import MOST_SUBSCRIPTIONS, ChatState, Issue, Subscriber, TooMany
from bot.languages import Texts, keywords
from bot.messages import menus
from bot.messages.daily.issues import SHOWN
from bot.messages.daily.windows import Window
from bot.messages.mini_app import with_app
from bot.messages.reply import Button, Prompt, Reply
from bot.telegram.client.sending import GROUPS, argument_of, edit, send_all, send_to
from bot.telegram.context import Context
from bot.telegram.handlers.callbacks import accept, is_allowed, may_change
from bot.telegram.prompts import ANSWERS_PLACE, ANSWERS_ZONE
from bot.telegram.registration import Handlers
from retrieval import Choice

_ONE_DAY = timedelta(days=1)
_TYPED = "type"
"""What a button says below which a name is to be written."""
_APART = "new"
"""What a button says whose message stays as it is: what comes of it is a message of its own."""
Parse = Callable[[str, Hours, Texts], Hours]
"""Hours changed as a word says; raises SubscriptionError."""

# ------------------------------------------------------------------------------------------------ commands


async def subscribe(update: Update, context: Context) -> None:
    """Follow the places named, or show the menu."""
    message = update.effective_message
    if message is None or not await may_change(update, context, message):
        return
    text = _word_of(message)
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
        parsed = parse_subscriptions(text, context.services.library.find_place, context.texts)
    except SubscriptionError as error:
        return [Reply(str(error), is_html=False)]
    if isinstance(parsed, Unclear):
        return [menus.render_unclear(parsed.name, parsed.choices, context.texts)]
    return _follow(context, chat_id, parsed) if parsed else [Reply(context.texts.how_to_subscribe)]


def _follow(context: Context, chat_id: int, choices: Sequence[Choice]) -> list[Reply]:
    """Follow places. Return what is said of the new ones, of those that were followed already, and where they are too many."""
    services, texts = context.services, context.texts
    followed: dict[bool, list[Choice]] = {True: [], False: []}
    refused: list[Reply] = []
    try:
        for choice in choices:
            followed[services.subscribers.subscribe(chat_id, choice, services.clock())].append(choice)
    except TooMany:
        refused.append(Reply(texts.too_many.format(n=MOST_SUBSCRIPTIONS)))
    subscriber = services.subscribers.get(chat_id)
    if subscriber is None:
        return refused or [Reply(texts.no_subscriptions)]
    name_of = services.library.name_of
    told = (
        menus.render_subscribed(subscriber, some, is_new, name_of, texts)
        for is_new, some in followed.items()
        if some
    )
    return [*told, *refused]


async def unsubscribe(update: Update, context: Context) -> None:
    """Stop following a place named, or show what there is to stop."""
    message = update.effective_message
    if message is None or not await may_change(update, context, message):
        return
    name = argument_of(message)
    await send_to(message, await asyncio.to_thread(_unsubscribe, context, message.chat_id, name))


def _unsubscribe(context: Context, chat_id: int, name: str) -> Reply:
    services = context.services
    subscriber = services.subscribers.get(chat_id)
    if subscriber is None or not subscriber.subscriptions:
        return Reply(context.texts.no_subscriptions)
    if not name:
        return menus.render_subscriptions(subscriber, services.library.name_of, context.texts)
    if name.lower() in keywords.ALL_WORDS:
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
    """List what the chat follows; in groups with buttons for admins alone."""
    if update.effective_message is not None:
        message = update.effective_message
        listed = await asyncio.to_thread(list_subscriptions, context, message.chat_id)
        is_barred = message.chat.type in GROUPS and not await is_allowed(update, message)
        await send_to(message, replace(listed, buttons=()) if is_barred else listed)


def list_subscriptions(context: Context, chat_id: int) -> Reply:
    """What the chat follows, with buttons to change it."""
    subscriber = context.services.subscribers.get(chat_id)
    standing = context.services.standing.of_chat(chat_id)
    web_url, language = context.services.web_url, context.language
    if subscriber is None or not (subscriber.subscriptions or standing):
        return with_app(Reply(context.texts.no_subscriptions), web_url, chat_id, language)
    name_of = context.services.library.name_of
    listed = menus.render_subscriptions(subscriber, name_of, context.texts, standing)
    return with_app(listed, web_url, chat_id, language)


async def set_hour(update: Update, context: Context) -> None:
    """Change the hour of the digest."""
    await _set(update, context, parse_hours, menus.render_hour_menu)


async def set_zone(update: Update, context: Context) -> None:
    """Change the time zone."""
    await _set(update, context, parse_zone, menus.render_zone_menu)


async def set_quiet(update: Update, context: Context) -> None:
    """Change the quiet hours."""
    await _set(update, context, parse_quiet, menus.render_quiet_menu)


async def _set(update: Update, context: Context, parse: Parse, ask: Callable[[Texts], Reply]) -> None:
    """Change hours as the word behind a command says, or the reply to a prompt; ask by buttons where there is none."""
    message = update.effective_message
    if message is None or not await may_change(update, context, message):
        return
    word = _word_of(message)
    if not word:
        await send_to(message, ask(context.texts))
        return
    await send_to(message, await asyncio.to_thread(_change_hours, context, message.chat_id, word, parse))


def _word_of(message: Message) -> str:
    """What stands behind a command; all of a text that answers a prompt."""
    text = message.text or ""
    return argument_of(message) if text.startswith("/") else text.strip()


def _change_hours(context: Context, chat_id: int, word: str, parse: Parse) -> Reply:
    services = context.services
    subscriber = services.subscribers.get(chat_id)
    try:
        hours = parse(word, subscriber.hours if subscriber else Hours(), context.texts)
    except SubscriptionError as error:
        return Reply(str(error), is_html=False)
    services.subscribers.set_hours(chat_id, hours, services.clock())
    return menus.render_hours_changed(hours, context.texts)


async def show_digest(update: Update, context: Context) -> None:
    """Show today's digest at once; the next one on schedule is not changed by it."""
    if update.effective_message is not None:
        await _send_digest(update.effective_message, context)


async def _send_digest(message: Message, context: Context) -> None:
    parts = await asyncio.to_thread(_digest, context, message.chat_id)
    await send_all(message, parts, is_rich=context.bot_data.is_rich)


def _digest(context: Context, chat_id: int) -> list[Reply]:
    services = context.services
    subscriber = services.subscribers.get(chat_id)
    if subscriber is None or not subscriber.subscriptions:
        return [Reply(context.texts.no_subscriptions)]
    now = services.clock()
    until = services.writer.known_until() or now
    day = subscriber.hours.local_date(now)
    issue = services.subscribers.last_issue(chat_id)
    # what the last digest has not told; where there was none, else what was new within a day of the newest article
    for since in (subscriber.seen_until, *(() if issue else (until - _ONE_DAY,))):
        window = Window(since, until)
        if services.writer.items(subscriber, window):
            return services.writer.write(
                subscriber, window, day, context.links, context.texts, is_rich=context.bot_data.is_rich
            )
    return [_go_on(context, subscriber, issue) if issue else Reply(context.texts.nothing_new)]


def _go_on(context: Context, subscriber: Subscriber, issue: Issue) -> Reply:
    """What the issue that was delivered left out; else that it came, with a button to see it once more."""
    writer, texts = context.services.writer, context.texts
    window = Window(issue.since, issue.until)
    rest = writer.page(subscriber, window, SHOWN, issue.day, context.links, texts)
    if rest is not None:
        return rest
    if not writer.items(subscriber, window):
        return Reply(texts.nothing_new)
    again = Button(texts.digest_again_button, f"page:{window.data}:0")
    return Reply(texts.digest_came.format(day=texts.say_day(issue.day)), ((again,),))


# ------------------------------------------------------------------------------------------------- buttons

_Result = Reply | list[Reply] | None


async def press(update: Update, context: Context) -> None:
    """Do what a button says: menus change in place. The press is acknowledged first, whatever comes of it."""
    pressed = await accept(update, context, _CHANGES)
    if pressed is None:
        return
    message = pressed.message
    if pressed.action == "now":
        await _send_digest(message, context)
        return
    result = await asyncio.to_thread(_ACTIONS[pressed.action], context, message.chat_id, pressed.rest)
    if isinstance(result, list):
        for reply in result:
            await send_to(message, reply)
    elif result is not None:
        await edit(message, result)


def _press_menu(context: Context, _chat_id: int, rest: str) -> _Result:
    if rest == _TYPED:
        return [Reply(context.texts.ask_place, prompt=Prompt(context.texts.place_example))]
    code, _, page = rest.partition(":")
    listing = context.services.library.listing(code or None)
    if listing is None or not (page.isascii() and page.isdigit()):
        return Reply(context.texts.too_old)
    return menus.render_listing(listing, int(page), context.texts)


def _press_subscribe(context: Context, chat_id: int, code: str) -> _Result:
    if not context.services.library.is_division(code):
        return [Reply(context.texts.too_old)]
    return _follow(context, chat_id, [Choice(code)])


def _press_list(context: Context, chat_id: int, rest: str) -> _Result:
    listed = list_subscriptions(context, chat_id)
    return [listed] if rest == _APART else listed


def _press_edit(context: Context, chat_id: int, rest: str) -> _Result:
    subscriber = context.services.subscribers.get(chat_id)
    for each in subscriber.subscriptions if subscriber else ():
        if str(each.id) == rest:
            return menus.render_one(each, context.services.library.name_of, context.texts)
    return list_subscriptions(context, chat_id)


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
    return list_subscriptions(context, chat_id)


def _press_hour(context: Context, chat_id: int, rest: str) -> _Result:
    return (
        _change_hours(context, chat_id, rest, parse_hours) if rest else menus.render_hour_menu(context.texts)
    )


def _press_quiet(context: Context, chat_id: int, rest: str) -> _Result:
    return (
        _change_hours(context, chat_id, rest, parse_quiet) if rest else menus.render_quiet_menu(context.texts)
    )


def _press_zone(context: Context, chat_id: int, rest: str) -> _Result:
    texts = context.texts
    if rest == _TYPED:
        return [Reply(texts.ask_zone_name, prompt=Prompt(texts.zone_example))]
    return _change_hours(context, chat_id, rest, parse_zone) if rest else menus.render_zone_menu(texts)


def _press_pause(context: Context, chat_id: int, rest: str) -> _Result:
    services = context.services
    subscriber = services.subscribers.get(chat_id)
    if rest == _APART:  # under a digest, which stays as it is
        services.subscribers.set_state(chat_id, ChatState.PAUSED, services.clock())
        return [list_subscriptions(context, chat_id)]
    if subscriber is not None:
        is_active = subscriber.state is ChatState.ACTIVE
        state = ChatState.PAUSED if is_active else ChatState.ACTIVE
        services.subscribers.set_state(chat_id, state, services.clock())
    return list_subscriptions(context, chat_id)


def _press_empty(context: Context, chat_id: int, _rest: str) -> _Result:
    services = context.services
    subscriber = services.subscribers.get(chat_id)
    if subscriber is not None:
        services.subscribers.set_wants_empty(chat_id, not subscriber.wants_empty, services.clock())
    return list_subscriptions(context, chat_id)


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
}
_CHANGES = frozenset("s t d h q z p n".split())
"""Buttons that change a chat's subscriptions and settings: in groups they are for admins alone."""
HANDLERS = Handlers(
    commands_and_posts={
        "subscribe": subscribe,
        "subscriptions": show_subscriptions,
        "unsubscribe": unsubscribe,
        "digest": show_digest,
        "hour": set_hour,
        "zone": set_zone,
        "quiet": set_quiet,
    },
    buttons=dict.fromkeys([*_ACTIONS, "now"], press),
    messages=((ANSWERS_PLACE, subscribe), (ANSWERS_ZONE, set_zone)),
)
