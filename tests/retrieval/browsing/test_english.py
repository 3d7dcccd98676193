from pathlib import Path

import pytest

from retrieval import Gazetteer
from retrieval.browsing import english
from retrieval.browsing.english import in_chinese, places_in


@pytest.mark.parametrize(
    ("question", "chinese"),
    [
        ("What's the news today?", "今天有什么新闻"),
        ("Today’s headlines", "今天有什么新闻"),
        ("news from 库伦旗", "库伦旗有什么新闻"),
        ("latest news", "有什么新闻"),
        ("Any news in Tongliao?", "通辽市有什么新闻"),
        ("What happened in Tongliao yesterday?", "昨天通辽市有什么新闻"),
        ("news of 30 June", "6月30日有什么新闻"),
        ("news on June 30, 2022 in 通辽", "2022年6月30日通辽有什么新闻"),
        ("show me the latest news from Chifeng in August", "8月赤峰市有什么新闻"),
        ("news about 乌兰牧骑 in 内蒙古", "内蒙古有哪些乌兰牧骑的新闻"),
        ("who reported on 库伦旗水稻", "谁报道了库伦旗水稻"),
        ("any news this week", "本周有什么新闻"),
        ("Tongliao", "通辽市"),
        ("What's new in Naiman Banner?", "奈曼旗有什么新闻"),
        ("news from Jalaid this week", "本周扎赉特旗有什么新闻"),
        ("Horqin Left Rear Banner's headlines", "科尔沁左翼后旗有什么新闻"),
        ("anything happening in Ejin Horo", "伊金霍洛旗有什么新闻"),
        ("East Ujimqin", "东乌珠穆沁旗"),
        ("Linxi County news", "林西县有什么新闻"),
    ],
)
def test_asking_for_news_in_english_is_put_into_chinese(question: str, chinese: str) -> None:
    assert in_chinese(question) == chinese


@pytest.mark.parametrize(
    "question",
    [
        "库伦旗",
        "what is the rice area of 库伦旗",
        "who won the news award",
        "why is the news late",
        "when is the press conference today",
        "news about rice",
        "may I ask about rice",
        "thank you",
        "hello",
        "news from Jining",  # a city of Shandong too
        "",
    ],
)
def test_what_is_not_wholly_understood_stays_as_it_is(question: str) -> None:
    assert in_chinese(question) is None


def test_every_county_of_the_province_has_an_english_name_and_each_name_one_division() -> None:
    gazetteer = Gazetteer.load()
    here = {each.name for each in gazetteer.descendants("150000") if each.level <= 3}
    named = [places_in(name) for name in _names()]
    assert all(len(each) == 1 for each in named)
    told = {each[0] for each in named}
    assert told - here == {"内蒙古"}
    assert {name for name in here - told if not name.endswith(("开发区", "管理区"))} == set()


def _names() -> list[str]:
    path = Path(english.__file__).with_name("english_places.csv")
    return [line.partition(",")[0] for line in path.read_text(encoding="utf-8").splitlines()[1:]]
