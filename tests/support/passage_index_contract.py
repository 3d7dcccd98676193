"""One contract for every passage index: what it must answer, not how."""

from datetime import date, timedelta

import numpy as np
import pytest
from stores import ENCODER, TOKENIZER, article, entry, put

from retrieval.index.base import PassageIndex
from retrieval.store.store import Store
from retrieval.types import Filter, RegionRole

TEXTS = {
    "库伦旗": ("水稻种植", "库伦旗今年水稻种植面积达3万亩。", "150524", date(2022, 6, 30)),
    "奈曼旗": ("养老整治", "奈曼旗排查养老领域企业2家，发放宣传资料500份。", "150525", date(2022, 6, 30)),
    "九原区": ("产业示范园", "九原区获批国家农村产业融合发展示范园。", "150207", date(2022, 7, 1)),
    "海南区": ("小区改造", "海南区改造5个老旧小区，惠及1271户居民。", "150303", date(2021, 5, 1)),
    # a coarse scan needs vectors to learn from, and a filter that lets through most of them
    **{
        f"农场{n}": (f"喜讯{n}", f"第{n}农场收小麦{n}吨。", "150781", date(2022, 1, 1) + timedelta(n))
        for n in range(80)
    },
}

_N_PAGES = 5


def fill(store: Store) -> Store:
    """Put the texts into an empty store, the farms' on one page, each other one on a page of its own."""
    items = [
        entry(article(title, text, place=place, day=day), (code, RegionRole.PRIMARY))
        for place, (title, text, code, day) in TEXTS.items()
    ]
    for number in range(_N_PAGES):
        put(
            store,
            f"/p/{number}.txt",
            *(items[number:] if number == _N_PAGES - 1 else items[number : number + 1]),
        )
    return store


def vector(text: str) -> np.ndarray:
    return ENCODER.encode_queries([text])[0]


def texts(store: Store, scored: list) -> list[str]:
    passages = store.passages([each.passage_id for each in scored])
    return [passages[each.passage_id].text for each in scored]


class PassageIndexContract:
    """The tests; who derives from it gives the fixtures `index` and `filled`, the store that the index is of."""

    def test_a_passages_own_text_ranks_first_on_both_sides(self, index: PassageIndex, filled: Store) -> None:
        for _, text, _, _ in TEXTS.values():
            assert texts(filled, index.search_dense(vector(text), 1)) == [text]
            assert texts(filled, index.search_sparse(TOKENIZER.terms(text), 1)) == [text]

    def test_the_cosine_of_a_text_with_itself_is_one(self, index: PassageIndex) -> None:
        assert index.search_dense(vector(TEXTS["库伦旗"][1]), 1)[0].score == pytest.approx(1.0, abs=0.02)

    def test_scaling_the_question_changes_nothing(self, index: PassageIndex) -> None:
        one = vector("水稻面积")
        plain, scaled = index.search_dense(one, 4), index.search_dense(one * 7, 4)
        assert [each.passage_id for each in plain] == [each.passage_id for each in scaled]
        assert [each.score for each in plain] == pytest.approx([each.score for each in scaled], abs=1e-5)

    def test_lists_are_ordered_and_hold_no_passage_twice(self, index: PassageIndex) -> None:
        found = index.search_dense(vector("改造面积"), 10)
        assert len(found) == len({each.passage_id for each in found}) == 10
        assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)

    def test_no_more_than_depth_and_none_for_no_depth(self, index: PassageIndex) -> None:
        assert len(index.search_dense(vector("水稻"), 2)) == 2
        assert index.search_dense(vector("水稻"), 0) == []
        assert index.search_sparse(["水稻"], 0) == []

    def test_unknown_terms_give_no_hits(self, index: PassageIndex) -> None:
        assert index.search_sparse(["航天", "飞船"], 10) == []
        assert index.search_sparse([], 10) == []

    def test_terms_with_quotes_and_operators_are_only_terms(self, index: PassageIndex) -> None:
        assert index.search_sparse(['"', "OR", "NEAR(", "*", "水稻"], 10) == index.search_sparse(["水稻"], 10)

    def test_a_title_finds_its_passage(self, index: PassageIndex, filled: Store) -> None:
        assert texts(filled, index.search_sparse(["养老"], 1)) == [TEXTS["奈曼旗"][1]]

    @pytest.mark.parametrize(
        ("where", "places"),
        [
            (Filter(regions=("150524",)), {"库伦旗"}),
            (Filter(regions=("150500",)), {"库伦旗", "奈曼旗"}),
            (Filter(regions=("150000",)), set(TEXTS)),
            (Filter(regions=("150303", "150207")), {"海南区", "九原区"}),
            (Filter(regions=("150781",)), {place for place in TEXTS if place.startswith("农场")}),
            (Filter(regions=("460000",)), set()),
            (Filter(first_date=date(2022, 7, 1)), {"九原区"}),
            (Filter(last_date=date(2021, 12, 31)), {"海南区"}),
            (Filter(regions=("150500",), first_date=date(2022, 7, 1)), set()),
        ],
    )
    def test_a_filter_lets_through_all_that_passes_and_nothing_else(
        self, index: PassageIndex, filled: Store, where: Filter, places: set[str]
    ) -> None:
        wanted = {TEXTS[place][1] for place in places}
        assert set(texts(filled, index.search_dense(vector("面积"), 100, where))) == wanted
        terms = [term for _, text, _, _ in TEXTS.values() for term in TOKENIZER.terms(text)]
        assert set(texts(filled, index.search_sparse(terms, 100, where))) == wanted

    def test_similarities_are_the_cosines_of_the_search(self, index: PassageIndex) -> None:
        question = vector("水稻面积")
        found = index.search_dense(question, 4)
        cosines = index.similarities(question, [each.passage_id for each in found] + [999])
        assert len(cosines) == 4
        for each in found:
            assert cosines[each.passage_id] == pytest.approx(each.score, abs=0.02)

    def test_what_is_added_and_removed_is_met_after_a_refresh(
        self, index: PassageIndex, filled: Store
    ) -> None:
        new = "乌审旗开展禁毒宣传月活动。"
        put(filled, "/p/new.txt", entry(article("禁毒", new)))
        assert index.status().behind == 1
        assert index.refresh() == 1
        assert texts(filled, index.search_dense(vector(new), 1)) == [new]
        filled.remove_page("/p/new.txt")
        index.refresh()
        assert new not in texts(filled, index.search_dense(vector(new), 10))
        assert index.search_sparse(["禁毒"], 10) == []
        assert index.status().behind == 0

    def test_refreshing_twice_changes_nothing(self, index: PassageIndex) -> None:
        before = index.search_dense(vector("水稻"), 10)
        assert index.refresh() == 0
        assert index.search_dense(vector("水稻"), 10) == before

    def test_frequencies_count_passages(self, index: PassageIndex) -> None:
        assert index.frequencies(["水稻", "养老", "飞船"]) == {"水稻": 1, "养老": 1}
