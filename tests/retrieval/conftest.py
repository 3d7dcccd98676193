from collections.abc import Iterator

import pytest

from retrieval.store.store import Store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store, on each kind of database."""
    store = Store.open(database_url)
    yield store
    store.engine.dispose()
