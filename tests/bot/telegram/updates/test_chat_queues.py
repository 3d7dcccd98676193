import asyncio

from bot.telegram.updates.chat_queues import ChatQueues


async def settled(queues: ChatQueues[str]) -> None:
    while queues.n_waiting:
        await asyncio.sleep(0)


async def test_one_chats_burst_delays_another_chat_by_one_turn_and_not_by_the_burst() -> None:
    order: list[str] = []
    semaphore = asyncio.Semaphore(1)

    async def handle(item: str) -> None:
        async with semaphore:
            await asyncio.sleep(0)
            order.append(item)

    queues: ChatQueues[str] = ChatQueues(handle)
    for number in range(1, 11):
        queues.put(1, f"a{number}")
    for chat in "bcd":
        queues.put(ord(chat), f"{chat}1")
        queues.put(ord(chat), f"{chat}2")
    await settled(queues)
    assert order[:8] == ["a1", "b1", "c1", "d1", "a2", "b2", "c2", "d2"]
    assert [each for each in order if each.startswith("a")] == [f"a{n}" for n in range(1, 11)]


async def test_a_chat_that_is_slow_to_send_blocks_no_other() -> None:
    done: list[str] = []
    release = asyncio.Event()

    async def handle(item: str) -> None:
        if item == "slow":
            await release.wait()
        done.append(item)

    queues: ChatQueues[str] = ChatQueues(handle)
    queues.put(1, "slow")
    queues.put(1, "after it")
    for chat in range(2, 50):
        queues.put(chat, "quick")
    while queues.n_waiting > 2:
        await asyncio.sleep(0)
    assert done == ["quick"] * 48
    release.set()
    await settled(queues)
    assert done[48:] == ["slow", "after it"]


async def test_a_failure_ends_neither_its_chats_turns_nor_the_count() -> None:
    done: list[str] = []

    async def handle(item: str) -> None:
        if item == "bad":
            raise RuntimeError("it failed")
        done.append(item)

    queues: ChatQueues[str] = ChatQueues(handle)
    queues.put(1, "bad")
    queues.put(1, "good")
    await settled(queues)
    assert done == ["good"]


async def test_stopping_finishes_what_it_can_and_says_how_many_chats_it_cut_off() -> None:
    done: list[str] = []

    async def handle(item: str) -> None:
        if item.startswith("stuck"):
            await asyncio.Event().wait()
        done.append(item)

    queues: ChatQueues[str] = ChatQueues(handle)
    queues.put(1, "quick")
    queues.put(2, "stuck")
    queues.put(2, "behind it")
    assert await queues.stop(0.05, 0.05) == 1
    assert done == ["quick"]
    assert queues.n_waiting == 0


async def test_which_of_a_keys_items_is_next_can_be_chosen() -> None:
    done: list[str] = []
    release = asyncio.Event()

    async def handle(item: str) -> None:
        if item == "first":
            await release.wait()
        done.append(item)

    queues: ChatQueues[str] = ChatQueues(handle, lambda waiting: len(waiting) - 1)
    for item in ("first", "second", "third"):
        queues.put(1, item)
        await asyncio.sleep(0)
    release.set()
    await settled(queues)
    assert done == ["first", "third", "second"]
