"""Words that ask, plain and colloquial."""

from datetime import date

import pytest

from retrieval.answering.interrogatives import asked_kind, asked_unit
from retrieval.answering.query import parse_question
from retrieval.text.figures import Kind
from retrieval.text.tokenization import Tokenizer

TOKENIZER = Tokenizer()


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("高铁啥时候通车", Kind.DATE),
        ("区运会多会儿开", Kind.DATE),
        ("火车礼拜几有", Kind.DATE),
        ("旗委书记叫啥", Kind.PERSON),
        ("隧道在啥地方", Kind.PLACE),
        ("猞猁送哪儿去了", Kind.PLACE),
        ("机场升级花了多少钱", Kind.MONEY),
        ("黄芪种了多少亩", Kind.AREA),
        ("封了多久", Kind.DURATION),
        ("给北京送了些啥", Kind.LIST),
        ("公社为啥停业", None),
        ("煤矿咋塌的", None),
        ("投诉办了几件", Kind.COUNT),
        ("第几届那达慕", Kind.ORDINAL),
        ("哪几个盟市去拉投资", Kind.LIST),
        ("偷了哪几个小区的车", Kind.LIST),
        ("那达慕办了哪几天", Kind.DATE),
        ("草原植被覆盖度多少", Kind.SHARE),
        ("雨比往年少了多少", Kind.SHARE),
        ("那张彩票中了多钱", Kind.MONEY),
        ("高架上能跑多快", Kind.LENGTH),
        ("去涿州的有几个人", Kind.PEOPLE),
        ("投资多少", Kind.MONEY),
        ("投资增长多少", Kind.SHARE),
        ("稀土厂上半年挣了多少", Kind.MONEY),
        ("驾校罚了多少?", Kind.MONEY),
        ("羊肉卖多少", Kind.MONEY),
        ("羊肉咋卖的", Kind.MONEY),
        ("罚了多少人", Kind.PEOPLE),
        ("捐了多少棉衣", Kind.COUNT),
    ],
)
def test_the_kind_asked_for(question: str, kind: Kind | None) -> None:
    assert asked_kind(question) is kind


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("几件", "件"),
        ("多少万亩", "亩"),
        ("第几届", None),
        ("哪几个", None),
        ("几个人", "人"),
        ("水稻", None),
    ],
)
def test_the_unit_asked_for(question: str, unit: str | None) -> None:
    assert asked_unit(question) == unit


@pytest.mark.parametrize("asking", ["啥时候", "为啥", "咋", "在哪儿", "多会儿", "咋回事", "什么时候", "叫啥"])
def test_no_word_that_asks_is_what_a_question_is_about(asking: str) -> None:
    query = parse_question(f"煤矿{asking}塌方", TOKENIZER, date(2026, 7, 1))
    assert query.topic_runs == ("煤矿", "塌方")


@pytest.mark.parametrize(
    ("question", "is_counting"),
    [
        ("玉米平均一亩产多少", False),
        ("赤峰和通辽哪个沙地多", True),
        ("今年夏天内蒙古一共办了几场那达慕", True),
        ("库伦旗和奈曼旗哪个水稻多", True),
        ("库伦旗水稻种了多少亩", False),
    ],
)
def test_only_comparing_and_adding_up_is_counting(question: str, is_counting: bool) -> None:
    assert parse_question(question, TOKENIZER, date(2026, 7, 1)).needs_counting is is_counting


@pytest.mark.parametrize(
    ("question", "sentence", "names"),
    [
        ("镶黄旗旗长是谁", "贾生吉德老人是镶黄旗牧民。", False),
        ("镶黄旗旗长是谁", "镶黄旗旗长那顺到会。", True),
        ("镶黄旗旗长是谁", "镶黄旗副旗长那顺到会。", False),
        ("镶黄旗书记叫啥", "镶黄旗某村书记那顺到会。", False),
        ("镶黄旗书记叫啥", "镶黄旗旗委书记那顺到会。", True),
        ("镶黄旗某某乡书记叫啥", "某某乡党委书记那顺说。", True),
        ("镶黄旗某某乡书记叫啥", "镶黄旗旗委书记那顺到会。", False),
        ("镶黄旗某某社区书记叫啥", "某某社区党支部书记那顺说。", True),
        ("镶黄旗某某社区书记叫啥", "镶黄旗新区区委书记那顺到会。", False),
        ("锡林郭勒盟盟委书记是谁", "锡林郭勒盟盟委书记那顺到会。", True),
    ],
)
def test_a_post_is_named_as_it_is_asked_for(question: str, sentence: str, names: bool) -> None:
    place = question[: question.index("旗") + 1] if "旗" in question else "锡林郭勒盟"
    query = parse_question(question, TOKENIZER, date(2026, 7, 1), [(0, len(place))])
    assert query.post is not None
    assert (query.post.search(sentence) is not None) is names


@pytest.mark.parametrize(
    "of", ["", *"盟市旗县区乡镇村", "社区", "苏木", "嘎查", *(f"{each}委" for each in "盟市旗县区乡镇村")]
)
def test_whosever_secretary_is_asked_for_is_understood(of: str) -> None:
    post = parse_question(f"库伦旗某某{of}书记是谁", TOKENIZER, date(2026, 7, 1), [(0, 3)]).post
    assert post is not None
    assert post.search("库伦旗畜牧师那顺说。") is None


@pytest.mark.parametrize("sentence", ["某某镇镇委书记那顺说。", "某某镇党委书记那顺说。"])
def test_a_town_s_secretary_is_of_its_party_committee(sentence: str) -> None:
    for asked in ("镇委书记", "镇党委书记", "镇书记"):
        query = parse_question(f"库伦旗某某{asked}是谁", TOKENIZER, date(2026, 7, 1), [(0, 3)])
        assert query.post is not None
        assert query.post.search(sentence)
    assert query.post.search("库伦旗旗委书记那顺说。") is None


def test_of_two_interrogatives_the_last_asks() -> None:
    assert asked_kind("盗墓的几个人罚了多少钱") is Kind.MONEY
