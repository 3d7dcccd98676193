"""What a reranker's reading changes: the order, whether an answer is found, its sentence and its words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from stores import ENCODER, RESOLVER, TOKENIZER, ingester

from embeddings import Reading, Reranker
from retrieval.answer_types import Evidence, Hit, Outcome
from retrieval.answering.answerer import Answerer
from retrieval.answering.evidence import build_evidence, can_answer
from retrieval.answering.judging import N_READ, quote_both
from retrieval.answering.query import parse_question
from retrieval.index.local import LocalIndex
from retrieval.store.store import Store
from retrieval.types import StoredArticle

TODAY = date(2026, 7, 3)
PAGE = """2026年7月3日

## 人才新政出台 赤峰市

赤峰市对来本地就业的高校毕业生给予生活补助。本科毕业生可领取安家补助3万元。补助分三年发放。

## 水稻插秧忙 库伦旗

库伦旗种植水稻3万亩，奈曼旗种植水稻5万亩。农户们起早贪黑。

## 投资增长 科尔沁区

科尔沁区完成投资8212万元，同比增长35.36%。

## 图书馆开放 通辽市

通辽市图书馆周末照常开放。
"""


class Reader:
    """Finds relevant what holds a word, and the answer where it stands; keeps what it was given."""

    name = fingerprint = "reader"

    def __init__(self, word: str, relevance: float = 9.0) -> None:
        self.word, self.relevance = word, relevance
        self.read_texts: list[str] = []

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        self.read_texts += [text for _, text in passages]
        return [self._read(text) for _, text in passages]

    def _read(self, text: str) -> Reading:
        offsets = np.array([(at, at + 1) for at in range(len(text))], dtype=np.int32)
        logits = np.zeros((len(text), 2), dtype=np.float32)
        at = text.find(self.word)
        if at >= 0:
            logits[at, 0] = logits[at + len(self.word) - 1, 1] = 20
        return Reading(self.relevance if at >= 0 else -9.0, offsets, logits)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("judging")
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    opened = Store.open(f"sqlite:///{folder / 'home' / 'yunwen.db'}")
    ingester(opened).ingest([folder / "page.txt"])
    return opened


def answerer(store: Store, folder: Path, reader: Reader | None) -> Answerer:
    index = LocalIndex(store, folder / "x.index", ENCODER)
    return Answerer(store, index, ENCODER, TOKENIZER, RESOLVER, reranker=reader, clock=lambda: TODAY)


QUESTION = "大学生去赤峰上班能拿多少钱"
"""None of its words stands in what answers it."""


def test_an_answer_in_other_words_is_found(store: Store, tmp_path: Path) -> None:
    assert answerer(store, tmp_path, None).ask(QUESTION).outcome is Outcome.NONE
    answer = answerer(store, tmp_path, Reader("3万元")).ask(QUESTION)
    assert answer.outcome is Outcome.FOUND
    evidence = answer.hits[0].evidence[0]
    assert evidence.text == "本科毕业生可领取安家补助3万元。"
    assert evidence.answer is not None
    assert answer.hits[0].article.text[slice(*evidence.answer)] == "3万元"


def test_what_reads_as_no_answer_is_not_found_however_many_words_it_shares(
    store: Store, tmp_path: Path
) -> None:
    asked = "通辽市图书馆周末照常开放"
    assert answerer(store, tmp_path, None).ask(asked).outcome is Outcome.FOUND
    assert answerer(store, tmp_path, Reader("大象")).ask(asked).outcome is not Outcome.FOUND


def test_the_answers_words_are_those_about_the_place_asked_for(store: Store, tmp_path: Path) -> None:
    """The reader takes the neighbour's figure for the answer; the sentence says whose it is."""
    answer = answerer(store, tmp_path, Reader("5万亩")).ask("库伦旗水稻种了多少亩")
    evidence = answer.hits[0].evidence[0]
    assert evidence.answer is not None
    assert "5万亩" not in answer.hits[0].article.text[slice(*evidence.answer)]


