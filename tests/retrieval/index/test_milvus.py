"""The contract of all passage indexes on Milvus, unchanged, and what is true of Milvus alone."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from milvus_servers import Milvus
from passage_index_contract import TEXTS, PassageIndexContract, fill, texts, vector
from paths import SEED_QUESTIONS, SEEDS
from postgres import Postgres
from stores import ENCODER, RESOLVER, TOKENIZER, article, entry, put, regions
from waiting import HANG_SECONDS, wait_until

from embeddings import Encoder, HashingEncoder
from retrieval import Answerer, Ingester, Unreachable, held_alone
from retrieval.index.base import PassageIndex
from retrieval.index.local import LocalIndex
from retrieval.index.milvus import MilvusIndex
from retrieval.store.store import Store
from retrieval.types import Filter, PassageScore, RegionRole

pytestmark = pytest.mark.soak


class DenseOnMilvus(MilvusIndex):
    """The dense side on a server that has no sparse vectors, the other one on this machine."""

    def __init__(self, store: Store, address: str, snapshot: Path) -> None:
        self._local = LocalIndex(store, snapshot, ENCODER)
        super().__init__(store, address, ENCODER, has_sparse=False)

    def refresh(self, *, is_whole: bool = True) -> int:
        self._local.refresh(is_whole=is_whole)
        return super().refresh(is_whole=is_whole)

    def search_sparse(self, terms: Sequence[str], depth: int, where: Filter = Filter()) -> list[PassageScore]:  # noqa: B008
        return self._local.search_sparse(terms, depth, where)


@pytest.fixture(scope="module", params=["milvus-lite", "milvus 2.3.5"])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageIndex]:
    folder = tmp_path_factory.mktemp("milvus")
    is_real = request.param != "milvus-lite"
    server: Milvus | None = request.getfixturevalue("real_or_none" if is_real else "lite_or_none")
    if server is None:
        pytest.skip("its package is not installed: pip install -r requirements-test.lock")
    store = fill(Store.open(f"sqlite:///{folder / 'yunwen.db'}"))
    if is_real:
        yield DenseOnMilvus(store, server.address, folder / "dense.index")
    else:
        yield MilvusIndex(store, server.address, ENCODER)
    store.engine.dispose()


@pytest.fixture
def filled(index: MilvusIndex) -> Store:
    return index._store


class TestMilvusIndex(PassageIndexContract):
    pass


# what is true of Milvus alone


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """PostgreSQL, which is what stands beside Milvus; the contract above runs beside SQLite."""
    url = postgres.new_database()
    yield url
    postgres.give_back(url)


def found(index: PassageIndex, store: Store, text: str) -> bool:
    return text in texts(store, index.search_dense(vector(text), 50))


def wait_until_searchable(index: PassageIndex) -> None:
    """A real server reads its log again before it answers."""

    def answers() -> bool:
        try:
            index.search_dense(vector("禁毒"), 1)
        except Unreachable:
            return False
        return True

    wait_until(answers, "the server to search again")


def new_page(store: Store, number: int) -> str:
    text = f"第{number}期乌审旗开展禁毒宣传月活动{number}场。"
    put(store, f"/new/{number}.txt", entry(article(f"禁毒{number}", text), ("150626", RegionRole.PRIMARY)))
    return text


def test_both_tiers_give_the_same_passages_and_all_but_the_same_scores(
    store: Store, milvus_lite: Milvus, tmp_path: Path
) -> None:
    fill(store)
    local = LocalIndex(store, tmp_path / "dense.index", ENCODER)
    far = MilvusIndex(store, milvus_lite.address, ENCODER)
    for question in ("水稻种植面积", "排查养老企业", "农村产业示范园", "改造老旧小区惠及居民"):
        terms = TOKENIZER.terms(question)
        here, there = local.search_sparse(terms, 5), far.search_sparse(terms, 5)
        assert here[0].passage_id == there[0].passage_id
        assert far.frequencies(terms) == local.frequencies(terms)
        here, there = (side.search_dense(vector(question), len(TEXTS)) for side in (local, far))
        assert here[0].passage_id == there[0].passage_id
        cosines = {each.passage_id: each.score for each in there}
        # this machine keeps 16 bits: passages that are all but alike may change places
        assert {each.passage_id: each.score for each in here} == pytest.approx(cosines, abs=1e-3)


@pytest.mark.model
def test_the_seed_pages_questions_have_the_same_answers_on_both_tiers(
    store: Store, milvus_lite: Milvus, bundled: Encoder, tmp_path: Path
) -> None:
    Ingester(store, bundled, TOKENIZER, regions).ingest([SEEDS])
    indexes = (
        LocalIndex(store, tmp_path / "dense.index", bundled),
        MilvusIndex(store, milvus_lite.address, bundled),
    )
    here, there = (Answerer(store, index, bundled, TOKENIZER, RESOLVER) for index in indexes)
    lines = SEED_QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    assert len(questions) == 20
    for question in questions:
        one, other = here.ask(question), there.ask(question)
        assert one.outcome is other.outcome, question
        assert [hit.passage.id for hit in one.hits[:1]] == [hit.passage.id for hit in other.hits[:1]], (
            question
        )


def test_the_score_is_bm25_worked_out_by_hand(store: Store, milvus_lite: Milvus) -> None:
    put(store, "/p/a.txt", entry(article("", "水稻水稻小麦。")))
    put(store, "/p/b.txt", entry(article("", "玉米。")))
    index = MilvusIndex(store, milvus_lite.address, ENCODER)
    (hit,) = index.search_sparse(["小麦"], 5)
    n_terms = len(TOKENIZER.terms("水稻水稻小麦。"))
    idf = np.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    assert hit.score == pytest.approx(idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * n_terms / 350)), rel=1e-4)


def test_counts_follow_what_comes_changes_and_goes(store: Store, milvus_lite: Milvus) -> None:
    fill(store)
    index = MilvusIndex(store, milvus_lite.address, ENCODER)
    put(store, "/p/x.txt", entry(article("水稻", "水稻水稻丰收。")), entry(article("水稻", "水稻歉收。")))
    assert index.frequencies(["水稻", "丰收"]) == {"水稻": 3, "丰收": 1}
    put(store, "/p/x.txt", entry(article("水稻", "水稻水稻丰收。")))
    assert index.frequencies(["水稻", "歉收"]) == {"水稻": 2}
    store.remove_page("/p/x.txt")
    assert index.frequencies(["水稻", "丰收"]) == {"水稻": 1}
    assert index._counts.of([])[0] == len(TEXTS)


def test_one_process_follows_and_another_only_searches(store: Store, milvus_lite: Milvus) -> None:
    fill(store)
    following = MilvusIndex(store, milvus_lite.address, ENCODER)
    searching = MilvusIndex(store, milvus_lite.address, ENCODER, follows=False)
    text = new_page(store, 1)
    searching.refresh()
    assert not found(searching, store, text)
    assert following.refresh() == 1
    wait_until(lambda: found(searching, store, text), "what another process wrote")
    assert (following.status().behind, following.status().n_passages) == (0, len(TEXTS) + 1)


def test_a_searching_process_says_for_how_long_what_it_finds_may_be_changing(
    store: Store, milvus_lite: Milvus, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    following = MilvusIndex(store, milvus_lite.address, ENCODER)
    searching = MilvusIndex(store, milvus_lite.address, ENCODER, follows=False)
    assert searching.refresh() == 1
    monkeypatch.setattr("retrieval.index.milvus._BOUND_SECONDS", 0.0)
    assert searching.refresh() == 0
    new_page(store, 1)
    assert [searching.refresh(), searching.refresh()] == [1, 1]  # not yet on the server
    following.refresh()
    monkeypatch.setattr("retrieval.index.milvus._BOUND_SECONDS", math.inf)
    assert [searching.refresh(), searching.refresh()] == [1, 1]  # not yet seen by all searches
    monkeypatch.setattr("retrieval.index.milvus._BOUND_SECONDS", 0.0)
    assert searching.refresh() == 0


def test_a_server_that_was_emptied_is_filled_again_from_the_store(store: Store, milvus_lite: Milvus) -> None:
    fill(store)
    index = MilvusIndex(store, milvus_lite.address, ENCODER)
    client, text = index._server._connected(), TEXTS["库伦旗"][1]
    for fill_again in (index.save, lambda: MilvusIndex(store, milvus_lite.address, ENCODER)):
        client.drop_alias(index._alias)
        client.drop_collection(index._collection)
        fill_again()
        assert found(index, store, text)


def test_saving_waits_for_the_process_that_brings_the_server_up_to_date(
    store: Store, milvus_lite: Milvus, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    index = MilvusIndex(store, milvus_lite.address, ENCODER)
    text, has_waited, is_free = new_page(store, 1), threading.Event(), threading.Event()

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return 0.0

        @staticmethod
        def sleep(_seconds: float) -> None:
            has_waited.set()
            assert is_free.wait(HANG_SECONDS)

    monkeypatch.setattr("retrieval.index.milvus.time", Clock)
    with held_alone(store.engine, index._note) as holder:  # a process that died now would free it
        assert holder is None
        saving = threading.Thread(target=index.save)
        saving.start()
        assert has_waited.wait(HANG_SECONDS)
        assert saving.is_alive()
    is_free.set()
    saving.join(HANG_SECONDS)
    assert not saving.is_alive()
    assert found(index, store, text)


def test_a_building_that_was_interrupted_goes_on_where_it_stopped(
    store: Store, milvus_lite: Milvus, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    monkeypatch.setattr("retrieval.index.milvus._BATCH", 5)
    asked: list[int] = []
    passage_ids = Store.passage_ids

    def interrupted(self: Store, after: int = 0, limit: int = 4096) -> list[int]:
        asked.append(after)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return passage_ids(self, after, limit)

    monkeypatch.setattr(Store, "passage_ids", interrupted)
    with pytest.raises(KeyboardInterrupt):
        MilvusIndex(store, milvus_lite.address, ENCODER)
    index = MilvusIndex(store, milvus_lite.address, ENCODER)
    assert asked[4] == asked[3] == 15
    assert index.status().n_passages == len(TEXTS)
    assert (index.status().behind, index.refresh()) == (0, 0)


def test_another_encoder_is_built_beside_the_old_one_and_switched_to_in_one_step(
    store: Store, milvus_lite: Milvus
) -> None:
    fill(store)
    old = MilvusIndex(store, milvus_lite.address, ENCODER)
    client = old._server._connected()
    assert client.describe_alias(old._alias)["collection_name"] == old._collection
    other = HashingEncoder(32)
    digests = {digest: passage_id for passage_id, _, digest in store.passage_checksums()}
    passages = store.passages(digests.values())
    vectors = other.encode_passages([passages[each].text for each in digests.values()])
    store.put_vectors(other.fingerprint, list(digests), vectors)
    store.set_encoder(other.fingerprint, other.name)
    new = MilvusIndex(store, milvus_lite.address, other)
    assert client.describe_alias(old._alias)["collection_name"] == new._collection != old._collection
    text = TEXTS["库伦旗"][1]
    assert texts(store, new.search_dense(other.encode_queries([text])[0], 1)) == [text]
    assert texts(store, old.search_dense(vector(text), 1)) == [text]  # who runs with it still


@pytest.mark.parametrize("kind", ["lite_or_none", "real_or_none"])
def test_a_server_killed_and_started_again_has_lost_nothing_it_acknowledged(
    request: pytest.FixtureRequest, store: Store, tmp_path: Path, kind: str
) -> None:
    is_real = kind == "real_or_none"
    server: Milvus | None = request.getfixturevalue(kind)
    if server is None:
        pytest.skip("its package is not installed: pip install -r requirements-test.lock")
    fill(store)
    index = (
        DenseOnMilvus(store, server.address, tmp_path / "dense.index")
        if is_real
        else MilvusIndex(store, server.address, ENCODER)
    )
    acknowledged = []
    for number in range(10):
        acknowledged.append(new_page(store, number))
        assert index.refresh() == 1
    store.remove_page("/p/0.txt")
    index.refresh()
    server.kill()
    with pytest.raises(Unreachable, match=r"INDEX_URL=.*127\.0\.0\.1"):
        index.search_dense(vector("禁毒"), 5)
    late = new_page(store, 99)  # the store goes on without the server
    before = server.address
    server.start()
    if server.address != before:
        index = DenseOnMilvus(store, server.address, tmp_path / "again.index")
    wait_until_searchable(index)
    for text in acknowledged:
        assert found(index, store, text)
    assert not found(index, store, TEXTS["库伦旗"][1])
    index.refresh()
    assert found(index, store, late)
    assert index.status().behind == 0
    assert index.status().n_passages == len(TEXTS) + 10
