"""Measure how long questions wait while digests go out: the bot as a process, Telegram's stand-in on loopback.

    python -m bench.lane [N_CHATS] [SECONDS]

N_CHATS digests (5,000) are due at once; for SECONDS (60) a person asks twice a second. Prints how many digests went
out meanwhile, and from sending a question to the answer's arrival: median, 95th, 99th percentile and the slowest.
"""

import asyncio
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from digest_senders import prepare_chats  # noqa: E402
from stand_in import TOKEN, StandIn  # noqa: E402

QUESTIONS = ("库伦旗水稻种植面积", "海南区老旧小区改造涉及多少户居民", "四个一线包括哪些", "通辽市高铁票价")
ASKER = 77


async def measure(n_chats: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = StandIn()
        await server.start()
        environment = os.environ | {
            "YUNWEN_HOME": name,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": server.url,
        }
        command = [sys.executable, "-m", "bot.command_line.main"]
        subprocess.run(
            [*command, "ingest", "seeds"], cwd=ROOT, env=environment, check=True, capture_output=True
        )
        prepare_chats(folder, n_chats)
        with (folder / "log").open("wb") as log:
            bot = subprocess.Popen([*command, "bot"], cwd=ROOT, env=environment, stderr=log)
        try:
            await server.say("/start", chat_id=ASKER)
            waits, questions, began, n_before = (
                [],
                itertools.cycle(QUESTIONS),
                time.monotonic(),
                len(server.sent),
            )
            while time.monotonic() - began < seconds:
                started = time.monotonic()
                await ask(server, next(questions))
                waits.append(time.monotonic() - started)
                await asyncio.sleep(max(0.0, 0.5 - waits[-1]))
            n_digests = sum(1 for sent in server.sent[n_before:] if sent.chat_id != ASKER)
        finally:
            bot.terminate()
            await asyncio.to_thread(bot.wait, 60)
            await server.stop()
    cuts = statistics.quantiles(waits, n=100)
    print(
        f"{len(waits)} questions while {n_digests} digests went out in {seconds:.0f} s: "
        f"median {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms, "
        f"slowest {max(waits) * 1000:.0f} ms"
    )


async def ask(server: StandIn, question: str) -> None:
    n_before = len(server.sent)
    chat = {"id": ASKER, "type": "private", "first_name": "Ann"}
    person = {"id": ASKER, "is_bot": False, "first_name": "Ann"}
    message = {"message_id": server._next_id(), "date": int(time.time()), "chat": chat, "from": person}
    server.updates.append({"update_id": server._next_id(), "message": message | {"text": question}})
    while not any(sent.chat_id == ASKER for sent in server.sent[n_before:]):
        await asyncio.sleep(0.005)


if __name__ == "__main__":
    arguments = [int(each) for each in sys.argv[1:]]
    asyncio.run(measure(*(arguments + [5000, 60][len(arguments) :])))
