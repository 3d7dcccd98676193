"""Attack a running bot and its web server on loopback from every side that strangers reach, while other people ask on.

    python -m bench.attack [--files 2000] [--only NAME …] [--json FILE]

Model and limits are taken from the environment, as the bot takes them; home, pages and addresses are made for the run.
Onlookers ask about the seed page throughout, together twice a second: what no attack may do is keep their answers
back. Each attack prints whether what it tries was kept out, and the onlookers' answers beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.attack.connections import pages, silence
from bench.attack.files import files, many
from bench.attack.updates import disorder, flood, forgeries, imports, words
from bench.attack.world import QUESTIONS, ROOT, Attack, World, until
from bench.load import free_port, peak_rss, percentile
from bench.setting import machine
from bot.telegram.updates.webhook import PATH

_ADMIN = 8
_LEAST_SECONDS = 15.0
"""For which an attack that is over sooner is repeated."""
_REPEATED = ("words", "disorder", "flood", "imports", "forgeries", "silence")
_MOST_P99_SECONDS = 2.0


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
            "READING_SECONDS": "2",
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
            await until(lambda: world.n_to.get(1), "the bot to start")
            found = await carry_out(world, attacks)
        finally:
            bot.send_signal(signal.SIGTERM)
            await asyncio.to_thread(bot.wait, 60)
            await server.stop()
        # a press that is acknowledged twice, as a call that was slow is made again, harms nobody
        refused = [each for each in server.refused if not each.startswith("answerCallbackQuery")]
        written = log_path.read_text(encoding="utf-8")
        left = [text for text in (*QUESTIONS, "<script>") if text in written]
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
    before = os.getloadavg()[0]
    found = asyncio.run(run(options))
    if options.json:
        busy = {"before": round(before, 1), "after": round(os.getloadavg()[0], 1)}
        document = {"attacks": found, "load": busy, "machine": machine()}
        options.json.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
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
