"""What an edition is made of: addresses, labels of pages, the papers' names, articles' parts, and pictures."""

import io
from datetime import date

import pytest
from paper_site import page_picture
from PIL import Image

from retrieval import paper_key
from retrieval.reading.papers.addresses import fronts_of, parse_address
from retrieval.reading.papers.article_page import read_article
from retrieval.reading.papers.articles import goes_on_at, is_furniture
from retrieval.reading.papers.issue import ArticleParts, Outline, PaperKind, Picture
from retrieval.reading.papers.labels import paper_name, parse_label
from retrieval.reading.papers.listing import read_listing
from retrieval.reading.papers.markup import parse_document
from retrieval.reading.papers.picture import PictureError, outline_article, shrink_picture, to_shares

DAY = date(2026, 7, 9)


@pytest.mark.parametrize(
    ("url", "role", "kind", "day"),
    [
        ("http://x/rmrb/pc/layout/202412/01/node_01.html", "page", "A", date(2024, 12, 1)),
        ("http://x/rmrb/pc/content/202412/01/content_30043801.html", "article", "A", date(2024, 12, 1)),
        ("http://x/pc/con/201807/03/c82190.html", "article", "A", date(2018, 7, 3)),
        ("http://x/nmgrb/html/2022-06/30/node_2.htm", "page", "B", date(2022, 6, 30)),
        ("http://x/nmgrb/html/2022-06/30/content_39527_222234.htm", "article", "B", date(2022, 6, 30)),
        ("http://x/gmrb/html/2018-03/15/nw.D110000gmrb_20180315_1-01.htm", "article", "B", date(2018, 3, 15)),
        ("http://x/content/20220630/Page01BC.htm", "page", "C", date(2022, 6, 30)),
        ("http://x/content/20220630/Articel01002BB.htm", "article", "C", date(2022, 6, 30)),
        ("http://x/content/20220630/IssueIndex.htm", "entry", "C", date(2022, 6, 30)),
        ("http://x/content/20220630/PageArticleIndexBC.htm", "other", "C", date(2022, 6, 30)),
        ("http://x/nmgrb/paperindex.htm", "entry", None, None),
    ],
)
def test_what_an_address_says(url: str, role: str, kind: str | None, day: date) -> None:
    found = parse_address(url)
    assert (found.role, found.kind, found.day) == (role, kind, day)


def test_a_papers_key_is_the_same_from_each_of_its_addresses_and_after_a_redesign() -> None:
    keys = {
        paper_key(f"http://x.cn/nmgrb{path}")
        for path in (
            "",
            "/",
            "/paperindex.htm",
            "/html/2022-06/30/node_2.htm",
            "/pc/layout/index.html",
            "/20220630/Page01BC.htm",
        )
    }
    assert keys == {"x.cn/nmgrb"}
    assert paper_key("https://x.cn:8080/pc/layout/") == "x.cn:8080"


def test_an_article_whose_parts_have_no_ids_is_taken_apart_by_its_headings() -> None:
    page = (
        "<html><head><title>青河日报</title></head><body><h3>治沙有方</h3><h1>青河旗种草千亩</h1><h2>三个苏木一起动手</h2>"
        '<p class="sec">本报记者　田青禾<span class="date">《青河日报》（2026年07月09日 第 01 版）</span></p>'
        '<table><tr><td><img src="1.jpg"></td></tr><tr><td>图为牧户在播种。</td></tr></table>'
        '<div id="ozoom"><p>　　青河旗种草千亩。</p></div></body></html>'
    )
    document = parse_document(page.encode(), "http://x/pc/content/202607/09/content_1.html")
    assert document is not None
    parts = read_article(document)
    assert (parts.lead, parts.title, parts.sub) == ("治沙有方", "青河旗种草千亩", "三个苏木一起动手")
    assert (parts.byline, parts.day, parts.number) == ("本报记者 田青禾", DAY, "01")
    assert (parts.paragraphs, parts.captions) == (("青河旗种草千亩。",), ("图为牧户在播种。",))


