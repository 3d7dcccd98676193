"""Titles that are made: of what stands behind 原标题 or before a dateline, else of the first clause that tells something."""

import pytest

from retrieval.reading.articles.headlines import original_title
from retrieval.reading.articles.item import Stated, build_articles
from retrieval.reading.articles.names import byline_of
from retrieval.reading.articles.paragraphs import Line
from retrieval.reading.articles.titles.derived import MAX_CHARS, derive_title
from retrieval.reading.articles.titles.stated import tidy_title
from retrieval.types import Article, DateBasis, SpanKind

NEWS = "甲旗种草五万亩，牧民增收三成。"
TITLE = "甲旗种草五万亩，牧民增收三成"


def article(text: str, title: str | None = None) -> Article:
    lines = [(Line(1, text, is_indented=True), SpanKind.BODY)]
    (made,) = build_articles(lines, Stated(title=title), None, DateBasis.NONE, (1, 1))
    return made


def stretches(made: Article, kind: SpanKind) -> list[str]:
    return [made.text[span.start : span.end].strip() for span in made.spans if span.kind is kind]


@pytest.mark.parametrize(
    "lead",
    [
        "导 语",
        "摘要：",
        "8 月 3 日消息，",
        "甲乙新闻记者|王五    ",
        "甲乙新闻记者 王五通讯员 赵六 孙七八近日，",
        "记者 王五近日，",
        "作者：王五编辑：赵六近日，",
        "本报讯\u00a0\u00a0记者王五报道\u00a0\u00a0近日，",
        "本报讯 记者王五六 ",
        "有网友向甲乙新闻爆料称，",
        "发稿时间：2023-08-03 19:27:00    来源：    甲乙网    ，正文：",
        "拼搏奋进，逐梦草原。",
        "美东时间8月9日周三，",
        "财联社当地时间周二（8月8日），",
        "8日晚上21时左右，",
        "今起三天（8月9日至11日），",
        "这几天，",
        "距今10000多年前，",
        "警情通报2023年8月9日下午15时许，",
        "甲国广播公司（JBC）8月9日报道，",
        "甲乙网站报道，",
        "综合《甲乙》《丙丁》报道，当地时间8月9日，",
        "全文阅读约2分钟，",
        "（甲乙健康客户端 王五）据甲通社报道，",
        "王五 甲乙新闻评论员 赵六近日，",
        "评论员王五六近日，",
        "甲乙新闻 记者王五六 实习生 赵六 孙七八8月9日，",
        "甲乙经济导报 甲乙发展网 王五六、赵六、记者孙七报道  近日，",
        "甲乙新闻记者 王五视频剪辑 王五近日，",
        "数据来源：甲乙部制图：王五六本报甲旗8月9日电 （记者赵六）",
        "8月9日早盘收盘，",
        "来源：甲乙见闻同日早些时候，",
        "转自：蓝莓Lanmei近日，",
        "△人们在草原上为花浇水当地时间8月9日，",
        "图为现场。甲乙集团 供图    甲乙网8月9日电 (记者 王五)",
        "图为现场。 甲乙公司/供图本报讯  记者王五近日",
        "广告 甲 ×草原上的牧民（资料图）甲乙网8月9日电 据《甲乙》8日报道，",
        "甲州日报8月5日，",
        "“今年雨水好，草长得高，大家都高兴。”牧民王五说。",
        "“草都长高了，快来看吧”“好，马上就到”。8月2日，",
        "“草长得高，‘丰收’就在眼前，大家都高兴。”几天前，",
        "，",
    ],
)
def test_what_only_leads_to_the_news_is_no_title(lead: str) -> None:
    assert article(lead + NEWS).title == TITLE


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("第五届草原博览会上，甲旗签约三个项目。", "第五届草原博览会上，甲旗签约三个项目"),
        ("由甲旗文化馆主办，第五届那达慕8月1日开幕。", "由甲旗文化馆主办，第五届那达慕8月1日开幕"),
        ("甲旗公安局发布警情通报，一名男子被拘留。", "甲旗公安局发布警情通报，一名男子被拘留"),
        ("甲旗农牧局提醒广大牧民：剪羊毛要趁早。", "甲旗农牧局提醒广大牧民：剪羊毛要趁早"),
        ("甲旗农牧局召开新闻发布会，牧草面积增长一成。", "甲旗农牧局召开新闻发布会，牧草面积增长一成"),
        ("甲旗乙镇人民法院：巡回办案到了草场边，牧民点赞。", "甲旗乙镇人民法院：巡回办案到了草场边"),
        ("正在此间举行的世界牧草大会，7日签约三个项目。", "正在此间举行的世界牧草大会，7日签约三个项目"),
        ("丰收啦！甲旗种草五万亩，牧民增收。", "丰收啦！甲旗种草五万亩，牧民增收"),
        ("甲旗草原有多美？快来看看吧。", "甲旗草原有多美？快来看看吧"),
        ("为期三天的草原文化节在甲旗落幕，游客有一万人。", "为期三天的草原文化节在甲旗落幕，游客有一万人"),
        ("自治区农牧厅公布了牧草名录，共有二十种。", "自治区农牧厅公布了牧草名录"),
        ("甲旗学生王五爱读小说，一年读了五十本。", "甲旗学生王五爱读小说，一年读了五十本"),
    ],
)
def test_a_clause_that_tells_nothing_goes_on_to_the_next(text: str, title: str) -> None:
    assert article(text).title == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "今年是甲旗建旗七十周年。8月3日，甲旗召开了庆祝大会，三百名牧民代表到会。",
            "甲旗召开了庆祝大会，三百名牧民代表到会",
        ),
        (
            "去年的今天，甲旗宣布种草。今天，甲旗公布了种草的成绩，三百名牧民受到表彰。",
            "甲旗公布了种草的成绩，三百名牧民受到表彰",
        ),
        (
            "他们中有牧民和工人。甲旗今年有三百人获得了表彰，旗里8月3日开了大会。",
            "甲旗今年有三百人获得了表彰，旗里8月3日开了大会",
        ),
        (
            "当前，草原防火形势严峻。8月3日，甲旗召开了防火会议，三百名牧民代表到会。",
            "甲旗召开了防火会议，三百名牧民代表到会",
        ),
        (
            "甲旗发生了一起令人气愤的事件。一群游客驾车闯入了草场。",
            "甲旗发生了一起令人气愤的事件。一群游客驾车闯入了草场",
        ),
        ("从乙城开往甲旗的K12次列车，因暴雨停留了三小时。", "从乙城开往甲旗的K12次列车，因暴雨停留了三小时"),
        ("对于“草场被占”一事，甲旗公安局立案调查。", "对于“草场被占”一事，甲旗公安局立案调查"),
        ("作为有三十年经验的牧民，王五今年种草三百亩。", "作为有三十年经验的牧民，王五今年种草三百亩"),
        ("甲旗农牧局8日再次下发通知，要求各苏木种草。", "甲旗农牧局8日再次下发通知，要求各苏木种草"),
        (
            "为加强草原管理，提升牧民收入，甲旗召开了种草大会。",
            "为加强草原管理，提升牧民收入，甲旗召开了种草大会",
        ),
        (
            "手工、绘画、舞蹈、书法……8月1日，甲旗的暑期课堂开课了。",
            "手工、绘画、舞蹈、书法……8月1日，甲旗的暑期课堂开课了",
        ),
        ("记者从乙旗农牧局获悉，该旗今年种草五万亩。", "记者从乙旗农牧局获悉，该旗今年种草五万亩"),
        ("甲旗公司总经理王五表示，未来公司将在甲旗建厂。", "甲旗公司总经理王五表示，未来公司将在甲旗建厂"),
        ("预计8月3日午后至5日白天，甲旗有一次强降雨过程。", "预计8月3日午后至5日白天，甲旗有一次强降雨过程"),
        (
            "经甲旗党委批准，甲旗纪委对一名干部立案审查调查。",
            "经甲旗党委批准，甲旗纪委对一名干部立案审查调查",
        ),
        ("甲省乙市丙旗丁镇戊村，漫山遍野的李子熟了。", "甲省乙市丙旗丁镇戊村，漫山遍野的李子熟了"),
        ("7月21日上午9点半，甲旗的牧民参加了一次会议。", "甲旗的牧民参加了一次会议"),
        ("“要多种草，要种好草”的提法将写入甲旗的计划。", "“要多种草，要种好草”的提法将写入甲旗的计划"),
        (
            "为方便牧民出行，缩短乘车时间，甲旗开通了三条公交线。",
            "为方便牧民出行，缩短乘车时间，甲旗开通了三条公交线",
        ),
        ("甲旗农牧局消息，全旗种草五万亩。", "甲旗农牧局消息，全旗种草五万亩"),
        ("牧民在种草。向专家请教。 本报8月3日电 甲旗召开了种草大会，牧民都到会。", "甲旗召开了种草大会"),
        ("甲旗种草五万亩，牧民增收ABnews8月8日消息，甲旗的牧民今年增收三成。", "甲旗种草五万亩，牧民增收"),
        ("来源：甲乙见闻8月3日，甲旗召开了种草大会。", "甲旗召开了种草大会"),
        (
            "甲旗原党组书记、副旗长，农牧局局长王五接受审查调查。",
            "甲旗原党组书记、副旗长，农牧局局长王五接受审查调查",
        ),
        ("走过甲河、越过乙山，一场那达慕在甲旗开幕。", "走过甲河、越过乙山，一场那达慕在甲旗开幕"),
        ("甲旗农牧局就“草场被占”一事，派出了调查组。", "甲旗农牧局就“草场被占”一事，派出了调查组"),
        ("原标题：甲旗牧民今年大丰收当地时间8月3日，牧民都来开会。", "甲旗牧民今年大丰收"),
        ("牧民合影留念。本报8月3日讯（记者 王五）甲旗召开了种草大会。", "甲旗召开了种草大会"),
        ("甲旗牧民在种草 视觉中国 资料图8月3日，甲旗召开了种草大会，牧民都到会。", "甲旗召开了种草大会"),
    ],
)
def test_a_title_goes_on_to_the_clause_that_says_what_happened(text: str, title: str) -> None:
    assert article(text).title == title


