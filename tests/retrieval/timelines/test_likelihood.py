"""Likelihoods of figures: what a sentence says of them in numbers, and trees that weigh these."""

from datetime import date
from math import exp
from pathlib import Path

import numpy as np
import pytest

from retrieval.text.figures import find_figures
from retrieval.timelines.evidence import NAMES, Reader
from retrieval.timelines.indicator import Indicator, parse_indicator
from retrieval.timelines.likelihood import Likelihood, Trees, bundled
from retrieval.timelines.values import Sentence

SAID = "2021年,库伦旗民营水稻种植面积达2.6万亩,玉米达9万亩"


def trees(leaves: tuple[float, float], start: float = 0.0) -> Trees:
    """One tree that asks whether the second number is 3 at most."""
    return Trees(
        feature=np.array([[1, -1, -1]], dtype=np.int16),
        threshold=np.array([[3.0, 0.0, 0.0]]),
        left=np.array([[1, 0, 0]], dtype=np.int16),
        right=np.array([[2, 0, 0]], dtype=np.int16),
        value=np.array([[0.0, *leaves]], dtype=np.float32),
        start=start,
    )


@pytest.fixture
def indicator() -> Indicator:
    return parse_indicator(
        "库伦旗水稻种植面积", ["水稻种植面积"], lambda _: ["水稻", "种植", "面积"], None, None, ["库伦旗"]
    )


def evidence(indicator: Indicator, number: int) -> dict[str, float]:
    """What is told of one of the areas, the words being equally rare."""
    reader = Reader(Sentence(SAID, 0, len(SAID), "库伦旗\n", date(2021, 12, 1)), indicator, [2.0, 2.0])
    figure = [each for each in find_figures(SAID) if each.unit == "亩"][number]
    return dict(zip(NAMES, reader.label(figure).evidence, strict=True))


def test_a_tree_goes_left_up_to_its_threshold_and_leaves_are_summed_up() -> None:
    rows = np.array([[9.0, 3.0], [9.0, 3.5]])
    likely = trees((2.0, -1.0), start=-0.5).probabilities(rows)
    assert likely == pytest.approx([1 / (1 + exp(-1.5)), 1 / (1 + exp(1.5))])


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    Likelihood(trees((1.0, 2.0)), trees((3.0, 4.0))).save(tmp_path / "m.npz")
    model = Likelihood.load(tmp_path / "m.npz")
    rows = np.array([[0.0, 1.0]])
    assert model.alone.probabilities(rows) == pytest.approx([1 / (1 + exp(-1))])
    assert model.together.probabilities(rows) == pytest.approx([1 / (1 + exp(-3))])


def test_the_model_that_comes_along_looks_at_no_number_that_there_is_not() -> None:
    model = bundled()
    assert model.alone.feature.max() < model.together.feature.max()
    assert model.alone.feature.min() == -1


def test_words_before_a_figure_speak_for_it_and_what_stands_before_them_is_told(indicator: Indicator) -> None:
    told = evidence(indicator, 0)
    assert (told["in_clause"], told["in_sentence"], told["behind"]) == (1, 1, 0)
    assert (told["before"], told["inside"], told["gap"], told["figures_between"]) == (len("民营"), 0, 0, 0)


def test_another_figure_between_is_counted(indicator: Indicator) -> None:
    told = evidence(indicator, 1)
    assert (told["in_clause"], told["since_figure"], told["in_sentence"]) == (0, 0, 1)
    assert (told["figures_between"], told["rarest_missing"]) == (1, 0)
