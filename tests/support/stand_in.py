"""A small stand-in for the Bot API on loopback: what this bot calls, as strict as the documents say.

It keeps messages, checks lengths, formatting and callback data, and can be told to refuse or to hang up.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, web
from waiting import HANG_SECONDS, until

TOKEN = "123456:stand-in-token"
_BOT = {"id": 123456, "is_bot": True, "first_name": "yunwen", "username": "yunwen_bot"}
_ALLOWED_TAGS = {"b", "i", "a", "blockquote"}
_NEW = {"deleteEphemeralMessage", "sendRichMessage"}


class _Checker(HTMLParser):
    """Collects text; raises ValueError for tags that are unknown, unclosed or crossed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in _ALLOWED_TAGS:
            raise ValueError(f"can't parse entities: unsupported tag {tag}")
        self.open.append(tag)
        self.links += [str(value) for name, value in attrs if name == "href"]
        self.tags.append(" ".join([tag, *(name for name, _ in attrs if name == "expandable")]))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ValueError(f"can't parse entities: unexpected end of {tag}")

    def handle_data(self, data: str) -> None:
        self.text += data


class _Expected(Exception):
    """What Telegram refuses without the bot being at fault: somebody deleted a message, or pressed twice."""


def parse_html(html: str) -> tuple[str, list[str], list[str]]:
    """Plain text, tags and links; raises ValueError as Telegram refuses."""
    checker = _Checker()
    checker.feed(html)
    checker.close()
    if checker.open:
        raise ValueError("can't parse entities: a tag is not closed")
    return checker.text, checker.tags, checker.links


@dataclass
class Sent:
    """A message the bot sent."""

    id: int
    chat_id: int
    text: str
    tags: list[str]
    buttons: dict[str, str]
    """Label to callback data."""
    links: list[str] = field(default_factory=list)
    """What can be tapped, in order."""
    reply_to: int | None = None
    thread: int | None = None
    markup: dict[str, Any] | None = None
    html: str = ""
    """As the bot wrote it, where it did so in HTML."""
    file: bytes = b""
    """What was sent with it: a document, a picture."""
    rich: list[dict[str, Any]] = field(default_factory=list)
    """Its blocks, where it is a rich message."""
    only_for: int | None = None
    """Who alone sees it."""
    copied: list[str] = field(default_factory=list)
    """What its buttons copy."""


