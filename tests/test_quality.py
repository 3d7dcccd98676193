"""The seed page's questions, asked as `make quality` asks them: CI's part of it."""

from pathlib import Path

import pytest
from paths import ROOT

from bench.quality import main
from embeddings import Encoder


@pytest.mark.model
@pytest.mark.soak
def test_no_figure_of_the_seed_page_is_worse_than_the_baseline(
    bundled: Encoder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sets = ROOT.parent / "shared" / "data"  # where it is absent, our own questions are asked alone
    assert main([str(sets), str(tmp_path), "--seed-only"]) == 0
    assert "own questions in the evidence" in capsys.readouterr().out
