"""Who asks and who reads digests, over articles made up for them, and what they got."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import cycle, product
from pathlib import Path

from sent_messages import Sent
from sqlalchemy import insert
from stand_in import StandIn

from bot.chats import schema
from bot.chats.database import open_chats
from retrieval import Gazetteer

_CROPS = "水稻 玉米 大豆 小麦 马铃薯 向日葵 甜菜 荞麦 谷子 高粱 燕麦 绿豆 胡麻 油菜 辣椒 葡萄".split()
_PER_PAGE = 25
_FIRST_ASKER, _FIRST_READER = 1_000_000, 5_000_000
_ASKERS = 400


class Field:
    """An article made up: a banner, a crop, and a figure that no other article has."""

    def __init__(self, number: int, banner: str, crop: str) -> None:
        self.figure = f"{1001 + number}亩"
        self.question = f"{banner}{crop}种植面积"
        self.lines = (
            f"## {banner} {crop}长势良好\n\n今年{banner}{crop}种植面积达{self.figure}，农户正在田间管理。\n\n"
        )


def fields(n: int) -> list[Field]:
    """`n` articles about the banners of Inner Mongolia."""
    banners = [each.name for each in Gazetteer.load().descendants("150000") if each.level == 3]
    pairs = list(product(_CROPS, [name for name in banners if name.endswith("旗")]))
    random.Random(3).shuffle(pairs)
    return [Field(number, banner, crop) for number, (crop, banner) in enumerate(pairs[:n])]


def write_pages(folder: Path, first: int, some: list[Field]) -> None:
    for start in range(0, len(some), _PER_PAGE):
        text = "".join(each.lines for each in some[start : start + _PER_PAGE])
        (folder / f"page{first + start}.txt").write_text(text, encoding="utf-8")


def subscribe(url: str, n: int) -> None:
    """`n` chats that follow a banner each and whose digests are due now."""
    engine, now = open_chats(url), datetime.now(UTC)
    banners = [each.code for each in Gazetteer.load().descendants("150000") if each.name.endswith("旗")]
    chat = {"state": "active", "hour": 8, "zone": "Asia/Shanghai", "wants_empty": True}
    ids = range(_FIRST_READER, _FIRST_READER + n)
    with engine.begin() as connection:
        connection.execute(
            insert(schema.chats),
            [{"chat_id": i, **chat, "seen_until": now - timedelta(hours=1), "next_at": now} for i in ids],
        )
        connection.execute(
            insert(schema.subscriptions),
            [
                {"chat_id": i, "code": code, "with_descendants": True, "excluded": "[]", "must": "[]", "must_not": "[]"}
                for i, code in zip(ids, cycle(banners), strict=False)
            ],
        )  # fmt: skip
    engine.dispose()


class Crowd:
    """Who asks and who reads digests, and what they got."""

    def __init__(self, known: list[Field], n_digests: int) -> None:
        self.known = known
        self._chance = random.Random(5)
        self.idle = list(range(_FIRST_ASKER, _FIRST_ASKER + _ASKERS))
        self.wanted: dict[int, str] = {}
        """The figure that a chat waits for."""
        self.n_asked = self.n_wrong = self.n_twice = 0
        self.answered_at: list[float] = []
        self.asked_at: dict[int, float] = {}
        self._last: dict[int, str] = {}
        self.digests: dict[int, Counter[str]] = {
            i: Counter() for i in range(_FIRST_READER, _FIRST_READER + n_digests)
        }

    def ask(self, server: StandIn) -> None:
        chat = self.idle.pop(0)
        field = self._chance.choice(self.known)
        self.wanted[chat], self.asked_at[chat] = field.figure, time.monotonic()
        self.n_asked += 1
        server.write(field.question, chat)

    def on_sent(self, sent: Sent) -> None:
        if sent.chat_id in self.digests:
            self.digests[sent.chat_id][sent.text] += 1
            return
        figure = self.wanted.get(sent.chat_id)
        if figure and figure in sent.text:
            del self.wanted[sent.chat_id]
            self._last[sent.chat_id] = figure
            self.answered_at.append(time.monotonic() - self.asked_at[sent.chat_id])
            self.idle.append(sent.chat_id)
        elif self._last.get(sent.chat_id, "none") in sent.text:
            self.n_twice += 1
        else:
            self.n_wrong += 1

    @property
    def n_digested(self) -> int:
        return sum(bool(each) for each in self.digests.values())

    @property
    def n_digests_twice(self) -> int:
        return sum(n - 1 for each in self.digests.values() for n in each.values())
