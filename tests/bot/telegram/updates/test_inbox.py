import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.chats.blocks import BlockStore
from bot.chats.claims import Worker
from bot.chats.database import open_chats
from bot.chats.replies import GivenReply, ReplyStore
from bot.telegram.updates.inbox import InboxStore, InboxWriter, StoredUpdate

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
HERE = Worker("here", os.getpid(), "a")
ELSEWHERE = Worker("elsewhere", 1, "b")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_chats(f"sqlite:///{tmp_path / 'chats.db'}")


def stored(number: int, text: str = "问") -> StoredUpdate:
    chat = {"id": 5, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "text": text}
    return StoredUpdate.of({"update_id": number, "message": message})


def test_what_a_dead_process_left_is_taken_over_once_and_in_order(engine: Engine) -> None:
    dead = InboxStore(engine, Worker("here", 2**22 + 1, "dead"))  # above the largest process number
    dead.exchange([stored(3), stored(1), stored(2)], [], NOW)
    dead.exchange([], [stored(2).key], NOW)
    taken = InboxStore(engine, HERE).take_over(NOW)
    assert [each.document() for each in taken] == [stored(1).document(), stored(3).document()]
    assert InboxStore(engine, HERE).take_over(NOW) == []
    assert InboxStore(engine, ELSEWHERE).take_over(NOW) == []


def test_another_hosts_updates_are_taken_over_only_when_it_gives_no_sign_of_life(engine: Engine) -> None:
    theirs, ours = InboxStore(engine, ELSEWHERE), InboxStore(engine, HERE)
    theirs.exchange([stored(1)], [], NOW)
    assert ours.take_over(NOW + timedelta(minutes=1)) == []
    theirs.renew(NOW + timedelta(minutes=1))
    assert ours.take_over(NOW + timedelta(minutes=2.5)) == []
    assert len(ours.take_over(NOW + timedelta(minutes=4))) == 1


def test_an_update_that_comes_again_is_recognised_even_when_it_was_handled(engine: Engine) -> None:
    inbox = InboxStore(engine, HERE)
    assert inbox.exchange([stored(1)], [], NOW) == set()
    inbox.exchange([], [stored(1).key], NOW)
    assert inbox.exchange([stored(1), stored(2)], [], NOW) == {stored(1).key}
    assert inbox.n_open() == 1


def test_an_update_of_the_same_number_with_other_content_is_another(engine: Engine) -> None:
    inbox = InboxStore(engine, HERE)
    inbox.exchange([stored(1, "甲")], [], NOW)
    assert inbox.exchange([stored(1, "乙")], [], NOW) == set()
    assert inbox.n_open() == 2


def test_nothing_of_a_handled_update_is_kept_but_that_it_came_and_that_for_an_hour(engine: Engine) -> None:
    inbox = InboxStore(engine, HERE)
    inbox.exchange([stored(1), stored(2)], [], NOW)
    inbox.exchange([], [stored(1).key], NOW)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT update_id, payload FROM inbox ORDER BY 1").all()
    assert rows[0] == (1, None)
    inbox.renew(NOW + timedelta(minutes=61))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT update_id FROM inbox").all() == [(2,)]


async def test_the_writer_returns_when_updates_are_in_the_database_and_writes_the_rest_on_stopping(
    engine: Engine,
) -> None:
    inbox = InboxStore(engine, HERE)
    writer = InboxWriter(inbox)
    assert await writer.start() == []
    await writer.keep([stored(1), stored(2)])
    assert inbox.n_open() == 2
    writer.done(stored(1).key)
    await writer.stop()
    assert inbox.n_open() == 1


async def test_an_update_that_is_sent_twice_at_the_same_moment_is_new_once(engine: Engine) -> None:
    writer = InboxWriter(InboxStore(engine, HERE))
    await writer.start()
    twice = await asyncio.gather(writer.keep([stored(1), stored(2)]), writer.keep([stored(1)]))
    assert twice == [set(), {stored(1).key}]
    await writer.stop()


async def test_an_answer_that_no_database_can_note_keeps_nothing_else_out(engine: Engine) -> None:
    inbox = InboxStore(engine, HERE)
    writer = InboxWriter(inbox)
    await writer.start()
    await writer.keep([stored(1)])
    writer.done(stored(1).key, [GivenReply(5, 2**70, 6)])
    assert await writer.keep([stored(2)]) == set()
    assert inbox.n_open() == 1
    writer.done(stored(2).key, [GivenReply(5, 7, 8)])
    await writer.stop()
    assert inbox.n_open() == 0
    assert ReplyStore(engine).reply_to(5, 7) == 8


def test_blocks_are_kept(engine: Engine) -> None:
    blocks = BlockStore(engine)
    assert [blocks.block(7), blocks.block(7), blocks.block(-100)] == [True, False, True]
    assert BlockStore(engine).all() == {7, -100}
    assert [blocks.unblock(7), blocks.unblock(7)] == [True, False]
    assert blocks.all() == {-100}


def test_halves_of_characters_are_kept_as_they_came(engine: Engine) -> None:
    inbox = InboxStore(engine, ELSEWHERE)
    inbox.exchange([stored(1, "\ud83d 库伦旗 \udc00")], [], NOW)
    (taken,) = InboxStore(engine, HERE).take_over(NOW + timedelta(hours=1))
    assert taken.document()["message"]["text"] == "\ud83d 库伦旗 \udc00"
