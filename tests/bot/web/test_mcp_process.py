"""The tools as a process of its own on standard input and output."""

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import run_command
from mcp import Client, StdioServerParameters
from mcp_messages import HELLO
from paths import ROOT, SEEDS
from processes import start
from waiting import HANG_SECONDS

QUESTION = "库伦旗水稻种植面积"


def environment(folder: Path) -> dict[str, str]:
    """Of a process of its own over the seed page."""
    made = {
        "YUNWEN_HOME": str(folder / "home"),
        "HOME": os.environ["HOME"],
        "EMBEDDING_MODEL": "hashing",
        "RERANKER_MODEL": "none",
        "YUNWEN_LOG_LEVEL": "INFO",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PATH": os.environ["PATH"],
    }
    assert run_command(["ingest", str(SEEDS)], made).returncode == 0
    return made


async def test_a_process_speaks_the_protocol_and_nothing_else_on_its_output(tmp_path: Path) -> None:
    made = environment(tmp_path)
    output, log = tmp_path / "output", tmp_path / "log"
    command = f"{shlex.quote(sys.executable)} -m bot.command_line.main mcp 2>{log} | tee {output}"
    server = StdioServerParameters(command="sh", args=["-c", command], env=made, cwd=ROOT)
    async with Client(server) as client:
        asked = await client.call_tool("ask", {"question": QUESTION})
        unknown = await client.call_tool("read_article", {"article_id": QUESTION})
    answer = asked.structured_content
    assert answer is not None
    assert answer["outcome"] == "found"
    assert answer["answers"][0]["address"] is None
    assert unknown.is_error
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in output.read_text("utf-8").splitlines())
    assert QUESTION not in log.read_text("utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_process_ends_when_it_is_told_to_with_its_input_open(
    tmp_path: Path, number: signal.Signals
) -> None:
    process = start(
        [sys.executable, "-m", "bot.command_line.main", "mcp"],
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    process.stdin.write(json.dumps(HELLO).encode() + b"\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["id"] == HELLO["id"]
    process.send_signal(number)
    assert process.wait(HANG_SECONDS) == -number
