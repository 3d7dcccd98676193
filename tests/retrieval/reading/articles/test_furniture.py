import pytest

from retrieval.editions import key_sentence
from retrieval.reading.articles.captions import inner_captions, is_boilerplate, is_caption
from retrieval.reading.articles.furniture import head_end, tail_start
from retrieval.reading.articles.headlines import original_title
from retrieval.reading.articles.item import Stated, build_articles
from retrieval.reading.articles.names import byline_of, source_of
from retrieval.reading.articles.paragraphs import Line
from retrieval.reading.articles.recurrence import mark_recurring
from retrieval.reading.articles.titles.stated import says_something, tidy_title
from retrieval.text.passages import chunk
from retrieval.types import Article, DateBasis, SpanKind

REPORT = "甲旗农牧局8月1日发布消息，全旗牧草面积达到5万亩，比去年增加一万亩。"


def article(text: str, title: str | None = None, source: str | None = None) -> Article:
    lines = [(Line(1, text, is_indented=True), SpanKind.BODY)]
    (made,) = build_articles(lines, Stated(title=title, source=source), None, DateBasis.NONE, (1, 1))
    return made


def body(made: Article) -> str:
    return "".join(made.text[span.start : span.end] for span in made.spans if span.kind is SpanKind.BODY)


@pytest.mark.parametrize(
    "tail",
    [
        "责任编辑：王五",
        "（责编：王五、赵六）",
        "［责编：王五］",
        "【编辑:王五】",
        "(责任编辑：王五 AB012)",
        "来源：甲旗融媒体中心",
        "返回某网，查看更多责任编辑：",
        "统筹：王五责编：赵六 钱七编辑：孙八文章来源：甲报返回某网，查看更多责任编辑：",
        "点击阅读全文",
        "扫码关注我们的公众号",
        "版权所有，未经许可不得转载",
        "更多精彩内容请进入国内新闻",
        "来 源：甲旗公安局通讯员：王五",
        "【来源：甲报】声明：此文版权归原作者所有，若有来源错误，您可通过邮箱与我们取得联系，我们将及时进行处理。",
        "流程编辑：ab012     如遇作品内容、版权等问题，请在30日内与本网联系。",
        "本文属于原创文章，如若转载，请注明来源：甲旗牧草面积创新高https://example.com/1.html",
        "风险提示：以上内容仅作为作者或者嘉宾的观点，不代表甲网的任何立场。投资者应咨询专业意见。",
        "以上内容由甲网根据公开信息整理，由算法生成，与本站立场无关。",
        "甲网版权作品，未经授权不得转载。",
        "（完）",
        "分享 收藏 点赞 在看",
        "原标题：《甲旗牧草丰收》",
        "推荐阅读乙旗举办那达慕 丙市通车",
        "来源：甲报返回某网，查看更多责任编辑：",
        "责编:王五 | 审校:赵六 |",
        "《 甲报 》（ 2023年07月29日   04 版）",
        "甲报（jiabao1929）综合@乙报、丙新闻",
        "（原题为《喜人！甲旗牧草丰收》）",
    ],
)
def test_what_editors_put_behind_a_report_is_kept_and_is_no_body(tail: str) -> None:
    made = article(REPORT + tail)
    assert made.text == REPORT + tail
    assert body(made) == REPORT


@pytest.mark.parametrize(
    "text",
    [
        REPORT,
        REPORT + "来源：各级财政拨款1200万元",
        "资金来源：自筹为主。群众点击手机就能报名",
        "他说，编辑这本书用了三年",
        "会议由记者协会主办，版权所有者到会。",
        REPORT + "如果造成混淆，商标所有者可以提起侵权诉讼，令其赔偿。",
        REPORT + "许多参与者也持同样的观点。",
        REPORT + "外交部发表声明：中方对此表示谴责。",
        REPORT + "记者了解到情况",
        REPORT + "全旗推进综合治理新闻发布",
        REPORT + "相关新闻：8月2日，乙旗通报了牧草收购价格。",
    ],
)
def test_a_report_that_speaks_of_such_things_is_left_whole(text: str) -> None:
    assert body(article(text)) == text


