"""Questions that ask how a matter went on."""

from datetime import date
from pathlib import Path

import pytest
from stores import ENCODER, RESOLVER, TOKENIZER, ingester

from retrieval import Answerer, LocalIndex, Outcome, Store
from retrieval.answering.interrogatives import without_sequel
from retrieval.answering.query import parse_question


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


def test_who_asks_how_a_matter_went_on_is_told_the_newest_of_it(tmp_path: Path) -> None:
    """The newest report comes first, and the words that only ask are no topic."""
    reports = {
        "2026-08-04": "8月4日，库伦旗有驾校教练被举报猥亵学员，驾校教练已停职。",
        "2026-08-08": "库伦旗通报驾校教练猥亵学员一事：教练已被行政拘留。",
    }
    for day, text in reports.items():
        (tmp_path / f"{day}.txt").write_text(f"date: {day}\n## 驾校教练的事\n\n{text}\n", encoding="utf-8")
    store = Store.open(f"sqlite:///{tmp_path / 'home' / 'yunwen.db'}")
    ingester(store).ingest([tmp_path])
    index = LocalIndex(store, tmp_path / "x.index", ENCODER)
    asked = Answerer(store, index, ENCODER, TOKENIZER, RESOLVER, clock=lambda: date(2026, 8, 20))
    answer = asked.ask("库伦旗驾校教练那事后来怎么样了")
    assert answer.outcome is Outcome.FOUND
    assert "行政拘留" in answer.hits[0].evidence[0].text
    query = parse_question("库伦旗驾校教练那事后来怎么样了", TOKENIZER, date(2026, 8, 20))
    assert query.wants_newest
    assert not any("后来" in term or "怎么" in term for term in query.terms)
