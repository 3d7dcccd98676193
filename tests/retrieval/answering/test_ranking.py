from collections.abc import Sequence
from datetime import date

import pytest
from stores import TOKENIZER

from retrieval.answering.evidence import weigh
from retrieval.answering.query import parse_question
from retrieval.answering.ranking import (
    FEATURES,
    Candidate,
    Features,
    Model,
    Placing,
    describe,
    load_model,
    longest_run,
    rerank,
)
from retrieval.text.figures import units_of
from retrieval.text.tokenization import fold
from retrieval.types import CandidateText, SpanKind


def considered(number: int, text: str, kind: SpanKind = SpanKind.BODY) -> Candidate:
    passage = CandidateText(
        id=number,
        article_id=str(number),
        kind=kind,
        start=0,
        end=len(text),
        head="题",
        folded=fold(text),
        units=units_of(text),
        is_first=True,
        day=None,
    )
    return Candidate(passage, 0.0, 0.0)


QUERY = parse_question("水稻种植面积多少亩", TOKENIZER, date(2022, 7, 1))
WEIGHTS = weigh(QUERY, dict.fromkeys(QUERY.terms, 1), 10)


def placed(rows: Sequence[Features], cosines: Sequence[float]) -> list[Features]:
    placing = Placing.among(cosines)
    return [placing.place(row, cosine) for row, cosine in zip(rows, cosines, strict=True)]


def test_every_feature_is_described_and_known_to_the_model() -> None:
    (row,) = placed(describe([considered(1, "水稻种植面积达3万亩。")], QUERY, WEIGHTS), [0.9])
    assert sorted(row) == sorted(FEATURES)
    assert set(load_model().contributions(row)) <= set(FEATURES)


def test_a_passage_with_all_words_and_the_unit_has_full_marks() -> None:
    (row,) = placed(describe([considered(1, "水稻种植面积达3万亩。")], QUERY, WEIGHTS), [0.9])
    assert (row["coverage"], row["topic_coverage"], row["longest_run"], row["asked_kind"]) == (1, 1, 1, 1)


def test_a_passage_that_shares_nothing_has_none() -> None:
    (row,) = placed(describe([considered(1, "会议召开。")], QUERY, WEIGHTS), [0.9])
    assert (row["bm25"], row["coverage"], row["longest_run"], row["asked_kind"]) == (0, 0, 0, 0)


def test_the_dense_feature_is_relative_to_the_other_candidates() -> None:
    rows = placed(describe([considered(1, "甲"), considered(2, "乙")], QUERY, WEIGHTS), [0.9, 0.8])
    assert [row["dense"] for row in rows] == pytest.approx([1 / 3, -1 / 3])


def test_a_caption_never_holds_the_figure_asked_for() -> None:
    (row,) = placed(describe([considered(1, "图为3万亩水稻。", SpanKind.CAPTION)], QUERY, WEIGHTS), [0.9])
    assert (row["asked_kind"], row["is_caption"]) == (0, 1)


def test_the_longest_run_is_a_share_of_the_questions_words() -> None:
    assert longest_run(QUERY, "水稻种植") == 4 / 6


MODEL = Model({"bm25": 2.0}, {"coverage": 4.0}, -2.0, {"relevance": 1.0, "order": 0.5}, -1.0)


def test_one_sum_orders_and_another_says_how_sure() -> None:
    features = {"bm25": 0.5, "coverage": 0.5, "word_coverage": 1.0}
    assert MODEL.contributions(features) == {"bm25": 1.0}
    assert MODEL.output(features) == 1.0
    assert MODEL.score(features) == 0.5
    assert MODEL.score(features | {"word_coverage": 0.0}) == 0.0


def test_the_larger_sum_comes_first_and_ties_stay_in_order() -> None:
    assert rerank([{"bm25": 0.1}, {"bm25": 0.9}, {"bm25": 0.1}], MODEL) == [1, 0, 2]
