"""The Telegram bot, put together from the settings and ready to run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from bot.composition import open_library, open_operation, open_services, open_web, open_writing_ingester
from bot.errors import BotError
from bot.ingest.feeds import FeedLooks
from bot.ingest.papers import PaperLooks, open_follower
from bot.ingest.process import IngestProcess
from bot.ingest.watchers import open_watchers
from bot.ingest.work import counted
from bot.metrics import Metrics
from bot.settings import Settings
from bot.telegram.client.pace import Pace
from bot.telegram.delivery.digests import open_broadcaster
from bot.telegram.delivery.paper_alarms import open_alarm_teller
from bot.telegram.delivery.standing_questions import ArticleSource, open_answer_sender
from bot.telegram.lifetime import BotRun, Job
from retrieval import WARM_UP_QUESTION

_log = logging.getLogger(__name__)


@contextmanager
def prepared_bot(settings: Settings) -> Iterator[Callable[[], BotRun]]:
    """What makes the one run of the bot, warmed up; the process that ingests for it ends with the context.

    Raises BotError if there is no token, nothing has been read yet, or a setting is of no use.
    """
    token = telegram_token(settings)
    library = open_library(settings)
    operation, metrics = open_operation(settings), Metrics()
    ingesting = IngestProcess(settings, open_writing_ingester)
    ingest = counted(ingesting.ingest, metrics)
    services = open_services(settings, library, ingest if settings.bot_ingests else None)
    engine, in_flight = services.storage.engine, settings.digest_in_flight
    api, pace = settings.telegram_api, Pace(settings.digest_per_second)
    web_url = settings.web_url
    jobs: list[Job] = []
    if settings.web_listen:
        jobs.append(open_web(settings, library, engine, settings.web_listen, operation.answering, metrics))
    if settings.admins:
        jobs.append(open_alarm_teller(token, api, library.store, services.preferences, settings.admins))
    if settings.bot_sends:
        articles = ArticleSource(library.store, lambda: library.answerer)
        jobs.append(
            open_broadcaster(
                token, api, engine, services.writer, pace, in_flight, web_url, rich=operation.rich
            )
        )
        jobs.append(
            open_answer_sender(token, api, articles, services.storage, pace, in_flight, web_url=web_url)
        )
    if settings.bot_ingests:
        looks = FeedLooks(settings, library.store)
        jobs += open_watchers(
            settings,
            settings.page_folders,
            ingest,
            counted(looks.look, metrics),
            counted(ingesting.put_feed, metrics),
            looks.give_up,
        )
        papers = PaperLooks(settings, library.store)
        put_issue = counted(ingesting.put_issue, metrics)
        jobs += open_follower(settings, library.store, papers.look, put_issue, papers.give_up)
    _log.info("forgot %d old answers", services.storage.forget_old_answers())
    # dictionaries and the model are read before the first person asks
    library.ask(WARM_UP_QUESTION, k=1)
    try:
        yield partial(BotRun, token, api, services, jobs, operation, metrics, ingesting.close)
    finally:
        ingesting.close()


def telegram_token(settings: Settings) -> str:
    """Return the token; raises BotError where none is set."""
    if settings.telegram_token is None:
        raise BotError(
            "TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it into .env, or use `yunwen chat`"
        )
    return settings.telegram_token.get_secret_value()
