"""Days, copies and what came last, by place, on each kind of database."""

from datetime import date

import pytest
from stores import article, entry, put, regions

from retrieval.store.archive import Archive
from retrieval.store.store import Store

TEXT = "库伦旗水稻种植面积达到3万余亩，预计总产量1.5万吨，农牧局派人到田间指导，确保丰收。"


@pytest.fixture
def archive(store: Store) -> Archive:
    days = [
        ("库伦旗", date(2022, 6, 30)),
        ("奈曼旗", date(2022, 6, 30)),
        ("库伦旗", date(2022, 5, 1)),
        ("海拉尔区", None),
    ]
    for number, (place, day) in enumerate(days):
        item = article(f"{place}新闻{number}", f"{place}第{number}条消息。", place=place, day=day)
        put(store, f"/pages/{number}.txt", entry(item, *regions(item)))
    return Archive(store)


def test_days_with_articles_are_found_by_place(archive: Archive) -> None:
    assert archive.last_day(None) == archive.last_day("150500") == date(2022, 6, 30)
    assert archive.last_day("150524", date(2022, 6, 30)) == date(2022, 5, 1)
    assert archive.last_day("150524", date(2022, 5, 1)) is None
    assert archive.last_day("150702") is None
    assert archive.first_day("150500", date(2022, 5, 1)) == date(2022, 6, 30)
    assert archive.first_day("150525", date(2022, 6, 30)) is None


def test_articles_of_each_day_are_counted(archive: Archive) -> None:
    june = (date(2022, 6, 1), date(2022, 6, 30))
    assert archive.n_articles(None, *june) == archive.n_articles("150500", *june) == {date(2022, 6, 30): 2}
    assert archive.n_articles("150524", *june) == {date(2022, 6, 30): 1}
    assert archive.n_articles("150702", *june) == {}


def test_what_became_known_last_comes_with_when_the_newest_at_the_end(archive: Archive) -> None:
    known = archive.newest_known("150500", 2)
    assert [each.title for each, _ in known] == ["奈曼旗新闻1", "库伦旗新闻2"]
    assert known[0][1] < known[1][1]
    assert known[0][1].tzinfo is not None
    assert [each.title for each, _ in archive.newest_known(None, 1)] == ["海拉尔区新闻3"]


def test_copies_of_a_story_are_the_other_articles_that_tell_it(store: Store) -> None:
    for number, day in enumerate((date(2022, 6, 30), date(2022, 7, 1), None)):
        item = article("水稻丰收", TEXT, place="库伦旗", day=day)
        put(store, f"/pages/copy{number}.txt", entry(item, *regions(item)))
    other = article("公路", "库伦旗修通公路。", place="库伦旗", day=date(2022, 7, 1))
    put(store, "/pages/other.txt", entry(other, *regions(other)))
    first = next(each for each in store.newest_articles(9) if each.date == date(2022, 6, 30))
    assert [each.date for each in Archive(store).copies(first, 9)] == [date(2022, 7, 1), None]
    assert len(Archive(store).copies(first, 1)) == 1


def test_passages_lead_to_their_stories_each_with_its_first_article(archive: Archive, store: Store) -> None:
    copies = []
    for number in range(2):
        item = article("水稻丰收", TEXT, place="库伦旗", day=date(2022, 7, number + 1))
        put(store, f"/pages/copy{number}.txt", entry(item, *regions(item)))
        (found,) = store.page_articles(f"/pages/copy{number}.txt")
        copies.append(found)
    (other,) = store.page_articles("/pages/1.txt")
    passages = {
        each: [one.id for one in found] for each, found in store.passages_of([*copies, other]).items()
    }
    story = store.stories(copies)[copies[0]]
    asked = [*passages[other], *passages[copies[1]], *passages[copies[0]], 10**6]
    assert list(archive.told(asked).items()) == [(other, other), (story, copies[1])]
    assert archive.told([]) == {}


def test_the_newest_articles_come_without_those_before(archive: Archive, store: Store) -> None:
    titles = [each.title for each in store.newest_articles(9)]
    assert [each.title for each in store.newest_articles(2, 1)] == titles[1:3]
    within = [each.title for each in store.newest_within("150500", 9)]
    assert [each.title for each in store.newest_within("150500", 1, 1)] == within[1:2]


def test_the_articles_of_a_day_are_those_that_name_a_place(archive: Archive, store: Store) -> None:
    def titles(code: str | None) -> list[str]:
        return [each.title for each, _ in store.articles_dated(date(2022, 6, 30), code)]

    assert titles(None) == ["库伦旗新闻0", "奈曼旗新闻1"] == titles("150500")
    assert titles("150524") == ["库伦旗新闻0"]
    assert titles("150702") == []


def test_ids_are_listed_in_parts(archive: Archive) -> None:
    ids = archive.ids("", 3)
    assert sorted(ids) == ids
    assert archive.ids(ids[-1], 3) == archive.ids("", 9)[3:]


def test_articles_of_places_are_counted_in_one_go(archive: Archive, store: Store) -> None:
    codes = ["150000", "150500", "150524", "150525", "150702", "110000"]
    assert store.articles_within(codes) == dict(zip(codes, [4, 3, 2, 1, 1, 0], strict=True))
    assert store.articles_within([]) == {}
