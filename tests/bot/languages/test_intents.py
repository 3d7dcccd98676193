"""What is said that is no question, told from questions that begin or sound like it: a table of both."""

import pytest

from bot.languages.intent_table import Act
from bot.languages.intents import Intent, recognise_intent, without_courtesy

SAID = {
    "后来怎么样了": Intent(Act.STORY),
    "有结果了吗": Intent(Act.STORY),
    "最新进展": Intent(Act.STORY),
    "後來怎麼樣了": Intent(Act.STORY),
    "what happened next?": Intent(Act.STORY),
    "订阅库伦旗": Intent(Act.SUBSCRIBE, "库伦旗"),
    "订阅通辽市，除了奈曼旗": Intent(Act.SUBSCRIBE, "通辽市,除了奈曼旗"),
    "取消订阅": Intent(Act.UNSUBSCRIBE),
    "取消订阅库伦旗": Intent(Act.UNSUBSCRIBE, "库伦旗"),
    "退订库伦旗": Intent(Act.UNSUBSCRIBE, "库伦旗"),
    "取消对库伦旗的订阅": Intent(Act.UNSUBSCRIBE, "库伦旗"),
    "取消全部订阅": Intent(Act.UNSUBSCRIBE, "all"),
    "我的订阅": Intent(Act.SUBSCRIPTIONS),
    "我订阅了什么": Intent(Act.SUBSCRIPTIONS),
    "每天早上7点给我发通辽市的新闻": Intent(Act.SUBSCRIBE, "通辽市", hour=7),
    "每天晚上八点给我发库伦旗的新闻": Intent(Act.SUBSCRIBE, "库伦旗", hour=20),
    "每天给我发库伦旗的新闻": Intent(Act.SUBSCRIBE, "库伦旗"),
    "请每天早上七点把通辽市的新闻发给我": Intent(Act.SUBSCRIBE, "通辽市", hour=7),
    "訂閱庫倫旗": Intent(Act.SUBSCRIBE, "库伦旗"),
    "取消訂閱": Intent(Act.UNSUBSCRIBE),
    "我的訂閱": Intent(Act.SUBSCRIPTIONS),
    "每天早上7點給我發通遼市的新聞": Intent(Act.SUBSCRIBE, "通辽市", hour=7),
    "幫助": Intent(Act.HELP),
    "日報": Intent(Act.DIGEST),
    "換成英文": Intent(Act.LANGUAGE, "en"),
    "別再發了": Intent(Act.PAUSE),
    "謝謝": Intent(Act.THANKS),
    "你是誰": Intent(Act.WHO),
    "帮助": Intent(Act.HELP),
    "日报": Intent(Act.DIGEST),
    "今天的日报": Intent(Act.DIGEST),
    "换成英文": Intent(Act.LANGUAGE, "en"),
    "用繁体": Intent(Act.LANGUAGE, "zh-hant"),
    "换语言": Intent(Act.LANGUAGE),
    "说英语": Intent(Act.LANGUAGE, "en"),
    "别再发了": Intent(Act.PAUSE),
    "不要再给我发了": Intent(Act.PAUSE),
    "停止推送": Intent(Act.PAUSE),
    "恢复推送": Intent(Act.RESUME),
    "继续发吧": Intent(Act.RESUME),
    "谢谢": Intent(Act.THANKS),
    "谢谢你！": Intent(Act.THANKS),
    "好的谢谢": Intent(Act.THANKS),
    "你好": Intent(Act.GREETING),
    "早上好": Intent(Act.GREETING),
    "在吗": Intent(Act.GREETING),
    "嗯": Intent(Act.ASSENT),
    "哈哈哈": Intent(Act.ASSENT),
    "好的": Intent(Act.ASSENT),
    "你是谁": Intent(Act.WHO),
    "你是机器人吗": Intent(Act.WHO),
    "你能做什么": Intent(Act.HELP),
    "怎么用": Intent(Act.HELP),
    "再见": Intent(Act.FAREWELL),
    "傻逼": Intent(Act.ABUSE),
    "你真笨": Intent(Act.ABUSE),
    "垃圾": Intent(Act.ABUSE),
    "滚": Intent(Act.ABUSE),
    "什么破机器人": Intent(Act.ABUSE),
    "更多": Intent(Act.MORE),
    "还有吗": Intent(Act.MORE),
    "还有没有": Intent(Act.MORE),
    "还有什么新闻": Intent(Act.MORE, is_question_too=True),
    "全文": Intent(Act.FULL),
    "谁写的": Intent(Act.AUTHOR),
    "这篇报道是谁写的": Intent(Act.AUTHOR),
    "改成早上六点半": Intent(Act.HOUR, "6:30"),
    "算了七点吧": Intent(Act.HOUR, "7"),
    "改成夜里十点": Intent(Act.HOUR, "22"),
    "改成夜里三点": Intent(Act.HOUR, "3"),
    "改成半夜十二点": Intent(Act.HOUR, "0"),
    "改成中午一点": Intent(Act.HOUR, "13"),
    "改成下午两点": Intent(Act.HOUR, "14"),
    "还是每天8点吧": Intent(Act.HOUR, "8"),
    "恢复吧": Intent(Act.RESUME),
    "啥时候的事": Intent(Act.SOURCE),
    "这是哪天的报纸": Intent(Act.SOURCE),
    "哪家报纸登的": Intent(Act.SOURCE),
    "這是什麼時候的消息": Intent(Act.SOURCE),
    "从哪看来的": Intent(Act.SOURCE),
    "哪的数字": Intent(Act.SOURCE),
    "消息来源是什么": Intent(Act.SOURCE),
    "你说的这个准不准": Intent(Act.SOURCE),
    "真的假的": Intent(Act.SOURCE),
    "when was that": Intent(Act.SOURCE),
    "which paper is this from?": Intent(Act.SOURCE),
    "are you sure?": Intent(Act.SOURCE),
    "不准确": Intent(Act.WRONG),
    "数据过时了": Intent(Act.WRONG),
    "不是我要的": Intent(Act.WRONG),
    "數字不對": Intent(Act.WRONG),
    "that's wrong": Intent(Act.WRONG),
    "听不懂": Intent(Act.UNCLEAR),
    "你说啥呢": Intent(Act.UNCLEAR),
    "什麼意思": Intent(Act.UNCLEAR),
    "what do you mean?": Intent(Act.UNCLEAR),
    "念给我听": Intent(Act.ALOUD),
    "字太小看不清": Intent(Act.ALOUD),
    "read it to me": Intent(Act.ALOUD),
    "就这？": Intent(Act.ABUSE),
    "你行不行啊": Intent(Act.ABUSE),
    "你是人还是机器": Intent(Act.WHO),
    "又想看了": Intent(Act.RESUME),
    "没别的了吗": Intent(Act.MORE),
    "换回中文": Intent(Act.LANGUAGE, "zh-hans"),
    "666": Intent(Act.ASSENT),
    "该报道作者是谁": Intent(Act.AUTHOR),
    "关注的问题": Intent(Act.SUBSCRIPTIONS),
    "请将赤峰市、通辽市纳入订阅，除敖汉旗": Intent(Act.SUBSCRIBE, "赤峰市、通辽市,除敖汉旗"),
    "把库伦旗也加到我的关注里": Intent(Act.SUBSCRIBE, "库伦旗"),
    "每周一上午9点推送内蒙古周报": Intent(Act.SUBSCRIBE, "内蒙古", hour=9),
    "第二条": Intent(Act.OPEN, "2"),
    "看看第3条": Intent(Act.OPEN, "3"),
    "2": Intent(Act.OPEN, "2"),
    "number 2": Intent(Act.OPEN, "2"),
    "删除我的数据": Intent(Act.FORGET),
    "隐私": Intent(Act.PRIVACY),
    "设置": Intent(Act.SETTINGS),
    "免打扰": Intent(Act.QUIET),
    "导出订阅": Intent(Act.EXPORT),
    "改成早上8点发": Intent(Act.HOUR, "8"),
    "每天7点发": Intent(Act.HOUR, "7"),
    "怎么订阅": Intent(Act.SUBSCRIBE),
    "subscribe to 库伦旗": Intent(Act.SUBSCRIBE, "库伦旗"),
    "unsubscribe": Intent(Act.UNSUBSCRIBE),
    "unsubscribe from 库伦旗": Intent(Act.UNSUBSCRIBE, "库伦旗"),
    "my subscriptions": Intent(Act.SUBSCRIPTIONS),
    "send me news of 通辽市 every day at 7": Intent(Act.SUBSCRIBE, "通辽市", hour=7),
    "help": Intent(Act.HELP),
    "digest": Intent(Act.DIGEST),
    "speak English": Intent(Act.LANGUAGE, "en"),
    "English please": Intent(Act.LANGUAGE, "en"),
    "switch to Chinese": Intent(Act.LANGUAGE, "zh-hans"),
    "stop sending me news": Intent(Act.PAUSE),
    "thanks!": Intent(Act.THANKS),
    "thank you very much": Intent(Act.THANKS),
    "who are you": Intent(Act.WHO),
    "hello": Intent(Act.GREETING),
    "fuck you": Intent(Act.ABUSE),
    "more": Intent(Act.MORE),
    "who wrote it": Intent(Act.AUTHOR),
    "stop": Intent(Act.PAUSE),
    "别给我发库伦旗的新闻了": Intent(Act.UNSUBSCRIBE, "库伦旗"),
    "？": Intent(Act.HELP),
    "hi there": Intent(Act.GREETING),
    "好": Intent(Act.ASSENT),
}
WEEKLY = {
    "每周日早上8点给我发通辽市的新闻": Intent(Act.SUBSCRIBE, "通辽市", hour=8),
    "每周一给我发库伦旗的新闻": Intent(Act.SUBSCRIBE, "库伦旗"),
    "改成每周六9点发": Intent(Act.HOUR, "9"),
}
QUESTIONS = """
新机场什么时候通航
哪天开学
什么报纸最早
消防数据来源有哪些
真的有狼吗
对口支援对吗
第三条铁路什么时候通车
2022年
20
谢谢信是谁写的
你好李焕英票房多少
帮助残疾人就业的政策
日报社在哪
内蒙古日报
订阅量是多少
订阅费多少钱
取消高考加分了吗
更多人参加了活动吗
语言文字工作会议
说英文的外教有几位
换成电动车补贴多少
你是谁的孩子
全文检索
设置几个考点
隐私保护法
停止供暖时间
暂停营业的商场
恢复供电了吗
继续教育
早稻面积
好人好事
再见一面
今天有什么新闻
库伦旗
库伦旗水稻种植面积
记者是谁负责培训
谁写的春联
更多就业岗位
还有多少贫困户
每天早上7点开会的是谁
每天几点发车
每天发多少班车
滚装船
垃圾分类
垃圾处理厂在哪
傻瓜相机
好来宝是什么
行政审批局电话
对口帮扶
棒球比赛
赞助商是谁
谢旗长是谁
感谢信
早教中心
在吗啡中毒
功能农业
菜单价格
隐私计算
导出口岸
删除的文件
时区是什么
牛肉价格
厉害了我的国
可以吗
喂养补贴
晚安镇
算了多少账
没用农药吗
中文系
汉语桥比赛
英语考试时间
帮助了多少人
怎么用水
停水通知
停电通知
发展改革委
推送机制
订单农业
关注民生
关闭煤矿多少家
全部脱贫了吗
说明书下载
我的家乡
退订率
你好，库伦旗水稻面积多少？
别克汽车
不要紧吗
免打扰模式手机
有功能性饮料吗
nice市
hi-tech园区
好的天气
早上好吃的
谢谢参与奖
再见阿郎
你好旧时光
早晨新闻
发工资了吗
别墅价格
暂停键
停车场几个
我的父亲母亲
我的订阅号叫什么
怎么订票
更多信息
全文多少字
谁写的歌
下一页报纸
语言学
设置了几个岗位
帮助中心电话
我有问题
哪里不对劲
错了多少分
看不清路怎么办
我不懂政策去哪问
语音播报
大点声
这事儿行不行
不对外开放
太老的房子怎么改
不明白纸去哪领
字太小学生看
"""


