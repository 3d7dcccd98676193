"""`make run` on machines with other Pythons: it takes the newest that will do, or says what to do and leaves nothing."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from paths import ROOT
from waiting import HANG_SECONDS

STUB = """#!/bin/sh
if [ "$1" = -c ]; then exec {python} -c "import sys; sys.version_info = {version}; $2"; fi
mkdir -p "$3/bin"
{ending}
"""
"""A Python of some version, which makes a folder that names it; or fails in the midst of that."""
NOBODY = 65534
MAKES, FAILS = 'echo "$0" > "$3/bin/python"', "exit 1"

Make = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make the virtual environment in a clone, where there are Pythons of these versions only."""
    clone, programs = tmp_path / "clone", tmp_path / "programs"
    clone.mkdir()
    programs.mkdir()
    shutil.copy(ROOT / "Makefile", clone)
    for name in ("make", "sh", "rm", "mkdir"):
        (programs / name).symlink_to(str(shutil.which(name)))

    def run(*versions: str, ending: str = MAKES) -> "subprocess.CompletedProcess[str]":
        for version in versions:
            parts = f"({version.replace('.', ', ')}, 1)"
            program = programs / f"python{version}"
            program.write_text(STUB.format(python=sys.executable, version=parts, ending=ending))
            program.chmod(0o755)
        return subprocess.run(
            [programs / "make", ".venv/bin/python"],
            cwd=clone,
            env={"PATH": str(programs)},
            capture_output=True,
            text=True,
            check=False,
            timeout=HANG_SECONDS,
        )

    return run


PIP = """#!/bin/sh
echo "$*" >> pip.log
case "$*" in *requirements-torch.lock*)
    echo "THESE PACKAGES DO NOT MATCH THE HASHES: someone may have tampered with them" >&2; exit {status};;
esac
"""
"""A Python whose pip finds the torch that is locked, or does not."""


@pytest.mark.parametrize("status", [0, 1])
def test_without_the_small_torch_everything_else_is_installed_and_one_line_says_so(
    tmp_path: Path, status: int
) -> None:
    for name in ("Makefile", "pyproject.toml", *(each.name for each in ROOT.glob("requirements*.lock"))):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PIP.format(status=status))
    python.chmod(0o755)
    runs = [
        subprocess.run(
            ["make", ".venv/.set-up"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=HANG_SECONDS,
        )
        for _ in range(2)
    ]
    assert [done.returncode for done in runs] == [0, 0], runs[0].stderr
    calls = [line for line in (tmp_path / "pip.log").read_text().splitlines() if " install " in line]
    installed = [each for line in calls for each in re.findall(r"-r (\S+)", line)]
    assert installed == ["requirements-first.lock", "requirements-torch.lock", "requirements.lock"]
    assert all("--require-hashes" in line for line in calls if "-e ." not in line)
    # what was left out is neither looked for nor told at every start
    assert [done.stderr.count("Left out: torch") for done in runs] == [status, 0]
    assert not any("tampered" in done.stdout + done.stderr for done in runs)


def allowed() -> SpecifierSet:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return SpecifierSet(project["requires-python"])


@pytest.mark.parametrize(
    "versions", [("3.11",), ("3.11", "3.14"), ("3.12", "3.13"), ("3.10", "3.12"), ("3.13", "3.15")]
)
def test_the_newest_python_that_will_do_is_taken(
    make: Make, tmp_path: Path, versions: tuple[str, ...]
) -> None:
    done = make(*versions)
    assert done.returncode == 0, done.stderr
    newest = max((each for each in versions if each in allowed()), key=lambda each: int(each[2:]))
    made = (tmp_path / "clone" / ".venv" / "bin" / "python").read_text()
    assert made.strip().endswith(f"python{newest}")


@pytest.mark.parametrize("versions", [(), ("3.10",), ("3.15",)])
def test_without_one_that_will_do_it_says_which_and_makes_nothing(
    make: Make, tmp_path: Path, versions: tuple[str, ...]
) -> None:
    done = make(*versions)
    assert done.returncode != 0
    assert "needs Python 3.11, 3.12, 3.13 or 3.14" in done.stderr
    assert "make PYTHON=" in done.stderr
    assert not (tmp_path / "clone" / ".venv").exists()


def test_half_an_environment_does_not_stay(make: Make, tmp_path: Path) -> None:
    done = make("3.11", ending=FAILS)
    assert done.returncode != 0
    assert "apt-get install python3-venv" in done.stderr
    assert not (tmp_path / "clone" / ".venv").exists()


def test_a_clone_that_is_not_writable_is_called_so(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    tmp_path.chmod(0o555)
    try:
        done = subprocess.run(
            ["make", ".venv/bin/python"],
            cwd=tmp_path,
            user=NOBODY if os.geteuid() == 0 else None,  # root may write everywhere
            capture_output=True,
            text=True,
            check=False,
            timeout=HANG_SECONDS,
        )
    finally:
        tmp_path.chmod(0o755)
    assert done.returncode != 0
    assert "may not write into this folder" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_makefile_allows_what_the_project_allows() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    bounds = re.search(r"\((\d), (\d+)\) <= sys.version_info\[:2\] < \((\d), (\d+)\)", makefile)
    assert bounds is not None
    lowest, above = f"{bounds[1]}.{bounds[2]}", f"{bounds[3]}.{bounds[4]}"
    assert SpecifierSet(f">={lowest},<{above}") == allowed()
