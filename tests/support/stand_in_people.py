"""What people do at the stand-in for the Bot API: they write, press, type behind the bot's name, and see what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sent_messages import Sent, entities
from stand_in_state import BOT, Account
from waiting import until


class People(Account):
    """An account with people who use it."""

    def write(self, text: str, chat_id: int) -> int:
        """Write to the bot and wait for nothing; the update's number."""
        return self.give({"message": self._message(chat_id, text) | {"from": self._user(chat_id)}})

    async def say(
        self,
        text: str,
        chat_id: int = 1000,
        user_id: int | None = None,
        reply_to: Sent | None = None,
        thread: int | None = None,
        n: int = 1,
    ) -> list[Sent]:
        """Write to the bot, perhaps in a topic or in reply to a message of its; what it sends back, at least `n`."""
        message = self._said(text, chat_id, user_id, reply_to, thread)
        return await self._after({"message": message}, chat_id, n)

    async def mutter(
        self,
        text: str,
        chat_id: int,
        user_id: int,
        *,
        thread: int | None = None,
        kind: str = "message",
        **more: Any,
    ) -> None:
        """Write what the bot is not to answer, "" for no text; returns when it is done with it."""
        message = self._said(text, chat_id, user_id, None, thread) | more
        await self.tell({kind: message if text else {k: v for k, v in message.items() if k != "text"}})

    def _said(
        self, text: str, chat_id: int, user_id: int | None, reply_to: Sent | None, thread: int | None
    ) -> dict[str, Any]:
        message = self._message(chat_id, text) | {"from": self._user(user_id or chat_id)}
        message["entities"] = entities(text)
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
            created: dict[str, Any] = self._message(chat_id, "", thread) | {"from": BOT}
            del created["text"]
            topic = {"forum_topic_created": {"name": "topic", "icon_color": 1}}
            message["reply_to_message"] = created | topic
        if reply_to is not None:
            message["reply_to_message"] = self._bot_message(reply_to)
        return message

    async def ask_inline(self, query: str, user_id: int = 1000, offset: str = "") -> list[dict[str, Any]]:
        """Type a query behind the bot's name, or scroll to the end of what it offered; the results it offers."""
        (query_id,) = await self.type_inline([query], user_id, offset)
        given = await until(lambda: self.inline.get(query_id, {}), f"results for {query!r}")
        return list(given["results"])

    async def type_inline(self, queries: list[str], user_id: int = 1000, offset: str = "") -> list[str]:
        """Type queries at once, as a quick hand does; their ids."""
        ids = [str(self._next_id()) for _ in queries]
        self.asked_inline |= set(ids)
        for query_id, query in zip(ids, queries, strict=True):
            asked = {"id": query_id, "from": self._user(user_id), "query": query, "offset": offset}
            self.give({"inline_query": asked})
        return ids

    async def send_file(self, name: str, data: bytes, chat_id: int = 1000) -> list[Sent]:
        """Send a document; what the bot answers."""
        return await self._after(self._with_file(name, data, chat_id), chat_id)

    async def send_album(self, files: Mapping[str, bytes], chat_id: int = 1000) -> list[Sent]:
        """Send documents as one album, as many updates as it has files; what the bot answers, a message to each."""
        n_before = len(self.sent)
        album = {"media_group_id": str(self._next_id())}
        given = [self._with_file(name, data, chat_id) for name, data in files.items()]
        numbers = [self.give({"message": each["message"] | album}) for each in given]
        await until(lambda: all(map(self._is_done, numbers)), "the end of the replies to an album")
        return [each for each in self.sent[n_before:] if each.chat_id == chat_id]

    def _with_file(self, name: str, data: bytes, chat_id: int) -> dict[str, Any]:
        number = str(len(self.files))
        self.files[number] = data
        document = {"file_id": number, "file_unique_id": number, "file_name": name, "file_size": len(data)}
        message = self._message(chat_id, "") | {"from": self._user(chat_id), "document": document}
        del message["text"]
        return {"message": message}

    async def tell(self, update: dict[str, Any]) -> None:
        """Give the bot an update that it does not answer; returns when it is done with it."""
        number = self.give(update)
        await until(lambda: self._is_done(number), f"the bot to be done with {update}")

    def _is_done(self, number: int) -> bool:
        return all(each["update_id"] != number for each in self.updates) and not self.is_open(number)

    async def press(self, message: Sent, label: str, user_id: int | None = None) -> list[Sent]:
        """Press a button below a message; what the bot sends, or changes in place, then."""
        query = self._pressed(message, message.buttons[label], user_id)
        return await self._after({"callback_query": query}, message.chat_id)

    async def press_unheard(self, message: Sent, label: str) -> None:
        """Press a button that nobody is to acknowledge; returns when the bot is done with it."""
        query = self._pressed(message, message.buttons[label], None)
        await self.tell({"callback_query": query})
        self.unanswered.remove(query["id"])

    async def tap(
        self,
        message: Sent,
        label: str,
        n: int = 1,
        user_id: int | None = None,
        *,
        is_lost: bool = False,
    ) -> list[str]:
        """Press a button so many times; what each press is acknowledged with, in their order.

        `is_lost`: Telegram itself no longer shows the bot the message.
        """
        n_before, numbers = len(self.toasts), []
        for _ in range(n):
            query = self._pressed(message, message.buttons[label], user_id)
            if is_lost:
                query["message"] = {"message_id": message.id, "date": 0, "chat": query["message"]["chat"]}
            numbers.append(self.give({"callback_query": query}))
        await until(lambda: len(self.toasts) >= n_before + n, f"{n} presses of {label} to be acknowledged")
        await until(lambda: all(map(self._is_done, numbers)), f"the bot to be done with {label}")
        return self.toasts[n_before:]

    def _pressed(self, message: Sent, data: str, user_id: int | None) -> dict[str, Any]:
        query_id = str(self._next_id())
        self.unanswered.add(query_id)
        return {
            "id": query_id,
            "from": self._user(user_id or message.chat_id),
            "chat_instance": "1",
            "message": self._bot_message(message),
            "data": data,
        }

    async def _after(self, update: dict[str, Any], chat_id: int, n: int = 1) -> list[Sent]:
        n_before, n_edits = len(self.sent), len(self.edits)
        number = self.give(update)

        def new() -> list[Sent]:
            return [each for each in self.sent[n_before:] if each.chat_id == chat_id]

        await until(lambda: len(new()) >= n or self.edits[n_edits:], f"a reply to {update}")
        await until(lambda: not self.is_open(number), f"the end of the reply to {update}")
        return new() or self.edits[n_edits:]

    async def expect(self, chat_id: int, n_before: int) -> list[Sent]:
        """What the bot sends to a chat by itself, behind its first `n_before` messages."""
        return await until(
            lambda: [each for each in self.sent[n_before:] if each.chat_id == chat_id],
            f"a message to {chat_id}",
        )
