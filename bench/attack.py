"""Attack a running bot and its web server on loopback from every side that strangers reach, while other people ask on.

    python -m bench.attack [--files 2000] [--only NAME …] [--json FILE]

Model and limits are taken from the environment, as the bot takes them; home, pages and addresses are made for the run.
Onlookers ask about the seed page throughout, together twice a second: what no attack may do is keep their answers
back. Each attack prints whether what it tries was kept out, and the onlookers' answers beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.load import free_port, metrics, peak_rss, percentile
from bot.telegram.updates.http_server import PATH

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests" / "support"))

_QUESTIONS = ("库伦旗水稻种植面积", "库伦旗种了多少水稻", "水稻种植面积是多少", "库伦旗的水稻")
_ADMIN, _ATTACKER, _FIRST_ONLOOKER, _N_ONLOOKERS = 8, 100, 5000, 40
_N_ATTACKERS = 5
_EVERY_SECONDS, _LONGEST_SECONDS = 0.5, 300.0
_LATEST_SECONDS = 15.0
_LEAST_SECONDS = 15.0
"""For which an attack that is over sooner is repeated."""
_REPEATED = ("words", "disorder", "flood", "imports", "forgeries", "silence")
_MOST_P99_SECONDS = 2.0


@dataclass
class World:
    """The bot under attack, Telegram beside it, and who looks on."""

    server: Any
    folder: Path
    webhook: str
    http: int
    web: int
    bot: subprocess.Popen[bytes]
    waiting: dict[int, float] = field(default_factory=dict)
    """Since when each of the onlookers waits."""
    latencies: list[float] = field(default_factory=list)
    n_to: dict[int, int] = field(default_factory=dict)
    """Messages that each chat got."""
    newest: int = 10_000

    def on_sent(self, sent: Any) -> None:
        self.n_to[sent.chat_id] = self.n_to.get(sent.chat_id, 0) + 1
        if sent.chat_id in self.waiting:
            self.latencies.append(time.perf_counter() - self.waiting.pop(sent.chat_id))

    async def look_on(self) -> None:
        """Ask again and again, in turn as one of many people."""
        for number in itertools.count():
            chat = _FIRST_ONLOOKER + number % _N_ONLOOKERS
            self.waiting.setdefault(chat, time.perf_counter())
            # what is added keeps the answer from being remembered
            self.server.write(f"{_QUESTIONS[number % len(_QUESTIONS)]}{'？' * (number % 5)}", chat)
            await asyncio.sleep(_EVERY_SECONDS)

    async def handled(self) -> None:
        """Return when the bot has taken every update and is done with those of the attackers."""
        await _until(lambda: not self.server.updates, "the bot to take the updates")
        self.newest += 1  # somebody new, whom no limit keeps from an answer
        self.server.write(_QUESTIONS[0], self.newest)
        await _until(lambda: self.n_to.get(self.newest), "an answer to a newcomer")

    async def declined(self) -> int:
        """Return how many of the onlookers' questions had no answer, having waited for those that come."""
        asked = set(self.waiting)
        given_up = time.perf_counter() + _LATEST_SECONDS
        while asked & self.waiting.keys() and time.perf_counter() < given_up:
            await asyncio.sleep(_EVERY_SECONDS / 10)
        left = asked & self.waiting.keys()
        for chat in left:
            del self.waiting[chat]
        return len(left)

    def verdicts(self, verdict: str) -> float:
        return metrics(self.http).get(f'yunwen_updates_total{{verdict="{verdict}"}}', 0.0)


async def _until(event: Callable[[], Any], what: str) -> None:
    given_up = time.perf_counter() + _LONGEST_SECONDS
    while not event():
        if time.perf_counter() > given_up:
            raise TimeoutError(f"waited {_LONGEST_SECONDS:.0f} s for {what}")
        await asyncio.sleep(0.05)


def _channel_post(world: World, number: int, text: str) -> dict[str, Any]:
    channel = {"id": -1_000_000 - number % 20, "type": "channel", "title": "Channel"}
    message = world.server._message(1, f"@yunwen_bot {text}")
    return {"channel_post": message | {"chat": channel, "sender_chat": channel}}


# ------------------------------------------------------------------------------------------ attacks


