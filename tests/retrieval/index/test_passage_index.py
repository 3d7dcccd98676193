"""The contract of all passage indexes on this machine, and what is true of the local index's snapshot alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from passage_index_contract import TEXTS, PassageIndexContract, fill, vector
from postgres import Postgres
from stores import ENCODER, article, entry, put

from retrieval.index.base import PassageIndex
from retrieval.index.local import LocalIndex, snapshot_status
from retrieval.store.store import Store


@pytest.fixture
def filled(store: Store) -> Store:
    return fill(store)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The texts in a store for all tests that leave it as it was, on each kind of database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('kept') / 'yunwen.db'}"
    else:
        server: Postgres | None = request.getfixturevalue("postgres_or_none")
        if server is None:
            pytest.skip("no PostgreSQL here: apt-get install postgresql, pip install 'yunwen[scale]'")
        url = server.new_database()
    store = fill(Store.open(url))
    yield store
    store.engine.dispose()


@pytest.fixture(scope="module", params=["exact", "coarse"])
def index(
    request: pytest.FixtureRequest, kept: Store, tmp_path_factory: pytest.TempPathFactory
) -> PassageIndex:
    limit = 2 if request.param == "coarse" else 1000
    return LocalIndex(kept, tmp_path_factory.mktemp("index") / "dense.index", ENCODER, exact_limit=limit)


class TestLocalIndex(PassageIndexContract):
    @pytest.fixture
    def filled(self, kept: Store) -> Store:
        return kept


@pytest.mark.parametrize("limit", [2, 1000])
def test_a_saved_index_answers_like_the_one_that_saved_it(kept: Store, tmp_path: Path, limit: int) -> None:
    path = tmp_path / "dense.index"
    first = LocalIndex(kept, path, ENCODER, exact_limit=limit)
    first.save()
    again = LocalIndex(kept, path, ENCODER, exact_limit=limit)
    assert again.search_dense(vector("水稻"), 10) == first.search_dense(vector("水稻"), 10)
    assert snapshot_status(kept, path) == again.status()


@pytest.mark.parametrize("damage", ["missing", "cut in half", "one byte changed", "empty", "something else"])
def test_a_damaged_snapshot_is_built_again(kept: Store, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "dense.index"
    first = LocalIndex(kept, path, ENCODER)
    first.save()
    content = path.read_bytes()
    damaged = {
        "missing": None,
        "cut in half": content[: len(content) // 2],
        "one byte changed": content[:-9] + bytes([content[-9] ^ 255]) + content[-8:],
        "empty": b"",
        "something else": b"GIF89a" * 1000,
    }[damage]
    path.unlink()
    if damaged is not None:
        path.write_bytes(damaged)
    again = LocalIndex(kept, path, ENCODER)
    assert again.search_dense(vector("水稻"), 10) == first.search_dense(vector("水稻"), 10)
    again.save()
    assert path.read_bytes() == content


def test_a_snapshot_that_is_behind_takes_in_what_is_new(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "dense.index"
    LocalIndex(filled, path, ENCODER).save()
    filled.remove_page("/p/0.txt")
    assert snapshot_status(filled, path).behind == 1
    again = LocalIndex(filled, path, ENCODER)
    assert (again.status().behind, again.status().n_passages) == (0, len(TEXTS) - 1)


def test_a_snapshot_of_another_database_is_not_believed(kept: Store, tmp_path: Path) -> None:
    path = tmp_path / "dense.index"
    LocalIndex(kept, path, ENCODER).save()
    other = Store.open(f"sqlite:///{tmp_path / 'other.db'}")
    others = (entry(article("别的", f"别的报纸第{number}版。")) for number in range(len(TEXTS) + 1))
    put(other, "/p/0.txt", *others)
    assert snapshot_status(other, path).n_passages == 0
    assert LocalIndex(other, path, ENCODER).status().n_passages == len(TEXTS) + 1
    other.engine.dispose()