@pytest.mark.parametrize(
    "credit",
    ["甲报记者 王五 实习生 赵六", "甲报、乙网全媒体记者王五", "甲报记者 王五 通讯员 赵六七 孙八"],
)
def test_a_credit_behind_the_last_sentence_needs_no_parentheses(credit: str) -> None:
    made = article(REPORT + credit + "编辑 孙八二审 钱九")
    assert (body(made), made.text) == (REPORT, REPORT + credit + "编辑 孙八二审 钱九")
    assert made.credit == credit


@pytest.mark.parametrize(
    "head",
    [
        "（原标题：甲旗牧草丰收）",
        "原标题：甲旗牧草今年大丰收",
        "[来源：甲旗融媒]",
        "撰文 | 王五 ",
        "【甲报特约记者 王五 乙报记者 赵六】",
        "来源：甲报 ",
    ],
)
def test_what_editors_put_before_a_report_is_kept_and_is_no_body(head: str) -> None:
    report = "近日，" + REPORT
    made = article(head + report)
    assert (made.text, body(made)) == (head + report, report)


def test_a_label_before_a_title_without_an_end_is_cut_off_alone() -> None:
    text = "原标题：甲旗牧草丰收农牧民乐开怀甲旗今年种草五万亩。"
    assert text[head_end(text) :].startswith("甲旗牧草丰收")
    assert tail_start(text) == len(text)


def test_an_original_title_becomes_the_title_of_a_piece_without_one() -> None:
    assert original_title("原标题：甲旗牧草今年大丰收近日，全旗种草五万亩。") == "甲旗牧草今年大丰收"
    made = article("原标题：甲旗牧草今年大丰收近日，全旗种草五万亩。")
    assert (made.title, made.title_is_derived) == ("甲旗牧草今年大丰收", True)


def test_a_stated_title_that_is_cut_is_made_whole_by_what_the_text_repeats() -> None:
    text = "原标题：一张保单 一份关爱:向五百名儿童捐赠近日，甲旗举行捐赠仪式。"
    assert article(text, "一张保单").title == "一张保单 一份关爱:向五百名儿童捐赠"
    assert article(text, "甲旗举行捐赠仪式").title == "甲旗举行捐赠仪式"


@pytest.mark.parametrize("title", ["7月27日至28日", "2024-09-29", "2024年9月29日 23:30", "昨日上午", "……"])
def test_a_date_alone_is_no_title(title: str) -> None:
    assert not says_something(title)
    assert article(REPORT, title).title_is_derived


@pytest.mark.parametrize("title", ["牧草丰收", "1-10月甲县固定资产投资增长", "9月1日起实施新规", "防汛"])
def test_a_title_with_a_date_in_it_is_one(title: str) -> None:
    assert says_something(title)


@pytest.mark.parametrize(
    "lead",
    [
        "近日",
        "记者从甲旗农牧局了解到，",
        "根据最新的统计数据，",
        "日前，",
        "甲旗农牧局8日表示，",
        "甲网 8 月 10 日消息，",
        "甲新闻记者 王五近日",
    ],
)
def test_a_derived_title_is_what_is_said(lead: str) -> None:
    assert (
        article(lead + "全旗牧草面积达到5万亩，比去年增加一万亩。").title
        == "全旗牧草面积达到5万亩，比去年增加一万亩"
    )


def test_a_derived_title_passes_over_when_and_who_says_so() -> None:
    made = article("8月1日上午，据甲旗农牧局消息，全旗牧草面积达到5万亩，比去年增加一万亩。")
    assert made.title == "全旗牧草面积达到5万亩，比去年增加一万亩"


@pytest.mark.parametrize(
    ("stated", "tidy"),
    [
        ("原标题：甲旗牧草丰收", "甲旗牧草丰收"),
        ("甲旗牧草今年丰收甲旗牧草今年丰收", "甲旗牧草今年丰收"),
        ("甲旗牧草今年大丰收中新网甲城8月3日电", "甲旗牧草今年大丰收"),
        ("甲旗牧草丰收[责编：王五]", "甲旗牧草丰收"),
        ("甲旗：牧草丰收 农户增收", "甲旗：牧草丰收 农户增收"),
        ("甲旗牧草今年丰收 甲原日报记者 王五", "甲旗牧草今年丰收"),
        ("甲旗牧草今年丰收记者 王五 通讯员 赵六", "甲旗牧草今年丰收"),
        ("甲旗牧草今年喜获大丰收 甲原日报-甲原网讯（王五", "甲旗牧草今年喜获大丰收"),
        ("甲旗今年表彰一批优秀新闻记者", "甲旗今年表彰一批优秀新闻记者"),
    ],
)
def test_a_stated_title_is_said_once_and_alone(stated: str, tidy: str) -> None:
    assert tidy_title(stated) == tidy


