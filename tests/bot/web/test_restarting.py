"""The page's server is stopped and started again while people come: who was let in is answered."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from commands import run_command
from paths import SEEDS
from processes import end_all, start
from waiting import HANG_SECONDS, until, until_asked

RESTARTS, VISITORS = 4, 6
GET = b"GET /r/150500 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


async def visit(port: int) -> str:
    """Open a page over a connection of one's own. Return what became of it."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return "not let in"
    said = b""
    try:
        writer.write(GET)
        while piece := await asyncio.wait_for(reader.read(1 << 16), HANG_SECONDS):
            said += piece
    except OSError:
        if not said:  # it stood in the system's queue, which ends with the listening, and reached no server
            return "not let in"
    finally:
        writer.close()
    is_whole = said.startswith(b"HTTP/1.1 200") and said.endswith(b"</html>")
    return "answered" if is_whole else f"cut off after {len(said)} bytes"


@pytest.mark.soak
async def test_nobody_who_was_let_in_goes_without_an_answer(tmp_path: Path) -> None:
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "YUNWEN_HOME": str(tmp_path / "home"),
        "EMBEDDING_MODEL": "hashing",
        "RERANKER_MODEL": "none",
    }
    assert run_command(["ingest", str(SEEDS)], environment).returncode == 0
    became: Counter[str] = Counter()
    is_over, is_open = False, asyncio.Event()

    async def keep_coming() -> None:
        while not is_over:
            became[said := await visit(port)] += 1
            if said == "not let in":
                await is_open.wait()

    def serve() -> "subprocess.Popen[bytes]":
        listen = f"127.0.0.1:{port}"
        return start(
            [sys.executable, "-m", "bot.command_line.main", "web", "--listen", listen], env=environment
        )

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    try:
        server = serve()
        await until_asked(lambda: is_answered(port), "the first server")
        visitors = [asyncio.create_task(keep_coming()) for _ in range(VISITORS)]
        for _ in range(RESTARTS):
            before = became["answered"]
            await until(lambda before=before: became["answered"] > before + 20, "visitors who are answered")
            is_open.clear()
            refused = became["not let in"]
            server.send_signal(signal.SIGTERM)
            await asyncio.to_thread(server.wait, HANG_SECONDS)
            assert server.returncode == 0
            await until(lambda refused=refused: became["not let in"] > refused, "one who is not let in")
            server = serve()
            await until_asked(lambda: is_answered(port), "the next server")
            is_open.set()
        before = became["answered"]
        await until(lambda: became["answered"] > before, "an answer of the last server")
        is_over = True
        await asyncio.gather(*visitors)
        server.send_signal(signal.SIGTERM)
        await asyncio.to_thread(server.wait, HANG_SECONDS)
    finally:
        is_over = True
        end_all()
    assert {what: n for what, n in became.items() if what not in ("answered", "not let in")} == {}


async def is_answered(port: int) -> bool:
    return await visit(port) == "answered"
