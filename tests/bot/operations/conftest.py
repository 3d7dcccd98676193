import shutil
from pathlib import Path

import pytest
from backed_up import PAGE, QUESTION, answer, run

from bot.chats.answers import AnswerStore
from bot.chats.database import open_chats
from bot.operations.backup import back_up
from retrieval import move_pages


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the seed page, an uploaded page, and a chat."""
    home = tmp_path_factory.mktemp("template") / "home"
    uploads = home / "uploads"
    (uploads / ".pending").mkdir(parents=True)
    (uploads / "page.txt").write_text(PAGE.format(n=7), encoding="utf-8")
    (uploads / ".pending" / "waiting.txt").write_text("waits")
    assert run(home, "ingest", "seeds", uploads).returncode == 0
    AnswerStore(open_chats(f"sqlite:///{home / 'chats.db'}")).keep_answer(1000, answer(QUESTION))
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """Such a home that a test may change."""
    home = tmp_path / "home"
    shutil.copytree(template, home)
    assert move_pages(home / "yunwen.db", template / "uploads", home / "uploads") == 1
    return home


@pytest.fixture
def archive(home: Path, tmp_path: Path) -> Path:
    return back_up(home, tmp_path / "good.tar.gz")[0]
