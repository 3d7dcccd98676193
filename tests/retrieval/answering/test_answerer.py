from datetime import date
from pathlib import Path

import pytest
from paths import SEEDS
from stores import ENCODER, RESOLVER, TOKENIZER, ingester

from embeddings import Encoder, Reranker
from retrieval import Answerer, LocalIndex, Outcome, Store

TODAY = date(2022, 7, 1)
PAGES = {
    "2021.txt": "date: 2021-07-01\n## 库伦旗 水稻种植创新高\n\n库伦旗今年水稻种植面积达2万亩，比去年多一千亩。\n",
    "2022.txt": "date: 2022-06-30\n## 库伦旗 水稻种植达3万余亩\n\n库伦旗今年水稻种植面积达3万余亩，稻农喜笑颜开。\n",
    "copy.txt": "date: 2022-07-01\n## 水稻种植面积\n\n库伦旗今年水稻种植面积达3万余亩,稻农喜笑颜开。\n",
    "two.txt": "date: 2022-06-29\n## 通辽市 玉米长势喜人\n\n开鲁县玉米种植面积达90万亩。奈曼旗玉米种植面积达80万亩。\n",
    "photo.txt": "date: 2022-06-28\n## 扎鲁特旗 草原风光\n\n图为扎鲁特旗500万亩草场。\n\n扎鲁特旗草原风光秀丽，游客络绎不绝。\n",
}


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("answering")
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")
    store = Store.open(f"sqlite:///{folder / 'home' / 'yunwen.db'}")
    ingester(store).ingest([folder])
    return Answerer(
        store,
        LocalIndex(store, folder / "x.index", ENCODER),
        ENCODER,
        TOKENIZER,
        RESOLVER,
        clock=lambda: TODAY,
    )


def test_the_sentence_with_the_figure_is_found_with_its_date(answerer: Answerer) -> None:
    answer = answerer.ask("库伦旗今年水稻种植面积")
    assert answer.outcome is Outcome.FOUND
    assert "3万余亩" in answer.hits[0].evidence[0].text
    assert answer.as_of == answer.hits[0].article.date
    assert answer.wanted is not None
    assert (answer.wanted.places, answer.wanted.times) == (("库伦旗",), ("今年",))
    assert answer.wanted.topic == "水稻种植面积"


def test_ranks_count_from_one_and_evidence_slices_back(answerer: Answerer) -> None:
    answer = answerer.ask("库伦旗水稻种植面积")
    assert [hit.rank for hit in answer.hits] == list(range(1, len(answer.hits) + 1))
    for hit in answer.hits:
        assert hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text
        for each in hit.evidence:
            assert hit.article.text[each.start : each.end] == each.text


def test_a_copy_of_a_story_is_a_further_source_and_no_hit_of_its_own(answerer: Answerer) -> None:
    answer = answerer.ask("库伦旗水稻种植面积")
    with_figure = [hit for hit in answer.hits if "3万余亩" in hit.passage.text]
    assert len(with_figure) == 1
    assert len(with_figure[0].also) == 1


def test_differing_figures_are_different_stories(answerer: Answerer) -> None:
    texts = [hit.passage.text for hit in answerer.ask("库伦旗水稻种植面积").hits]
    assert any("2万亩" in text for text in texts)
    assert any("3万余亩" in text for text in texts)


def test_differing_figures_stand_together_the_newest_first(answerer: Answerer) -> None:
    answer = answerer.ask("库伦旗水稻种植面积")
    assert answer.differing == (1, 2)
    days = [hit.article.date for hit in answer.hits[:2]]
    assert days == sorted(days, reverse=True)
    assert ["3万余亩" in answer.hits[0].passage.text, "2万亩" in answer.hits[1].passage.text] == [True, True]


def test_figures_of_different_places_do_not_differ(answerer: Answerer) -> None:
    assert answerer.ask("通辽市玉米种植面积").differing == ()


def test_a_turn_that_followed_another_can_be_followed(answerer: Answerer) -> None:
    first = answerer.ask("开鲁县玉米种植面积")
    second = answerer.ask("那库伦旗呢", previous=first.turn)
    third = answerer.ask("那奈曼旗呢", previous=second.turn)
    assert "80万亩" in third.hits[0].evidence[0].text


