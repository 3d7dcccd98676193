"""The conversation in a real (pseudo) terminal."""

import os
import pty
import re
import select
import sys
from pathlib import Path

from processes import start
from waiting import HANG_SECONDS


def read_until(terminal: int, *words: str) -> str:
    """What the terminal shows until these words have come, in this order."""
    seen = ""
    raw = b""
    while not re.search(".*".join(map(re.escape, words)), seen, flags=re.DOTALL):
        ready, _, _ = select.select([terminal], [], [], HANG_SECONDS)
        assert ready, seen
        raw += os.read(terminal, 65536)
        seen = raw.decode(errors="replace")
    return seen


def test_a_conversation_of_several_turns(tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("YUNWEN", "EMBED", "TELEGRAM"))
    }
    environment |= {
        "YUNWEN_HOME": str(tmp_path / "home"),
        "EMBEDDING_MODEL": "hashing",
        "RERANKER_MODEL": "none",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm",
        "COLUMNS": "200",
        "PROMPT_TOOLKIT_NO_CPR": "1",  # nobody is there to say where the cursor is
    }
    ours, theirs = pty.openpty()
    process = start(
        [sys.executable, "-m", "bot.command_line.main", "start", "seeds"],
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        read_until(ours, "问> ")
        for said, expected in (
            ("库伦旗水稻种植面积", "3万余亩"),
            ("那奈曼旗呢", "没有找到"),
            ("朝阳区财政收入", "2. 吉林省"),
            ("1", "没有找到"),
            ("蟹田大米亩产", "800余斤"),
            ("全文 1", "抢抓农时"),
            ("\x1b[A\x1b[A", "800余斤"),  # the question before the last line, by the arrow keys
        ):
            os.write(ours, f"{said}\r".encode())
            assert "Traceback" not in read_until(ours, expected, "问> ")
        os.write(ours, "退出\r".encode())
        assert process.wait(HANG_SECONDS) == 0
        kept = tmp_path / "home" / "asked"
        assert "+蟹田大米亩产\n" in kept.read_text(encoding="utf-8")
        assert kept.stat().st_mode & 0o777 == 0o600
    finally:
        os.close(ours)
