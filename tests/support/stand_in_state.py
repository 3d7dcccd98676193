"""What the stand-in for the Bot API keeps: messages, updates that wait, and who is who."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sent_messages import Sent

BOT = {"id": 123456, "is_bot": True, "first_name": "yunwen", "username": "yunwen_bot"}


@dataclass
class Account:
    """The bot's account at the server and what happened there."""

    sent: list[Sent] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Reasons for which the bot's requests were refused, other than faults asked for."""
    unanswered: set[str] = field(default_factory=set)
    """Presses that nobody has acknowledged yet."""
    toasts: list[str] = field(default_factory=list)
    """What presses were acknowledged with, "" for nothing."""
    faults: deque[dict[str, Any]] = field(default_factory=deque)
    updates: deque[dict[str, Any]] = field(default_factory=deque)
    admins: set[int] = field(default_factory=set)
    """Who is an admin of every group."""
    chaos: Callable[[int], str | None] = lambda _chat_id: None
    """What happens to a message for a chat: flood, forbidden, drop (after it was delivered), None: nothing."""
    files: dict[str, bytes] = field(default_factory=dict)
    documents: list[tuple[int, bytes]] = field(default_factory=list)
    edits: list[Sent] = field(default_factory=list)
    inline: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What inline queries were answered with, by their id."""
    asked_inline: set[str] = field(default_factory=set)
    """Ids of inline queries that may still be answered."""
    menus: dict[tuple[int | None, str], dict[str, str]] = field(default_factory=dict)
    """Commands with their descriptions by chat, None for all, and language code."""
    profiles: dict[str, str] = field(default_factory=dict)
    """What the bot says of itself, by language code."""
    languages: dict[int, str] = field(default_factory=dict)
    """What people's Telegram says of their language."""
    url: str = ""
    webhook: dict[str, Any] = field(default_factory=dict)
    """What setWebhook was told; empty: updates are fetched."""
    webhook_statuses: Counter[int] = field(default_factory=Counter)
    """How the webhook answered; 0: it could not be reached."""
    knows_rich: bool = False
    """Whether it is of version 10.2 or newer, which knows rich messages and those for one person alone."""
    keeps_log: bool = True
    """Whether sent messages and calls are remembered, for tests; a load test counts by itself."""
    on_sent: Callable[[Sent], None] = lambda _sent: None
    is_open: Callable[[int], bool] = lambda _number: False
    """Whether the bot is still at work on the update of a number, as far as its database tells."""
    _ids: int = field(default_factory=lambda: time.time_ns() // 1_000_000 % 1_000_000_000)
    """Two servers number their updates apart, as far as a test's home outlives one."""
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    """Something has come that a call, or the delivery to the webhook, may wait for."""
    _is_closing: bool = False

    def give(self, update: dict[str, Any]) -> int:
        """Put an update where the bot gets it, fetched or by its webhook; its number."""
        number = self._next_id()
        self.updates.append({"update_id": number, **update})
        self._news.set()
        return number

    def _user(self, user_id: int) -> dict[str, Any]:
        user = {"id": user_id, "is_bot": False, "first_name": "Ann"}
        return user | ({"language_code": self.languages[user_id]} if user_id in self.languages else {})

    def _bot_message(self, sent: Sent) -> dict[str, Any]:
        message = self._message(sent.chat_id, sent.text, sent.id) | {"from": BOT}
        if sent.markup and "inline_keyboard" in sent.markup:
            message["reply_markup"] = sent.markup
        if sent.thread is not None:
            message |= {"message_thread_id": sent.thread, "is_topic_message": True}
        return message

    def _next_id(self) -> int:
        self._ids += 1
        return self._ids

    def _message(self, chat_id: int, text: str, message_id: int | None = None) -> dict[str, Any]:
        return {
            "message_id": message_id or self._next_id(),
            "date": int(time.time()),
            "chat": {"id": chat_id, "type": "private", "first_name": "Ann"}
            if chat_id > 0
            else {"id": chat_id, "type": "supergroup", "title": "Group"},
            "text": text,
        }
