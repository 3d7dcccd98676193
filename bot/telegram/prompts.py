"""Replies to what the bot asked for: which of its messages they answer, without anything being remembered."""

from __future__ import annotations

from html import unescape

from telegram import Message
from telegram.ext import filters

from bot.languages import Language, texts_of
from bot.messages.splitting import plain_text


class AnswersPrompt(filters.MessageFilter):
    """Texts that reply to one of the bot's own messages, known by its words in any language."""

    def __init__(self, prompt: str) -> None:
        """`prompt` is the field of the tables of texts that the message was made of."""
        super().__init__(name=f"answers {prompt}")
        self._asked = {unescape(plain_text(getattr(texts_of(language), prompt))) for language in Language}

    def filter(self, message: Message) -> bool:
        """Whether a message is such a reply."""
        before = message.reply_to_message
        if before is None or before.from_user is None or not message.text or message.text.startswith("/"):
            return False
        return before.from_user.is_bot and before.text in self._asked


ANSWERS_PLACE = AnswersPrompt("ask_place")
ANSWERS_WATCH = AnswersPrompt("ask_watch")
ANSWERS_ZONE = AnswersPrompt("ask_zone_name")