async def words(world: World) -> str:
    """Send what an abuser may write, and press forged buttons."""
    from abuse import TEXTS, forged_data

    for number, text in enumerate(TEXTS):
        world.server.write(text[:4096], _ATTACKER + number % _N_ATTACKERS)
    actions = ["a", "m", "f", "s", "u", "n", "t", "d", "q", "w", "x"]
    for data in forged_data(actions, "1", "1"):
        number = world.server._next_id()
        chat = _ATTACKER + number % _N_ATTACKERS
        query = {
            "id": f"forged{number}",
            "from": world.server._user(chat),
            "chat_instance": "1",
            "data": data,
        }
        world.server.give({"callback_query": query | {"message": world.server._message(chat, "x")}})
    await world.handled()
    return f"{len(TEXTS)} texts and forged presses"


async def flood(world: World) -> str:
    """Post 600 times in 20 channels, and write 1,000 times from one chat."""
    before = world.verdicts("limited") + world.verdicts("overloaded") + world.verdicts("ignored")
    for number in range(600):
        world.server.give(_channel_post(world, number, f"{_QUESTIONS[0]} {number}"))
    for number in range(1000):
        world.server.write(f"{_QUESTIONS[0]} {number}", _ATTACKER)
    await world.handled()
    kept_out = world.verdicts("limited") + world.verdicts("overloaded") + world.verdicts("ignored") - before
    assert kept_out >= 800, f"only {kept_out} of 1600 were declined"
    return f"{kept_out:.0f} of 1600 declined"


async def imports(world: World) -> str:
    """Send a subscription file of 9,500 exclusions from eight chats at once."""
    subscription = {"place": "150500", "except": ["150525"] * 9_500}
    data = json.dumps({"yunwen": 1, "subscriptions": [subscription]}).encode()
    chats = range(world.newest + 1, world.newest + 9)
    world.newest += 8
    before = {chat: world.n_to.get(chat, 0) for chat in chats}
    for chat in chats:
        name = str(len(world.server.files))
        world.server.files[name] = data
        document = {
            "file_id": name,
            "file_unique_id": name,
            "file_name": "yunwen.json",
            "file_size": len(data),
        }
        message = world.server._message(chat, "") | {"from": world.server._user(chat), "document": document}
        del message["text"]
        world.server.give({"message": message})
    await _until(lambda: all(world.n_to.get(c, 0) > before[c] for c in chats), "eight imports")
    return f"8 files of {len(data) / 1e3:.0f} kB answered"


async def files(world: World) -> str:
    """Put every hostile file into the folder of pages; a good page behind them must be read."""
    from hostile import COSTLY, bad_files, damaged_files

    n = 0
    for name, data in [*bad_files(), *damaged_files(), *COSTLY.items()]:
        if len(data) < 5_000_000:
            (world.folder / "pages" / name).write_bytes(data)
            n += 1
    await _read_behind(world, "zz.txt", "敖汉旗谷子种植面积达到107万亩。", "敖汉旗谷子种植面积")
    return f"{n} files, and the page behind them was read"


async def many(world: World, n_files: int) -> str:
    """Put thousands of small pages into the folder."""
    inner = world.folder / "pages" / "many"
    inner.mkdir()
    for number in range(n_files):
        text = f"## 科尔沁区第{number}号通告\n\n科尔沁区第{number}号地块面积{number % 97 + 1}亩。\n"
        (inner / f"{number}.txt").write_text(text, encoding="utf-8")
    await _read_behind(world, "zzz.txt", "克什克腾旗草场面积达到2500万亩。", "克什克腾旗草场面积")
    return f"{n_files} files, and the page behind them was read"


async def _read_behind(world: World, name: str, text: str, question: str) -> None:
    """Put a page and return when the bot answers from it."""
    (world.folder / "pages" / name).write_text(f"## {text[:6]}\n\n{text}\n", encoding="utf-8")
    figure = re.search(r"\d+", text)
    assert figure is not None
    answered: list[str] = []
    heard = world.server.on_sent

    def listen(sent: Any) -> None:
        if sent.chat_id == _ATTACKER + 500 and figure[0] in sent.text:
            answered.append(sent.text)
        heard(sent)

    world.server.on_sent = listen
    given_up = time.perf_counter() + 2 * _LONGEST_SECONDS
    while not answered:
        assert time.perf_counter() < given_up, f"{name} was never read"
        world.server.write(question, _ATTACKER + 500)
        await asyncio.sleep(2)
    world.server.on_sent = heard


