"""The seed page's questions, asked as `make quality` asks them: CI's part of it."""

import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT

from embeddings import Encoder


@pytest.mark.model
def test_no_figure_of_the_seed_page_is_worse_than_the_baseline(bundled: Encoder, tmp_path: Path) -> None:
    sets = ROOT.parent / "shared" / "data"  # where it is absent, our own questions are asked alone
    command = [sys.executable, "-m", "bench.quality", str(sets), str(tmp_path), "--seed-only"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "own questions in the evidence" in done.stdout
