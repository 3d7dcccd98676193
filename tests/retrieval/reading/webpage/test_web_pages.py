from datetime import date
from pathlib import Path

import pytest

from retrieval.errors import ReadingError
from retrieval.reading import read_page
from retrieval.reading.formats.html import split_markup
from retrieval.types import Article, SpanKind

BODY = (
    "甲旗农牧局昨天发布消息，今年全旗牧草面积达到5万亩，比去年增加一万亩，农牧民收入稳步提高。",
    "技术人员深入田间地头，指导农户适时收割，目前收割已经完成九成，预计本月下旬全部入库。",
)
TEXT = "".join(f"<p>{each}</p>" for each in BODY)
HOT = "".join(f"<li><a href='/{n}'>某地发生一起大事{n}，网友纷纷热议</a></li>" for n in range(30))
NOTICE = (
    "<div class='tie'><p>网友评论仅供其表达个人看法，并不表明本站立场。</p><p>文明上网理性发言，请遵守用户协议，"
    "跟贴内容由网友发表，登录后发表评论，举报电话12345。</p></div>"
)


def read(tmp_path: Path, body: str, head: str = "<title>甲旗牧草大丰收</title>") -> Article:
    path = tmp_path / "a.html"
    path.write_text(f"<html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>", "utf-8")
    (article,) = read_page(path).articles
    return article


def paragraphs(article: Article) -> list[str]:
    return [article.text[span.start : span.end] for span in article.spans if span.kind is SpanKind.BODY]


# the text


@pytest.mark.parametrize(
    "container",
    [
        "id='endText'",
        "id='js_content' style='visibility: hidden'",
        "class='TRS_Editor'",
        "class='article-content'",
        "id='ozoom'",
    ],
)
def test_a_known_container_is_the_article_beside_notices_and_hot_lists(
    tmp_path: Path, container: str
) -> None:
    page = f"<ul>{HOT}</ul><div {container}>{TEXT}</div>{NOTICE}<ul>{HOT}</ul>"
    assert paragraphs(read(tmp_path, page)) == list(BODY)


def test_an_article_in_an_unknown_element_is_the_densest(tmp_path: Path) -> None:
    page = f"<div class='x1'><ul>{HOT}</ul></div><div class='x2'>{TEXT}</div>{NOTICE}"
    assert paragraphs(read(tmp_path, page)) == list(BODY)


def test_a_page_of_headlines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="no main text"):
        read(tmp_path, f"<div class='list'><ul>{HOT}</ul></div>")


def test_a_page_of_which_only_the_notice_is_left_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="no main text"):
        read(tmp_path, f"<div class='content'>{NOTICE}</div>")


def test_sections_and_layout_cells_hold_paragraphs(tmp_path: Path) -> None:
    sections = "".join(f"<section><span>{each}</span></section>" for each in BODY)
    assert paragraphs(read(tmp_path, f"<div id='js_content'>{sections}</div>")) == list(BODY)
    cell = f"<table><tr><td><a href='/'>首页</a> <a href='/b'>归档</a>{TEXT}</td></tr></table>"
    assert paragraphs(read(tmp_path, cell)) == list(BODY)


def test_a_tables_row_is_a_line_with_its_cells_apart(tmp_path: Path) -> None:
    rows = "<tr><th>乡镇</th><th>时间</th></tr><tr><td>东乡</td><td><ul><li>9月3日上午</li><li>9月4日下午</li></ul></td></tr>"
    article = read(
        tmp_path, f"<article><h1>甲旗牧草大丰收</h1>{TEXT}<table>{rows}</table><p>{BODY[0]}</p></article>"
    )
    assert paragraphs(article) == [*BODY, "乡镇 时间", "东乡 9月3日上午 9月4日下午", BODY[0]]


def test_cells_of_a_feeds_table_are_apart() -> None:
    assert split_markup("<table><tr><td>东街</td><td>12</td><td>300</td></tr></table>") == ["东街 12 300"]


@pytest.mark.parametrize(
    "line", ["您的位置：首页 > 新闻 > 正文", "【打印本页】【关闭窗口】", "上一篇：某事", "浏览次数：123"]
)
def test_breadcrumbs_and_buttons_are_left_out(tmp_path: Path, line: str) -> None:
    page = f"<div class='detail'><div>{line}</div>{TEXT}<div>{line}</div></div>"
    assert line not in read(tmp_path, page).text


# the title


@pytest.mark.parametrize(
    "title",
    [
        "新春走基层｜甲旗牧草大丰收",
        "甲市观察|甲旗牧草大丰收",
        "图说_甲旗牧草大丰收",
        "乡村振兴 - 甲旗牧草大丰收",
        "操盘必读：甲旗牧草涨价",
    ],
)
def test_a_title_with_a_column_before_it_is_whole(tmp_path: Path, title: str) -> None:
    page = f"<h1>{title}</h1><div class='article'>{TEXT}</div>"
    assert read(tmp_path, page, f"<title>{title}</title>").title == title


