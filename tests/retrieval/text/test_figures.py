import pytest

from retrieval.text.figures import Kind, find_figures, kind_of


@pytest.mark.parametrize(
    ("text", "figure", "kind"),
    [
        ("面积达3万余亩，", "3万余亩", Kind.AREA),
        ("种植水稻1200亩左右", "1200亩左右", Kind.AREA),
        ("产量达到800余斤", "800余斤", Kind.MASS),
        ("收入达5万余元", "5万余元", Kind.MONEY),
        ("总进度的60%，", "60%", Kind.SHARE),
        ("占百分之九十", "百分之九十", Kind.SHARE),
        ("惠及1,271户居民", "1,271户", Kind.PEOPLE),
        ("疫苗接种84人次", "84人次", Kind.PEOPLE),
        ("于4月29日投入", "4月29日", Kind.DATE),
        ("于2017年成立", "2017年", Kind.DATE),
        ("第三批名单", "第三批", Kind.ORDINAL),
        ("老人70多岁", "70多岁", Kind.AGE),
        ("修路12.5公里", "12.5公里", Kind.LENGTH),
        ("演出51场，", "51场", Kind.COUNT),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, figure: str, kind: Kind) -> None:
    found = find_figures(text)
    assert [each.text for each in found] == [figure]
    assert kind_of(found[0]) is kind
    assert text[found[0].start : found[0].end] == figure


@pytest.mark.parametrize("text", ["一个项目", "一方面", "举办一次活动", "没有数字"])
def test_words_that_count_nothing_are_no_figures(text: str) -> None:
    assert find_figures(text) == ()


def test_offsets_count_from_the_whole_text() -> None:
    text = "甲乙丙达30亩"
    assert [(each.start, each.end) for each in find_figures(text, 3)] == [(4, 7)]
