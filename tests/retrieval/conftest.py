from pathlib import Path

import pytest

from retrieval.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'home' / 'yunwen.db'}")
