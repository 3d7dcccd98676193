from retrieval.answering.searcher import RRF_K, fuse
from retrieval.types import PassageScore


def test_a_passage_that_both_sides_found_comes_before_those_of_one() -> None:
    fused = fuse([PassageScore(1, 0.9), PassageScore(2, 0.8)], [PassageScore(2, 7.0), PassageScore(3, 6.0)])
    assert [each.passage_id for each in fused] == [2, 1, 3]
    assert [each.score for each in fused] == [
        1 / (RRF_K + 2) + 1 / (RRF_K + 1),
        1 / (RRF_K + 1),
        1 / (RRF_K + 2),
    ]


def test_ties_are_ordered_by_id() -> None:
    assert [each.passage_id for each in fuse([PassageScore(5, 1.0)], [PassageScore(4, 1.0)])] == [4, 5]


def test_nothing_fused_is_nothing() -> None:
    assert fuse([], []) == []