@pytest.mark.parametrize(
    "site",
    [
        "-新华网",
        "-甲旗人民政府",
        "_要闻",
        "-新闻频道-某网",
        "–甲城晚报数字报",
        " 甲城晚报",
        "_国内频道_甲城新闻网",
        " - 甲旗人民政府门户网站",
    ],
)
def test_the_sites_name_behind_a_title_is_not_of_it(tmp_path: Path, site: str) -> None:
    assert (
        read(tmp_path, f"<div class='article'>{TEXT}</div>", f"<title>甲旗牧草喜获丰收{site}</title>").title
        == "甲旗牧草喜获丰收"
    )


def test_an_unknown_sites_name_is_told_by_the_heading_without_it(tmp_path: Path) -> None:
    page = f"<h1>甲旗牧草喜获今年大丰收</h1><div class='article'>{TEXT}</div>"
    head = "<title>甲旗牧草喜获今年大丰收_草原之声</title><meta property='og:title' content='甲旗牧草喜获今年大丰收_草原之声'>"
    assert read(tmp_path, page, head).title == "甲旗牧草喜获今年大丰收"


def test_neither_a_logo_nor_a_related_item_is_the_title(tmp_path: Path) -> None:
    page = (
        "<div><h1>甲旗人民政府网站</h1></div><h2>甲旗牧草大丰收</h2>"
        f"<div class='article-content'>{TEXT}</div><h3><a href='/1'>某游戏重新打造经典地图</a></h3>"
    )
    head = "<title>甲旗牧草大丰收 - 甲旗人民政府门户网站</title><meta name='SiteName' content='甲旗人民政府门户网站'>"
    assert read(tmp_path, page, head).title == "甲旗牧草大丰收"


def test_an_og_title_broken_by_a_quote_loses_to_the_heading(tmp_path: Path) -> None:
    title = '男子写"救命"纸条引来警察'
    head = f'<title>{title}_某网</title><meta property="og:title" content="{title}">'
    assert read(tmp_path, f"<h1>{title}</h1><div class='article'>{TEXT}</div>", head).title == title


# what it states


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<meta name='PubDate' content='2024-09-29 06:23'>", ""),
        ("<meta property='article:published_time' content='2024-09-28T20:00:00Z'>", ""),
        ("", '<script>var ct = "1727579100";</script>'),
        ("", "<div class='info'><span class='date'>发布时间：24-09-29</span></div>"),
        ("", "<p class='source'>2024年09月29日 11:05 来源：甲报</p>"),
        ("", "<time datetime='2024-09-29T11:05:00'>刚刚</time>"),
        ('<script type=\'application/ld+json\'>{"datePublished": "2024-09-29"}</script>', ""),
        ("<link rel='canonical' href='https://example.com/2024/09/29/a.html'>", ""),
    ],
)
def test_the_day_of_publication_is_found_wherever_it_is_stated(tmp_path: Path, head: str, body: str) -> None:
    article = read(
        tmp_path, f"{body}<div class='article'>{TEXT}</div>", f"<title>甲旗牧草大丰收</title>{head}"
    )
    assert article.date == date(2024, 9, 29)


@pytest.mark.parametrize(
    ("head", "body", "source"),
    [
        (
            "<meta name='ContentSource' content='甲旗住建局'><meta name='SiteName' content='甲旗政府'>",
            "",
            "甲旗住建局",
        ),
        ("<meta name='source' content='来源：甲报 时间：'>", "", "甲报"),
        ("<meta name='copyright' content='甲网版权所有'>", "", "甲网"),
        ("<meta property='og:site_name' content='微信公众平台'>", "<a id='js_name'>甲旗融媒</a>", "甲旗融媒"),
        ("<meta name='author' content='甲城日报'>", "", "甲城日报"),
        ("", "<span>来源：甲报 责任编辑：王五</span>", "甲报"),
    ],
)
def test_the_source_is_the_papers_or_the_accounts_name(
    tmp_path: Path, head: str, body: str, source: str
) -> None:
    article = read(
        tmp_path, f"{body}<div class='article'>{TEXT}</div>", f"<title>甲旗牧草大丰收</title>{head}"
    )
    assert (article.source, article.byline) == (source, None)


@pytest.mark.parametrize(
    ("author", "byline"),
    [("张三", "张三"), ("104363", None), ("责任编辑：孔某", None), ("name, a@b.cn", None)],
)
def test_a_byline_is_names(tmp_path: Path, author: str, byline: str | None) -> None:
    head = f"<title>甲旗牧草大丰收</title><meta name='author' content='{author}'>"
    assert read(tmp_path, f"<div class='article'>{TEXT}</div>", head).byline == byline


def test_a_caption_like_end_of_a_notice_is_body(tmp_path: Path) -> None:
    page = f"<div class='TRS_Editor'><p>各用户：</p><p>因检修暂停供水。涉及范围如下：</p>{TEXT}</div>"
    assert paragraphs(read(tmp_path, page))[:2] == ["各用户：", "因检修暂停供水。涉及范围如下："]
