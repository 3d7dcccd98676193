"""The READMEs say what is true, and say the same."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT

READMES = ("README.md", "README.zh-CN.md")


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def test_both_have_the_same_commands() -> None:
    first, second = ([re.sub(r" +#.*", "", block) for block in blocks(name, "sh")] for name in READMES)
    assert first == second
    assert first[0].split("\n")[:2] == ["make run", "make test"]


def test_the_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test", "check"):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)
    assert "exec make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    usage = subprocess.run(
        [sys.executable, "-m", "bot.command_line.main", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for command in ("ask", "chat", "bot", "ingest", "evaluate", "regions", "status", "start"):
        assert command in usage.stdout


def test_every_link_within_the_repository_leads_somewhere() -> None:
    for path in (*(ROOT / name for name in READMES), *(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


@pytest.mark.model
def test_the_pictured_answers_are_what_is_printed(tmp_path: Path, bundled: object) -> None:
    import os

    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("YUNWEN", "EMBED", "TELEGRAM"))
    }
    environment["YUNWEN_HOME"] = str(tmp_path)
    command = [sys.executable, "-m", "bot.command_line.main"]
    subprocess.run([*command, "ingest", "seeds"], cwd=ROOT, env=environment, check=True, capture_output=True)
    for name in READMES:
        picture = blocks(name, "text")[0]
        for question, printed in re.findall(
            r"\$ \S+ ask (\S+)\n(.*?)(?=\n\n\$|\n\Z)", picture, flags=re.DOTALL
        ):
            done = subprocess.run(
                [*command, "ask", question],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            assert done.stdout.rstrip("\n") == printed.rstrip("\n")
