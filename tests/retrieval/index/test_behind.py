"""What is much to take in is taken in behind the questions: they find what was there before, and none waits."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from passage_index_contract import fill, texts, vector
from stores import ENCODER, article, entry, put
from waiting import HANG_SECONDS, wait_until

from retrieval.index import local
from retrieval.index.dense import DenseIndex
from retrieval.index.local import LocalIndex
from retrieval.store.store import Store

OLD, NEW = "库伦旗今年水稻种植面积达3万亩。", "乌审旗开展禁毒宣传月活动。"


@pytest.fixture
def filled(store: Store) -> Store:
    return fill(store)


@pytest.fixture
def go_on() -> Iterator[threading.Event]:
    """Set when what is held up may go on; at the end at the latest."""
    event = threading.Event()
    yield event
    event.set()


def put_new(store: Store) -> None:
    put(store, "/p/new.txt", entry(article("禁毒", NEW)))


def test_questions_do_not_wait_while_much_is_taken_in(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, go_on: threading.Event
) -> None:
    index = LocalIndex(filled, tmp_path / "dense.index", ENCODER)
    vectors_of, reached = filled.vectors_of, threading.Event()

    def slow(*arguments: object) -> object:
        reached.set()
        assert go_on.wait(HANG_SECONDS)
        return vectors_of(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(local, "_FEW", 0)
    monkeypatch.setattr(filled, "vectors_of", slow)
    put_new(filled)
    assert index.refresh() == 0
    assert reached.wait(HANG_SECONDS)
    assert [index.refresh(), index.status().behind] == [0, 1]
    assert texts(filled, index.search_dense(vector(OLD), 1)) == [OLD]
    assert NEW not in texts(filled, index.search_dense(vector(NEW), 100))
    go_on.set()
    assert index.refresh(is_whole=True) == 1  # told of once, whoever took it in
    assert texts(filled, index.search_dense(vector(NEW), 1)) == [NEW]
    assert [index.refresh(), index.status().behind] == [0, 0]


def test_a_dense_side_that_has_outgrown_itself_is_searched_until_the_new_one_is_built(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, go_on: threading.Event
) -> None:
    index = LocalIndex(filled, tmp_path / "dense.index", ENCODER, exact_limit=84)
    assert index.status().kind.startswith("faiss fp16")
    build, reached = DenseIndex.build, threading.Event()

    def slow(dense: DenseIndex, batches: object) -> None:
        reached.set()
        assert go_on.wait(HANG_SECONDS)
        build(dense, batches)  # type: ignore[arg-type]

    monkeypatch.setattr(DenseIndex, "build", slow)
    put_new(filled)
    assert index.refresh() == 1  # one change is taken in at once, however long the building will take
    index.refresh()
    assert reached.wait(HANG_SECONDS)
    later = "科右中旗新建图书馆一座。"
    put(filled, "/p/later.txt", entry(article("图书馆", later)))
    assert texts(filled, index.search_dense(vector(NEW), 1)) == [NEW]
    go_on.set()
    wait_until(lambda: index.status().kind.startswith("faiss pca"), "the new dense side")
    index.refresh(is_whole=True)
    for text in (OLD, NEW, later):
        assert texts(filled, index.search_dense(vector(text), 1)) == [text]
    assert index.status().behind == 0


def test_what_fails_behind_is_tried_again_with_the_next_question(
    filled: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    index = LocalIndex(filled, tmp_path / "dense.index", ENCODER)
    vectors_of = filled.vectors_of

    def full(*_: object) -> object:
        raise OSError("no space left")

    monkeypatch.setattr(local, "_FEW", 0)
    monkeypatch.setattr(filled, "vectors_of", full)
    put_new(filled)
    index.refresh()
    wait_until(lambda: "no space left" in caplog.text, "the warning")
    monkeypatch.setattr(filled, "vectors_of", vectors_of)
    wait_until(lambda: index.refresh() or not index.status().behind, "the change")
    assert texts(filled, index.search_dense(vector(NEW), 1)) == [NEW]
