"""Datelines of every outlet, headlines that run together with their reports, and where titles begin and end."""

import pytest

from retrieval.reading.articles.item import Stated, build_articles
from retrieval.reading.articles.paragraphs import Line
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
    "dateline",
    [
        "甲乙之家 8 月 3 日消息，",
        "AB之家 8 月 3 日消息，",
        "8月3日消息，",
        "丙丁 8月3日消息，",
        "甲网时刻乙城8月3日讯（通讯员 王五六 赵七 钱八九）",
        "甲乙财经 王五六 ",
        "甲乙新闻记者 王五六",
        "甲乙网记者 王五六 通讯员 赵七八 丙城报道",
        "甲乙日报客户端 | 记者 王五六   ",
        "甲乙日报讯 记者王五、实习生赵六报道：",
        "甲乙客户端（通讯员王五、赵六）",
        "丙报、甲乙新闻网8月3日消息（记者 王五）",
        "本报3日讯（记者王五 赵六）",
        "【甲乙时报综合报道】",
        "【甲乙立方消息】",
        "中新经纬8月3日电 ",
        "甲乙网8月3日报道：",
    ],
)
def test_a_dateline_of_any_outlet_is_its_own_part_and_no_title(dateline: str) -> None:
    made = article(dateline + "8月3日，" + NEWS)
    assert made.title == TITLE
    assert "".join(stretches(made, SpanKind.DATELINE)) == dateline.strip()
    assert "".join(stretches(made, SpanKind.BODY)) == "8月3日，" + NEWS
    assert made.text == dateline + "8月3日，" + NEWS


@pytest.mark.parametrize(
    "stated",
    [
        "甲乙财经 王五六 8月15日",
        "甲网时刻乙城8月14日讯（通讯员 王五六 赵七 钱八九）",
        "AB之家 7 月 21 日消息，",
        "本报记者 王五六",
        "本站讯 8月1日晚",
        "本报乙城8月1日电",
    ],
)
def test_a_dateline_or_a_byline_alone_is_no_stated_title(stated: str) -> None:
    made = article(NEWS, stated)
    assert (made.title, made.title_is_derived) == (TITLE, True)


@pytest.mark.parametrize(
    "stated", ["图：甲旗牧民在种草", "■甲旗种草五万亩", "新华网球队在甲旗比赛", "本报记者节慰问活动举行"]
)
def test_a_title_that_only_begins_like_those_is_one(stated: str) -> None:
    assert article(NEWS, stated).title == stated


@pytest.mark.parametrize(
    "text",
    [
        "甲旗公安局8月3日消息，一名男子被拘留。",
        "据甲乙社8月3日报道，甲旗种草五万亩。",
        "来自甲旗农牧局的消息，全旗种草五万亩。",
        "最近甲旗出台了多条跟电动车有关的规定，牧民都说好。",
        "甲乙网通讯员座谈会在甲旗召开，三十人到会。",
        "记者从甲旗采访回来，报道了种草的事。",
        "记者协会近日，办了一场草原上的讲座，来的人很多。",
        "甲乙新闻记者走访了解到，草原上的草长得很高，牧民高兴。",
        "评论员文章8月9日，登在头版，说的是草原上的事情。",
    ],
)
def test_what_only_looks_like_a_dateline_stays_in_the_report(text: str) -> None:
    assert "".join(stretches(article(text), SpanKind.BODY)) == text


