"""Which updates are meant for the bot: any in private, in groups mentions, replies to it and commands.

Whether Telegram's privacy mode is on or off makes no difference to what is answered: with it off the bot is
merely given more to pass over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from telegram import Message, MessageEntity, Update
from telegram.constants import MessageEntityType

from bot.telegram.admission import UpdateOrigin
from bot.telegram.client.sending import GROUPS

UPDATES: Sequence[str] = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)
"""The kinds that the bot asks for; any other is passed over."""
_KINDS: Mapping[Any, Sequence[str]] = {
    str: ("text", "caption", "data", "query", "offset", "language_code", "username", "type"),
    int: ("message_id", "message_thread_id"),
    float | int: ("latitude", "longitude"),
}
"""What is gone by in messages, presses, queries, chats and people, by its type."""


def sender_of(update: Update) -> tuple[int | None, int | None]:
    """Return the ids of the chat that an update of any kind is from, and of who sent it; None for what has none.

    Who writes as a channel, or as an anonymous admin of a group, is the chat that they write as: the person is not
    named, and the bot that Telegram names instead is the same in all groups.
    """
    chat, sender = update.effective_chat, update.effective_sender
    return chat.id if chat else None, sender.id if sender else None


def origin_of(update: Update, bot_id: int, username: str) -> UpdateOrigin | None:
    """Return who sent an update and whether it asks for an answer; None if it is not meant for the bot.

    Raises TypeError where a part is missing or of another type, which the library does not look at.
    """
    if not _is_meant(update, bot_id, username):
        return None
    post = update.message or update.channel_post or update.edited_message
    _check_parts(update)
    chat_id, user_id = sender_of(update)
    return UpdateOrigin(
        chat_id=chat_id,
        user_id=user_id,
        is_request=update.my_chat_member is None and (post is None or not post.migrate_to_chat_id),
        is_counted=update.inline_query is None,
        n_chars=len(post.text or post.caption or "") if post is not None else 0,
        is_command=isinstance(post, Message) and is_command(post, username),
        is_deletion=_asks_to_forget(update),
    )


def _check_parts(update: Update) -> None:
    """Raise TypeError unless the parts that are gone by are there and of their type; of a press, those of what it is below too."""
    said, member = update.effective_message, update.my_chat_member
    location = getattr(said, "location", None)
    parts = (update.effective_chat, update.effective_user, said, update.callback_query, update.inline_query)
    for kind, names in _KINDS.items():
        for part in (*parts, location):
            if not all(isinstance(getattr(part, name, None), kind | None) for name in names):
                raise TypeError("a part of another type")
    ids = (*sender_of(update), *(each.id for each in parts[:2] if each is not None))
    if not all(each is None or isinstance(each, int) for each in ids):
        raise TypeError("an id that is no number")
    if said is not None and said.chat is None:
        raise TypeError("a message without a chat")
    if member is not None and not (member.chat and member.old_chat_member and member.new_chat_member):
        raise TypeError("a part is missing")


def _asks_to_forget(update: Update) -> bool:
    query, message = update.callback_query, update.message
    if query is not None:
        return query.data == "forget"
    return message is not None and (message.text or "").partition("@")[0].strip() == "/forget"


def _is_meant(update: Update, bot_id: int, username: str) -> bool:
    if all(getattr(update, kind) is None for kind in UPDATES):
        return False
    if update.channel_post is not None:  # a post is for readers, unless it is a command or an export to take
        return is_command(update.channel_post, username) or update.channel_post.document is not None
    if update.edited_message is not None and not update.edited_message.text:
        return False  # a place that moves, a caption: nothing that was asked is put right by it
    message = update.message or update.edited_message
    if message is None:
        return True
    if message.via_bot is not None and message.via_bot.id == bot_id:
        return False  # a passage of ours that somebody shared
    if message.is_automatic_forward:
        return False  # a post of the group's channel: it was done there what it asks for
    if message.chat.type not in GROUPS or message.migrate_to_chat_id:
        return True
    return is_command(message, username) or is_addressed(message, bot_id, username)


def is_command(message: Message, username: str) -> bool:
    """Whether a message begins with a command that is not another bot's."""
    for entity, words in _entities(message):
        if entity.type == MessageEntityType.BOT_COMMAND and entity.offset == 0 and message.text:
            return words.partition("@")[2].lower() in ("", username.lower())
    return False


def _entities(message: Message) -> Iterator[tuple[MessageEntity, str]]:
    """Yield the entities of a text or caption with their words, whose places count UTF-16; half a character is let through."""
    written = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    for entity in message.entities if message.text else message.caption_entities:
        words = written[entity.offset * 2 : (entity.offset + entity.length) * 2]
        yield entity, words.decode("utf-16-le", "surrogatepass")


def is_addressed(message: Message, bot_id: int, username: str) -> bool:
    """Whether a text or a file in a group mentions the bot or replies to it. Other bots never do."""
    is_from_bot = message.from_user is not None and message.from_user.is_bot
    if (
        is_from_bot and message.sender_chat is None
    ):  # an admin who stays anonymous comes as Telegram's own bot
        return False
    if message.text is None and message.caption is None and message.document is None:
        return False
    return bool(_mentions(message, bot_id, username)) or _is_reply(message, bot_id)


def addressed_text(message: Message, bot_id: int, username: str) -> str | None:
    """An addressed text or caption without the mentions of the bot; None for what is not meant for it."""
    text = message.text or message.caption
    if text is None or not is_addressed(message, bot_id, username):
        return None
    return " ".join(_without(text, _mentions(message, bot_id, username)).split())


def _mentions(message: Message, bot_id: int, username: str) -> list[MessageEntity]:
    return [
        entity
        for entity, words in _entities(message)
        if (entity.type == MessageEntityType.MENTION and words.lower() == f"@{username.lower()}")
        or (entity.type == MessageEntityType.TEXT_MENTION and entity.user and entity.user.id == bot_id)
    ]


def _is_reply(message: Message, bot_id: int) -> bool:
    """Whether a message replies to the bot; in a topic all messages reply to its first, which does not count."""
    before = message.reply_to_message
    if before is None or before.forum_topic_created is not None or before.from_user is None:
        return False
    return before.from_user.id == bot_id


def _without(text: str, entities: list[MessageEntity]) -> str:
    """The text without some stretches, which Telegram counts in UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(entities, key=lambda each: -each.offset):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        units = units[:start] + " ".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "surrogatepass")
