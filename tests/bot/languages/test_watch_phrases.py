import pytest

from bot.languages.watch_phrases import parse_wanted, wants_more_of_that


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("有新的库伦旗水稻消息就告诉我", "库伦旗水稻"),
        ("有库伦旗水稻的新消息告诉我", "库伦旗水稻"),
        ("一有库伦旗水稻的消息就通知我", "库伦旗水稻"),
        ("一有奈曼旗养老院的进展就马上通知我。", "奈曼旗养老院"),
        ("库伦旗水稻有消息了告诉我", "库伦旗水稻"),
        ("库伦旗水稻种植面积有新消息请告诉我", "库伦旗水稻种植面积"),
        ("库伦旗水稻一有新消息就提醒我一下", "库伦旗水稻"),
        ("如果有库伦旗水稻的报道，请告诉我", "库伦旗水稻"),
        ("等有了库伦旗水稻的消息再通知我", "库伦旗水稻"),
        ("库伦旗水稻有新的就告诉我", "库伦旗水稻"),
        ("关注库伦旗水稻种植面积", "库伦旗水稻种植面积"),
        ("请帮我持续关注一下库伦旗水稻的消息", "库伦旗水稻"),
        ("關注庫倫旗水稻", "庫倫旗水稻"),
        ("有新的庫倫旗水稻消息就告訴我", "庫倫旗水稻"),
        ("tell me when there is news about 库伦旗水稻", "库伦旗水稻"),
        ("Follow 库伦旗水稻", "库伦旗水稻"),
    ],
)
def test_a_request_to_be_told_is_understood_in_its_many_forms(text: str, what: str) -> None:
    assert parse_wanted(text) == what


@pytest.mark.parametrize(
    "text",
    [
        "库伦旗水稻种植面积",
        "告诉我库伦旗水稻种植面积",
        "请告诉我奈曼旗有什么新闻",
        "库伦旗有什么新消息",
        "关注度最高的新闻",
        "关注的人多吗",
        "关注民生的有哪些举措？",
        "谁关注养老",
        "有新的消息就告诉我",
        "关注",
        "有没有库伦旗水稻的消息",
        "通知我市各旗县做好防汛工作",
        "",
    ],
)
def test_an_ordinary_question_stays_one(text: str) -> None:
    assert parse_wanted(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "有新消息就告诉我",
        "有什么新消息请通知我。",
        "一有进展就告诉我",
        "有新的就告诉我",
        "tell me when there is news",
    ],
)
def test_news_of_nothing_named_is_news_of_the_answer_before(text: str) -> None:
    assert wants_more_of_that(text)
    assert parse_wanted(text) is None


@pytest.mark.parametrize(
    "text", ["有新的库伦旗水稻消息就告诉我", "告诉我库伦旗水稻面积", "有什么新消息", "有多少亩", ""]
)
def test_what_names_something_or_asks_is_not(text: str) -> None:
    assert not wants_more_of_that(text)
