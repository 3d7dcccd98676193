"""Make the home of an earlier commit again, with what its bot sent: the archive that the upgrade test opens.

    python tests/support/make_old_home.py [COMMIT]

That commit is checked out beside the repository by `git worktree`; its own commands and its own bot fill the home,
against the stand-in of Telegram. Nothing of this tree's product is run.
"""

import asyncio
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import asdict
from pathlib import Path

from paths import ROOT
from running_bot import QUESTION, environment
from stand_in import TOKEN, Sent, StandIn
from waiting import HANG_SECONDS

COMMIT = "b39e0de"
WATCHED = "库伦旗玉米种植面积"
"""The standing question; no page answers it yet."""
READER, ENGLISH = 1000, 1001
"""The chat of nearly everything, and one that chose English."""


def make(commit: str, work: Path) -> None:
    """Fill `work`/home by what a commit has, and write `work`/messages.json."""
    tree = work / "tree"
    subprocess.run(["git", "worktree", "add", "--detach", str(tree), commit], cwd=ROOT, check=True)
    try:
        messages = asyncio.run(use(tree, work))
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)
    lines = [json.dumps(asdict(each), ensure_ascii=False) for each in messages]
    (work / "messages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


async def use(tree: Path, work: Path) -> list[Sent]:
    """Take the seed page in and talk with the bot; what it sent."""
    server = StandIn()
    await server.start()
    command = [sys.executable, "-m", "bot.cli"]
    settings = environment(
        work, PYTHONPATH=str(tree), TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_BASE_URL=server.url
    )
    subprocess.run([*command, "ingest", "seeds"], cwd=tree, env=settings, check=True)
    bot = subprocess.Popen([*command, "bot"], cwd=tree, env=settings)
    try:
        await server.say("/start", READER)
        await server.say("/subscribe 通辽市 除 开鲁县", READER)
        await server.say(f"/watch {WATCHED}", READER)
        (answer,) = await server.say(QUESTION, READER)
        await server.press(answer, "👍")
        await server.say(f"{QUESTION}与甲乙丙丁之比较", READER)  # near, but no answer: it has hits and more
        await server.say("朝阳区财政收入", READER)  # there are two
        await server.say("/place 通辽市", READER)
        await server.say("/subscribe", READER)
        (menu,) = await server.say("/language", ENGLISH)
        await server.press(menu, "English")
        await server.say("/hour 7", READER)
        await server.say("/subscriptions", READER)
    finally:
        bot.terminate()
        assert bot.wait(HANG_SECONDS) == 0
        await server.stop()
    assert server.refused == []
    return server.sent


def pack(work: Path, target: Path) -> None:
    """Put the home and the messages into one archive, without whose and when the files are."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        member.mtime = 0
        return member

    with tarfile.open(target, "w:xz") as archive:
        for name in ("home", "messages.jsonl"):
            archive.add(work / name, name, filter=plain)


def main() -> None:
    """Make the archive of a commit."""
    commit = sys.argv[1] if len(sys.argv) > 1 else COMMIT
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        make(commit, work)
        target = ROOT / "tests" / "data" / f"home_{commit}.tar.xz"
        pack(work, target)
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