async def forgeries(world: World) -> str:
    """Send updates to the webhook without its secret, with wrong ones, too large, and no updates at all."""
    update = json.dumps({"update_id": 2**70, "message": {"text": "x"}}).encode()
    statuses: dict[int, int] = {}
    tried = [
        (update, {}),
        (update, {"X-Telegram-Bot-Api-Secret-Token": ""}),
        (update, {"X-Telegram-Bot-Api-Secret-Token": "a" * 32}),
        (b"[" * 100_000, {}),
        (b"x" * 2_000_000, {}),
        (b"\xff" * 100, {"Content-Type": "application/json; charset=utf-7"}),
    ]
    for data, headers in tried * 20:
        status = await asyncio.to_thread(_status, world.webhook, data, headers)
        statuses[status] = statuses.get(status, 0) + 1
    assert not [status for status in statuses if status < 400 or status >= 500], statuses
    return f"{sum(statuses.values())} refused: {statuses}"


def _status(url: str, data: bytes | None, headers: dict[str, str]) -> int:
    request = urllib.request.Request(url, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=_LONGEST_SECONDS) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 400  # it closed on us, which refuses too


async def silence(world: World) -> str:
    """Open 1,100 connections to webhook and health, and send half a request on each."""
    held = []
    for number in range(1100):
        port = int(world.webhook.rsplit(":", 1)[1].partition("/")[0]) if number % 2 else world.http
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le")
            held.append(writer)
    status = await asyncio.to_thread(_status, f"http://127.0.0.1:{world.http}/healthz", None, {})
    assert status == 200, f"health said {status}"
    forged = await asyncio.to_thread(_status, world.webhook, b"{}", {})
    assert forged == 403, f"the webhook said {forged}"
    for writer in held:
        writer.close()
    return f"{len(held)} connections; health 200, webhook 403"


async def disorder(world: World) -> str:
    """Send, as Telegram itself, updates of kinds, shapes and numbers that Telegram would not."""
    secret = {"X-Telegram-Bot-Api-Secret-Token": world.server.webhook["secret_token"]}
    statuses: dict[int, int] = {}
    for number in range(20):
        for update in (
            {"message": None},
            {"message": {"message_id": number, "date": 10**12, "chat": {"id": number, "type": "private"}}},
            {"edited_message": {"text": "x" * 5000}},
            {"inline_query": {"id": "x", "from": {"id": -1}, "query": "水" * 300, "offset": "９"}},
            {"nonsense": {"a": [number] * 50}},
            {"update_id": 2**70},
        ):
            body = json.dumps({"update_id": 10**9 + number} | update).encode()
            status = await asyncio.to_thread(_status, world.webhook, body, secret)
            statuses[status] = statuses.get(status, 0) + 1
    assert not [status for status in statuses if status >= 500], statuses
    await world.handled()
    return f"{sum(statuses.values())} updates: {statuses}"


async def pages(world: World) -> str:
    """Ask the web page and the interface with hostile paths, questions and headers, and hold 300 half-sent requests."""
    from abuse import TEXTS

    held = []
    for _ in range(300):
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", world.web)
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ")
            held.append(writer)
    base = f"http://127.0.0.1:{world.web}"
    tried = [f"{base}/?q={quote(text[:1000], errors='surrogatepass')}" for text in TEXTS]
    tried += [
        f"{base}/api/ask?q={quote(text[:1000], errors='surrogatepass')}&after={quote(text[:50], errors='surrogatepass')}"
        for text in TEXTS
    ]
    tried += [
        f"{base}/{kind}/{quote(text[:200], safe='', errors='surrogatepass')}"
        for kind in ("a", "r", "q", "d")
        for text in TEXTS[:40]
    ]
    tried += [
        f"{base}{path}"
        for path in ("/../../etc/passwd", "/%2e%2e/chats.db", "/metrics", "/?q=" + "x" * 20_000)
    ]
    statuses: dict[int, int] = {}
    for address in tried:
        status = await asyncio.to_thread(
            _status, address, None, {"X-Forwarded-For": "1.2.3.4, x", "Accept-Language": "\x7f"}
        )
        statuses[status] = statuses.get(status, 0) + 1
    assert not [status for status in statuses if status >= 500 and status != 503], statuses
    assert await asyncio.to_thread(_status, f"{base}/robots.txt", None, {}) == 200
    for writer in held:
        writer.close()
    return f"{sum(statuses.values())} requests: {statuses}"


Attack = Callable[[World], Awaitable[str]]