def test_another_days_first_page_is_written_as_the_known_one() -> None:
    day = date(2022, 7, 1)
    assert (
        fronts_of("http://x/a/html/2022-06/30/node_201.htm", day)[0]
        == "http://x/a/html/2022-07/01/node_201.htm"
    )
    assert (
        fronts_of("http://x/pc/layout/202206/30/node_01.html", day)[0]
        == "http://x/pc/layout/202207/01/node_01.html"
    )
    assert fronts_of("http://x/c/20220630/Page01BC.htm", day)[0] == "http://x/c/20220701/IssueIndex.htm"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("第01版：要闻", ("01", "要闻")),
        ("A02： 旗县新闻", ("A02", "旗县新闻")),
        ("03版 综合", ("03", "综合")),
        ("第一版：要闻", ("01", "要闻")),
        ("(GA01) 封面", ("GA01", "封面")),
        ("第00002版：二", ("02", "二")),
        ("下一版", None),
        ("版面导航", None),
        ("库伦旗水稻种植面积", None),
    ],
)
def test_labels_of_pages(text: str, label: tuple[str, str] | None) -> None:
    assert parse_label(text) == label


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("草原晚报数字报-奈曼旗沙地种出万亩西瓜", "草原晚报"),
        ("2026年07月09日 星期四_光明日报_第01版:头版", "光明日报"),
        ("新华每日电讯--标题", "新华每日电讯"),
        ("库伦旗水稻丰收", None),
    ],
)
def test_the_papers_name_in_a_title(title: str, name: str | None) -> None:
    assert paper_name(title) == name


def test_what_is_furniture() -> None:
    assert all(map(is_furniture, ("广告", "报头", "责任编辑：张三", "导读", "图片")))
    assert not any(map(is_furniture, ("广告业增长两成", "青河旗种草千亩", "编辑部的来信")))


def test_outlines_become_shares_of_the_picture_or_are_left_out_where_they_do_not_fit() -> None:
    square = Outline(((0.0, 0.0), (200.0, 0.0), (200.0, 300.0), (0.0, 300.0)))
    half = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.0, 0.5))
    assert to_shares([("k", (square,))], Picture("u"), (400, 600)) == (("k", (half,)),)
    assert to_shares([("k", (square,))], Picture("u", width=400), (800, 1200)) == (("k", (half,)),)
    assert to_shares([("k", (square,))], Picture("u"), (100, 150)) == ()
    small, width, height = shrink_picture(page_picture(3200, 4800))
    assert (width, height, small.width, small.height) == (3200, 4800, 1067, 1600)
    with pytest.raises(PictureError):
        shrink_picture(b"no picture")


def test_an_outlined_article_is_bright_and_red_bordered_and_all_else_dimmed() -> None:
    drawn = Image.open(
        io.BytesIO(outline_article(page_picture(), [((0.1, 0.2), (0.9, 0.2), (0.9, 0.5), (0.1, 0.5))]))
    )
    red, green, blue = drawn.getpixel((40, 200))  # type: ignore[misc]
    assert red > 150 > max(green, blue)
    before, after = drawn.getpixel((200, 30)), (200, 200, 200)
    assert before[0] > after[0]  # type: ignore[index]


def test_a_page_without_quotes_in_capitals_is_taken_apart() -> None:
    data = '<HTML><BODY><A HREF=node_2.htm>第01版：要闻</A><MAP NAME=pagepicmap><AREA COORDS="1,2,3,4" HREF=content_1.htm></MAP>'
    document = parse_document(data.encode("gbk"), "http://x/html/2022-06/30/node_1.htm")
    assert document is not None
    first, second = document.links()
    assert (first.text, first.url) == ("第01版：要闻", "http://x/html/2022-06/30/node_2.htm")
    assert second.outline is not None
    assert len(second.outline.corners) == 4
    assert parse_address(first.url).kind == PaperKind.B


def test_what_a_hostile_page_costs_is_bounded() -> None:
    url = "http://x/html/2026-07/09/node_2.htm"
    many = "".join(f"<a href=content_{n}.htm>第{n % 90}版</a>" for n in range(6_000))
    document = parse_document(many.encode(), url)
    assert document is not None
    assert len(read_listing(document, DAY).articles) == 5_000
    assert parse_document(b"<b>" * 200_001, url) is None
    deep = parse_document(("<div>" * 50_000 + "版" * 50_000).encode(), url)
    assert deep is None or read_article(deep).number is None
    long = ArticleParts(title="长", paragraphs=("\u3000" * 300_000 + "（下转第2版",))
    assert goes_on_at(long) == "2"


def test_a_page_of_the_other_scheme_is_the_same_page() -> None:
    document = parse_document(
        b'<a href="http://x.cn/html/2026-07/09/node_3.htm">03</a>', "https://x.cn/html/2026-07/09/node_2.htm"
    )
    assert document is not None
    assert [link.url for link in document.links()] == ["https://x.cn/html/2026-07/09/node_3.htm"]
