"""The `yunwen` command in a home of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

from commands import run_command
from paths import ROOT
from waiting import HANG_SECONDS


class Yunwen:
    """Runs commands in a home of their own, with the hashing encoder for speed."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("YUNWEN", "TELEGRAM", "EMBED"))
        }
        self.environment = kept | {
            "YUNWEN_HOME": str(self.home),
            "YUNWEN_CACHE": str(folder / "cache"),
            "EMBEDDING_MODEL": "hashing",
            "RERANKER_MODEL": "none",
        }

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "bot.command_line.main", *map(str, arguments)]

    def run(
        self, *arguments: object, text: str | bytes = "", **options: object
    ) -> subprocess.CompletedProcess[str]:
        """Run a command here; with options for it, as a process."""
        if not options:
            return run_command([str(each) for each in arguments], self.environment, text)
        return subprocess.run(
            self.command(*arguments),
            cwd=ROOT,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=HANG_SECONDS,
            **options,  # type: ignore[call-overload]
        )

    def json(self, *arguments: object) -> dict:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def refuses(self, *arguments: object, **options: object) -> str:
        """The one line that says why."""
        done = self.run(*arguments, **options)
        lines = [line for line in done.stderr.splitlines() if line.startswith("yunwen: ")]
        assert done.returncode == 1, (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        assert len(lines) == 1, done.stderr
        return lines[0]