def test_who_holds_a_thing_is_left_out_where_it_is_too_long() -> None:
    holders = "、".join(f"{name}旗农牧局" for name in "甲乙丙丁戊己庚辛壬癸")
    assert (
        derive_title(f"{holders}联合主办的第二届草原文化节8月3日在甲旗开幕。")
        == "第二届草原文化节8月3日在甲旗开幕"
    )


def test_what_says_more_of_a_clause_is_no_title_without_it() -> None:
    first = (
        "甲旗农牧局与甲旗林业局联合下发了《关于加强草原生态保护与牧区经济发展协作配合的意见》（下称《意见》）"
    )
    assert derive_title(f"{first}，旨在强化草原管理，提升牧民的收入和生活水平。") == first


def test_what_leads_on_is_left_out_where_both_would_be_too_long() -> None:
    who = "甲旗草原生态保护与牧区经济发展领导小组办公室副主任、农牧局局长王五在昨天举行的第三季度新闻发布会上表示"
    assert derive_title(f"{who}，{NEWS}") == TITLE


def test_a_long_clause_stays_whole_and_a_longer_one_ends_where_a_word_does() -> None:
    whole = "、".join(f"{name}旗农牧局" for name in "甲乙丙丁戊己庚辛壬癸") + "联合发文"
    assert derive_title(whole + "。") == whole
    long = "、".join(f"{name}旗农牧局" for name in "甲乙丙丁戊己庚辛壬癸子丑寅卯") + "联合发文"
    title = derive_title(long + "。")
    assert len(title) <= MAX_CHARS
    assert title.endswith("…")
    assert long.startswith(title[:-1])
    assert title[-2] in "局"
    text = "甲旗" + "草" * 80
    assert derive_title(text).rstrip("…") in text


