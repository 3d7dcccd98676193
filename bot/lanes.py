"""The lanes of `yunwen deliver`: digests, and answers to standing questions, apart from the bot."""

from __future__ import annotations

from bot.broadcast import Lane, Pace, open_broadcaster
from bot.chats import open_chats
from bot.composition import open_newsroom, open_storage, open_store
from bot.digests import DigestWriter
from bot.settings import Settings
from bot.telling import open_teller
from retrieval import Gazetteer


def open_lanes(settings: Settings, token: str, *, is_hurried: bool) -> list[Lane]:
    """Both lanes at one pace, over the user's store and chats; `is_hurried`: the store need not rest first."""
    store = open_store(settings)
    writer = DigestWriter(store, Gazetteer.load())
    engine, in_flight = open_chats(settings.chats_url, store.engine), settings.digest_in_flight
    api, pace = settings.telegram_api, Pace(settings.digest_per_second)
    newsroom = open_newsroom(settings, store)
    storage = open_storage(engine, newsroom.open_answerer)
    return [
        open_broadcaster(token, api, engine, writer, pace, in_flight),
        open_teller(token, api, newsroom, storage, pace, in_flight, is_hurried=is_hurried),
    ]
