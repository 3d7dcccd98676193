import random
import sqlite3
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from stores import ENCODER, article, entry, page, put

from retrieval.errors import EncoderMismatch, SchemaError, StoreError
from retrieval.store.store import Store
from retrieval.types import ArticleRegion, RegionRole

RICE = article("水稻种植达三万亩", "今年水稻种植面积达3万亩。", place="库伦旗", day=date(2022, 6, 30))
WHEAT = article("小麦丰收", "小麦产量创新高。")
RICE_REGIONS = (("150524", RegionRole.PRIMARY), ("150500", RegionRole.MENTIONED))


def only_passage(store: Store) -> int:
    ((passage_id, _, _),) = store.passage_checksums()
    return passage_id


def test_an_article_comes_back_as_it_was_put(store: Store) -> None:
    named = Store(store.engine, {"150524": "库伦旗"})
    put(store, "/p/a.txt", entry(RICE, *RICE_REGIONS))
    (article_id,) = store.page_articles("/p/a.txt")
    found = named.article(article_id)
    assert found is not None
    assert (found.title, found.text, found.spans, found.date) == (
        RICE.title,
        RICE.text,
        RICE.spans,
        RICE.date,
    )
    assert found.page == "/p/a.txt"
    assert found.regions == (
        ArticleRegion("150524", "库伦旗", RegionRole.PRIMARY),
        ArticleRegion("150500", "150500", RegionRole.MENTIONED),
    )


def test_a_passage_is_a_slice_of_its_article(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE))
    passage = store.passage(only_passage(store))
    assert passage is not None
    assert passage.text == RICE.text[passage.start : passage.end]


def test_unknown_ids_are_left_out(store: Store) -> None:
    assert store.article("nobody") is None
    assert store.passage(7) is None
    assert store.page_articles("/nowhere") == []


def test_an_unchanged_article_keeps_its_id_and_passages_when_its_page_changes(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE))
    before = store.page_articles("/p/a.txt"), only_passage(store)
    put(store, "/p/a.txt", entry(WHEAT), entry(RICE))
    assert store.page_articles("/p/a.txt")[1:] == before[0]
    assert before[1] in [passage_id for passage_id, _, _ in store.passage_checksums()]


def test_an_article_that_left_its_page_is_gone_with_passages_and_regions(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE, *RICE_REGIONS), entry(WHEAT))
    put(store, "/p/a.txt", entry(WHEAT))
    assert store.counts().articles == 1
    assert store.counts().passages == 1
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM article_regions").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM passage_terms").scalar() == 1


def test_removing_a_page_leaves_nothing_of_it(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE, *RICE_REGIONS))
    store.remove_page("/p/a.txt")
    counts = store.counts()
    assert (counts.pages, counts.articles, counts.passages) == (0, 0, 0)


def test_the_same_article_twice_on_a_page_is_two_articles(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE), entry(RICE))
    first, second = store.page_articles("/p/a.txt")
    assert first != second


def test_pages_of_one_name_in_two_folders_share_no_article(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE))
    put(store, "/q/a.txt", entry(RICE))
    assert store.page_articles("/p/a.txt") != store.page_articles("/q/a.txt")
    assert store.counts().articles == 2


def test_a_passage_id_is_never_used_again(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE))
    first = only_passage(store)
    store.remove_page("/p/a.txt")
    put(store, "/p/a.txt", entry(RICE))
    assert only_passage(store) > first


def test_the_log_tells_every_addition_and_removal_in_order(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE))
    passage_id = only_passage(store)
    store.remove_page("/p/a.txt")
    assert [(c.passage_id, c.is_removal) for c in store.changes(0)] == [
        (passage_id, False),
        (passage_id, True),
    ]
    assert store.changes(store.log_head()) == []


def test_a_failure_in_the_middle_of_a_page_changes_nothing(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE))
    before = store.counts(), store.log_head()
    broken = entry(WHEAT, ("150500", None))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        store.put_page(page("/p/a.txt", [WHEAT]), 1, [broken])
    assert (store.counts(), store.log_head()) == before


def test_vectors_are_kept_to_the_last_bit(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE))
    passage_id = only_passage(store)
    stored = store.vectors_of(ENCODER.fingerprint, [passage_id, 999])
    assert list(stored) == [passage_id]
    assert np.array_equal(stored[passage_id], ENCODER.encode_passages([RICE.text])[0])


