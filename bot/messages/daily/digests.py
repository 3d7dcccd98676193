"""How a chat's digest is written and paged through."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

from bot.chats.subscriptions import Subscriber
from bot.languages import Texts
from bot.messages.daily.issues import render_digest, render_page
from bot.messages.daily.weekly import going_on, render_week_issue
from bot.messages.daily.windows import Window
from bot.messages.links import Links
from bot.messages.reply import Reply
from retrieval import DigestItem, Edition, Gazetteer, Store, arrange, edition_since

_SHARED = timedelta(days=2)
"""What is built at least, so that chats that have seen more or less share it."""


_LOOKED_BACK = timedelta(weeks=4)
"""In which a weekly issue looks for what its stories go on from."""


class DigestWriter:
    """Writes chats' digests; a window's stories are built once for all chats. Safe for several threads."""

    def __init__(self, store: Store, gazetteer: Gazetteer) -> None:
        self._store = store
        self._gazetteer = gazetteer
        self._lock = threading.Lock()
        self._cached: tuple[Window, Edition] | None = None
        self._cached_before: tuple[Window, Edition] | None = None

    def known_until(self) -> datetime | None:
        """When the last article became known; None while there is none."""
        return self._store.known_until()

    def write(
        self,
        subscriber: Subscriber,
        window: Window,
        day: date,
        links: Links,
        texts: Texts,
        *,
        is_rich: bool = False,
    ) -> list[Reply]:
        """The messages of a chat's digest; [] if there is nothing and the chat does not want to hear that.

        `texts` is the chat's language. With `is_rich` the first has all of it as one rich message too.
        """
        items = self.items(subscriber, window)
        if not items:
            title = texts.digest_title.format(day=texts.say_day(day))
            return [Reply(f"{title}\n{texts.nothing_new}")] if subscriber.wants_empty else []
        placed = arrange(items, [each.code for each in subscriber.choices])
        is_group = subscriber.chat_id < 0
        if subscriber.hours.weekday is None:
            return render_digest(
                placed, day, window, self._gazetteer, links, texts, is_group=is_group, is_rich=is_rich
            )
        before = self._before(window).choose(subscriber.choices)
        continuing = going_on(items, before)
        return render_week_issue(
            placed,
            continuing,
            day,
            window,
            self._gazetteer,
            links,
            texts,
            is_group=is_group,
            is_rich=is_rich,
        )

    def page(
        self, subscriber: Subscriber, window: Window, first: int, day: date, links: Links, texts: Texts
    ) -> Reply | None:
        """One message of the stories from `first` on, to be turned in place; None behind the last."""
        items = self.items(subscriber, window)
        if first >= len(items):
            return None
        placed = arrange(items, [each.code for each in subscriber.choices])
        return render_page(placed, first, day, window, self._gazetteer, links, texts)

    def _before(self, window: Window) -> Edition:
        """The stories of the weeks before a window, from which others go on; built once for all chats of an hour."""
        with self._lock:
            if self._cached_before is None or self._cached_before[0] != window:
                edition = edition_since(
                    self._store, self._gazetteer, window.since - _LOOKED_BACK, window.since
                )
                self._cached_before = (window, edition)
            return self._cached_before[1]

    def items(self, subscriber: Subscriber, window: Window) -> list[DigestItem]:
        """The stories that a chat's subscriptions choose from a window."""
        return self._edition(window).choose(subscriber.choices, window.since)

    def _edition(self, window: Window) -> Edition:
        """The stories of a window or of one that begins earlier, as chats differ in what they have seen."""
        with self._lock:
            if self._cached is not None:
                cached, edition = self._cached
                if cached.until == window.until and cached.since <= window.since:
                    return edition
            since = min(window.since, window.until - _SHARED)
            edition = edition_since(self._store, self._gazetteer, since, window.until)
            self._cached = (Window(since, window.until), edition)
            return edition
