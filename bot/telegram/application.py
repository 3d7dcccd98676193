"""The Telegram application: its commands, handlers and what becomes of errors."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from typing import Any

from telegram import Message, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
    BaseRateLimiter,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.languages import texts_of
from bot.messages.reply import Reply
from bot.telegram.client.connections import Requests
from bot.telegram.client.sending import send_to
from bot.telegram.context import App, BotData, Context, Services, presume
from bot.telegram.handlers import (
    answer_buttons,
    feedback,
    groups,
    inline,
    language,
    moderation,
    privacy,
    standing_questions,
    start,
    subscriptions,
    uploads,
)
from bot.telegram.handlers.courses import stories, timelines, weeks
from bot.telegram.registration import MESSAGE_OR_POST, Handlers, merge_buttons
from bot.telegram.rendering import apology
from bot.telegram.spoken import commands, edits
from embeddings import EncoderUnreachable
from retrieval import Unreachable

_log = logging.getLogger(__name__)

_CONNECTIONS = 32
"""To Telegram, beside the one for updates."""
_POOL_SECONDS = 30.0
MODULES: Sequence[Handlers] = (
    start.HANDLERS,
    language.HANDLERS,
    commands.HANDLERS,
    subscriptions.HANDLERS,
    standing_questions.HANDLERS,
    privacy.HANDLERS,
    feedback.HANDLERS,
    uploads.HANDLERS,
    moderation.HANDLERS,
    inline.HANDLERS,
    answer_buttons.HANDLERS,
    edits.HANDLERS,
    timelines.HANDLERS,
    stories.HANDLERS,
    weeks.HANDLERS,
    groups.HANDLERS,
    commands.LAST,
)
"""In the order in which messages are offered to them."""
_BUTTONS = merge_buttons(MODULES)


def build_application(token: str, api: str, services: Services, limiter: BaseRateLimiter[Any]) -> App:
    """The application, ready to run. `api` is the root of a Bot API server; `limiter` paces what is sent."""
    types: ContextTypes[Context, dict[Any, Any], dict[Any, Any], BotData] = ContextTypes(
        context=Context, bot_data=BotData
    )
    application: App = (
        Application.builder()
        .token(token)
        .base_url(f"{api}/bot")
        .base_file_url(f"{api}/file/bot")
        .context_types(types)
        .request(Requests(_CONNECTIONS, _POOL_SECONDS))
        .get_updates_request(Requests(1, _POOL_SECONDS))
        .rate_limiter(limiter)
        .updater(None)  # bot.telegram.updates receives updates, and keeps them until they are handled
        .build()
    )
    application.bot_data.services = services
    application.add_handler(TypeHandler(Update, language.recognise), group=-1)
    for module in MODULES:
        for name, handler in module.commands.items():
            application.add_handler(CommandHandler(name, handler, filters=filters.UpdateType.MESSAGE))
        for name, handler in module.commands_and_posts.items():
            application.add_handler(CommandHandler(name, handler, filters=MESSAGE_OR_POST))
        application.add_handlers(list(module.others))
    application.add_handler(CallbackQueryHandler(_press_button))
    for module in MODULES:
        for chosen, handler in module.messages:
            application.add_handler(MessageHandler(chosen, handler))
    application.add_error_handler(report_error)
    return application


async def _press_button(update: Update, context: Context) -> None:
    """Do what a button says; one of an older version is too old."""
    query = update.callback_query
    prefix = (query.data or "").partition(":")[0] if query is not None else ""
    await _BUTTONS.get(prefix, answer_buttons.say_too_old)(update, context)


async def report_error(update: object, context: Context) -> None:
    """Give the person an apology and the operator the trace, both with one code."""
    error = context.error
    code = secrets.token_hex(3)
    is_away = isinstance(error, Unreachable | EncoderUnreachable)
    context.bot_data.metrics.count_error(error)
    if is_away:
        _log.error("error %s: a server is away: %s", code, error, extra={"code": code})
    else:
        _log.error("error %s while handling an update", code, exc_info=error, extra={"code": code})
    if isinstance(update, Update):
        # who has waited for one server does not wait for another: the language is the one remembered
        texts = texts_of(presume(update, context.services.preferences))
        try:
            await _apologise(update, texts.unreachable if is_away else apology(texts, code))
        except TelegramError as failure:
            _log.warning("error %s: the apology could not be sent (%s)", code, type(failure).__name__)
    raise ApplicationHandlerStop  # an apology is not followed by an answer


async def _apologise(update: Update, text: str) -> None:
    """Say it where the update came from; to an inline query that there is nothing, as it has no chat."""
    if update.inline_query is not None:
        await update.inline_query.answer([], cache_time=0, is_personal=True)
    elif isinstance(update.effective_message, Message):
        await send_to(update.effective_message, Reply(text, is_html=False))
    elif update.effective_chat is not None:
        await update.effective_chat.send_message(text)