def test_vectors_that_no_passage_has_are_pruned(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE), entry(WHEAT))
    put(store, "/p/a.txt", entry(WHEAT))
    assert store.prune_vectors() == 1
    assert store.prune_vectors() == 0


def test_another_encoder_is_refused_with_what_to_run(store: Store) -> None:
    store.set_encoder("print-a", "model-a")
    with pytest.raises(EncoderMismatch, match="model-a.*hashing.*yunwen ingest --reencode"):
        store.check_encoder(ENCODER)


def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "yunwen.db"
    Store.open(f"sqlite:///{path}").engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE yunwen_retrieval_version SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(SchemaError, match="9999.*newer"):
        Store.open(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "yunwen.db"
    path.write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(StoreError, match="not a yunwen database"):
        Store.open(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"this is a letter")


def test_flipped_bytes_are_answered_or_said_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "yunwen.db"
    url = f"sqlite:///{path}"
    store = Store.open(url)
    for number in range(40):
        text = f"今年水稻种植面积达{number}万亩。" * 30
        put(store, f"/p/{number}.txt", entry(article(f"标题{number}", text, day=RICE.date), *RICE_REGIONS))
    store.engine.dispose()
    whole, chance = path.read_bytes(), random.Random(1)
    n_damaged = 0
    for number in range(60):
        changed = bytearray(whole)
        for _ in range(60 if number % 2 else 8):
            changed[chance.randrange(100, len(changed))] = chance.randrange(256)
        for old in tmp_path.glob("yunwen.db*"):
            old.unlink()
        path.write_bytes(changed)
        try:
            damaged = Store.open(url)
            try:
                pages = damaged.page_states()
                damaged.articles([each for page in pages for each in damaged.page_articles(page)])
                damaged.passages([passage_id for passage_id, _, _ in damaged.passage_checksums()])
                put(damaged, "/p/new.txt", entry(RICE))
            finally:
                damaged.engine.dispose()
        except StoreError:
            n_damaged += 1
    assert n_damaged > 20


def test_an_emptied_database_is_begun_anew_with_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "yunwen.db").touch()
    Store.open(f"sqlite:///{tmp_path / 'yunwen.db'}").engine.dispose()
    assert "is empty" in caplog.text
    caplog.clear()
    Store.open(f"sqlite:///{tmp_path / 'yunwen.db'}").engine.dispose()
    Store.open(f"sqlite:///{tmp_path / 'other.db'}").engine.dispose()
    assert caplog.text == ""


def test_opening_again_changes_nothing(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE))
    again = Store.open(store.engine.url.render_as_string())
    assert again.counts() == store.counts()
    again.engine.dispose()


def test_articles_are_counted_by_place_with_all_below_it(store: Store) -> None:
    put(store, "/p/a.txt", entry(RICE, *RICE_REGIONS), entry(WHEAT, ("150525100", RegionRole.PRIMARY)))
    counts = store.articles_within(["150000", "150500", "150524", "150525", "110000"])
    assert counts == {"150000": 2, "150500": 2, "150524": 1, "150525": 1, "110000": 0}


def test_a_divisions_articles_come_newest_first_page_by_page(store: Store) -> None:
    def dated(title: str, day: date | None) -> object:
        return article(title, f"{title}的正文。", day=day)

    june, may, undated = (
        dated("六月", date(2022, 6, 30)),
        dated("五月", date(2022, 5, 1)),
        dated("不详", None),
    )
    banner, league = ("150524", RegionRole.PRIMARY), ("150500", RegionRole.PRIMARY)
    put(store, "/p/a.txt", entry(undated, banner), entry(may, league), entry(june, banner))
    put(store, "/p/b.txt", entry(WHEAT, ("150525", RegionRole.PRIMARY), ("150524", RegionRole.MENTIONED)))

    def titles(code: str, n: int, first: int = 0) -> list[str]:
        return [each.title for each in store.newest_within(code, n, first)]

    assert titles("150524", 9) == ["六月", "不详"]
    assert titles("150500", 2) == ["六月", "五月"]
    assert set(titles("150500", 9, 2)) == {"不详", "小麦丰收"}
    assert titles("150500", 9, 4) == titles("110000", 9) == []
