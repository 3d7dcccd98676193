"""What asks to be listed, told from questions that have an answer: a table of both."""

from datetime import date

import pytest
from stores import RESOLVER

from retrieval.browsing.wishes import Wish, recognise
from retrieval.text.dates import find_periods
from retrieval.text.tokenization import fold

TODAY = date(2026, 11, 24)


def wish(question: str) -> Wish | None:
    folded, found = fold(question), RESOLVER.resolve_question(question)
    places = [(each.start, each.end) for each in (*found.mentions, *found.candidates)]
    return recognise(folded, places, [(each.start, each.end) for each in find_periods(folded, TODAY)])


NEWS = """
我是库伦旗的，我们这边有什么新鲜事没
我家在库伦旗，最近有啥新闻
来点有意思的
附近有什么事
今天有什么新闻
6月30日通辽有什么新闻
朝阳区有什么新闻
通辽最近有啥新闻
今天头条
8月赤峰有哪些新闻
最新消息
昨天通辽发生了什么
昨天通辽发生了什么事
今天有啥大事
有什么新闻
新闻
通辽新闻
通辽市的新闻
看看库伦旗的新闻
给我看今天的新闻
库伦旗有新闻吗
有没有库伦旗的新闻
上周赤峰的新闻
这周有什么新闻
本月通辽要闻
庫倫旗有什麼新聞
今天有什麼新聞
通遼最近有啥新聞
還有什麼新聞
还有别的新闻吗
今日要闻
今天的新闻有哪些
今天的头条新闻是什么
有什么新鲜事
最近通辽有什么大事吗
请问通辽市今天有什么新闻？
我想看通辽的新闻
最近一周通辽的新闻
2022年库伦旗的报道
奈曼旗6月有哪些报道
有新消息吗
有什么新消息
今天有什么消息
最近有什么事
来点新闻
呼和浩特今天发生了什么大事
内蒙古新闻
本地新闻
今天报纸上有什么新闻
今天报纸有什么
报纸上有什么
今天登了什么
"""
BARE = """
库伦旗
查一下库伦旗
6月30日
6月30日通辽
乌海
乌海呢
那赤峰呢
库伦旗最新
"""
ABOUT = {
    "内蒙古有哪些乌兰牧骑的报道": "乌兰牧骑",
    "有没有乌兰牧骑的新闻": "乌兰牧骑",
    "水稻有什么新闻": "水稻",
    "水稻新闻": "水稻",
    "关于水稻的报道": "水稻",
    "库伦旗水稻的最新消息": "水稻",
    "鄂尔多斯煤矿的新闻有哪些": "煤矿",
    "通辽市教育方面的新闻": "教育",
    "有关防汛的报道": "防汛",
}
WRITTEN_BY = {
    "谁报道了库伦旗水稻": "水稻",
    "谁报道了乌兰牧骑": "乌兰牧骑",
    "库伦旗水稻是谁报道的": "水稻",
    "水稻那篇报道是谁写的": "水稻",
    "哪家媒体报道了乌兰牧骑": "乌兰牧骑",
    "谁写了水稻的报道": "水稻",
}
QUESTIONS = """
谢谢信是谁写的
新闻发布会几点
今天新闻发布会说了什么
新闻中心主任是谁
库伦旗新闻办电话
今天的新闻发布会几点开始
报道了几例病例
谁散布了虚假消息
虚假消息是谁发的
散布虚假消息怎么处罚
库伦旗水稻种植面积
库伦旗有多少人
通辽市市长是谁
新闻联播几点播
消息树是什么
今天天气怎么样
内蒙古日报社长是谁
库伦旗的书记是谁
谁报道
新闻记者资格考试什么时候
记者节是几月几日
他什么时候发布消息
通辽有几家新闻单位
大学生新闻大赛谁获奖
好新闻奖有哪些
网络谣言举报电话
媒体报道后处理了吗
央视报道了什么
新闻里说的水稻面积是多少
今天的报道说了什么
6月30日的报道里水稻面积是多少
昨天发生了几起事故
昨天发生地震了吗
通辽发生了多少起火灾
6月发生的事故死了几个人
火灾发生在哪里
消息来源是哪里
最新消息称水稻面积多少
有什么优惠政策
库伦旗有哪些景点
通辽有什么好吃的
今年有什么政策
有哪些旗县种水稻
融媒体中心在哪
头条奖金多少钱
快讯社是哪年成立的
情况怎么样
水稻长势情况
干旱情况如何
事故情况通报
防汛形势如何
有关部门怎么说
文章马伊琍
作者是谁
谁是记者薛一群
薛一群是谁
报道员培训班在哪里举办
新闻出版局在哪
新闻扶贫
通讯员报道奖励多少钱
要闻部主任是谁
大事记怎么写
事情的经过
老旧小区改造多少户
库伦旗水稻新闻发布会说了什么
奈曼旗养老企业排查了几家
通辽市对新闻媒体有什么要求
为什么没有报道
怎么给报社投稿新闻
有偿新闻怎么处理
新闻敲诈案判了几年
假新闻怎么举报
今天几号
昨天谁来了
赤峰到通辽多远
乌兰牧骑在哪演出
乌兰牧骑演出多少场
霍林河实训中心主任叫什么
哪些新闻单位获奖
地震消息是真的吗
是库伦旗吗
库伦旗怎么样
库伦旗好玩吗
去年水稻面积
央视新闻频道几点重播
今天的新闻是谁播的
库伦旗哪天上的新闻
水稻新闻发布时间
新闻记者证怎么办
头条号怎么注册
有消息说要涨价是真的吗
发生火灾怎么办
昨天发生的车祸伤了几人
库伦旗有什么景点
这条新闻里的老人多大岁数
报道中的示范园是第几批
消息灵通人士是谁
动态清零是什么意思
大事件有几部
文章一共多少字
资讯公司在哪
"""


@pytest.mark.parametrize("question", NEWS.split("\n")[1:-1])
def test_news_of_a_place_or_a_time_is_asked_for(question: str) -> None:
    assert wish(question) == Wish()


@pytest.mark.parametrize("question", BARE.split("\n")[1:-1])
def test_a_place_or_a_time_alone_asks_for_its_news(question: str) -> None:
    assert wish(question) == Wish(is_bare=True)


@pytest.mark.parametrize(("question", "topic"), ABOUT.items())
def test_news_about_something_is_asked_for(question: str, topic: str) -> None:
    assert wish(question) == Wish(topic)


@pytest.mark.parametrize(("question", "topic"), WRITTEN_BY.items())
def test_who_wrote_of_something_is_asked_for(question: str, topic: str) -> None:
    assert wish(question) == Wish(topic, asks_author=True)


@pytest.mark.parametrize("question", QUESTIONS.split("\n")[1:-1])
def test_a_question_that_only_holds_such_words_has_an_answer(question: str) -> None:
    assert wish(question) is None