@pytest.mark.parametrize(("text", "intent"), SAID.items())
def test_what_is_no_question_is_recognised(text: str, intent: Intent) -> None:
    assert recognise_intent(text) == intent
    assert recognise_intent(f" {text} ") == intent


@pytest.mark.parametrize("text", QUESTIONS.split("\n")[1:-1])
def test_what_only_sounds_like_it_is_a_question(text: str) -> None:
    assert recognise_intent(text) is None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("你好，库伦旗水稻面积多少？", "库伦旗水稻面积多少？"),
        ("库伦旗水稻面积多少？谢谢！", "库伦旗水稻面积多少？"),
        ("Hello, 库伦旗水稻 thanks", "库伦旗水稻"),
        ("谢谢", "谢谢"),
        ("你好李焕英票房多少", "你好李焕英票房多少"),
    ],
)
def test_greetings_before_and_thanks_behind_are_no_part_of_a_question(text: str, question: str) -> None:
    assert without_courtesy(text) == question


@pytest.mark.parametrize("text", ["", "   ", "\n", "…", "长" * 4096, "每天25点给我发库伦旗的新闻"])
def test_odd_texts_say_nothing(text: str) -> None:
    assert recognise_intent(text) is None


@pytest.mark.parametrize(("text", "intent"), WEEKLY.items())
def test_a_day_of_the_week_is_understood(text: str, intent: Intent) -> None:
    said = recognise_intent(text)
    assert said == intent
    assert said is not None
    assert said.days == text[text.index("每周") :][:3]
