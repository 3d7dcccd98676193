"""The Telegram application: handlers, limits, errors, start and stop."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from typing import Any

from telegram import BotCommand, Update
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot import replies
from bot.context import App, BotData, Context, Library, Services
from bot.errors import BotError
from bot.questions import ask, press, refuse_other, show_help, show_place, start
from bot.storage import Storage

_log = logging.getLogger(__name__)

COMMANDS = (
    BotCommand("start", "开始，看几个例子"),
    BotCommand("place", "一个地方有哪些下属旗县、各有多少篇"),
    BotCommand("help", "怎么问"),
)
_UPDATES: Sequence[str] = (Update.MESSAGE, Update.CALLBACK_QUERY)
_AT_ONCE = 16
"""Updates handled at the same time; answers themselves are computed in threads."""
_BOOT_TRIES = 3


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
        .post_init(_set_commands)
        .build()
    )
    application.bot_data.services = services
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CommandHandler("help", show_help))
    application.add_handler(CommandHandler("place", show_place))
    application.add_handler(CallbackQueryHandler(press))
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(private & filters.TEXT & ~filters.COMMAND, ask))
    application.add_handler(MessageHandler(private & filters.COMMAND, show_help))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, refuse_other))
    application.add_error_handler(report_error)
    return application


async def _set_commands(application: App) -> None:
    await application.bot.set_my_commands(COMMANDS)


async def report_error(update: object, context: Context) -> None:
    """Give the person an apology and the operator the trace, both with one code."""
    error = context.error
    if update is None and isinstance(error, NetworkError):
        _log.warning("Telegram cannot be reached (%s); trying on", type(error).__name__)
        return
    code = secrets.token_hex(3)
    _log.error("error %s while handling an update", code, exc_info=error)
    if isinstance(update, Update) and update.effective_chat is not None:
        try:
            await update.effective_chat.send_message(replies.apology(code))
        except TelegramError as failure:
            _log.warning("error %s: the apology could not be sent (%s)", code, type(failure).__name__)


def run_bot(token: str, api: str, library: Library, storage: Storage) -> None:
    """Run until a signal to stop. Raises BotError if the token is refused or the server not reached."""
    forgotten = storage.forget_old_answers()
    _log.info("forgot %d old answers", forgotten)
    application = build_application(token, api, Services(library, storage))
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