def test_a_place_that_had_to_be_asked_back_keeps_the_topic_of_the_question_before(answerer: Answerer) -> None:
    before = answerer.ask("库伦旗水稻种植面积")
    unclear = answerer.ask("那朝阳区呢", previous=before.turn)
    assert unclear.outcome is Outcome.WHICH_PLACE
    chosen = answerer.ask("那朝阳区呢", region="110105", previous=before.turn)
    assert chosen.turn is not None
    assert "水稻种植面积" in chosen.turn.question
    assert "库伦旗" not in chosen.turn.question
    assert chosen.turn.regions == ("110105",)


def test_a_persons_office_that_no_article_names_is_not_answered(answerer: Answerer) -> None:
    assert answerer.ask("库伦旗旗长是谁").outcome is not Outcome.FOUND


def test_a_neighbours_figure_is_near_and_says_so(answerer: Answerer) -> None:
    answer = answerer.ask("奈曼旗水稻种植面积")
    assert answer.outcome is not Outcome.FOUND
    assert answer.wanted is not None
    assert (answer.wanted.places, answer.wanted.topic) == (("奈曼旗",), "水稻种植面积")


def test_a_sentence_about_a_neighbour_in_the_same_article_is_not_taken(answerer: Answerer) -> None:
    for place, figure in (("开鲁县", "90万亩"), ("奈曼旗", "80万亩")):
        answer = answerer.ask(f"{place}玉米种植面积")
        assert answer.outcome is Outcome.FOUND
        assert figure in answer.hits[0].evidence[0].text


def test_a_hit_names_the_place_that_its_sentence_tells_of(answerer: Answerer) -> None:
    hit = answerer.ask("奈曼旗玉米种植面积").hits[0]
    assert [each.code for each in hit.article.regions if each.role == "primary"] == ["150500"]
    assert hit.place is not None
    assert (hit.place.name, hit.place.role) == ("奈曼旗", "mentioned")


def test_a_prefecture_covers_its_banners(answerer: Answerer) -> None:
    assert answerer.ask("通辽的水稻种植面积").outcome is Outcome.FOUND
    assert answerer.ask("赤峰的水稻种植面积").outcome is not Outcome.FOUND


def test_a_year_asked_for_is_the_articles_year(answerer: Answerer) -> None:
    found = answerer.ask("库伦旗2021年水稻种植面积")
    assert (found.outcome, found.hits[0].article.date.year) == (Outcome.FOUND, 2021)
    assert answerer.ask("库伦旗2019年水稻种植面积").outcome is not Outcome.FOUND


def test_this_year_is_seen_from_today(answerer: Answerer) -> None:
    assert answerer.ask("库伦旗今年水稻种植面积", today=TODAY).outcome is Outcome.FOUND
    later = answerer.ask("库伦旗今年水稻种植面积", today=date(2026, 11, 24))
    assert later.outcome is Outcome.NEAR
    assert later.hits[0].article.date.year == 2022
    assert later.wanted.times == ("今年",)


def test_a_caption_is_no_answer_to_a_question_for_a_figure(answerer: Answerer) -> None:
    for hit in answerer.ask("扎鲁特旗草场面积多少亩").hits:
        assert not (hit.passage.kind == "caption" and hit.evidence[0].figures)


def test_a_question_that_shares_nothing_has_no_answer_and_no_hits(answerer: Answerer) -> None:
    answer = answerer.ask("航天飞船发射")
    assert (answer.outcome, answer.hits, answer.as_of) == (Outcome.NONE, (), None)
    assert answer.wanted.question == "航天飞船发射"


@pytest.mark.parametrize("question", ["", " \n\t", "？！…", "😀🎉", "\u202e\u200b\x00"])
def test_a_question_without_words_has_no_answer(answerer: Answerer, question: str) -> None:
    assert answerer.ask(question).outcome is Outcome.NONE


@pytest.mark.parametrize(
    "question",
    [
        "库伦旗水稻种植面积" * 500,
        "<b>库伦旗</b> & 水稻种植面积",
        "\u202e库伦旗\x07水稻种植面积",
        '库伦旗" (水稻) * : ^种植面积',
    ],
)
def test_odd_questions_are_answered_like_plain_ones(answerer: Answerer, question: str) -> None:
    assert "水稻" in answerer.ask(question).hits[0].passage.text


def test_an_unclear_place_is_asked_back_and_the_choice_answers(answerer: Answerer) -> None:
    answer = answerer.ask("朝阳区水稻种植面积")
    assert answer.outcome is Outcome.WHICH_PLACE
    assert [choice.path for choice in answer.candidates] == ["北京市 › 朝阳区", "吉林省 › 长春市 › 朝阳区"]
    chosen = answerer.ask("朝阳区水稻种植面积", region=answer.candidates[0].code)
    assert chosen.outcome in (Outcome.NEAR, Outcome.NONE)