@pytest.mark.parametrize("read", ["8212万元", "8212万元，同比增长35.36%"])
def test_the_answers_words_hold_one_figure_and_that_of_the_kind_asked_for(
    store: Store, tmp_path: Path, read: str
) -> None:
    answer = answerer(store, tmp_path, Reader(read)).ask("科尔沁区投资同比增长百分之多少")
    evidence = answer.hits[0].evidence[0]
    assert evidence.answer is not None
    words = answer.hits[0].article.text[slice(*evidence.answer)]
    assert "8212" not in words
    assert "%" in words


def test_a_money_question_is_not_answered_without_money(store: Store, tmp_path: Path) -> None:
    answer = answerer(store, tmp_path, Reader("3万亩")).ask("库伦旗水稻赔了多少钱")
    assert answer.outcome is not Outcome.FOUND


@pytest.mark.parametrize(
    ("question", "sentence", "can"),
    [
        ("羊肉一斤多钱", "两旗捐赠价值60万元的羊肉。", False),
        ("羊肉一斤多钱", "羊肉每斤32元。", True),
        ("羊肉一斤多少钱", "羊肉32元/斤。", True),
        ("休牧一亩补多少", "今年发放休牧补贴300万元。", False),
        ("休牧一亩补多少", "休牧每亩补贴2.5元。", True),
        ("休牧补了多少钱", "今年发放休牧补贴300万元。", True),
        ("全旗牛有多少头", "查处违规车辆20余辆。", False),
        ("全旗牛有多少头", "肉牛存栏62万头。", True),
        ("骆驼有多少只", "沙漠东西长200公里。", False),
        ("旅游投诉办了几件", "处理旅游投诉21起。", True),
        ("沙漠里有几个湖", "沙漠东西长270公里。", False),
        ("沙漠里有几个湖", "沙漠里有144个湖泊。", True),
        ("快速路全长多少公里", "快速路横贯东西，经过四个区。", False),
        ("快速路全长多少公里", "快速路全长38.5公里。", True),
        ("砸人的那个拘留几天", "民警见到了孙某本人。", False),
        ("砸人的那个拘留几天", "孙某被行政拘留7日。", True),
        ("沙地啥时候治完", "治理已进入决战阶段。", False),
        ("沙地啥时候治完", "力争年底前完成治理。", True),
        ("沙地啥时候治完", "八大沙地之一，四面有林。", False),
        ("集市哪天开", "逢周六开集。", True),
        ("大桥哪天通的车", "大桥昨日通车。", True),
        ("救援队去了几个人", "队员平均年龄28岁。", False),
        ("救援队去了几个人", "12名青年连夜出发。", True),
        ("警察在哪几个区蹲守", "民警展开调查。", False),
        ("警察在哪几个区蹲守", "民警在东河区、昆都仑区蹲守。", True),
    ],
)
def test_a_figure_of_another_thing_is_no_answer(question: str, sentence: str, can: bool) -> None:
    assert can_answer(sentence, parse_question(question, TOKENIZER, TODAY)) is can


def test_no_more_is_read_than_is_said(store: Store, tmp_path: Path) -> None:
    reader = Reader("大象")
    answerer(store, tmp_path, reader).ask("库伦旗水稻种了多少亩")
    assert 0 < len(reader.read_texts) <= N_READ
    assert len(set(reader.read_texts)) == len(reader.read_texts)


def test_in_the_article_that_reads_best_is_read_on(tmp_path: Path) -> None:
    """What is asked for may stand in another passage than what tells of the matter."""
    told = "库伦旗办起那达慕，牧民从各个苏木赶来。" + "草原上人声鼎沸，歌声不断。" * 12
    rest = "\n\n".join(
        f"第{number}天。" + "人们看了一场又一场比赛，直到太阳落山。" * 9 for number in range(14)
    )
    page = f"## 那达慕 库伦旗\n\n{told}\n\n{rest}\n\n靶子立在三十步之外，距离是30米。\n"
    (tmp_path / "page.txt").write_text(page, encoding="utf-8")
    alone = Store.open(f"sqlite:///{tmp_path / 'home' / 'yunwen.db'}")
    ingester(alone).ingest([tmp_path / "page.txt"])
    reader = Reader("那达慕", relevance=-8.0)
    answerer(alone, tmp_path, reader).ask("库伦旗那达慕射箭多远")
    assert N_READ < len(reader.read_texts) <= N_READ + 4
    assert len(set(reader.read_texts)) == len(reader.read_texts)


