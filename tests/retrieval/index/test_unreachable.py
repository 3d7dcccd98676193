"""A search server that does not answer is said to be that, with the setting that names it."""

import pytest
from passage_index_contract import fill, vector
from postgres import free_port
from stores import ENCODER

from retrieval import Unreachable
from retrieval.index.milvus import MilvusIndex
from retrieval.store.store import Store


def test_a_server_that_is_not_there_is_told_of(store: Store) -> None:
    fill(store)
    index = MilvusIndex(store, f"127.0.0.1:{free_port()}", ENCODER, follows=False)
    with pytest.raises(Unreachable, match="INDEX_URL"):
        index.search_dense(vector("水稻"), 5)
