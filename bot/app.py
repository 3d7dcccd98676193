"""The Telegram application: its commands, handlers and what becomes of errors."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from typing import Any

from telegram import BotCommand, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    BaseRateLimiter,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import admin, moderation, replies, subscriptions
from bot.context import App, BotData, Context, Services
from bot.questions import ask, press, refuse_other, show_help, show_place, start

_log = logging.getLogger(__name__)

COMMANDS = (
    BotCommand("start", "开始，看几个例子"),
    BotCommand("subscribe", "订阅一个地方的日报"),
    BotCommand("subscriptions", "看和改订阅"),
    BotCommand("unsubscribe", "取消订阅"),
    BotCommand("digest", "马上看今天的日报"),
    BotCommand("hour", "几点发日报，如 /hour 7"),
    BotCommand("quiet", "免打扰时段，如 /quiet 22-7"),
    BotCommand("zone", "时区，如 /zone Asia/Urumqi"),
    BotCommand("export", "导出订阅"),
    BotCommand("privacy", "记下了什么"),
    BotCommand("forget", "删除关于这里的一切"),
    BotCommand("place", "一个地方有哪些下属旗县、各有多少篇"),
    BotCommand("help", "怎么问"),
)
UPDATES: Sequence[str] = (
    Update.MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
)
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
        .rate_limiter(limiter)
        .updater(None)  # bot.polling and bot.serving receive updates, and keep them until they are handled
        .build()
    )
    application.bot_data.services = services
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CommandHandler("help", show_help))
    application.add_handler(CommandHandler("place", show_place))
    application.add_handler(TypeHandler(Update, subscriptions.notice), group=-1)
    for name, handler in subscriptions.COMMANDS.items():
        application.add_handler(CommandHandler(name, handler, filters=_ANYWHERE))
    application.add_handler(CallbackQueryHandler(subscriptions.press, pattern=subscriptions.PATTERN))
    application.add_handler(ChatMemberHandler(subscriptions.member_changed, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, subscriptions.migrate_chat))
    for name, handler in (
        ("remove", admin.remove),
        ("reread", admin.reread),
        ("block", moderation.block),
        ("unblock", moderation.unblock),
    ):
        application.add_handler(CommandHandler(name, handler))
    application.add_handler(CallbackQueryHandler(admin.decide, pattern=r"^(?:take|drop):"))
    wishes = filters.Document.FileExtension("json") & _ANYWHERE
    application.add_handler(MessageHandler(wishes, subscriptions.import_file))
    application.add_handler(
        MessageHandler(filters.Document.ALL & filters.ChatType.PRIVATE, admin.receive_page)
    )
    application.add_handler(CallbackQueryHandler(press))
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(private & filters.TEXT & ~filters.COMMAND, ask))
    application.add_handler(MessageHandler(private & filters.COMMAND, show_help))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, refuse_other))
    application.add_error_handler(report_error)
    return application


async def report_error(update: object, context: Context) -> None:
    """Give the person an apology and the operator the trace, both with one code."""
    error = context.error
    code = secrets.token_hex(3)
    context.bot_data.metrics.count_error(error)
    _log.error("error %s while handling an update", code, exc_info=error, extra={"code": code})
    if isinstance(update, Update) and update.effective_chat is not None:
        try:
            await update.effective_chat.send_message(replies.apology(code))
        except TelegramError as failure:
            _log.warning("error %s: the apology could not be sent (%s)", code, type(failure).__name__)
