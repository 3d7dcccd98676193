from pathlib import Path

import pytest

from retrieval.errors import ReadingError
from retrieval.evaluation import (
    QuestionSet,
    Retrieved,
    answer_at,
    hit_at,
    load_questions,
    measure,
    reciprocal_rank,
)

RELEVANT = frozenset({"b"})


def test_hit_at_k_looks_at_the_first_k() -> None:
    assert hit_at(1, ["a", "b"], RELEVANT) == 0
    assert hit_at(2, ["a", "b"], RELEVANT) == 1


def test_the_reciprocal_rank_is_of_the_first_relevant_one() -> None:
    assert reciprocal_rank(10, ["a", "c", "b"], RELEVANT) == 1 / 3
    assert reciprocal_rank(2, ["a", "c", "b"], RELEVANT) == 0


def test_an_answer_is_found_whatever_its_width_and_blanks() -> None:
    assert answer_at(1, ["面积 ３万 余亩"], ["3万余亩"]) == 1
    assert answer_at(1, ["无", "3万余亩"], ["3万余亩"]) == 0
    assert answer_at(3, ["无", "3万余亩"], ["2万", "3万余亩"]) == 1
    assert answer_at(1, ["任何"], [""]) == 0


def test_means_are_over_the_queries_that_are_judged() -> None:
    questions = QuestionSet(
        {"1": "甲", "2": "乙", "3": "丙"}, {"1": frozenset("a"), "2": frozenset("b")}, {"1": ("是",)}
    )
    run = {"1": Retrieved(("a",), ("是的",)), "2": Retrieved(("a", "b"), ("不",))}
    metrics = measure(questions, run)
    assert (metrics.n_queries, metrics.hit_at_1, metrics.hit_at_5) == (3, 1 / 2, 1.0)
    assert metrics.mrr_at_10 == (1 + 1 / 2) / 2
    assert (metrics.answer_at_1, metrics.answer_at_3) == (1.0, 1.0)


def test_a_set_is_read_from_its_files(tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text('{"id": 1, "text": "甲"}\n\n', encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("1\ta\t1\n1\tb\t0\n", encoding="utf-8")
    assert load_questions(tmp_path) == QuestionSet({"1": "甲"}, {"1": frozenset("a")}, {})


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [("queries.jsonl", "{", 1), ("queries.jsonl", '{"id": 1}', 1), ("qrels.tsv", "1\ta\t1\nx", 2)],
)
def test_a_malformed_line_is_named(tmp_path: Path, name: str, content: str, line: int) -> None:
    (tmp_path / "queries.jsonl").write_text('{"id": 1, "text": "甲"}', encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("1\ta\t1\n", encoding="utf-8")
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ReadingError, match=f"{name}:{line}: "):
        load_questions(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"queries\.jsonl.*No such file"):
        load_questions(tmp_path)
