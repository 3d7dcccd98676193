"""The Telegram application: its commands, handlers and what becomes of errors."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
    BaseRateLimiter,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.languages import texts_of
from bot.messages import answers as replies
from bot.telegram.client.connections import Requests
from bot.telegram.client.sending import thread_of
from bot.telegram.context import App, BotData, Context, Services, presume
from bot.telegram.handlers import feedback, groups, inline, language, membership, moderation, subscriptions
from bot.telegram.handlers import privacy as custody
from bot.telegram.handlers import standing_questions as following
from bot.telegram.handlers import start as opening
from bot.telegram.handlers import uploads as admin
from bot.telegram.handlers.answer_buttons import press
from bot.telegram.handlers.questions import ask
from bot.telegram.handlers.start import show_help, show_place
from embeddings import EncoderUnreachable
from retrieval import Unreachable

_log = logging.getLogger(__name__)

UPDATES: Sequence[str] = (
    Update.MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)
_CONNECTIONS = 32
"""To Telegram, beside the one for updates."""
_POOL_SECONDS = 30.0
_ANYWHERE = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST


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
        .updater(None)  # bot.polling and bot.serving receive updates, and keep them until they are handled
        .build()
    )
    application.bot_data.services = services
    application.add_handler(CommandHandler("start", opening.start))
    application.add_handler(CommandHandler("help", show_help))
    application.add_handler(CommandHandler("place", show_place))
    application.add_handler(TypeHandler(Update, language.recognise), group=-1)
    application.add_handler(TypeHandler(Update, groups.let_pass), group=-2)
    application.add_handler(InlineQueryHandler(inline.offer_passages))
    application.add_handler(CommandHandler("ask", groups.ask_by_command))
    application.add_handler(CommandHandler("settings", groups.show_settings, filters=_ANYWHERE))
    application.add_handler(CallbackQueryHandler(groups.change, pattern=groups.PATTERN))
    application.add_handler(CallbackQueryHandler(opening.turn, pattern=opening.PATTERN))
    application.add_handler(CommandHandler("language", language.ask_language, filters=_ANYWHERE))
    application.add_handler(CallbackQueryHandler(language.choose, pattern=language.PATTERN))
    for name, handler in (*subscriptions.COMMANDS.items(), *custody.COMMANDS.items()):
        application.add_handler(CommandHandler(name, handler, filters=_ANYWHERE))
    application.add_handler(CallbackQueryHandler(subscriptions.press, pattern=subscriptions.PATTERN))
    application.add_handler(CallbackQueryHandler(custody.forget, pattern=custody.PATTERN))
    application.add_handler(CommandHandler("watch", following.watch, filters=_ANYWHERE))
    application.add_handler(CallbackQueryHandler(following.press, pattern=following.PATTERN))
    application.add_handler(CallbackQueryHandler(feedback.press, pattern=feedback.PATTERN))
    application.add_handler(ChatMemberHandler(membership.member_changed, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, membership.migrate_chat))
    for name, handler in (
        ("remove", admin.remove),
        ("reread", admin.reread),
        ("block", moderation.block),
        ("unblock", moderation.unblock),
    ):
        application.add_handler(CommandHandler(name, handler))
    application.add_handler(CallbackQueryHandler(admin.decide, pattern=r"^(?:take|drop):"))
    exports = filters.Document.FileExtension("json") & _ANYWHERE
    application.add_handler(MessageHandler(exports, custody.import_file))
    application.add_handler(
        MessageHandler(filters.Document.ALL & filters.ChatType.PRIVATE, admin.receive_page)
    )
    application.add_handler(CallbackQueryHandler(press))
    to_be_told = filters.UpdateType.MESSAGE & filters.TEXT & ~filters.COMMAND & following.ASKS_TO_BE_TOLD
    application.add_handler(MessageHandler(to_be_told, following.watch))
    in_group = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
    said = (filters.TEXT & ~filters.COMMAND) | filters.CAPTION
    application.add_handler(MessageHandler(in_group & said, groups.ask_in_group))
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(private & filters.COMMAND, show_help))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, ask))
    application.add_error_handler(report_error)
    return application


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
            await _apologise(update, texts.unreachable if is_away else replies.apology(texts, code))
        except TelegramError as failure:
            _log.warning("error %s: the apology could not be sent (%s)", code, type(failure).__name__)
    raise ApplicationHandlerStop  # an apology is not followed by an answer


async def _apologise(update: Update, text: str) -> None:
    """Say it where the update came from; to an inline query that there is nothing, as it has no chat."""
    if update.inline_query is not None:
        await update.inline_query.answer([], cache_time=0, is_personal=True)
    elif update.effective_chat is not None:
        message = update.effective_message
        thread_id = thread_of(message) if message else None
        await update.effective_chat.send_message(text, message_thread_id=thread_id)