@pytest.fixture(scope="module")
def two_passages(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Asks one article, two passages of which tell of the same."""
    folder = tmp_path_factory.mktemp("two")
    filling = "工人们在草棚里歇着，等着天放晴。" * 11
    one = f"库伦旗养殖场停工，因为暴雨冲毁了道路。场里赔偿了40万元。{filling}"
    other = f"养殖场停工，也因为饲料运不进来。乡里赔偿了7万元。{filling}"
    (folder / "page.txt").write_text(f"## 养殖场停工 库伦旗\n\n{one}\n\n{other}\n", encoding="utf-8")
    alone = Store.open(f"sqlite:///{folder / 'home' / 'yunwen.db'}")
    ingester(alone).ingest([folder / "page.txt"])
    return answerer(alone, folder, Reader("养殖场"))


def passages_judged(asked: Answerer, question: str) -> list[Hit]:
    """Return the hits of a question before those of one article are made one."""
    understood = asked.understanding.understand(question, TODAY, None, None)
    weights = asked._searcher.weigh(understood.query)
    vector = asked.vectors.begin(question).vector
    ranked = asked._searcher.rank(understood.query, understood.regions, vector, weights)
    return list(asked._judge.hits(ranked, understood, weights))


@pytest.mark.parametrize(
    ("question", "first", "second", "n_quoted"),
    [
        ("库伦旗养殖场为啥停工", 0.6, 0.5, 2),
        ("库伦旗养殖场为啥停工", 0.6, 0.2, 1),
        ("库伦旗养殖场停工赔了多少钱", 0.6, 0.58, 2),
        ("库伦旗养殖场停工赔了多少钱", 0.6, 0.5, 1),
    ],
)
def test_where_it_is_unsure_which_of_two_passages_answers_both_are_quoted(
    two_passages: Answerer, question: str, first: float, second: float, n_quoted: int
) -> None:
    """A figure that stands beside another is doubted more: two are shown only if they are about as likely."""
    likelier, other = passages_judged(two_passages, question)
    query = parse_question(question, TOKENIZER, TODAY)
    quoted = quote_both(replace(likelier, score=first), replace(other, score=second), query)
    assert [each.text for each in quoted.evidence] == [
        each.evidence[0].text for each in (likelier, other)[:n_quoted]
    ]


def test_what_was_not_read_is_not_quoted_beside_what_was(two_passages: Answerer) -> None:
    question = "库伦旗养殖场为啥停工"
    likelier, other = passages_judged(two_passages, question)
    query = parse_question(question, TOKENIZER, TODAY)
    unread = replace(other, contributions={})
    assert len(quote_both(replace(likelier, score=0.6), replace(unread, score=0.6), query).evidence) == 1


def test_of_two_quotations_the_one_that_tells_of_the_place_asked_for_names_the_source(
    tmp_path: Path,
) -> None:
    first, second = "在宁夏银川市，调研组察看了光伏基地。", "在内蒙古通辽市，调研组察看了草场。"
    third, fourth = "市商务局局长说，会上有30家企业。", "通辽市商务局局长说，草场很大。"
    (tmp_path / "page.txt").write_text(
        f"2026年7月3日\n\n## 调研组察看草场\n\n{first}{second}\n　　银川市办起展销会。{third}{fourth}\n",
        "utf-8",
    )
    store = Store.open(f"sqlite:///{tmp_path / 'home' / 'yunwen.db'}")
    ingester(store).ingest([tmp_path / "page.txt"])
    asked = answerer(store, tmp_path, None)
    understood = asked.understanding.understand("调研组在通辽市察看了什么", TODAY, None, None)
    hit = passages_judged(asked, "调研组在通辽市察看了什么")[0]
    article = hit.article
    stretches = [
        (article.text.index(each), article.text.index(each) + len(each))
        for each in (first, second, third, fourth)
    ]
    evidence = [build_evidence(article, *each, understood.query) for each in stretches]

    def named(some: Sequence[Evidence]) -> str | None:
        place = asked._judge.placed(replace(hit, evidence=tuple(some)), understood).place
        return place.name if place else None

    assert [named(evidence[:2]), named(evidence[1::-1])] == ["通辽市", "通辽市"]
    assert named(evidence[:1]) == "银川市"
    # what it is of is not said in the sentence that stands first
    assert [named([evidence[2], evidence[at]]) for at in (1, 3)] == ["通辽市", "银川市"]


def test_each_hit_says_what_its_score_is_made_of(store: Store, tmp_path: Path) -> None:
    answer = answerer(store, tmp_path, Reader("3万元")).ask(QUESTION)
    assert "relevance" in answer.hits[0].contributions
    assert 0 <= answer.hits[-1].score <= answer.hits[0].score <= 1


def test_while_others_wait_less_is_read_and_the_answer_is_not_kept_for_calmer_times(
    store: Store, tmp_path: Path
) -> None:
    reader = Reader("3万元")
    asked = answerer(store, tmp_path, reader)
    asked.passages_to_read = lambda: 0
    assert asked.ask(QUESTION).outcome is Outcome.NONE
    assert reader.read_texts == []
    asked.passages_to_read = lambda: 1
    asked.ask(QUESTION)
    assert len(reader.read_texts) == 1
    asked.passages_to_read = lambda: N_READ
    assert asked.ask(QUESTION).outcome is Outcome.FOUND


def test_in_a_library_of_one_passage_what_answers_is_found(tmp_path: Path, reranker: Reranker) -> None:
    """No vector can be nearer than others there, and nothing may be held against a passage for that."""
    (tmp_path / "page.txt").write_text("## 荞麦 库伦旗\n\n库伦旗今年种植荞麦5万亩。\n", encoding="utf-8")
    alone = Store.open(f"sqlite:///{tmp_path / 'home' / 'yunwen.db'}")
    ingester(alone).ingest([tmp_path / "page.txt"])
    index = LocalIndex(alone, tmp_path / "x.index", ENCODER)
    asked = Answerer(alone, index, ENCODER, TOKENIZER, RESOLVER, reranker=reranker, clock=lambda: TODAY)
    answer = asked.ask("库伦旗荞麦种植面积")
    assert answer.outcome is Outcome.FOUND
    assert "5万亩" in answer.hits[0].evidence[0].text
    assert asked.ask("库伦旗图书馆几点关门").outcome is not Outcome.FOUND


def test_a_passage_without_any_word_of_the_topic_has_to_read_better(store: Store, tmp_path: Path) -> None:
    """The same words of the reader are worth less where the passage shares none with the question."""
    asked = answerer(store, tmp_path, Reader("3万元"))
    shared, strange = (
        next(hit for hit in asked.rank(question) if "水稻" in hit.article.title)
        for question in ("库伦旗水稻卖了多少钱", "库伦旗骆驼卖了多少钱")
    )
    assert shared.contributions["wordless"] == 0.0
    assert strange.contributions["wordless"] < 0.0


def test_an_article_that_fills_the_ranking_is_loaded_and_resolved_once_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "".join(f"库伦旗第{n}号村水稻种植面积达到{n % 97 + 1}万亩，今年又增加。\n" for n in range(600))
    (tmp_path / "page.txt").write_text(f"## 库伦旗水稻\n\n{told}", encoding="utf-8")
    alone = Store.open(f"sqlite:///{tmp_path / 'yunwen.db'}")
    ingester(alone).ingest([tmp_path / "page.txt"])
    asked = answerer(alone, tmp_path, None)
    loaded: list[str] = []
    articles = alone.articles

    def watched(ids: Iterable[str]) -> dict[str, StoredArticle]:
        wanted = list(ids)
        loaded.extend(wanted)
        return articles(wanted)

    monkeypatch.setattr(alone, "articles", watched)
    before = RESOLVER._remembered.cache_info().misses
    answer = asked.ask("库伦旗水稻种植面积")
    assert answer.outcome is Outcome.FOUND
    assert len(loaded) == len(set(loaded)) == alone.counts().articles
    assert RESOLVER._remembered.cache_info().misses - before <= len(loaded)
