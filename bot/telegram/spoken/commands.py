"""Handlers for what is said instead of asked: commands in words, greetings, words that go on from the last answer.

A command in words is done by the handler of the command itself, which is given the message as if the command had been typed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from telegram import Message, Update
from telegram.ext import filters

from bot.chats.answers import GivenAnswer
from bot.chats.hours import Hours
from bot.chats.subscription_text import SubscriptionError, parse_hours
from bot.chats.subscriptions import ChatState
from bot.languages import keywords
from bot.languages.intent_table import COURTESIES, Act
from bot.languages.intents import Intent, recognise_intent
from bot.languages.typed import is_of_picture
from bot.messages.reply import Button, Reply
from bot.messages.unasked import hear_meaning, say_courtesy
from bot.telegram.addressing import addressed_text
from bot.telegram.client.sending import GROUPS, argument_of, send_to
from bot.telegram.context import Context
from bot.telegram.handlers import (
    feedback,
    groups,
    language,
    privacy,
    standing_questions,
    start,
    subscriptions,
)
from bot.telegram.handlers.answer_buttons import open_report, send_full, send_more
from bot.telegram.handlers.answering import say
from bot.telegram.handlers.callbacks import may_change
from bot.telegram.handlers.courses import stories
from bot.telegram.handlers.groups import say_how
from bot.telegram.handlers.questions import answer_text, spoken_of
from bot.telegram.handlers.standing_questions import ASKS_TO_BE_TOLD
from bot.telegram.registration import Handler, Handlers
from bot.telegram.rendering import render_author, render_where

_ASK = "ask"
ASKED = re.compile(rf"/{_ASK}(?:@\w+)?(?:\s|$)", re.IGNORECASE)
"""How a message begins that is asked by the command."""
WORDS = (filters.TEXT & ~filters.COMMAND) | (filters.CAPTION & ~filters.Document.ALL)
"""What may be said in words; those below a file belong to that."""
_OF_LAST = (Act.MORE, Act.FULL, Act.AUTHOR, Act.SOURCE, Act.OPEN, Act.STORY, Act.WRONG)
"""Said of the answer that a message goes on from."""
_LIKE_A_SENTENCE = 8
"""Characters behind 订阅 from which what is no place may be the rest of a question."""


def said_to_bot(message: Message) -> str | None:
    """A text, or the words below a picture, that is meant for the bot, without mentions of it; None if it is not.

    In private all is meant for the bot: "" is a message without words, or a question about what a picture shows.
    """
    if _is_asked(message):
        return argument_of(message)
    if message.chat.type not in GROUPS:
        caption = message.caption or ""
        return message.text or ("" if is_of_picture(caption) else caption)
    bot = message.get_bot()
    return addressed_text(message, bot.id, bot.username)


def _is_asked(message: Message) -> bool:
    """Whether it is /ask, which says in a group that what follows is meant for the bot."""
    return ASKED.match(message.text or "") is not None


class _IsCommandInWords(filters.MessageFilter):
    """Texts for the bot that are commands and courtesies by their words: they are what they say, whatever they reply to."""

    def filter(self, message: Message) -> bool:
        text = said_to_bot(message)
        return bool(text) and recognise_intent(text or "", is_place=lambda _name: True) is not None


async def respond(update: Update, context: Context) -> None:
    """Do what a message says, or answer what it asks."""
    message = update.effective_message
    text = said_to_bot(message) if message is not None else None
    if message is None or text is None:
        return
    is_group = message.chat.type in GROUPS
    if is_group and context.preferences.only_commands and not _is_asked(message):
        return
    if not text:
        if is_group or _is_asked(message):
            await say_how(message, context)
        else:
            await say(message, context, Reply(context.texts.only_text))
        return
    intent = recognise_intent(text, is_place=context.services.library.is_place_name)
    if intent is not None and await _done(update, context, message, intent):
        return
    if ASKS_TO_BE_TOLD.filter(message):
        await standing_questions.watch(update, context)
        return
    meant = await _hear_meaning(context, text) if intent is None else None
    if meant is None or not await _done(update, context, message, meant):
        await answer_text(message, context, text)


async def _hear_meaning(context: Context, text: str) -> Intent | None:
    """What a text says in words that no table knows; while many wait, it is a question."""
    if context.bot_data.is_busy():
        return None
    return await context.ask(hear_meaning, text, context.services.library.messages)


async def _done(update: Update, context: Context, message: Message, intent: Intent) -> bool:
    """Do what was said. Return whether it was that, and not a question that only looks like it."""
    if intent.act in COURTESIES:
        await say(message, context, Reply(say_courtesy(intent.act, context.texts)))
        return True
    if intent.act in (Act.PAUSE, Act.RESUME):
        await _pause(update, context, message, intent.act is Act.PAUSE)
        return True
    if intent.act in _OF_LAST:
        return await _go_on(message, context, intent)
    if intent.act is Act.SUBSCRIBE and not await _can_follow(context, intent.argument):
        return False
    when = " ".join(filter(None, (intent.days, "" if intent.hour is None else str(intent.hour))))
    if when and intent.act is Act.SUBSCRIBE and not await _keep_hour(update, context, message, when):
        return True
    await _COMMANDS[intent.act](_as_command(update, context, intent), context)
    return True


def _as_command(update: Update, context: Context, intent: Intent) -> Update:
    """The update as it had come if the command had been typed."""
    document = update.to_dict()
    kind = "message" if "message" in document else "edited_message"
    days = intent.days if intent.act is Act.HOUR else ""
    words = [f"/{intent.act}", days, intent.argument]
    document[kind] |= {"text": " ".join(filter(None, words)), "entities": []}
    return Update.de_json(document, context.bot)


async def _can_follow(context: Context, argument: str) -> bool:
    """Whether what stands behind 订阅 begins with a place, or is at least no sentence."""
    words = argument.translate(_SEPARATORS).split()
    if not words or len(argument) < _LIKE_A_SENTENCE:
        return True
    found = await asyncio.to_thread(context.services.library.find_place, words[0])
    return found.code is not None or bool(found.choices)


async def _keep_hour(update: Update, context: Context, message: Message, when: str) -> bool:
    """Have digests come at other times from now on, without a word: what was subscribed says it. Return whether it may be."""
    if not await may_change(update, context, message):
        return False
    services = context.services

    def keep() -> None:
        subscriber = services.subscribers.get(message.chat_id)
        try:
            hours = parse_hours(when, subscriber.hours if subscriber else Hours(), context.texts)
        except SubscriptionError:
            return
        services.subscribers.set_hours(message.chat_id, hours, services.clock())

    await asyncio.to_thread(keep)
    return True


async def _pause(update: Update, context: Context, message: Message, is_pause: bool) -> None:
    """Send nothing by itself any more, or again."""
    if not await may_change(update, context, message):
        return
    services, texts = context.services, context.texts
    state = ChatState.PAUSED if is_pause else ChatState.ACTIVE

    def change() -> Reply:
        subscriber = services.subscribers.get(message.chat_id)
        if subscriber is None:
            return Reply(texts.no_subscriptions)
        services.subscribers.set_state(message.chat_id, state, services.clock())
        button = Button(texts.my_subscriptions_button, "l")
        return Reply(texts.paused if is_pause else texts.resumed, ((button,),))

    await send_to(message, await asyncio.to_thread(change))


async def _go_on(message: Message, context: Context, intent: Intent) -> bool:
    """更多, 全文, 谁写的, 哪天的, 第二条, 后来怎么样了: of the answer that the message goes on from."""
    last = await asyncio.to_thread(spoken_of, context.services, message)
    if last is None or (intent.is_question_too and not last.hits):
        if intent.is_question_too:
            return False
        await send_to(message, Reply(context.texts.nothing_before))
    elif intent.act is Act.MORE:
        await send_more(message, context, last, last.n_pages)
    elif intent.act is Act.STORY:
        await stories.tell(message, context, last)
    elif intent.act is Act.WRONG:
        await feedback.ask_why(message, context, last)
    elif not last.hits:
        await send_to(message, Reply(context.texts.no_more))
    elif intent.act is Act.OPEN:
        if not await open_report(message, context, last, int(intent.argument)):
            await send_to(message, Reply(context.texts.no_more))
    elif intent.act is Act.FULL:
        await send_full(message, context, f"{last.hits[0].article_id}:0")
    else:
        await send_to(message, await asyncio.to_thread(_of_article, context, last, intent.act))
    return True


def _of_article(context: Context, last: GivenAnswer, act: Act) -> Reply:
    """Who wrote the article of an answer, or where it stands."""
    article = context.services.library.article(last.hits[0].article_id)
    if article is None:
        return Reply(context.texts.gone)
    render = render_author if act is Act.AUTHOR else render_where
    return render(article, context.texts, context.links)


_SEPARATORS = str.maketrans(dict.fromkeys(keywords.SEPARATORS, " "))
_COMMANDS: Mapping[Act, Handler] = {
    Act.SUBSCRIBE: subscriptions.subscribe,
    Act.UNSUBSCRIBE: subscriptions.unsubscribe,
    Act.SUBSCRIPTIONS: subscriptions.show_subscriptions,
    Act.HOUR: subscriptions.set_hour,
    Act.QUIET: subscriptions.set_quiet,
    Act.ZONE: subscriptions.set_zone,
    Act.DIGEST: subscriptions.show_digest,
    Act.HELP: start.show_help,
    Act.LANGUAGE: language.ask_language,
    Act.SETTINGS: groups.show_settings,
    Act.EXPORT: privacy.export,
    Act.PRIVACY: privacy.show_privacy,
    Act.FORGET: privacy.ask_to_forget,
    Act.OFFICES: start.show_offices,
    Act.WATCH: standing_questions.watch,
}
"""The commands' own handlers."""
HANDLERS = Handlers(
    commands={_ASK: respond},
    messages=((filters.UpdateType.MESSAGE & WORDS & _IsCommandInWords(), respond),),
)
LAST = Handlers(
    messages=(
        (filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, respond),
        (filters.ChatType.GROUPS & filters.UpdateType.MESSAGE & (WORDS | filters.CAPTION), respond),
    )
)
"""What no other handler takes."""