def test_whom_a_long_list_names_is_left_out_where_it_says_how_many() -> None:
    holders = "、".join(f"{name}旗农牧和草原局" for name in "甲乙丙丁戊己庚辛")
    assert derive_title(f"{holders}等八部门联合发布了草原保护的通知。") == "八部门联合发布了草原保护的通知"


@pytest.mark.parametrize(
    "behind",
    [
        "8月3日早晨，牧民出发了。",
        "8月3日13点30分，牧民出发了。",
        "2023年7月，牧民出发了。",
        "为进一步保护草原，旗里开了会。",
        "综合甲网、乙报8月4日报道，草长高了。",
        "甲乙新闻8月14日电(王五)草长高了。",
        "中新网甲州新闻8月14日电(王五)草长高了。",
        "                    图为牧民收割牧草。",
    ],
)
def test_a_title_ends_where_its_report_begins(behind: str) -> None:
    assert original_title("原标题：甲旗牧草今年大丰收" + behind) == "甲旗牧草今年大丰收"


def test_a_word_that_only_looks_like_a_beginning_ends_no_title() -> None:
    text = "原标题：种草成为推动甲旗增收的好办法8月3日，牧民出发了。"
    assert original_title(text) == "种草成为推动甲旗增收的好办法"


def test_a_title_that_runs_into_its_dateline_is_the_title_and_no_body() -> None:
    made = article("甲旗乙镇——种草养畜两相宜本报甲城7月30日电(记者 王五)" + NEWS)
    assert made.title == "甲旗乙镇——种草养畜两相宜"
    assert stretches(made, SpanKind.BODY) == [NEWS]
    assert stretches(made, SpanKind.DATELINE) == ["本报甲城7月30日电(记者 王五)"]