async def carry_out(world: World, attacks: dict[str, Attack]) -> list[dict[str, Any]]:
    """Run the attacks one after the other. Return what each gave, and the onlookers' latencies beside it."""
    onlooker = asyncio.create_task(world.look_on())
    found: list[dict[str, Any]] = []
    try:
        for name, attack in {"nothing": _nothing, **attacks}.items():
            world.latencies.clear()
            began = time.perf_counter()
            try:
                held, said = True, await attack(world)
                while name in _REPEATED and time.perf_counter() - began < _LEAST_SECONDS:
                    said = await attack(world)
            except (AssertionError, TimeoutError, OSError) as error:
                held, said = False, f"{type(error).__name__}: {error}"
            declined = await world.declined()
            seconds = time.perf_counter() - began
            p99 = percentile(world.latencies, 0.99)
            row = {
                "attack": name,
                "held": held and world.bot.poll() is None,
                "said": said,
                "seconds": round(seconds, 1),
                "answers": len(world.latencies),
                "declined": declined,
                "p50_s": percentile(world.latencies, 0.5),
                "p99_s": p99,
                "peak_mb": peak_rss(world.bot.pid),
            }
            found.append(row)
            print(json.dumps(row, ensure_ascii=False), flush=True)
    finally:
        onlooker.cancel()
    return found


async def _nothing(_: World) -> str:
    await asyncio.sleep(15)
    return "no attack"


async def run(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Start Telegram and the bot, attack, stop both."""
    from stand_in import TOKEN, StandIn

    async def many_files(world: World) -> str:
        return await many(world, options.files)

    attacks: dict[str, Attack] = {
        "words": words,
        "disorder": disorder,
        "flood": flood,
        "imports": imports,
        "forgeries": forgeries,
        "silence": silence,
        "pages": pages,
        "files": files,
        "many files": many_files,
    }
    if options.only:
        attacks = {name: attack for name, attack in attacks.items() if name in options.only}
    with tempfile.TemporaryDirectory(prefix="yunwen-attack-") as made:
        folder = Path(made)
        shutil.copytree(ROOT / "seeds", folder / "pages")
        server = StandIn(keeps_log=False)
        await server.start()
        port, http, web = free_port(), free_port(), free_port()
        settings = os.environ | {
            "YUNWEN_HOME": str(folder / "home"),
            "YUNWEN_PAGES": str(folder / "pages"),
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": server.url,
            "ADMIN_USER_IDS": str(_ADMIN),
            "HTTP_LISTEN": f"127.0.0.1:{http}",
            "WEBHOOK_URL": f"http://127.0.0.1:{port}",
            "WEBHOOK_LISTEN": f"127.0.0.1:{port}",
            "READING_SECONDS": "5",
            "WEB_LISTEN": f"127.0.0.1:{web}",
        }
        command = [sys.executable, "-m", "bot.command_line.main"]
        log_path = folder / "bot.log"
        subprocess.run([*command, "ingest", str(folder / "pages")], cwd=ROOT, env=settings, check=True)
        with log_path.open("wb") as log:
            bot = subprocess.Popen([*command, "bot"], cwd=ROOT, env=settings, stderr=log)
        world = World(server, folder, f"http://127.0.0.1:{port}{PATH}", http, web, bot)
        server.on_sent = world.on_sent
        try:
            server.write("/start", 1)
            await _until(lambda: world.n_to.get(1), "the bot to start")
            found = await carry_out(world, attacks)
        finally:
            bot.send_signal(signal.SIGTERM)
            await asyncio.to_thread(bot.wait, 60)
            await server.stop()
        # a press that is acknowledged twice, as a call that was slow is made again, harms nobody
        refused = [each for each in server.refused if not each.startswith("answerCallbackQuery")]
        written = log_path.read_text(encoding="utf-8")
        left = [text for text in (*_QUESTIONS, "<script>") if text in written]
        n_traces = written.count("Traceback")
        print(f"refused calls: {refused[:3]}; traces in the log: {n_traces}; written words in it: {left}")
        found.append(
            {
                "attack": "log",
                "held": not left and not refused and not n_traces,
                "said": f"{n_traces} traces",
            }
        )
    return found


def main() -> None:
    """Print what held; exit 1 if something did not, or others waited."""
    parser = argparse.ArgumentParser(prog="python -m bench.attack")
    parser.add_argument("--files", type=int, default=2000, help="small pages of the attack `many files`")
    parser.add_argument("--only", nargs="*", help="names of attacks")
    parser.add_argument("--json", type=Path, help="where the result is written too")
    options = parser.parse_args()
    found = asyncio.run(run(options))
    if options.json:
        options.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    slow = [
        each["attack"]
        for each in found
        if (each.get("p99_s") or 0) > _MOST_P99_SECONDS or each.get("declined", 0) > 0
    ]
    failed = [each["attack"] for each in found if not each["held"]]
    print(f"{len(found) - len(failed)} of {len(found)} held; failed: {failed}; others waited beside: {slow}")
    sys.exit(1 if failed or slow else 0)


if __name__ == "__main__":
    main()
