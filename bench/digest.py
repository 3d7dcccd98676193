"""Measure building every due digest of a day: 500 new articles; 1 k, 10 k and 100 k subscriptions.

    python -m bench.digest [N ...]

Each size runs in a process of its own and prints seconds and peak memory; nothing is sent. The articles are made up:
their places are drawn from the division table, a tenth are copies of another.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, insert, update
from telegram import Bot, User

from bot.chats import schema as bot_schema
from bot.chats.claims import Worker
from bot.chats.database import open_chats
from bot.chats.subscriptions import SubscriptionStore
from bot.messages.daily.digests import DigestWriter
from bot.telegram.client.pace import Pace
from bot.telegram.delivery.digests import Broadcaster, Ledger
from bot.telegram.delivery.sender import utc_now
from retrieval import Gazetteer, RegionRole, Store
from retrieval.store import schema
from retrieval.store.rows import Entry
from retrieval.types import Article, DateBasis, Page, Span, SpanKind

N_ARTICLES = 500
PER_CHAT = 3


def articles(chance: random.Random, codes: list[str], gazetteer: Gazetteer) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(N_ARTICLES):
        code = chance.choice(codes)
        name = gazetteer.names[code]
        words = "".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(400))
        text = f"{name}今年种植面积达{number}万亩。{words[:100]}。{words[100:250]}。{words[250:]}。"
        if number % 10 == 9:
            text, code = entries[-1].article.text, entries[-1].regions[0][0]
        article = Article(
            title=f"{name}新闻{number}",
            date=datetime.now(UTC).date(),
            date_basis=DateBasis.FRONT_MATTER,
            source="测试日报",
            text=text,
            spans=(Span(SpanKind.BODY, 0, len(text)),),
            lines=(number, number),
        )
        entries.append(Entry(article, (), ((code, RegionRole.PRIMARY),)))
    return entries


def prepare(store: Store, chats: Engine, gazetteer: Gazetteer, n_subscriptions: int) -> int:
    chance = random.Random(7)
    home = [division.code for division in gazetteer.descendants("150000") if division.level <= 3]
    page = Page(
        path=Path("made-up"), sha256="", encoding="utf-8", date=None, date_basis=DateBasis.NONE, source=None, url=None,
        articles=(),
    )  # fmt: skip
    store.put_page(page, 1, articles(chance, home, gazetteer))
    now = datetime.now(UTC)
    n_chats = max(1, n_subscriptions // PER_CHAT)
    chat = {"state": "active", "hour": 8, "zone": "Asia/Shanghai", "wants_empty": False}
    with chats.begin() as connection:
        connection.execute(
            insert(bot_schema.chats),
            [
                # what chats have seen differs by some hours
                {
                    "chat_id": n,
                    **chat,
                    "seen_until": now - timedelta(hours=chance.randrange(1, 48)),
                    "next_at": now,
                }
                for n in range(n_chats)
            ],
        )
        connection.execute(
            insert(bot_schema.subscriptions),
            [
                {
                    "chat_id": n % n_chats, "code": chance.choice(home), "with_descendants": True, "excluded": "[]",
                    "must": json.dumps(["种植"]) if chance.random() < 0.1 else "[]", "must_not": "[]",
                }
                for n in range(n_subscriptions)
            ],
        )  # fmt: skip
        connection.execute(update(schema.articles).values(known_at=now - timedelta(minutes=5)))
    return n_chats


def measure(n_subscriptions: int) -> dict[str, float]:
    gazetteer = Gazetteer.load()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/yunwen.db", gazetteer.names)
        chats = open_chats(f"sqlite:///{folder}/chats.db")
        n_chats = prepare(store, chats, gazetteer, n_subscriptions)
        subscribers, ledger = SubscriptionStore(chats), Ledger(chats, Worker.this())
        writer = DigestWriter(store, gazetteer)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        n_chats_done = n_parts = 0
        now = utc_now() + timedelta(seconds=1)
        bot = Bot("1:bench")
        bot._bot_user = User(1, "yunwen", True, username="yunwen_bot")
        broadcaster = Broadcaster(bot, ledger, subscribers, writer, Pace(25), clock=lambda: now)
        while due := ledger.due_chats(now, 500):
            ledger.plan(list(subscribers.get_many(due).values()), now)
            ready = broadcaster.prepare(ledger.claim(500, now))
            n_chats_done += len(ready)
            n_parts += sum(len(parts) for _, parts in ready)
        n_chats_done += broadcaster.tally.empty
        seconds = time.perf_counter() - started
    assert n_chats_done == n_chats
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "subscriptions": n_subscriptions, "chats": n_chats, "messages": n_parts, "seconds": round(seconds, 2),
        "peak_mb": after // 1024, "peak_mb_before": before // 1024,
    }  # fmt: skip


def main(sizes: list[int]) -> None:
    for size in sizes:
        command = [sys.executable, "-m", "bench.digest", "--one", str(size)]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        main([int(each) for each in sys.argv[1:]] or [1_000, 10_000, 100_000])
