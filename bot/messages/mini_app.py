"""The button that opens the Mini App: the tree of places to follow."""

from __future__ import annotations

from dataclasses import replace

from bot.languages import Language, web_texts_of
from bot.messages.reply import Button, Reply


def with_app(reply: Reply, web_url: str | None, chat_id: int, language: Language) -> Reply:
    """Return a message with the button below it, where the pages are public and the chat is private.

    Telegram opens Mini Apps at https:// alone, and by such buttons in private chats alone.
    """
    if web_url is None or not web_url.startswith("https://") or chat_id <= 0:
        return reply
    button = Button(web_texts_of(language).app_button, f"{web_url}/app?lang={language}")
    return replace(reply, buttons=(*reply.buttons, (button,)))