@pytest.mark.parametrize(
    "line", ["涉及范围如下：", "他描绘了蓝图三年规划", "他从小喜欢摄影", "学校开设了书法、绘画和摄影"]
)
def test_lines_that_only_look_like_captions_are_body(line: str) -> None:
    assert not is_caption(line)


@pytest.mark.parametrize(
    "line",
    [
        "图为牧民收割牧草。",
        "牧民收割牧草。张三摄",
        "牧民收割牧草 本报记者 张三 摄影报道",
        "（张三 摄）",
        "图一：草原",
    ],
)
def test_captions_are_known_by_their_words(line: str) -> None:
    assert is_caption(line)


def test_a_source_of_money_is_content_and_a_disclaimer_is_not() -> None:
    assert not is_boilerplate("来源：各级财政拨款1200万元")
    assert is_boilerplate("来源：甲旗融媒体中心")
    assert is_boilerplate("【免责声明】本文仅代表作者本人观点")
    assert is_boilerplate("国内统一刊号CN15-0000 邮发代号15-1")


@pytest.mark.parametrize(
    "value",
    [
        "104363",
        "责任编辑：孔某",
        "name, a@example.com",
        "admin",
        "作者：未知 责任编辑：李某",
        "甲旗融媒体中心",
        "摄影：张三",
    ],
)
def test_numbers_mails_editors_and_offices_are_no_byline(value: str) -> None:
    assert byline_of(value) is None


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("张三", "张三"),
        ("作者：张三 来源：甲报", "张三"),
        ("乌云·其其格", "乌云·其其格"),
        ("本报记者 张三", "本报记者 张三"),
    ],
)
def test_a_byline_is_names(value: str, name: str) -> None:
    assert byline_of(value) == name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("来源：甲报 时间：2024-09-29", "甲报"),
        ("甲网版权所有", "甲网"),
        ("甲报 - Powered by RSSHub", "甲报"),
        ("来源：", None),
    ],
)
def test_a_source_is_a_name_without_what_stands_around_it(value: str, name: str | None) -> None:
    assert source_of(value) == name


def test_what_recurs_at_the_end_of_a_sources_pieces_is_boilerplate() -> None:
    notice = "更多内容见本网客户端首页下方。"
    pieces = [
        article(f"{name}旗今年种草{n}万亩。农户都说好。草长得高。{notice}", source="甲网")
        for n, name in enumerate("甲乙丙丁戊己庚辛壬癸子", 1)
    ]
    other = article(f"子旗今年修渠三条。水够用了。大家高兴。{notice}", source="乙网")
    *marked, kept = mark_recurring([*pieces, other])
    assert all(notice not in body(each) and notice in each.text for each in marked)
    assert notice in body(kept)


def test_editors_words_are_neither_a_passage_nor_a_digests_sentence() -> None:
    made = article("（原标题：甲旗牧草丰收）" + REPORT + "责任编辑：王五返回某网，查看更多")
    assert [made.text[each.start : each.end] for each in chunk(made)] == [REPORT]
    assert key_sentence(made).text in REPORT


@pytest.mark.parametrize(
    "text",
    [
        "。" + "编辑 " * 200,
        "责任编辑：" * 80 + "x",
        "1" * 5000,
        "近日" * 2000 + "x",
        "2024-" * 1000,
        "点击" * 300 + "x",
        "（" * 2000,
    ],
)
def test_repetitions_cost_no_more_than_their_length(text: str) -> None:
    made = article("甲旗种草五万亩。\n" + text)
    assert text.strip() in made.text  # a pattern that tried every division would not come to an end here


