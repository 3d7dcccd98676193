"""Subscriptions as boxes of a tree: which are checked, and what checking one changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.chats.subscriptions import MOST_SUBSCRIPTIONS, Subscription, SubscriptionStore, TooMany
from retrieval import Choice, Gazetteer


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of one chat."""

    subscriptions: tuple[Subscription, ...]
    gazetteer: Gazetteer

    @classmethod
    def of(cls, store: SubscriptionStore, chat_id: int, gazetteer: Gazetteer) -> Boxes:
        """Return a chat's boxes as they are now."""
        subscriber = store.get(chat_id)
        return cls(subscriber.subscriptions if subscriber else (), gazetteer)

    def is_checked(self, code: str) -> bool:
        """Whether a place's news come: it is followed itself, or lies in what is followed and is not left out."""
        return any(each.choice.code == code for each in self.subscriptions) or bool(self._covering(code))

    def _covering(self, code: str) -> list[Subscription]:
        """Subscriptions to what a place lies in that do not leave it out."""
        within = self.gazetteer.is_within
        return [
            each
            for each in self.subscriptions
            if each.choice.with_descendants
            and each.choice.code != code
            and within(code, each.choice.code)
            and not any(within(code, out) for out in each.choice.excluded)
        ]

    def check(self, store: SubscriptionStore, chat_id: int, code: str, now: datetime) -> None:
        """Follow a place: what left it out does so no more, else it is subscribed to. Raises TooMany."""
        for each in self.subscriptions:
            if code in each.choice.excluded:
                kept = tuple(out for out in each.choice.excluded if out != code)
                store.change(chat_id, each.id, replace(each.choice, excluded=kept))
                return
        if not self.is_checked(code):
            store.subscribe(chat_id, Choice(code), now)

    def uncheck(self, store: SubscriptionStore, chat_id: int, code: str, now: datetime) -> None:
        """Follow a place no more; what it lies in leaves it out. Raises TooMany."""
        for each in self.subscriptions:
            if each.choice.code == code:
                store.unsubscribe(chat_id, each.id, now)
        for each in self._covering(code):
            left_out = (*each.choice.excluded, code)
            if len(left_out) > MOST_SUBSCRIPTIONS:
                raise TooMany
            store.change(chat_id, each.id, replace(each.choice, excluded=left_out))
