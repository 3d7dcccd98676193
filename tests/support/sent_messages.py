"""What a bot sends, as Telegram looks at it: lengths, formatting and callback data are checked as the documents say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

from rich_html import Rich

_ALLOWED_TAGS = {"b", "i", "a", "blockquote"}


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
    rich: Rich | None = None
    """What it shows, where it is a rich message."""
    only_for: int | None = None
    """Who alone sees it."""
    copied: list[str] = field(default_factory=list)
    """What its buttons copy."""


def checked(p: dict[str, Any], message_id: int) -> Sent:
    """The message that a call sends. Raises ValueError for what Telegram refuses."""
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


def entities(text: str) -> list[dict[str, Any]]:
    """Commands and mentions, where Telegram counts in UTF-16 units."""
    return [
        {
            "type": "mention" if found[0].startswith("@") else "bot_command",
            "offset": len(text[: found.start()].encode("utf-16-le")) // 2,
            "length": len(found[0]),
        }
        for found in re.finditer(r"(?<!\S)(?:/[a-z_]+(?:@\w+)?|@\w{5,})", text)
    ]
