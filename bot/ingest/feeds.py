"""Feeds looked at by a process of their own, so that no server holds up what else is taken in, and put into the store."""

from __future__ import annotations

import json
from hashlib import blake2b

from bot.ingest.lock import ingest_lock
from bot.ingest.watchers import PutFeed
from bot.settings import Settings
from retrieval import FeedPages, FeedReader, FeedState, Fetcher, Ingester, ReadingLimits, Report, Store


class FeedLooks:
    """Looks at feeds, one at a time; what the servers said last is read from the store, which is not written to."""

    def __init__(self, settings: Settings, store: Store, fetcher: Fetcher | None = None) -> None:
        self._store = store
        self._follows_links = settings.feed_full_text
        self._reader = FeedReader(
            fetcher or fetcher_of(settings),
            follow_links=settings.feed_full_text,
            limits=reading_limits(settings),
        )

    def look(self, feed: str) -> FeedPages:
        """Return what a feed has; raises FetchError, ReadingError, StoreError."""
        etag, last_modified = json.loads(self._store.note(_note(feed)) or "[null, null]")
        # a linked page is fetched once; without links an entry that changed is put again
        known = frozenset(self._store.page_states()) if self._follows_links else frozenset()
        return self._reader.look(feed, FeedState(etag, last_modified), known=known)

    def give_up(self) -> None:
        """End the look under way, which then fails, whatever it waits for."""
        self._reader.give_up()


def fetcher_of(settings: Settings) -> Fetcher:
    """What fetches for feeds and papers as the settings allow."""
    return Fetcher(allow_private=settings.fetch_private, agent=settings.fetch_agent)


def reading_limits(settings: Settings) -> ReadingLimits:
    """What reading one page, or one look at a feed, may take."""
    return ReadingLimits(settings.reading_seconds, settings.reading_megabytes * 1_000_000)


def open_put_feed(settings: Settings, store: Store, ingester: Ingester) -> PutFeed:
    """What puts a feed's entries into the store, and then keeps what its server said."""

    def put(found: FeedPages) -> Report:
        with ingest_lock(settings.home, store.engine):
            report = ingester.put_pages(found.pages)
        report.skipped.extend(found.skipped)
        store.keep_note(_note(found.url), json.dumps([found.state.etag, found.state.last_modified]))
        return report

    return put


def _note(feed: str) -> str:
    return f"feed:{blake2b(feed.encode(), digest_size=10).hexdigest()}"
