"""What tells news, and what only labels it or comes every day."""

import pytest

from retrieval.text.news import is_routine, is_telling, likeness, strip_labels, telling_start


@pytest.mark.parametrize(
    "sentence",
    [
        "8月7日。",
        "2023年8月15日 星期二",
        "责任编辑：张三 校对：李四 监制：王五",
        "来源：草原日报客户端及各盟市融媒体中心",
        "预计未来三天全市以多云天气为主，最高气温28℃。",
        "今天白天晴转多云，偏南风3到4级，请注意防晒。",
        "“进村主路坑坑洼洼，希望给予解决。”",
        "为什么今年的玉米卖得这么好？",
        "很好。",
    ],
)
def test_credits_dates_weather_speech_and_scraps_tell_nothing(sentence: str) -> None:
    assert not is_telling(sentence)


def test_a_sentence_with_news_tells_it_also_where_it_names_a_day() -> None:
    assert is_telling("8月7日，全旗水稻种植面积达到3万余亩。")
    assert is_telling("全市有效降雨后，墒情好转的耕地达到120万亩。")


@pytest.mark.parametrize(
    ("text", "title", "told"),
    [
        ("原标题：水稻丰收 全旗水稻喜获丰收产量再创新高。", "水稻丰收", "全旗水稻喜获丰收产量再创新高。"),
        ("【草原报】全旗水稻喜获丰收产量再创新高。", "", "全旗水稻喜获丰收产量再创新高。"),
        (
            "本报通辽6月30日电 连日来，各地稻农抢抓农时开展插秧。",
            "",
            "各地稻农抢抓农时开展插秧。",
        ),
        (
            "草原网 8 月 15 日消息，全旗水稻喜获丰收产量再创新高。",
            "",
            "全旗水稻喜获丰收产量再创新高。",
        ),
        ("近日，全旗水稻喜获丰收产量高。", "", "全旗水稻喜获丰收产量高。"),
        ("近日，丰收。", "", "近日，丰收。"),
    ],
)
def test_a_sentence_begins_behind_labels_the_title_said_again_and_who_reports(
    text: str, title: str, told: str
) -> None:
    assert text[telling_start(text, title) :] == told


def test_labels_of_a_title_are_left_out_and_a_title_of_labels_alone_stays() -> None:
    assert strip_labels("原标题：【导读】水稻丰收") == "水稻丰收"
    assert strip_labels("【要闻】") == "【要闻】"


def test_forecasts_quotations_and_notices_are_routine() -> None:
    assert all(map(is_routine, ("通辽市天气预报", "股票行情快报：某某", "遗失声明")))
    assert not is_routine("水稻种植达3万余亩")


def test_what_differs_in_its_figures_alone_is_alike() -> None:
    assert likeness("某某股份收盘跌2.34%", "某某股份收盘跌0.65%") == 1.0
    assert likeness("水稻丰收", "冰雪节开幕") == 0.0
