"""Hostile files and very many of them in the folder of pages."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

from bench.attack.world import ATTACKER, LONGEST_SECONDS, World

_SECONDS_A_FILE = 0.1
"""At most, for one of many small pages on a slow machine."""


async def files(world: World) -> str:
    """Put every hostile file into the folder of pages; a good page behind them must be read."""
    from hostile import COSTLY, bad_files, damaged_files

    n = 0
    for name, data in [*bad_files(), *damaged_files(), *COSTLY.items(), ("book.txt", _book())]:
        if len(data) < 5_000_000:
            (world.folder / "pages" / name).write_bytes(data)
            n += 1
    await _read_behind(world, "zz.txt", "敖汉旗谷子种植面积达到107万亩。", "敖汉旗谷子种植面积")
    return f"{n} files, and the page behind them was read"


def _book() -> bytes:
    """Return one article of four thousand sentences on what the onlookers ask about."""
    told = (f"库伦旗第{n}号村水稻种植面积达到{n % 97 + 1}万亩，今年又增加。\n" for n in range(4000))
    return f"## 库伦旗水稻种植面积\n\n{''.join(told)}".encode()


async def many(world: World, n_files: int) -> str:
    """Put thousands of small pages into the folder."""
    inner = world.folder / "pages" / "many"
    inner.mkdir()
    for number in range(n_files):
        text = f"## 科尔沁区第{number}号通告\n\n科尔沁区第{number}号地块面积{number % 97 + 1}亩。\n"
        (inner / f"{number}.txt").write_text(text, encoding="utf-8")
    await _read_behind(world, "zzz.txt", "克什克腾旗草场面积达到2500万亩。", "克什克腾旗草场面积", n_files)
    return f"{n_files} files, and the page behind them was read"


async def _read_behind(world: World, name: str, text: str, question: str, n_before: int = 0) -> None:
    """Put a page and return when the bot answers from it; so many pages are read before it."""
    (world.folder / "pages" / name).write_text(f"## {text[:6]}\n\n{text}\n", encoding="utf-8")
    figure = re.search(r"\d+", text)
    assert figure is not None
    answered: list[str] = []
    heard = world.server.on_sent

    def listen(sent: Any) -> None:
        if sent.chat_id == ATTACKER + 500 and figure[0] in sent.text:
            answered.append(sent.text)
        heard(sent)

    world.server.on_sent = listen
    given_up = time.perf_counter() + 2 * LONGEST_SECONDS + n_before * _SECONDS_A_FILE
    while not answered:
        assert time.perf_counter() < given_up, f"{name} was never read"
        world.server.write(question, ATTACKER + 500)
        await asyncio.sleep(2)
    world.server.on_sent = heard
