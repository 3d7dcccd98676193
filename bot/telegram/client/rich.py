"""What python-telegram-bot does not know yet of the Bot API: rich messages, and messages that one person alone sees.

A server is asked once whether it is as new as version 10.2; what an older one does not know is sent as other messages are,
to all.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass

from telegram import Bot, Message, ReplyParameters
from telegram.error import BadRequest, TelegramError

from bot.messages.reply import Reply
from bot.telegram.client.markup import build_markup


class RichServer:
    """Whether the server takes rich messages; all that send within a process ask this, and it asks the server once."""

    def __init__(self, *, is_wanted: bool) -> None:
        """`is_wanted`: whether rich messages are to be sent; if not, nobody is asked."""
        self._takes: bool | None = None if is_wanted else False
        self._asking = asyncio.Lock()

    async def takes(self, bot: Bot) -> bool:
        """Return whether rich messages are to be sent by a bot."""
        async with self._asking:
            if self._takes is None:
                self._takes = await knows_rich(bot)
        return self._takes


async def knows_rich(bot: Bot) -> bool:
    """Return whether the server knows rich messages and those that one person alone sees; nothing is sent.

    It is asked to delete a message that is nowhere: a server of version 10.2 refuses that, an older one does not know the method.
    """
    nowhere = {"chat_id": bot.id, "receiver_user_id": bot.id, "ephemeral_message_id": 1}
    try:
        await bot.do_api_request("deleteEphemeralMessage", nowhere)
    except BadRequest:
        return True
    except TelegramError:
        return False
    return True


async def send_rich(
    bot: Bot, chat_id: int, reply: Reply, *, thread_id: int | None = None, reply_to: int | None = None
) -> Message:
    """Send a reply's rich message with its buttons; raises TelegramError, BadRequest where the server will not have it."""
    given = {
        "chat_id": chat_id,
        "rich_message": {"html": reply.rich},
        "reply_markup": build_markup(reply),
        "message_thread_id": thread_id,
        "reply_parameters": ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
    }
    sent = await bot.do_api_request(
        "sendRichMessage",
        {name: each for name, each in given.items() if each is not None},
        return_type=Message,
    )
    if not isinstance(sent, Message):
        raise BadRequest("sendRichMessage gave no message")
    return sent


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who alone is to see what comes of a press, in a group."""

    receiver_user_id: int
    callback_query_id: str

    def parameters(self) -> dict[str, object]:
        """What a message to them is sent with beside its own; Telegram takes it for about 15 seconds after the press."""
        return {"ephemeral_message_parameters": asdict(self)}
