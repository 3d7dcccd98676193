import shutil
from pathlib import Path

import pytest
from own_home import Yunwen


@pytest.fixture
def empty(tmp_path: Path) -> Yunwen:
    return Yunwen(tmp_path)


@pytest.fixture
def yunwen(empty: Yunwen, seeded: Path) -> Yunwen:
    """With the seed page."""
    shutil.copytree(seeded, empty.home)
    return empty
