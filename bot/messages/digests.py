"""Stories to the messages of a digest, and how a chat's digest is written and paged through."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import escape

from bot.chats.subscriptions import Subscriber
from bot.languages import Texts
from bot.messages.answers import source_name
from bot.messages.links import Links
from bot.messages.reply import Button, Reply
from bot.messages.splitting import MESSAGE_UNITS, shorten, utf16_length
from retrieval import DigestItem, Edition, Gazetteer, Store, edition_since

SHOWN = 20
"""Stories that a digest has before its button for the rest."""
PER_PAGE = 8
"""Stories of a page that is turned in place."""
_MOST_ENTITIES = 96
"""Telegram formats at most 100 stretches of a message."""
_SENTENCE_CHARS = 160
_TITLE_UNITS, _SOURCE_UNITS = 80, 60
_SHARED = timedelta(days=2)
"""What is built at least, so that chats that have seen more or less share it."""


@dataclass(frozen=True, slots=True)
class Window:
    """What became known after `since`, up to and with `until`; both aware."""

    since: datetime
    until: datetime

    @property
    def data(self) -> str:
        """The window in a button: whole seconds, the first rounded down and the second up."""
        return f"{int(self.since.timestamp())}:{-int(-self.until.timestamp() // 1)}"

    @classmethod
    def parse(cls, first: str, last: str) -> Window:
        """A window from a button; raises ValueError."""
        return cls(*(datetime.fromtimestamp(int(each), UTC) for each in (first, last)))


class DigestWriter:
    """Writes chats' digests; a window's stories are built once for all chats. Safe for several threads."""

    def __init__(self, store: Store, gazetteer: Gazetteer) -> None:
        self._store = store
        self._gazetteer = gazetteer
        self._lock = threading.Lock()
        self._cached: tuple[Window, Edition] | None = None

    def known_until(self) -> datetime | None:
        """When the last article became known; None while there is none."""
        return self._store.known_until()

    def write(
        self, subscriber: Subscriber, window: Window, day: date, links: Links, texts: Texts
    ) -> list[Reply]:
        """The messages of a chat's digest; [] if there is nothing and the chat does not want to hear that.

        `texts` is the chat's language.
        """
        items = self.items(subscriber, window)
        if not items:
            title = texts.digest_title.format(day=texts.say_day(day))
            return [Reply(f"{title}\n{texts.nothing_new}")] if subscriber.wants_empty else []
        return render_digest(items, day, window, self._gazetteer, links, texts)

    def page(
        self, subscriber: Subscriber, window: Window, first: int, day: date, links: Links, texts: Texts
    ) -> Reply | None:
        """One message of the stories from `first` on, to be turned in place; None behind the last."""
        items = self.items(subscriber, window)
        if first >= len(items):
            return None
        return render_page(items, first, day, window, self._gazetteer, links, texts)

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


def render_digest(
    items: Sequence[DigestItem],
    day: date,
    window: Window,
    gazetteer: Gazetteer,
    links: Links,
    texts: Texts,
) -> list[Reply]:
    """Messages of the first SHOWN stories, below a heading for each division; none is cut apart."""
    head = texts.digest_head.format(day=texts.say_day(day), n=len(items))
    parts = [Reply(text) for text in _pack(head, _blocks(items[:SHOWN], gazetteer, links, texts))]
    if len(items) > SHOWN:
        button = Button(texts.rest_button.format(n=len(items) - SHOWN), f"page:{window.data}:{SHOWN}")
        parts[-1] = Reply(parts[-1].html, ((button,),))
    return parts


def render_page(
    items: Sequence[DigestItem],
    first: int,
    day: date,
    window: Window,
    gazetteer: Gazetteer,
    links: Links,
    texts: Texts,
) -> Reply:
    """As many stories from `first` on as one message takes, PER_PAGE at most, and buttons to the others."""
    n_shown = PER_PAGE
    while True:
        shown = items[first : first + n_shown]
        head = texts.digest_head.format(day=texts.say_day(day), n=len(items))
        head += texts.digest_range.format(first=first + 1, last=first + len(shown))
        parts = _pack(head, _blocks(shown, gazetteer, links, texts))
        if len(parts) == 1 or n_shown == 1:
            break
        n_shown -= 1
    turns = [Button("‹", f"leaf:{window.data}:{max(0, first - PER_PAGE)}")] if first else []
    if first + len(shown) < len(items):
        turns.append(Button("›", f"leaf:{window.data}:{first + len(shown)}"))
    return Reply(parts[0], (tuple(turns),) if turns else ())


def _blocks(
    items: Sequence[DigestItem], gazetteer: Gazetteer, links: Links, texts: Texts
) -> list[tuple[str, int]]:
    """Each story with how many formatted stretches it has, the first of a division below its heading."""
    blocks: list[tuple[str, int]] = []
    heading = None
    for item in items:
        path = _heading(item, gazetteer, texts)
        title = f"\n<b>{escape(path)}</b>\n" if path != heading else ""
        address = links.article(item.article.id)
        blocks.append((title + render_item(item, address, texts), 3 + bool(title)))
        heading = path
    return blocks


def render_item(item: DigestItem, address: str, texts: Texts) -> str:
    """A story: title to tap, its sentence with the first figure in bold, source and date."""
    article = item.article
    title = shorten(article.title, _TITLE_UNITS)
    issued = texts.say_day(article.date) if article.date else texts.date_unknown
    where = [shorten(source_name(article), _SOURCE_UNITS) if article.source else issued]
    if item.also:
        where.append(texts.also_told.format(n=len(item.also)))
    tapped = f'· <a href="{escape(address)}">{escape(title)}</a>'
    sentence = _sentence(item)
    if article.title_is_derived and sentence.startswith(escape(article.title)):
        # a brief's title is how its first sentence begins: it is not said twice
        said = tapped + sentence[len(escape(article.title)) :]
    else:
        said = f"{tapped}\n{sentence}"
    return f"{said}\n<i>{escape(' · '.join(where))}</i>"


def _sentence(item: DigestItem) -> str:
    evidence = item.sentence
    text = " ".join(evidence.text.split()) if "\n" in evidence.text else evidence.text
    figure = next(iter(evidence.figures), None)
    if len(text) > _SENTENCE_CHARS:
        cut = max(text.rfind(mark, 0, _SENTENCE_CHARS) for mark in "，,；;、")
        text = text[: cut if cut > _SENTENCE_CHARS // 2 else _SENTENCE_CHARS] + "…"
    if figure is None or (at := text.find(figure.text)) < 0:
        return escape(text)
    end = at + len(figure.text)
    return f"{escape(text[:at])}<b>{escape(text[at:end])}</b>{escape(text[end:])}"


def _pack(head: str, blocks: Sequence[tuple[str, int]]) -> list[str]:
    """The blocks in as few messages as their length and formatting allow; the first begins with `head`."""
    parts: list[str] = []
    text, n_entities = head, 1
    for block, n_own in blocks:
        # markup counts here too, so a part is shorter than it might be and never too long
        if (
            utf16_length(text) + utf16_length(block) + 1 > MESSAGE_UNITS
            or n_entities + n_own > _MOST_ENTITIES
        ):
            parts.append(text)
            text, n_entities = block.lstrip("\n"), n_own
        else:
            text, n_entities = f"{text}\n{block}", n_entities + n_own
    return [*parts, text]


def _heading(item: DigestItem, gazetteer: Gazetteer, texts: Texts) -> str:
    if not item.code:
        return texts.elsewhere
    return gazetteer.path_name(item.code).partition(" › ")[2] or gazetteer.path_name(item.code)