def test_a_dateline_behind_a_caption_is_no_body() -> None:
    made = article(
        "原标题：甲旗牧草丰收了" + " " * 20 + "图为收割现场。王五 摄   中新网甲城8月10日电 (王五)" + NEWS
    )
    assert stretches(made, SpanKind.BODY) == [NEWS]


@pytest.mark.parametrize(
    "credit",
    [
        "开幕式现场。 实习生 王五摄",
        "“草原精神”研讨会现场。甲乙网 王五六摄",
        "牧民在收割牧草（甲旗融媒供图）",
        "牧民在草场上。宝音德力格尔 摄    ",
        "（甲乙网发 王五 摄）",
        "收割机开进草场（图片来源：甲旗农牧局）",
        "广告 草籽多少钱一斤?你一定猜不到! × ",
    ],
)
def test_captions_and_advertisements_within_a_report_are_no_body(credit: str) -> None:
    first, second = "甲旗今年种草五万亩，牧民都说好。", "8月2日，旗里举行了那达慕大会，来了一万人。"
    made = article(first + credit + second)
    assert "".join(stretches(made, SpanKind.BODY)).replace("牧民在草场上。", "") == first + second
    assert made.text == first + credit + second


@pytest.mark.parametrize(
    "text",
    [
        "甲旗摄影师（五十岁）今年拍摄了三千张照片，办了展览。",
        "甲旗发布的广告 共有五条，其中三条是招工，两条是卖草籽的。",
        "电影（在甲旗航摄）今年上映，草原上的牧民都去看了。",
    ],
)
def test_brackets_and_words_like_those_stay_in_the_report(text: str) -> None:
    assert "".join(stretches(article(text), SpanKind.BODY)) == text


@pytest.mark.parametrize(
    ("stated", "tidy"),
    [
        ("甲旗一教练被拘留！关注我们", "甲旗一教练被拘留！"),
        ("甲旗一教练被拘留！点击上面“甲旗家乡通”关注我们", "甲旗一教练被拘留！"),
        ("甲旗签署环境司法协作协议甲乙新闻记者 王五", "甲旗签署环境司法协作协议"),
        ("甲旗今年种草五万亩丙丁新闻记者 王五通讯员 赵六 孙七", "甲旗今年种草五万亩"),
        ("甲旗种草五万亩牧民增收" + " " * 12 + "甲旗种草忙", "甲旗种草五万亩牧民增收"),
        ("甲旗关注我们身边的草原", "甲旗关注我们身边的草原"),
        ("甲旗守护“草原绿”晨报讯（记者", "甲旗守护“草原绿”"),
    ],
)
def test_who_wrote_and_who_is_to_be_followed_are_no_title(stated: str, tidy: str) -> None:
    assert tidy_title(stated) == tidy


def test_a_stated_title_is_not_made_longer_by_a_report_that_runs_on() -> None:
    stated = "仅用三小时！甲旗交警破案"
    text = f"原标题：{stated}肇事者莫心存侥幸无论何时何地交警都会一追到底还受害者一个公道 大家千万要记住事情经过：8月1日，民警破案。"
    assert article(text, stated).title == stated