def test_the_turn_before_lends_its_topic(answerer: Answerer) -> None:
    before = answerer.ask("开鲁县玉米种植面积")
    answer = answerer.ask("那奈曼旗呢", previous=before.turn)
    assert "80万亩" in answer.hits[0].evidence[0].text


def test_the_turn_before_lends_its_place(answerer: Answerer) -> None:
    before = answerer.ask("奈曼旗玉米种植面积")
    answer = answerer.ask("那玉米长势呢", previous=before.turn)
    assert answer.turn.regions == before.turn.regions
    assert answerer.ask("玉米长势如何", previous=before.turn).turn.regions == ()


def test_a_misspelt_place_is_suggested(answerer: Answerer) -> None:
    answer = answerer.ask("库轮旗航天飞船")
    assert [choice.name for choice in answer.candidates] == ["库伦旗"]


def test_a_slip_is_never_applied_silently_but_when_chosen_answers(answerer: Answerer) -> None:
    answer = answerer.ask("库轮旗水稻种植面积")
    assert answer.outcome is Outcome.NEAR
    assert [choice.name for choice in answer.candidates] == ["库伦旗"]
    chosen = answerer.ask("库轮旗水稻种植面积", region=answer.candidates[0].code)
    assert chosen.outcome is Outcome.FOUND


def test_counting_across_articles_is_declined(answerer: Answerer) -> None:
    answer = answerer.ask("哪个旗的玉米种植面积最多")
    assert answer.outcome is Outcome.NEEDS_COUNTING


def test_what_was_ingested_meanwhile_is_found(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'yunwen.db'}")
    ingester(store).ingest([SEEDS])
    answerer = Answerer(store, LocalIndex(store, tmp_path / "x.index", ENCODER), ENCODER, TOKENIZER, RESOLVER)
    assert answerer.ask("土豆种植面积").outcome is not Outcome.FOUND
    (tmp_path / "new.txt").write_text(
        "## 武川县 土豆种植\n\n武川县土豆种植面积达60万亩。\n", encoding="utf-8"
    )
    ingester(store).ingest([tmp_path / "new.txt"])
    assert "60万亩" in answerer.ask("武川县土豆种植面积").hits[0].evidence[0].text


def test_no_hits_are_asked_for_by_mistake(answerer: Answerer) -> None:
    with pytest.raises(ValueError, match="k must be"):
        answerer.ask("水稻", k=0)


# with the real model, on the real page


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, bundled: Encoder, reranker: Reranker) -> Answerer:
    home = tmp_path_factory.mktemp("real")
    store = Store.open(f"sqlite:///{home / 'yunwen.db'}")
    ingester(store, bundled).ingest([SEEDS])  # type: ignore[arg-type]
    return Answerer(
        store,
        LocalIndex(store, home / "x.index", bundled),
        bundled,
        TOKENIZER,
        RESOLVER,
        reranker=reranker,
        clock=lambda: TODAY,
    )


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "figure", "title"),
    [
        ("库伦旗水稻种植面积", "3万余亩", "水稻种植达3万余亩"),
        ("霍林河公共实训中心的主任叫什么", "李华", "“一体两翼”赋能传统产业绿色发展"),
        ("海南区多少户居民的小区改造了", "1271户", "老旧小区改造提升“面子”修复“里子”"),
    ],
)
def test_the_seed_page_answers(real: Answerer, question: str, figure: str, title: str) -> None:
    answer = real.ask(question)
    assert answer.outcome is Outcome.FOUND
    assert figure in answer.hits[0].evidence[0].text
    assert answer.hits[0].article.title == title


@pytest.mark.model
@pytest.mark.parametrize(
    "question", ["红烧肉怎么做", "奈曼旗水稻种植面积", "库伦旗2023年财政收入", "海南省三亚市旅游人数"]
)
def test_the_seed_page_does_not_answer(real: Answerer, question: str) -> None:
    assert real.ask(question).outcome in (Outcome.NEAR, Outcome.NONE)


@pytest.mark.soak
@pytest.mark.model
def test_the_shared_questions_over_the_seed_page(real: Answerer, shared: Path) -> None:
    import json

    lines = (shared / "eval" / "seed_questions.jsonl").read_text(encoding="utf-8").splitlines()
    n_right = 0
    for case in map(json.loads, lines):
        hits = real.ask(case["question"]).hits
        text = "".join(each.text for hit in hits[:1] for each in (*hit.evidence, hit.passage))
        n_right += any(answer in text for answer in case["answers"])
    assert n_right >= 23
