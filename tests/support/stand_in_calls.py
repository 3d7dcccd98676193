"""What bots call at the stand-in for the Bot API, as strict as the documents say."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import Any

from rich_html import read_rich
from sent_messages import Sent, checked, parse_html
from stand_in_state import BOT, Account

_LONGEST_POLL = 5.0


class Expected(Exception):
    """What Telegram refuses without the bot being at fault: somebody deleted a message, or pressed twice."""


class Calls(Account):
    """An account whose bot calls: a method for each of the Bot API's."""

    _fetching: int = 0

    async def _do_getMe(self, _p: dict[str, Any]) -> Any:
        return BOT

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
        offset, limit = int(p.get("offset", 0)), int(p.get("limit", 100))
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()
        self._fetching += 1
        mine = self._fetching
        self._news.set()  # who fetched before is answered now
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(float(p.get("timeout", 0)), _LONGEST_POLL)):
                while not self.updates and mine == self._fetching and not self._is_closing:
                    self._news.clear()
                    await self._news.wait()
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
        sent = checked(p, int(p["message_id"]))
        before = next((each for each in [*self.edits[::-1], *self.sent] if each.id == sent.id), None)
        if before is None:
            raise Expected("message to edit not found")
        if (before.text, before.markup) == (sent.text, sent.markup):
            raise Expected("message is not modified")
        sent.thread = before.thread
        self.edits.append(sent)
        return self._bot_message(sent)

    async def _do_deleteEphemeralMessage(self, _p: dict[str, Any]) -> Any:
        raise Expected("message to delete not found")

    async def _do_sendRichMessage(self, p: dict[str, Any]) -> Any:
        """Take a rich message in HTML; its words are its text, a line for each part."""
        rich = read_rich(p["rich_message"]["html"])
        sent = checked(p | {"text": "-"}, self._next_id())
        sent = replace(sent, text="\n".join(rich.lines), links=rich.links, rich=rich)
        if not rich.lines or len(sent.text) > 32_768 or len(rich.tags) > 500:
            raise ValueError("RICH_MESSAGE_INVALID")
        self.on_sent(sent)
        if self.keeps_log:
            self.sent.append(sent)
        return self._bot_message(sent)

    async def _do_sendMessage(self, p: dict[str, Any]) -> Any:
        sent = checked(p, self._next_id())
        self.on_sent(sent)
        if self.keeps_log:
            self.sent.append(sent)
        return self._bot_message(sent)