@dataclass
class StandIn:
    """The server and what happened at it."""

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
    _runner: web.AppRunner | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _delivering: asyncio.Task[None] | None = None
    _fetching: int = 0

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{name}", self._download)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Close."""
        if self._delivering is not None:
            self._delivering.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    # ------------------------------------------------------------------------------ what people do

    def give(self, update: dict[str, Any]) -> int:
        """Put an update where the bot gets it, fetched or by its webhook; its number."""
        number = self._next_id()
        self.updates.append({"update_id": number, **update})
        self._news.set()
        return number

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
        message["entities"] = _entities(text)
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
            topic = {"forum_topic_created": {"name": "topic", "icon_color": 1}}
            message["reply_to_message"] = self._message(chat_id, "", thread) | topic | {"from": _BOT}
            del message["reply_to_message"]["text"]
        if reply_to is not None:
            message["reply_to_message"] = self._bot_message(reply_to)
        return message

    async def ask_inline(self, query: str, user_id: int = 1000, offset: str = "") -> list[dict[str, Any]]:
        """Type a query behind the bot's name, or scroll to the end of what it offered; the results it offers."""
        (query_id,) = await self.type_inline([query], user_id, offset)
        given = await until(lambda: self.inline.get(query_id), f"results for {query!r}")
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
        number = str(len(self.files))
        self.files[number] = data
        document = {"file_id": number, "file_unique_id": number, "file_name": name, "file_size": len(data)}
        message = self._message(chat_id, "") | {"from": self._user(chat_id), "document": document}
        del message["text"]
        return await self._after({"message": message}, chat_id)

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

    def _user(self, user_id: int) -> dict[str, Any]:
        user = {"id": user_id, "is_bot": False, "first_name": "Ann"}
        return user | ({"language_code": self.languages[user_id]} if user_id in self.languages else {})

    def _bot_message(self, sent: Sent) -> dict[str, Any]:
        message = self._message(sent.chat_id, sent.text, sent.id) | {"from": _BOT}
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

    # -------------------------------------------------------------------------------- what bots call

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return _error(404, "Not Found")
        method = request.match_info["method"]
        if self.keeps_log:
            self.calls.append(method)
        parameters = {key: _decoded(value) for key, value in (await request.post()).items()}
        if self.faults and self.faults[0]["method"] == method:
            fault = self.faults.popleft()
            if fault.get("drop") and request.transport is not None:
                request.transport.close()
            if "code" in fault:
                return _error(int(fault["code"]), "Internal Server Error")
            retry = fault.get("retry_after", 1)
            return _error(429, f"Too Many Requests: retry after {retry}", {"retry_after": retry})
        trouble = self.chaos(int(parameters["chat_id"])) if method == "sendMessage" else None
        if trouble == "flood":
            return _error(429, "Too Many Requests: retry after 1", {"retry_after": 1})
        if trouble == "forbidden":
            return _error(403, "Forbidden: bot was blocked by the user")
        if method == "getUpdates" and self.webhook:
            return _error(409, "Conflict: can't use getUpdates method while webhook is active")
        handler = getattr(self, f"_do_{method}", None)
        if method in _NEW and not self.knows_rich:
            return _error(404, "Not Found: method not found")
        if handler is None:
            self.refused.append(f"{method} is not known here")
            return _error(404, "Not Found: method")
        try:
            result = await handler(parameters)
            if trouble == "drop" and request.transport is not None:
                request.transport.close()
            return web.json_response({"ok": True, "result": result})
        except _Expected as error:
            return _error(400, f"Bad Request: {error}")
        except (ValueError, KeyError) as error:
            self.refused.append(f"{method}: {error}")
            return _error(400, f"Bad Request: {error}")

    async def _do_getMe(self, _p: dict[str, Any]) -> Any:
        return _BOT

    async def _do_deleteWebhook(self, p: dict[str, Any]) -> Any:
        self.webhook = {}
        if self._delivering is not None:
            self._delivering.cancel()
            self._delivering = None
        if p.get("drop_pending_updates"):
            self.updates.clear()
        return True

    async def _do_setWebhook(self, p: dict[str, Any]) -> Any:
        secret = str(p.get("secret_token", ""))
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise ValueError("secret token contains unallowed characters")
        if not 1 <= int(p.get("max_connections", 40)) <= 100:
            raise ValueError("max_connections is out of range")
        await self._do_deleteWebhook({"drop_pending_updates": p.get("drop_pending_updates")})
        self.webhook = p | {"secret_token": secret}
        self._delivering = asyncio.create_task(self._deliver())
        return True

    async def _do_getWebhookInfo(self, _p: dict[str, Any]) -> Any:
        return {
            "url": str(self.webhook.get("url", "")),
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
        }

    async def _deliver(self) -> None:
        """Send updates to the webhook, some at a time; one that is not answered 200 is kept and sent again."""
        connections = asyncio.Semaphore(int(self.webhook.get("max_connections", 40)))
        under_way: set[int] = set()
        posts: set[asyncio.Task[None]] = set()
        async with ClientSession(
            timeout=ClientTimeout(HANG_SECONDS), connector=TCPConnector(limit=0)
        ) as session:
            try:
                while True:
                    self._news.clear()
                    for update in [each for each in self.updates if each["update_id"] not in under_way]:
                        under_way.add(update["update_id"])
                        await connections.acquire()
                        task = asyncio.create_task(self._post(session, update, connections, under_way))
                        posts.add(task)
                        task.add_done_callback(posts.discard)
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), 0.5)
            finally:
                for task in posts:
                    task.cancel()

    async def _post(
        self,
        session: ClientSession,
        update: dict[str, Any],
        connections: asyncio.Semaphore,
        under_way: set[int],
    ) -> None:
        secret = self.webhook["secret_token"]
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with session.post(self.webhook["url"], json=update, headers=headers) as response:
                status = response.status
        except (ClientError, TimeoutError):
            status = 0
        finally:
            connections.release()
        self.webhook_statuses[status] += 1
        if status == 200:
            self.updates.remove(update)
        else:
            await asyncio.sleep(0.5)
        under_way.discard(update["update_id"])

    async def _do_setMyCommands(self, p: dict[str, Any]) -> Any:
        if not all(0 < len(each["description"]) <= 256 for each in p["commands"]):
            raise ValueError("BOT_COMMAND_INVALID")
        chat = (p.get("scope") or {}).get("chat_id")
        language = str(p.get("language_code", ""))
        if language and len(language) != 2:
            raise ValueError("invalid language code specified")
        self.menus[chat, language] = {each["command"]: each["description"] for each in p["commands"]}
        return True

    async def _do_setMyDescription(self, p: dict[str, Any]) -> Any:
        if len(str(p["description"])) > 512:
            raise ValueError("description is too long")
        self.profiles[str(p.get("language_code", ""))] = str(p["description"])
        return True

    async def _do_setMyShortDescription(self, p: dict[str, Any]) -> Any:
        if len(str(p["short_description"])) > 120:
            raise ValueError("short description is too long")
        return True

    async def _do_deleteMyCommands(self, p: dict[str, Any]) -> Any:
        self.menus.pop(((p.get("scope") or {}).get("chat_id"), str(p.get("language_code", ""))), None)
        return True

    async def _do_sendChatAction(self, _p: dict[str, Any]) -> Any:
        return True

    async def _do_answerCallbackQuery(self, p: dict[str, Any]) -> Any:
        if len(text := str(p.get("text", ""))) > 200:
            raise ValueError("MESSAGE_TOO_LONG")
        self.unanswered.remove(str(p["callback_query_id"]))
        self.toasts.append(text)
        return True

    async def _do_answerInlineQuery(self, p: dict[str, Any]) -> Any:
        query_id, results = str(p["inline_query_id"]), p["results"]
        if query_id not in self.asked_inline:
            raise ValueError("query is too old and response timeout expired or query ID is invalid")
        if len(results) > 50 or len({each["id"] for each in results}) < len(results):
            raise ValueError("RESULTS_TOO_MUCH or RESULT_ID_DUPLICATE")
        if len(str(p.get("next_offset", "")).encode()) > 64:
            raise ValueError("NEXT_OFFSET_INVALID")
        for each in results:
            content = each["input_message_content"]
            text, tags, _ = parse_html(content["message_text"])
            if content["parse_mode"] != "HTML" or not 1 <= len(each["id"].encode()) <= 64:
                raise ValueError("RESULT_ID_INVALID")
            if not text.strip() or len(text.encode("utf-16-le")) // 2 > 4096 or len(tags) > 100:
                raise ValueError("MESSAGE_TOO_LONG")
            for button in (b for row in each.get("reply_markup", {}).get("inline_keyboard", []) for b in row):
                if not button["url"].startswith("https://"):
                    raise ValueError("BUTTON_URL_INVALID")
        self.asked_inline.remove(query_id)
        self.inline[query_id] = p
        return True

    async def _do_getUpdates(self, p: dict[str, Any]) -> Any:
        """Updates from `offset` on, at most 100; those before it are confirmed and gone for good."""
        offset, end = int(p.get("offset", 0)), time.monotonic() + min(float(p.get("timeout", 0)), 5)
        limit = int(p.get("limit", 100))
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()
        self._fetching += 1
        mine = self._fetching
        while not self.updates and time.monotonic() < end and mine == self._fetching:
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), 0.5)
        return [self.updates[number] for number in range(min(limit, len(self.updates)))]

    async def _do_getChatMember(self, p: dict[str, Any]) -> Any:
        status = "administrator" if int(p["user_id"]) in self.admins else "member"
        rights = dict.fromkeys(
            "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
            "can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories "
            "can_edit_stories can_delete_stories".split(),
            False,
        )
        more = rights if status == "administrator" else {}
        return {"status": status, "user": self._user(int(p["user_id"])), **more}

    async def _do_getFile(self, p: dict[str, Any]) -> Any:
        name = str(p["file_id"])
        return {
            "file_id": name,
            "file_unique_id": name,
            "file_size": len(self.files[name]),
            "file_path": name,
        }

    async def _download(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["name"]])

    async def _do_sendDocument(self, p: dict[str, Any]) -> Any:
        data = next(value.file.read() for value in p.values() if hasattr(value, "file"))
        self.documents.append((int(p["chat_id"]), data))
        thread = int(p["message_thread_id"]) if "message_thread_id" in p else None
        sent = Sent(
            self._next_id(), int(p["chat_id"]), str(p.get("caption", "")), [], {}, thread=thread, file=data
        )
        self.sent.append(sent)
        return self._message(sent.chat_id, sent.text, sent.id)

    async def _do_sendPhoto(self, p: dict[str, Any]) -> Any:
        """Take a picture with its caption, of at most 1024 characters."""
        if len(str(p.get("caption", ""))) > 1024:
            raise ValueError("message caption is too long")
        return await self._do_sendDocument(p)

    async def _do_editMessageReplyMarkup(self, p: dict[str, Any]) -> Any:
        """Change a message's buttons alone; refused, as by Telegram, where nothing would change."""
        old = next(each for each in reversed([*self.sent, *self.edits]) if each.id == int(p["message_id"]))
        markup = p.get("reply_markup") or {}
        if markup == old.markup:
            raise ValueError("message is not modified")
        rows = markup.get("inline_keyboard", [])
        buttons = {
            button["text"]: button["callback_data"]
            for row in rows
            for button in row
            if "copy_text" not in button
        }
        if not all(1 <= len(data.encode()) <= 64 for data in buttons.values()):
            raise ValueError("BUTTON_DATA_INVALID")
        sent = replace(old, buttons=buttons, markup=markup)
        self.edits.append(sent)
        return self._bot_message(sent)

    async def _do_editMessageText(self, p: dict[str, Any]) -> Any:
        sent = self._checked(p, int(p["message_id"]))
        before = next((each for each in [*self.edits[::-1], *self.sent] if each.id == sent.id), None)
        if before is None:
            raise _Expected("message to edit not found")
        if (before.text, before.markup) == (sent.text, sent.markup):
            raise _Expected("message is not modified")
        sent.thread = before.thread
        self.edits.append(sent)
        return self._bot_message(sent)

    async def _do_deleteEphemeralMessage(self, _p: dict[str, Any]) -> Any:
        raise _Expected("message to delete not found")

    async def _do_sendRichMessage(self, p: dict[str, Any]) -> Any:
        """Take a rich message as blocks; its words are its text, a line for each block, its links those of the blocks."""
        blocks = p["rich_message"]["blocks"]
        sent = self._checked(p | {"text": "-"}, self._next_id())
        sent = replace(sent, text="\n".join(lines_of(blocks)), links=links_of(blocks), rich=blocks)
        if not blocks or len(sent.text) > 32_768:
            raise ValueError("RICH_MESSAGE_INVALID")
        self.on_sent(sent)
        if self.keeps_log:
            self.sent.append(sent)
        return self._bot_message(sent)

    async def _do_sendMessage(self, p: dict[str, Any]) -> Any:
        sent = self._checked(p, self._next_id())
        self.on_sent(sent)
        if self.keeps_log:
            self.sent.append(sent)
        return self._bot_message(sent)

    def _checked(self, p: dict[str, Any], message_id: int) -> Sent:
        is_html = p.get("parse_mode") == "HTML"
        text, tags, links = parse_html(str(p["text"])) if is_html else (str(p["text"]), [], [])
        if not text.strip():
            raise ValueError("text must be non-empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            raise ValueError("message is too long")
        if len(tags) > 100:
            raise ValueError("too many entities")
        markup = p.get("reply_markup")
        pressed = [button for row in (markup or {}).get("inline_keyboard", []) for button in row]
        copied = [button["copy_text"]["text"] for button in pressed if "copy_text" in button]
        if not all(1 <= len(words) <= 256 for words in copied):
            raise ValueError("BUTTON_COPY_TEXT_INVALID")
        buttons = {button["text"]: button["callback_data"] for button in pressed if "copy_text" not in button}
        if not all(1 <= len(data.encode()) <= 64 for data in buttons.values()):
            raise ValueError("BUTTON_DATA_INVALID")
        reply_to = (p.get("reply_parameters") or {}).get("message_id")
        thread = int(p["message_thread_id"]) if "message_thread_id" in p else None
        html = str(p["text"]) if is_html else ""
        only_for = (p.get("ephemeral_message_parameters") or {}).get("receiver_user_id")
        sent = Sent(message_id, int(p["chat_id"]), text, tags, buttons, links, reply_to, thread, markup, html)
        return replace(sent, only_for=only_for, copied=copied)


def said(text: Any) -> str:
    """The words of rich text; raises KeyError for a form that is none."""
    if isinstance(text, str):
        return text
    return "".join(map(said, text)) if isinstance(text, list) else said(text["text"])


def lines_of(blocks: list[dict[str, Any]]) -> list[str]:
    """What blocks say, a line for each text and each row of a table."""
    lines: list[str] = []
    for block in blocks:
        if block["type"] == "table":
            lines += [" | ".join(said(cell["text"]) for cell in row) for row in block["cells"]]
        elif block["type"] == "details":
            lines += [said(block["summary"]), *lines_of(block["blocks"])]
        else:
            lines.append(said(block["text"]))
    return lines


def links_of(rich: Any) -> list[str]:
    """Where the links of blocks lead, in order."""
    if isinstance(rich, dict):
        inner = [link for each in rich.values() for link in links_of(each)]
        return [rich["url"], *inner] if "url" in rich else inner
    return [link for each in rich for link in links_of(each)] if isinstance(rich, list) else []


def _entities(text: str) -> list[dict[str, Any]]:
    """Commands and mentions, where Telegram counts in UTF-16 units."""
    return [
        {
            "type": "mention" if found[0].startswith("@") else "bot_command",
            "offset": len(text[: found.start()].encode("utf-16-le")) // 2,
            "length": len(found[0]),
        }
        for found in re.finditer(r"(?<!\S)(?:/[a-z_]+(?:@\w+)?|@\w{5,})", text)
    ]


def _decoded(value: Any) -> Any:
    try:
        return json.loads(value)
    except (ValueError, TypeError):
        return value


def _error(code: int, description: str, parameters: dict[str, Any] | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)
