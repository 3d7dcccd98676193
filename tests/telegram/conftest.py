"""A Bot API on loopback, a store with the seed page, and the bot between them."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from running_bot import Bot, running
from stand_in import StandIn


@pytest.fixture(scope="module")
def folder(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose home holds the seed page, one for all tests of a file."""
    folder = tmp_path_factory.mktemp("telegram")
    shutil.copytree(seeded, folder / "home")
    return folder


@pytest.fixture
async def server() -> AsyncIterator[StandIn]:
    server = StandIn()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bot(server: StandIn, folder: Path) -> AsyncIterator[Bot]:
    """The bot, greeted; nothing may have gone wrong when it ends."""
    async with running(server, folder) as bot:
        yield bot
