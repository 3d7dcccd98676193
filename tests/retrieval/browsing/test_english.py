import pytest

from retrieval.browsing.english import in_chinese


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
        "",
    ],
)
def test_what_is_not_wholly_understood_stays_as_it_is(question: str) -> None:
    assert in_chinese(question) is None