@pytest.mark.parametrize(
    "report",
    [
        "近日，甲旗乙苏木的牧民都来看种草。",
        "8月3日，牧民都来看种草。",
        "记者从旗里获悉，牧民都来看种草。",
        "“今年的草长得高，牛羊有吃的了。”牧民赵六说。",
        "  牧民都来看种草，旗里还请来了专家。",
        "甲旗种草五万亩的事传开了，牧民都来看。",
        "\n牧民都来看种草，旗里还请来了专家。",
        "甲乙网讯（记者 王五）牧民都来看种草，旗里还请来了专家。",
    ],
)
def test_a_headline_in_front_of_its_report_is_the_title_by_itself(report: str) -> None:
    headline = "甲旗种草五万亩：牧民乐开怀"
    text = headline + (" " if report.startswith("甲乙网") else "") + report
    assert article(text).title == headline


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "甲旗公安厅为进一步保护草原，8月3日开了动员会，牧民到会。",
            "甲旗公安厅为进一步保护草原，8月3日开了动员会",
        ),
        ("甲旗农牧局8月1日，召开会议部署种草。", "甲旗农牧局8月1日，召开会议部署种草"),
        ("“今年草长得高，牛羊有吃的了……”近日，甲旗召开了种草大会，牧民都到会。", "甲旗召开了种草大会"),
        ("OPQR公司发布了新款OPQR手机，牧民都来买。", "OPQR公司发布了新款OPQR手机"),
    ],
)
def test_a_name_a_time_or_words_in_front_of_a_report_are_no_headline(text: str, title: str) -> None:
    assert article(text).title == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("原标题：甲旗今年种草五万亩为推动草原生态保护，旗里8月3日开了会。", "甲旗今年种草五万亩"),
        ("原标题：甲旗牧民种草五万亩自夏季行动开展以来，旗里开了三次会。", "甲旗牧民种草五万亩"),
        (
            "原标题：甲旗种草五万亩今年是个好年景本文转自【甲乙日报】；近日，牧民都来看种草。",
            "甲旗种草五万亩今年是个好年景",
        ),
        (
            "原标题：甲旗种草板块涨一成，牧民增收8月1日甲旗种草板块较昨天上涨一成，牧民都说好。",
            "甲旗种草板块涨一成，牧民增收",
        ),
        (
            "原标题：乙镇法庭开展普法宣传活动甲旗人民法院乙镇法庭的宣传日，法庭到草场开展普法宣传活动。",
            "乙镇法庭开展普法宣传活动甲旗人民法院",
        ),
    ],
)
def test_a_labelled_title_ends_where_its_report_sets_out_or_says_it_again(text: str, title: str) -> None:
    assert article(text).title == title


def test_a_stated_title_ends_before_the_outlet_that_its_text_goes_on_with() -> None:
    title = "甲旗公安破获一起盗窃案"
    text = f"原标题：{title}央广网甲城7月25日消息（记者王五）近日，甲旗公安局破获一起盗窃案。"
    assert article(text, f"{title}央广网").title == title


def test_a_title_that_is_said_again_behind_a_blank_is_no_evidence() -> None:
    title = "甲旗草原火场仍在燃烧 正全力封堵"
    made = article(f"原标题：{title}            {title}   {NEWS}")
    assert (made.title, stretches(made, SpanKind.BODY)) == (title, [NEWS])
    assert article(f"原标题：{title}            {title}   {NEWS}", "甲旗草原火场仍在燃烧").title == title


def test_a_label_of_an_earlier_report_is_no_evidence() -> None:
    first, second = "甲旗今年种草五万亩，牧民都说好。", "甲旗农牧局8月1日宣布种草五万亩，牧民都来报名。"
    made = article(first + "此前报道" + second)
    assert stretches(made, SpanKind.BOILERPLATE) == ["此前报道"]
    assert "".join(stretches(made, SpanKind.BODY)) == first + second
    said = first + "此前报道称，甲旗将种草。" + second
    assert "".join(stretches(article(said), SpanKind.BODY)) == said


