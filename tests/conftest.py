"""Shared by all tests: the repository, the folder beside it, the prepared model."""

from pathlib import Path

import platformdirs
import pytest

from embeddings import Encoder, open_encoder

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "000_2aca70f694a15d08.txt"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with evaluation sets and tools beside the repository; absent from a plain clone."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared, with the evaluation sets, is not here")
    return folder


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """The cache that the product itself uses, so that the model is prepared once on a machine."""
    return platformdirs.user_cache_path("yunwen", appauthor=False) / "models"


@pytest.fixture(scope="session")
def bundled(model_cache: Path) -> Encoder:
    """The bundled model, prepared if it is not yet."""
    return open_encoder(cache=model_cache)
