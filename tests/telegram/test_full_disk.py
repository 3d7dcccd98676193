"""A disk that is full in truth, a small file system of its own: a sentence each, nothing lost, and all goes on once there is room."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from commands import run_command
from running_bot import QUESTION, Bot, environment
from stand_in import StandIn
from waiting import until

pytestmark = pytest.mark.soak

MEGABYTES = 40
PAGE = "## 甲旗 长文\n\n" + "甲旗今年修路一百公里。" * 5_000


@pytest.fixture
def small(seeded: Path, tmp_path: Path) -> Iterator[Path]:
    """A folder whose home, with the seed page, is a file system of some megabytes; that takes root and leave to mount."""
    home = tmp_path / "home"
    home.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(home)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        shutil.copytree(seeded, home, dirs_exist_ok=True)
        yield tmp_path
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)


def fill(folder: Path) -> None:
    """Leave no byte free."""
    with suppress(OSError), (folder / "home" / "filling").open("ab", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    assert os.statvfs(folder / "home").f_bavail == 0


def make_room(folder: Path) -> None:
    (folder / "home" / "filling").unlink()


def refused(folder: Path, *arguments: str) -> str:
    """The one line that says why."""
    done = run_command([*arguments], environment(folder))
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("yunwen: ")]
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return line


def test_commands_say_that_the_disk_is_full_and_lose_nothing(small: Path) -> None:
    page = small / "long.txt"
    page.write_text(PAGE, encoding="utf-8")
    fill(small)
    assert "disk" in refused(small, "ingest", str(page))
    assert "disk" in refused(small, "backup", str(small / "home" / "backup.zip"))
    assert not (small / "home" / "backup.zip").exists()
    answered = run_command(["ask", QUESTION], environment(small))
    assert (answered.returncode, "3万余亩" in answered.stdout) == (0, True), answered.stderr
    make_room(small)
    assert run_command(["ingest", str(page)], environment(small)).returncode == 0
    status = json.loads(run_command(["status", "--json"], environment(small)).stdout)
    # 18 of the seed page; one of 55,000 characters is stored in three parts
    assert (status["articles"], status["index"]["behind"]) == (18 + 3, 0)


def is_answered(server: StandIn, chat: int) -> bool:
    return any(sent.chat_id == chat and "3万余亩" in sent.text for sent in server.sent)


async def test_the_bot_answers_all_it_was_asked_once_there_is_room(small: Path, server: StandIn) -> None:
    bot = Bot(server, small)
    bot.start()
    await bot.greeted(server)
    fill(small)
    chats = range(7000, 7010)
    for chat in chats:
        server.write(QUESTION, chat)
    await until(lambda: "full" in bot.log.read_text(encoding="utf-8", errors="replace"), "word of the disk")
    make_room(small)
    for chat in chats:
        await until(partial(is_answered, server, chat), f"an answer to {chat}")
    (after,) = await server.say(QUESTION, chat_id=7100)
    assert "3万余亩" in after.text
    await bot.stop()