@pytest.mark.parametrize(
    ("title", "report"),
    [
        ("牧民连夜找回走失的羊，失主送来锦旗", "近日，甲旗的羊群走失了一百只。"),
        ("牧民连夜找回走失的羊，失主：一定要谢谢他", "据甲旗公安局消息，羊群走失了一百只。"),
        ("牧民连夜找回走失的羊，失主送来锦旗表示感谢", "8月正值草原最热的时候，羊群走失了一百只。"),
        ("牧民连夜找回走失的羊，失主送来锦旗！", "羊群在草原上走失了一百只，大家都很着急。"),
        ("牧民连夜找回走失的羊，失主送来锦旗～", "近日羊群走失了一百只，大家都急坏了。"),
        ("甲旗原局长王五获刑11年", "2023年8月17日，甲旗人民法院公开宣判。"),
        ("草原牧业(00001)收到牧草认证证书", "智通财经APP讯，草原牧业发布公告，收到证书。"),
        ("草原公益展在甲旗亮相", "7月28至30日，第四届草原大会召开。"),
        ("这样放羊太危险！“流动羊群”被查获", "众所周知，公路上不能放羊。"),
    ],
)
def test_a_printed_title_goes_on_behind_a_comma_and_ends_where_its_report_begins(
    title: str, report: str
) -> None:
    assert article(f"原标题：{title}{report}").title == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("原标题：甲旗找回了走失的羊群，失主送来锦旗甲市乙区8月3日晚上丢了羊群。", "甲旗找回了走失的羊群"),
        ("原标题：甲旗找回走失的羊群，失主感谢三湘都市报·甲乙客户端8月3日讯（记者 王五）羊找到了。", None),
    ],
)
def test_who_or_where_a_report_begins_with_ends_no_headline(text: str, title: str | None) -> None:
    made = article(text).title
    assert "都市报" not in made
    assert "乙区" not in made
    assert title is None or made == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        # what comes of a short clause, or of an occasion
        ("牧民夫妇带孩子去甲旗自驾游，半路救起落水的人。", "牧民夫妇带孩子去甲旗自驾游，半路救起落水的人"),
        (
            "甲旗召开全旗干部大会，宣布自治区党委决定，王五同志任甲旗的旗委书记，张三不再担任。",
            "甲旗召开全旗干部大会，宣布自治区党委决定，王五同志任甲旗的旗委书记",
        ),
        ("甲旗草场又起大火，其原因若是人为，将严惩。", "甲旗草场又起大火"),
        ("甲旗草场又起大火，记者从消防队了解到，无人受伤。", "甲旗草场又起大火"),
        # what stands before the news
        ("【甲乙新闻】草原上的草今年长高了一尺。", "草原上的草今年长高了一尺"),
        ("图：草原上的草今年长高了一尺。", "草原上的草今年长高了一尺"),
        ("——草原上的草今年长高了一尺。", "草原上的草今年长高了一尺"),
        ("澎湃新闻（www.example.cn)从农牧局获悉，草原上的草今年长高了一尺。", "草原上的草今年长高了一尺"),
        ("今天是8月5日，星期六，农历六月十九。草原上的草今年长高了一尺。", "草原上的草今年长高了一尺"),
        ("8月15日是首个草原日。草原上的草今年长高了一尺。", "草原上的草今年长高了一尺"),
        (
            "[特别声明：此文章为甲网独家文章！]草原上的草今年长高了一尺。" + "牧民很高兴。" * 40,
            "草原上的草今年长高了一尺",
        ),
        (
            "本公司及董事会全体成员保证信息披露内容的真实、准确，没有虚假。草原上的草今年长高了一尺。",
            "草原上的草今年长高了一尺",
        ),
        (
            "种草大会现场。澎湃新闻记者 王五 图澎湃新闻8月3日从大会获悉，草今年长高了一尺。",
            "草今年长高了一尺",
        ),
        ("广告 甲牌拖拉机多少钱一台？ ×中新网甲旗8月3日电 草今年长高了一尺。", "草今年长高了一尺"),
        ("【牧草前沿】 光明日报北京8月17日电（记者王五）草今年长高了一尺。", "草今年长高了一尺"),
    ],
)
def test_a_title_tells_the_news_and_what_comes_of_it(text: str, title: str) -> None:
    assert article(text).title == title
