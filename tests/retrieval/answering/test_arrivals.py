"""Standing questions: what may be ruled out cheaply, and that nothing that answers ever is."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from stores import ENCODER, RESOLVER, TOKENIZER, ingester

from retrieval import Answerer, Arrivals, LocalIndex, Outcome, Store, StoredArticle
from retrieval.answering.answerer import UNREAD
from retrieval.answering.query import Query

TODAY = date(2022, 7, 1)
EVER = datetime(2000, 1, 1, tzinfo=UTC)
PLACES = ("库伦旗", "奈曼旗", "扎鲁特旗", "开鲁县", "霍林郭勒市", "镶黄旗", "乌审旗", "和林格尔县")
CROPS = ("水稻", "玉米", "大豆", "荞麦", "甜菜")
FACTS = (
    ("{crop}种植面积", "{place}今年{crop}种植面积达{n}万亩，长势良好。"),
    ("{crop}收购价格", "{place}{crop}收购价格为每斤{n}元，比上月上涨。"),
    ("{crop}专业合作社", "{place}新成立{crop}专业合作社{n}家，带动农户增收。"),
    ("医院门诊楼", "{place}医院门诊楼投资{n}万元，将于八月启用。"),
    ("小学招生人数", "{place}小学今年招生{n}人，九月开学。"),
)


def articles(places: Sequence[str], first: int) -> dict[str, str]:
    """One page a place, an article a crop and fact, each with a figure of its own."""
    pages: dict[str, str] = {}
    for place in places:
        text = "date: 2022-06-30\n"
        for number, crop in enumerate(CROPS):
            title, body = FACTS[(number + first) % len(FACTS)]
            words = {"place": place, "crop": crop, "n": 100 * first + 10 * number + PLACES.index(place)}
            text += f"\n## {title.format(**words)}\n\n{body.format(**words)}当地干部群众正在组织落实。\n"
        pages[f"{place}{first}.txt"] = text
    return pages


QUESTIONS = list(
    dict.fromkeys(
        f"{place}{title.format(crop=crop)}{asking}"
        for place in (*PLACES, "通辽市", "")
        for crop in CROPS
        for title, _ in FACTS
        for asking in ("", "是多少")
    )
)


class Everything(Arrivals):
    """Rules nothing out."""

    def may_answer(self, query: Query, regions: Sequence[str], since: datetime) -> list[StoredArticle]:
        return list(self.articles)


class Asked:
    """A store in which some articles came later than the others."""

    def __init__(self, folder: Path) -> None:
        pages, home = folder / "pages", folder / "home"
        pages.mkdir()
        self.store = Store.open(f"sqlite:///{home / 'yunwen.db'}")
        self.put(pages, articles(PLACES, 0))
        before = self.store.known_until()
        assert before is not None
        self.before: datetime = before
        self.put(pages, articles(PLACES[::2], 3))
        index = LocalIndex(self.store, folder / "x.index", ENCODER)
        self.answerer = Answerer(self.store, index, ENCODER, TOKENIZER, RESOLVER, clock=lambda: TODAY)
        until = self.store.known_until()
        assert until is not None
        self.until: datetime = until
        self.arrivals = self.answerer.arrivals(self.before, self.until)

    def put(self, folder: Path, pages: dict[str, str]) -> None:
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")
        ingester(self.store).ingest([folder])


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return Asked(tmp_path_factory.mktemp("arrivals"))


def test_what_a_full_ask_finds_among_new_articles_is_never_ruled_out(asked: Asked) -> None:
    new = {article.id for article in asked.arrivals.articles}
    assert len(new) == 20
    n_told = 0
    for question in QUESTIONS[::3]:
        full = asked.answerer.ask(question, k=100)
        sure = [hit for hit in full.hits if hit.score >= UNREAD.found and hit.article.id in new]
        told = asked.answerer.ask_among(question, asked.arrivals, asked.before, k=100)
        if full.outcome is Outcome.FOUND and sure:
            n_told += 1
            assert told is not None, question
            assert {hit.article.id for hit in sure} <= {hit.article.id for hit in told.hits}
    assert n_told > 20


@pytest.mark.parametrize("n_questions", [85, pytest.param(340, marks=pytest.mark.soak)])
def test_the_cheap_tests_change_no_answer(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, n_questions: int
) -> None:
    assert len(QUESTIONS) == 340
    questions = QUESTIONS[:: 340 // n_questions]
    cheap = [asked.answerer.ask_among(question, asked.arrivals, EVER) for question in questions]
    passages = asked.store.passages_of(article.id for article in asked.arrivals.articles)
    known = asked.store.articles_known(asked.before, asked.until)
    everything = Everything(known, passages, RESOLVER)
    monkeypatch.setattr("retrieval.answering.ranking.Model.most", lambda _model, _features: 1.0)
    slow = [asked.answerer.ask_among(question, everything, EVER) for question in questions]
    for question, one, other in zip(questions, cheap, slow, strict=True):
        assert (one is None) == (other is None), question
        if one and other:
            assert [hit.article.id for hit in one.hits] == [hit.article.id for hit in other.hits], question


def test_most_questions_are_ruled_out_without_a_search(asked: Asked) -> None:
    class Counting:
        n = 0

    def encode(texts: Sequence[str]) -> object:
        Counting.n += 1
        return original(texts)

    original = asked.answerer.encoder.encode_queries
    answerer = Answerer(
        asked.store, asked.answerer._index, asked.answerer.encoder, TOKENIZER, RESOLVER, clock=lambda: TODAY
    )
    other_places = [each for each in QUESTIONS if each.startswith(PLACES[1::2])]
    answerer.encoder = type("Encoder", (), {"encode_queries": staticmethod(encode)})()
    assert all(answerer.ask_among(each, asked.arrivals, asked.before) is None for each in other_places)
    assert Counting.n == 0


def test_a_question_that_the_new_article_answers_gets_that_article_alone(asked: Asked) -> None:
    answer = asked.answerer.ask_among("库伦旗医院门诊楼投资", asked.arrivals, asked.before)
    assert answer is not None
    assert answer.outcome is Outcome.FOUND
    assert {hit.article.page.rpartition("/")[2] for hit in answer.hits} == {"库伦旗3.txt"}
    assert answer.hits[0].rank == 1


def test_what_was_known_before_the_mark_is_no_news(asked: Asked) -> None:
    assert asked.answerer.ask_among("库伦旗医院门诊楼投资", asked.arrivals, asked.until) is None


def test_a_hit_that_is_known_is_left_out(asked: Asked) -> None:
    question = "库伦旗医院门诊楼投资"
    everything = asked.answerer.ask_among(question, asked.arrivals, asked.before, is_known=lambda _hit: True)
    assert everything is None


@pytest.mark.parametrize(
    "question",
    ["哪个旗水稻种植面积最大", "？？", "朝阳区医院门诊楼投资", "通辽市各旗县水稻种植面积一共多少"],
)
def test_what_can_never_be_found_has_no_answer(asked: Asked, question: str) -> None:
    assert asked.answerer.ask_among(question, asked.arrivals, EVER) is None


def test_a_place_chosen_and_one_carried_over_from_the_question_before_limit_the_answer(asked: Asked) -> None:
    for code, is_told in (("150524", True), ("150525", False)):
        answer = asked.answerer.ask_among("医院门诊楼投资", asked.arrivals, asked.before, region=code)
        assert (answer is not None) is is_told


def test_a_copy_of_a_known_story_is_no_news(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    store = Store.open(f"sqlite:///{tmp_path / 'home' / 'yunwen.db'}")
    text = "date: 2022-06-{day}\n## 库伦旗 医院门诊楼启用\n\n库伦旗医院门诊楼投资800万元，设有床位200张，今日启用。\n"
    (pages / "one.txt").write_text(text.format(day=29), encoding="utf-8")
    for name, other in articles(PLACES[1:4], 0).items():
        (pages / name).write_text(other, encoding="utf-8")
    ingester(store).ingest([pages])
    before = store.known_until()
    assert before is not None
    (pages / "two.txt").write_text(text.format(day=30), encoding="utf-8")
    (pages / "three.txt").write_text(text.format(day=30).replace("800", "900"), encoding="utf-8")
    ingester(store).ingest([pages])
    answerer = Answerer(store, LocalIndex(store, tmp_path / "x.index", ENCODER), ENCODER, TOKENIZER, RESOLVER)
    until = store.known_until()
    assert until is not None
    answer = answerer.ask_among("库伦旗医院门诊楼投资", answerer.arrivals(before, until), before)
    assert answer is not None
    assert ["900万元" in hit.evidence[0].text for hit in answer.hits] == [True]


def test_windows_of_so_many_articles_cover_all_of_them_once(asked: Asked) -> None:
    since, seen = EVER, 0
    while until := asked.store.known_after(since, 7):
        seen += len(asked.store.articles_known(since, until))
        since = until
    assert (seen, since) == (asked.store.counts().articles, asked.until)
    assert asked.store.known_after(asked.until, 7) is None
