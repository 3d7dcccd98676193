"""The Telegram application: handlers, limits, errors, start and stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Sequence
from typing import Any

from telegram import Update
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationHandlerStop,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import admin, feedback, following, groups, inline, opening, replies, speaking, subscriptions
from bot.broadcast import Broadcaster, Lane
from bot.context import App, BotData, Context, Services
from bot.errors import BotError
from bot.languages import typed
from bot.questions import ask, press, refuse_other, show_help, show_place, thread_of
from bot.watching import Poller, Watcher
from embeddings import EncoderUnreachable
from retrieval import RetrievalError, Unreachable

_log = logging.getLogger(__name__)

_UPDATES: Sequence[str] = (
    Update.MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)
_ANYWHERE = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
_AT_ONCE = 16
"""Updates handled at the same time; answers themselves are computed in threads."""
_BOOT_TRIES = 3
_STOP_SECONDS = 10.0


def build_application(token: str, api: str, services: Services) -> App:
    """The application, ready to run. `api` is the root of a Bot API server."""
    types: ContextTypes[Context, dict[Any, Any], dict[Any, Any], BotData] = ContextTypes(
        context=Context, bot_data=BotData
    )
    application: App = (
        Application.builder()
        .token(token)
        .base_url(f"{api}/bot")
        .base_file_url(f"{api}/file/bot")
        .context_types(types)
        .rate_limiter(AIORateLimiter(overall_max_rate=25, overall_time_period=1, max_retries=5))
        .concurrent_updates(_AT_ONCE)
        .post_init(_begin)
        .post_stop(_end)
        .build()
    )
    application.bot_data.services = services
    application.add_handler(CommandHandler("start", opening.start))
    application.add_handler(CommandHandler("help", show_help))
    application.add_handler(CommandHandler("place", show_place))
    application.add_handler(TypeHandler(Update, speaking.recognise), group=-1)
    application.add_handler(TypeHandler(Update, groups.let_pass), group=-2)
    application.add_handler(InlineQueryHandler(inline.offer_passages))
    application.add_handler(CommandHandler("ask", groups.ask_by_command))
    application.add_handler(CommandHandler("settings", groups.show_settings, filters=_ANYWHERE))
    application.add_handler(CallbackQueryHandler(groups.change, pattern=groups.PATTERN))
    application.add_handler(CallbackQueryHandler(opening.turn, pattern=opening.PATTERN))
    application.add_handler(CommandHandler("language", speaking.ask_language, filters=_ANYWHERE))
    application.add_handler(CallbackQueryHandler(speaking.choose, pattern=speaking.PATTERN))
    for name, handler in subscriptions.COMMANDS.items():
        application.add_handler(CommandHandler(name, handler, filters=_ANYWHERE))
    application.add_handler(CallbackQueryHandler(subscriptions.press, pattern=subscriptions.PATTERN))
    application.add_handler(CommandHandler("watch", following.watch, filters=_ANYWHERE))
    application.add_handler(CallbackQueryHandler(following.press, pattern=following.PATTERN))
    application.add_handler(CallbackQueryHandler(feedback.press, pattern=feedback.PATTERN))
    application.add_handler(ChatMemberHandler(subscriptions.member_changed, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, subscriptions.migrate_chat))
    for name, handler in (("remove", admin.remove), ("reread", admin.reread)):
        application.add_handler(CommandHandler(name, handler))
    application.add_handler(CallbackQueryHandler(admin.decide, pattern=r"^(?:take|drop):"))
    wishes = filters.Document.FileExtension("json") & _ANYWHERE
    application.add_handler(MessageHandler(wishes, subscriptions.import_file))
    application.add_handler(
        MessageHandler(filters.Document.ALL & filters.ChatType.PRIVATE, admin.receive_page)
    )
    application.add_handler(CallbackQueryHandler(press))
    to_be_told = filters.UpdateType.MESSAGE & filters.TEXT & ~filters.COMMAND & following.ASKS_TO_BE_TOLD
    application.add_handler(MessageHandler(to_be_told, following.watch))
    in_group = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(in_group & filters.TEXT & ~filters.COMMAND, groups.ask_in_group))
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(private & filters.TEXT & ~filters.COMMAND, ask))
    application.add_handler(MessageHandler(private & filters.COMMAND, show_help))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, refuse_other))
    application.add_error_handler(report_error)
    return application


async def _begin(application: App) -> None:
    """Tell Telegram the commands, begin to send digests and to watch folders."""
    await speaking.tell_commands(application.bot)
    data = application.bot_data
    runs = [(each, each.run()) for each in (data.broadcaster, *data.watchers) if each is not None]
    data.tasks = tuple(asyncio.create_task(run, name=type(each).__name__) for each, run in runs)
    for task in data.tasks:
        task.add_done_callback(_report_end)


async def _end(application: App) -> None:
    """Let the message and the page under way be finished."""
    data = application.bot_data
    for each in (data.broadcaster, *data.watchers):
        if each is not None:
            each.stop()
    if data.tasks:
        await asyncio.wait(data.tasks, timeout=_STOP_SECONDS)


def _report_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _log.error("the %s has stopped: restart the bot", task.get_name(), exc_info=task.exception())


async def report_error(update: object, context: Context) -> None:
    """Give the person an apology and the operator the trace, both with one code."""
    error = context.error
    if update is None and isinstance(error, NetworkError):
        _log.warning("Telegram cannot be reached (%s); trying on", type(error).__name__)
        return
    code = secrets.token_hex(3)
    is_away = isinstance(error, Unreachable | EncoderUnreachable)
    if is_away:
        _log.error("error %s: a server is away: %s", code, error)
    else:
        _log.error("error %s while handling an update", code, exc_info=error)
    if isinstance(update, Update) and update.effective_chat is not None:
        # else the apology is in 简体中文; who has waited for one server does not wait for another
        with contextlib.suppress(RetrievalError, TelegramError, TimeoutError):
            await asyncio.wait_for(speaking.recognise(update, context), 1.0)
        text = context.texts.unreachable if is_away else replies.apology(context.texts, code)
        try:
            message = update.effective_message
            await update.effective_chat.send_message(
                text,
                message_thread_id=thread_of(message) if message else None,
            )
        except TelegramError as failure:
            _log.warning("error %s: the apology could not be sent (%s)", code, type(failure).__name__)
    if is_away:
        raise ApplicationHandlerStop  # the handlers that are left need the same server


def run_bot(
    token: str,
    api: str,
    services: Services,
    broadcaster: Broadcaster,
    watchers: Sequence[Watcher | Poller | Lane],
) -> None:
    """Run until a signal to stop: answer questions, send digests, keep up with folders and feeds.

    Raises BotError if the token is refused or the server not reached.
    """
    forgotten = services.storage.forget_old_answers()
    _log.info("forgot %d old answers", forgotten)
    services.library.ask(typed.WARM_UP_QUESTION, k=1)
    application = build_application(token, api, services)
    application.bot_data.broadcaster = broadcaster
    application.bot_data.watchers = tuple(watchers)
    try:
        application.run_polling(allowed_updates=list(_UPDATES), bootstrap_retries=_BOOT_TRIES)
    except InvalidToken:
        raise BotError(
            "TELEGRAM_BOT_TOKEN: Telegram does not know this token: copy it again from @BotFather"
        ) from None
    except NetworkError as error:
        raise BotError(
            f"{api}: Telegram cannot be reached ({type(error).__name__}): check the network and TELEGRAM_API_BASE_URL"
        ) from None
