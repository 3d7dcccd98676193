"""Shared by all tests: the repository, the folder beside it, the prepared model."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import platformdirs
import pytest
from empty_databases import made_at_once
from hypothesis import HealthCheck, settings
from milvus_servers import Milvus, running_milvus
from paths import ROOT
from postgres import Postgres, running_postgres
from processes import end_all

from embeddings import Encoder, Reranker, open_encoder, open_reranker

# no test depends on how fast the machine is
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

os.environ["INGEST_NICE"] = "0"  # beside other work a test's own processes would starve

_LONGEST = (
    *("tests/telegram/", "tests/bot/operations/", "tests/bot/ingest/", "tests/retrieval/index/"),
    *("tests/test_quality.py", "tests/test_make.py", "tests/test_readme.py"),  # else they come last
)

pytest.register_assert_rewrite("passage_index_contract", "running_bot")  # they assert, and are no test files


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the garbage collector what is collected here: it stays to the end, and need not be gone through again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that at the end no worker is left alone with one."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))


@pytest.fixture(autouse=True)
def no_process_outlives_its_test() -> Iterator[None]:
    yield
    end_all()


@pytest.fixture(scope="session", autouse=True)
def new_databases_made_at_once() -> Iterator[None]:
    with made_at_once():
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with evaluation sets and tools beside the repository; absent from a plain clone."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared, with the evaluation sets, is not here")
    return folder


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds the seed page, to be copied."""
    from running_bot import yunwen  # not before its assertions are rewritten

    folder = tmp_path_factory.mktemp("seeded")
    yunwen(folder, "ingest", "seeds")
    return folder / "home"


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """The cache that the product itself uses, so that the model is prepared once on a machine."""
    return platformdirs.user_cache_path("yunwen", appauthor=False) / "models"


@pytest.fixture(scope="session")
def bundled(model_cache: Path) -> Encoder:
    """The bundled model, prepared if it is not yet."""
    return open_encoder(cache=model_cache)


@pytest.fixture(scope="session")
def postgres_or_none() -> Iterator[Postgres | None]:
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres(postgres_or_none: Postgres | None) -> Postgres:
    """A PostgreSQL server of this run's own."""
    if postgres_or_none is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql, pip install 'yunwen[scale]'")
    return postgres_or_none


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of its own for a test, on each kind of database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'home' / 'yunwen.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.new_database()
    yield url
    server.give_back(url)


@pytest.fixture(scope="session")
def lite_or_none() -> Iterator[Milvus | None]:
    with running_milvus(is_real=False) as server:
        yield server


@pytest.fixture
def milvus_lite(lite_or_none: Milvus | None) -> Milvus:
    """milvus-lite's server, over the network."""
    if lite_or_none is None:
        pytest.skip("no milvus-lite here: pip install -r requirements-test.lock")
    return lite_or_none


@pytest.fixture(scope="session")
def real_or_none() -> Iterator[Milvus | None]:
    with running_milvus(is_real=True) as server:
        yield server


@pytest.fixture
def milvus_real(real_or_none: Milvus | None) -> Milvus:
    """A real Milvus 2.3.5."""
    if real_or_none is None:
        pytest.skip("no Milvus here: pip install -r requirements-test.lock")
    return real_or_none


@pytest.fixture(scope="session")
def reranker(model_cache: Path) -> Reranker:
    """The reranker that comes with the product, prepared if it is not yet."""
    opened = open_reranker(cache=model_cache)
    assert opened is not None
    return opened
