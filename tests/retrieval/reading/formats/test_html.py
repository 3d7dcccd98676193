from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from forms import BODY, make_html

from retrieval.errors import ReadingError
from retrieval.reading import read_page
from retrieval.reading.formats.html import MAX_HTML_BYTES, split_markup
from retrieval.types import Article, DateBasis, SpanKind


def read(tmp_path: Path, html: str | bytes, name: str = "a.html") -> Article:
    path = tmp_path / name
    path.write_bytes(html.encode() if isinstance(html, str) else html)
    (article,) = read_page(path).articles
    return article


def of_kind(article: Article, kind: SpanKind) -> list[str]:
    return [article.text[span.start : span.end] for span in article.spans if span.kind is kind]


def test_a_web_page_is_an_article_with_what_it_states(tmp_path: Path) -> None:
    article = read(tmp_path, make_html())
    assert (article.title, article.place) == ("牧草丰收", "甲旗")
    assert (article.date, article.date_basis) == (date(2023, 5, 4), DateBasis.FRONT_MATTER)
    assert (article.source, article.byline) == ("草原网", "张三")
    assert of_kind(article, SpanKind.BODY) == list(BODY)


def test_what_surrounds_the_article_is_left_out(tmp_path: Path) -> None:
    assert "首页" not in read(tmp_path, make_html()).text


@pytest.mark.parametrize(
    "line", ["责任编辑：王五", "（责编：王五、赵六）", "未经授权，不得转载", "分享到：微信 微博"]
)
def test_the_editors_lines_are_kept_but_marked(tmp_path: Path, line: str) -> None:
    article = read(tmp_path, make_html((*BODY, line)))
    assert of_kind(article, SpanKind.BOILERPLATE) in ([line], [])
    assert line not in of_kind(article, SpanKind.BODY)


def test_a_dateline_and_a_credit_are_marked(tmp_path: Path) -> None:
    article = read(
        tmp_path, make_html(("本报甲城5月3日电 " + BODY[0], *BODY[1:], BODY[0] + "（融媒体记者 李四）"))
    )
    assert of_kind(article, SpanKind.DATELINE) == ["本报甲城5月3日电 "]
    assert article.credit == "融媒体记者 李四"


def test_a_page_reads_the_same_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    html = make_html()
    wanted = read(tmp_path, html)
    gbk = read(tmp_path, html.replace("utf-8", "gb2312").encode("gb18030"), "b.htm")
    assert (gbk.title, gbk.text) == (wanted.title, wanted.text)


def test_a_traditional_page_in_big5_is_read(tmp_path: Path) -> None:
    body = tuple(
        "今年以來，農業發展順利，農民收入提高，市場繁榮，人民生活改善，學校建設完成。" for _ in range(3)
    )
    html = make_html(body, title="農業豐收").replace("utf-8", "big5")
    assert "農民收入" in read(tmp_path, html.encode("big5hkscs", "ignore")).text


@pytest.mark.parametrize(
    "html",
    [
        "<html><body></body></html>",
        "<html><head><title>标题</title></head><body><nav><a href='/'>首页</a></nav></body></html>",
        "<script>var a = 1;</script>",
        "<",
    ],
)
def test_a_page_without_a_main_text_is_refused(tmp_path: Path, html: str) -> None:
    with pytest.raises(ReadingError, match="no main text|taken apart"):
        read(tmp_path, html)


def test_a_page_too_large_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="larger than 5 MB"):
        read(tmp_path, b"<p>" + b"x" * MAX_HTML_BYTES)
    with pytest.raises(ReadingError, match="200000 tags"):
        read(tmp_path, b"<p>" * 200_001)


def test_deep_nesting_is_refused_or_read_but_never_a_crash(tmp_path: Path) -> None:
    with suppress(ReadingError):
        read(tmp_path, "<div>" * 50_000 + BODY[0])


def test_a_pieces_of_markup_is_its_paragraphs() -> None:
    markup = "<p>甲 &amp; 乙<br>丙</p><script>x</script><ul><li>丁</li></ul>戊"
    assert split_markup(markup) == ["甲 & 乙", "丙", "丁", "戊"]
