"""What computes an answer waits for its turn; what takes long never keeps an answer waiting."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest
from samples import SampleLibrary
from telegram import Message, Update
from waiting import HANG_SECONDS, until

from bot.chats.preferences import Preferences
from bot.telegram.context import BotData, Context
from bot.telegram.handlers import inline, privacy, standing_questions
from bot.telegram.handlers.answering import answer


class Busy(Exception):
    """Ends a handler as soon as it has got what is looked for."""


class AskedLibrary(SampleLibrary):
    def ask(self, question: str, **_: object) -> Any:
        self.asked.append((question, None, None))
        raise Busy

    def is_division(self, code: str) -> bool:
        return True


def context_with(library: SampleLibrary) -> Context:
    data = BotData()
    data.gate = asyncio.Semaphore(1)
    given = SimpleNamespace(question="水稻")
    data.services = cast(
        Any,
        SimpleNamespace(
            library=library,
            writer=SimpleNamespace(known_until=lambda: 1),
            storage=SimpleNamespace(given_answer=lambda *_: given),
        ),
    )
    made = Context(cast(Any, SimpleNamespace(bot_data=data, bot=SimpleNamespace(username="yunwen_bot"))))
    made.preferences = Preferences()
    return made


def private_update(text: str) -> Update:
    chat = {"id": 5, "type": "private", "first_name": "Ann"}
    user = {"id": 5, "is_bot": False, "first_name": "Ann"}
    said = {"message_id": 1, "date": 1, "chat": chat, "from": user, "text": text}
    return Update.de_json({"update_id": 1, "message": said}, None)


def pressed(data: str) -> Update:
    chat = {"id": 5, "type": "private", "first_name": "Ann"}
    user = {"id": 5, "is_bot": False, "first_name": "Ann"}
    said = {"message_id": 1, "date": 1, "chat": chat, "from": user, "text": "x"}
    query = {"id": "1", "from": user, "chat_instance": "1", "message": said, "data": data}
    return Update.de_json({"update_id": 1, "callback_query": query}, None)


async def ask_privately(context: Context) -> None:
    message = private_update("水稻").message
    assert message is not None
    await answer(message, context, "水稻")


async def ask_inline(context: Context) -> None:
    user = {"id": 5, "is_bot": False, "first_name": "Ann"}
    query = {"id": "1", "from": user, "query": "库伦旗水稻", "offset": ""}
    await inline.offer_passages(Update.de_json({"update_id": 1, "inline_query": query}, None), context)


async def watch(context: Context) -> None:
    await standing_questions.watch(private_update("/watch 水稻"), context)


async def choose_watched_place(context: Context) -> None:
    await standing_questions.press(pressed("wp:abc:150524"), context)


@pytest.mark.parametrize("ask", [ask_privately, ask_inline, watch, choose_watched_place])
async def test_every_way_to_an_answer_waits_for_its_turn(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def acknowledged(*_: object) -> None:
        pass

    monkeypatch.setattr("bot.telegram.handlers.callbacks.acknowledge", acknowledged)
    library = AskedLibrary()
    context = context_with(library)
    gate = context.bot_data.gate
    await gate.acquire()
    asking = asyncio.create_task(ask(context))
    await until(lambda: gate._waiters or asking.done(), "somebody at the gate, or past it")
    assert library.asked == []
    gate.release()
    with pytest.raises(Busy):
        await asyncio.wait_for(asking, HANG_SECONDS)
    assert len(library.asked) == 1


async def test_forty_imports_under_way_keep_no_answer_waiting() -> None:
    may_go_on, is_importing = threading.Event(), threading.Event()
    library = AskedLibrary()

    def is_division(_code: str) -> bool:
        is_importing.set()
        assert may_go_on.wait(HANG_SECONDS)
        raise Busy

    library.is_division = is_division  # type: ignore[method-assign]
    context = context_with(library)
    document = {"format": "yunwen-subscriptions", "subscriptions": [{"code": "150524"}]}
    data = json.dumps(document).encode()

    async def download_as_bytearray() -> bytearray:
        return bytearray(data)

    async def get_file() -> object:
        return SimpleNamespace(file_size=len(data), download_as_bytearray=download_as_bytearray)

    chat = SimpleNamespace(id=5, type="private")
    message = cast(
        Message,
        SimpleNamespace(
            chat=chat, chat_id=5, document=SimpleNamespace(file_size=len(data), get_file=get_file)
        ),
    )
    update = cast(
        Update,
        SimpleNamespace(
            effective_message=message, effective_user=None, channel_post=None, callback_query=None
        ),
    )
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(4))
    imports = [asyncio.create_task(privacy.import_file(update, context)) for _ in range(40)]
    try:
        await until(is_importing.is_set, "an import")
        answered = context.ask(lambda: "answered")
        assert await asyncio.wait_for(answered, HANG_SECONDS) == "answered"
    finally:
        may_go_on.set()
        found = await asyncio.gather(*imports, return_exceptions=True)
        context.bot_data.slow.shutdown()
    assert all(isinstance(each, Busy) for each in found)
