from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from stores import article, entry, put

from retrieval.editions import Choice, build_edition, edition_since
from retrieval.regions import Gazetteer
from retrieval.store.copies import are_copies, sketch
from retrieval.store.store import Store
from retrieval.types import RegionRole

HERE = ("150524", RegionRole.PRIMARY)
THERE = ("150525", RegionRole.PRIMARY)
TEXT = "库伦旗今年水稻种植面积达3万余亩，预计稻谷总产量达15000余吨，稻农抢抓农时开展插秧作业。"
OTHER = "奈曼旗排查养老企业32家，发放宣传资料5000余份，将对涉嫌养老诈骗的企业立案调查。"


def stories(store: Store) -> dict[str, str]:
    """Story by article id."""
    ids = {article_id for _, article_id, _ in store.passage_checksums()}
    return {each.id: each.story for each in store.articles(ids).values()}


def ids(store: Store, path: str) -> Sequence[str]:
    return store.page_articles(path)


def test_a_copy_on_another_page_joins_the_first_ones_story(store: Store) -> None:
    put(store, "/p/a.txt", entry(article("水稻", TEXT), HERE), entry(article("养老", OTHER), THERE))
    put(store, "/p/b.txt", entry(article("水稻丰收", TEXT.replace("，", ",") + "（完）"), HERE))
    first, unlike = ids(store, "/p/a.txt")
    (copy,) = ids(store, "/p/b.txt")
    assert stories(store) == {first: first, unlike: unlike, copy: first}


@pytest.mark.parametrize(
    ("text", "region"), [(TEXT, THERE), (TEXT.replace("3万", "2万"), HERE), (OTHER, HERE)]
)
def test_another_place_figure_or_matter_is_another_story(
    store: Store, text: str, region: tuple[str, RegionRole]
) -> None:
    put(store, "/p/a.txt", entry(article("水稻", TEXT), HERE))
    put(store, "/p/b.txt", entry(article("水稻", text), region))
    assert len(set(stories(store).values())) == 2


def test_a_story_outlives_the_article_that_told_it_first(store: Store) -> None:
    put(store, "/p/a.txt", entry(article("水稻", TEXT), HERE))
    put(store, "/p/b.txt", entry(article("水稻", TEXT + "（完）"), HERE))
    (first,) = ids(store, "/p/a.txt")
    store.remove_page("/p/a.txt")
    put(store, "/p/c.txt", entry(article("水稻", TEXT + "（转载）"), HERE))
    assert set(stories(store).values()) == {first}


def test_putting_a_page_again_changes_no_story(store: Store) -> None:
    entries = entry(article("水稻", TEXT), HERE), entry(article("水稻", TEXT + "（完）"), HERE)
    put(store, "/p/a.txt", *entries)
    before = stories(store)
    put(store, "/p/a.txt", *entries)
    assert stories(store) == before
    assert len(set(before.values())) == 1


def test_a_copy_of_what_was_told_is_not_told_again(store: Store) -> None:
    gazetteer, start = Gazetteer.load(), datetime.now(UTC) - timedelta(minutes=1)
    put(store, "/p/a.txt", entry(article("水稻", TEXT), HERE))
    told = store.known_until()
    assert told is not None
    put(store, "/p/b.txt", entry(article("水稻", TEXT + "（完）"), HERE), entry(article("养老", OTHER), HERE))
    until = store.known_until()
    assert until is not None
    edition = edition_since(store, gazetteer, told, until)
    assert [item.article.title for item in edition.choose([Choice("150524")], told)] == ["养老"]
    both = edition_since(store, gazetteer, start, until).choose([Choice("150524")], start)
    assert sorted((item.article.title, len(item.also)) for item in both) == [("养老", 0), ("水稻", 1)]


def test_an_edition_of_nothing_is_empty() -> None:
    assert build_edition(Gazetteer.load(), []).choose([Choice("150524")]) == []


def test_figures_decide_and_a_shorter_reprint_may_have_fewer() -> None:
    assert are_copies(TEXT, TEXT.replace("达15000余吨", ""))
    assert not are_copies(TEXT, TEXT.replace("15000", "16000"))


def test_a_sketch_is_small_and_the_same_for_the_same_letters() -> None:
    assert sketch(TEXT) == sketch(TEXT.replace("，", "、"))
    assert len(sketch(TEXT)) == 8
    assert len(sketch("短")) == 1
