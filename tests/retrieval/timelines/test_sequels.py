"""Questions that ask how a matter went on."""

import pytest

from retrieval.timelines.sequels import without_sequel


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("后来怎么样了", ""),
        ("有结果了吗？", ""),
        ("后续", ""),
        ("最新进展", ""),
        ("通辽机场改扩建后来怎么样了", "通辽机场改扩建"),
        ("库伦旗诈骗案有结果了吗", "库伦旗诈骗案"),
        ("平陆运河的最新进展", "平陆运河"),
        ("定日地震始末", "定日地震"),
    ],
)
def test_what_is_left_is_the_matter(question: str, matter: str) -> None:
    assert without_sequel(question) == matter


@pytest.mark.parametrize(
    "question",
    [
        "天气怎么样",
        "谁赢到了最后",
        "最后一届那达慕什么时候",
        "比赛结果如何",
        "他最后去了哪里",
        "水库建成后来过多少游客",
    ],
)
def test_other_questions_ask_no_such(question: str) -> None:
    assert without_sequel(question) is None