@pytest.mark.parametrize(
    "head",
    [
        "来源：甲乙网－草原频道 原创稿",
        "来源：甲乙日报",
        "本文转自：甲乙网",
        "刷新重试诊断code：vid:uuid:requestId:播放时间：提示信息字幕倍速清晰度音轨00:00 / 00:31确认取消",
        "图为牧草丰收现场。王五摄",
        "牧民在运送牧草。甲乙社记者 王五 摄",
        "甲乙网丙市8月2日电(王五、赵六)",
        "甲乙网（甲乙日报网）讯（通讯员 王五）",
    ],
)
def test_what_runs_into_a_report_is_no_body_and_no_title(head: str) -> None:
    made = article(head + "8月2日，甲旗种草五万亩，牧民增收三成。")
    assert body(made) == "8月2日，甲旗种草五万亩，牧民增收三成。"
    assert made.title == "甲旗种草五万亩，牧民增收三成"


def test_a_photos_credit_within_a_report_is_no_body() -> None:
    made = article("甲旗今年种草五万亩，牧民增收。王五摄 8月2日，旗里举行了那达慕大会。")
    assert body(made) == "甲旗今年种草五万亩，牧民增收。8月2日，旗里举行了那达慕大会。"


@pytest.mark.parametrize(
    "text", ["甲旗摄影协会8月2日成立。王五摄影作品展出。", "来源：群众举报和网上排查的线索共二十条。"]
)
def test_words_like_a_credit_or_a_source_stay_in_the_report(text: str) -> None:
    assert body(article(text)) == text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("在甲旗乙苏木，牧民种草五万亩。", "在甲旗乙苏木，牧民种草五万亩"),
        ("8月15日上午10时开始，甲旗开放免费接种。", "8月15日上午10时开始，甲旗开放免费接种"),
        ("甲旗统计局今天宣布，牧草面积增长一成。", "甲旗统计局今天宣布，牧草面积增长一成"),
        ("8月1日，是甲旗图书馆开馆十周年的日子。", "8月1日，是甲旗图书馆开馆十周年的日子"),
    ],
)
def test_a_derived_title_says_what_and_where(text: str, title: str) -> None:
    assert article(text).title == title


@pytest.mark.parametrize(
    "words",
    [
        "澎湃新闻（www.example.cn)从启动仪式获悉，",
        "IT之家从官方报告中归纳汇总得知：",
        "财联社注意到，",
        "澎湃新闻8月3日从甲旗农牧局了解到，",
    ],
)
def test_where_an_agency_has_it_from_is_no_evidence(words: str) -> None:
    made = article(f"甲旗办起了草原节。{words}今年草长得高，牧草面积有5万亩。", "草原节")
    assert body(made) == "甲旗办起了草原节。今年草长得高，牧草面积有5万亩。"
    assert words in made.text


def test_where_a_reporter_has_it_from_is_prose() -> None:
    text = "甲旗办起了草原节。甲旗青年报记者了解到，今年草长得高。"
    assert body(article(text, "草原节")) == text


def test_a_labelled_picture_between_two_sentences_is_a_caption() -> None:
    made = article("甲旗办起了草原节。领导嘉宾致辞图甲旗农牧局与牧民签了约，三百人到会。", "草原节")
    assert body(made) == "甲旗办起了草原节。甲旗农牧局与牧民签了约，三百人到会。"
    text = "甲旗办起了草原节。牧民现场图像资料留存完好，三百人到会。"
    assert body(article(text, "草原节")) == text


def test_who_wrote_it_is_named_without_the_label() -> None:
    assert article("甲旗办起了草原节。（文/甲旗日报记者 王五）", "草原节").credit == "甲旗日报记者 王五"


def test_photos_that_follow_each_other_in_a_paragraph_are_no_part_of_its_report() -> None:
    report = "近日，甲旗的百余名牧民相聚一处，比赛谁的羊剪得快，也比谁的羊毛长。"
    photos = "".join(
        f"甲旗苏木，牧民{what}。张三 摄    " for what in ("剪羊毛", "赶羊群", "比羊毛", "数羊羔")
    )
    rest = "比赛结束后，牧民们把羊毛送到收购点，今年一斤多卖了两块钱。"
    paragraph = f"{report}    {photos}{rest}"
    kept, end = "", 0
    for start, last in inner_captions(paragraph):
        kept, end = kept + paragraph[end:start], last
    assert (kept + paragraph[end:]).split() == [report + rest]
