"""Whose figures a timeline may have, however likely a model takes them to be."""

from datetime import date

import numpy as np
import pytest
from likely_points import gathered
from stores import library_of

from retrieval import Library
from retrieval.timelines.choosing import of_one_figure
from retrieval.timelines.likelihood import Likelihood, Trees

TODAY = date(2025, 3, 1)
PAGES = {
    "1.txt": """date: 2024-01-10
## 羊毛

2023年，全国羊毛产量达50万吨。
""",
    "2.txt": """date: 2024-01-11
## 羊毛

2023年，内蒙古羊毛产量达12万吨。
""",
    "3.txt": """date: 2024-01-12
## 羊毛

2023年，库伦旗羊毛产量达3万吨。
""",
}
SURE_OF_ALL = Trees(
    feature=np.array([[-1]], dtype=np.int16),
    threshold=np.zeros((1, 1)),
    left=np.zeros((1, 1), dtype=np.int16),
    right=np.zeros((1, 1), dtype=np.int16),
    value=np.array([[9.0]], dtype=np.float32),
    start=0.0,
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(PAGES, tmp_path_factory.mktemp("wool"), TODAY)


@pytest.mark.parametrize(
    ("question", "amounts"),
    [
        ("全国羊毛产量", ["50万吨"]),
        ("内蒙古羊毛产量", ["12万吨"]),
        ("库伦旗羊毛产量", ["3万吨"]),
        ("奈曼旗羊毛产量", []),
        ("羊毛产量", ["50万吨", "12万吨", "3万吨"]),
    ],
)
def test_only_the_very_division_s_figures_count(library: Library, question: str, amounts: list[str]) -> None:
    asked = gathered(library, question, TODAY)
    model = Likelihood(SURE_OF_ALL, SURE_OF_ALL)
    found = of_one_figure(asked.found, asked.asked.regions, asked.indicator, model)
    assert sorted(each.reading.figure.text for each in found) == sorted(amounts)