@pytest.mark.parametrize(
    "text",
    [
        "“" * 400,
        "图" * 50 + "（" * 500,
        "记者 " * 200,
        "甲，" * 300,
        "广告 " * 200 + "×",
        "现场。" * 300 + "摄",
        "甲乙网记者 王五 " * 60,
        "甲旗乙苏木" * 80,
        "，为加强管理" * 80,
        "甲、" * 300 + "的",
        "×1" * 400,
    ],
)
def test_repetitions_make_a_title_in_time(text: str) -> None:
    assert len(article("甲旗种草五万亩。\n" + text).title) <= MAX_CHARS
    assert len(derive_title(text)) <= MAX_CHARS


@pytest.mark.parametrize(
    ("headline", "stated", "lead", "body"),
    [
        ("草原上的草长高了！牧民都说好 ", None, "", "8月9日，甲旗乙苏木的牧民来看种草，人人都高兴。"),
        ("甲旗办运动会", "甲旗办运动会", "甲旗网8月9日讯（记者 王五）", "甲旗办了一场运动会，三百人参加。"),
        ("甲旗羊丢了 牧民帮找回", "甲旗羊丢了", "", "8月9日，甲旗乙苏木的牧民找到了丢失的羊，人人都高兴。"),
        ("甲旗三小时破案事莫心存侥幸", None, "事故经过：", "8月9日，甲旗发生一起交通事故，民警赶到现场。"),
    ],
)
def test_a_headline_that_runs_into_its_report_is_no_body(
    headline: str, stated: str | None, lead: str, body: str
) -> None:
    made = article(headline + lead + body, stated)
    assert made.title == (stated or headline).strip()
    assert not made.title_is_derived  # searched as one
    assert stretches(made, SpanKind.BODY) == [body]


@pytest.mark.parametrize("stated", ["甲旗种草五万亩", "甲旗种草"])
def test_a_sentence_that_begins_with_the_title_stays_whole(stated: str) -> None:
    text = "甲旗种草五万亩的消息传开，牧民都来看，人人都高兴。"
    assert stretches(article(text, stated), SpanKind.BODY) == [text]


def test_headings_set_apart_by_blanks_and_labels_are_no_body() -> None:
    made = article(
        "紧急预警！紧 急 预 警广大市民朋友：近期有人冒充客服。事件经过：8月9日，甲旗王五接到电话。"
    )
    assert stretches(made, SpanKind.BODY) == [
        "紧急预警！",
        "广大市民朋友：近期有人冒充客服。",
        "8月9日，甲旗王五接到电话。",
    ]


@pytest.mark.parametrize(
    "caption",
    [
        "牧民在草原上种草。王五摄",
        "王五（左一）在看草。甲旗医院 供图",
        "“甲乙”种草会现场。王五六摄",
        "车辆走在雨中。新华社记者 王五 摄",
    ],
)
def test_a_caption_goes_with_its_credit(caption: str) -> None:
    before, behind = (
        "8月9日，甲旗种草五万亩，牧民都来看。",
        "据了解，甲旗的草长得高，人人都高兴，明年还要再种。",
    )
    made = article(before + caption + behind)
    assert stretches(made, SpanKind.BODY) == [before, behind]
    assert stretches(made, SpanKind.CAPTION) == [caption]


def test_what_somebody_says_before_a_credit_stays_in_the_report() -> None:
    before, said = "8月9日，甲旗种草五万亩。", "牧民王五表示明年还要再种。"
    made = article(before + said + "赵六摄据了解，甲旗的草长得高，人人都高兴，明年还要再种。")
    assert said in "".join(stretches(made, SpanKind.BODY))


@pytest.mark.parametrize("credit", ["受访者供图", "图片由受访者提供", "甲旗医院供图"])
def test_whose_photos_they_are_is_no_author(credit: str) -> None:
    made = article(f"8月9日，甲旗种草五万亩，牧民都来看。（{credit}）")
    assert made.credit is None
    assert byline_of(credit) is None
    assert article("8月9日，甲旗种草五万亩，牧民都来看。（记者 王五 文/图）").credit == "记者 王五 文/图"
