import io
import zipfile
from pathlib import Path

import pytest
from forms import BODY, make_docx, make_zip

from retrieval.errors import ReadingError
from retrieval.reading import read_page
from retrieval.types import ArticleKind, Page, SpanKind

BRIEF = "●乙县日前举办运动会，共有三百名群众参加比赛。（乙县融媒体中心）"


def read(tmp_path: Path, data: bytes) -> Page:
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    return read_page(path)


def test_a_document_reads_like_a_newspaper_page(tmp_path: Path) -> None:
    page = read(
        tmp_path,
        make_docx(
            ("【要闻】", None),
            ("甲旗 牧草丰收", "Heading 1"),
            ("□本报记者 张三", None),
            ("本报甲城5月3日电 " + BODY[0], None),
            (BODY[1], None),
            (BRIEF, None),
        ),
    )
    article, brief = page.articles
    assert (article.title, article.place, article.section) == ("牧草丰收", "甲旗", "要闻")
    assert article.byline == "本报记者 张三"
    assert article.text.split("\n") == ["本报甲城5月3日电 " + BODY[0], BODY[1]]
    assert article.spans[0].kind is SpanKind.DATELINE
    assert (brief.kind, brief.credit) == (ArticleKind.BRIEF, "乙县融媒体中心")
    assert page.encoding == "docx"


def test_a_title_that_is_only_a_short_line_is_found(tmp_path: Path) -> None:
    page = read(tmp_path, make_docx(("牧草丰收", None), (BODY[0], None), (BODY[1], None)))
    assert [(each.title, each.text) for each in page.articles] == [("牧草丰收", "\n".join(BODY[:2]))]


def test_a_tables_rows_are_lines(tmp_path: Path) -> None:
    rows = (("旗县", "面积"), ("甲旗", "5万亩"))
    page = read(tmp_path, make_docx(("面积表", "Heading 1"), (BODY[0], None), rows=rows))
    assert page.articles[0].text.split("\n")[1:] == ["旗县 面积", "甲旗 5万亩"]


def test_text_pasted_from_columns_is_rejoined(tmp_path: Path) -> None:
    text = BODY[0] + BODY[1]
    lines = [text[at : at + 20] for at in range(0, len(text), 20)]
    page = read(tmp_path, make_docx(("牧草丰收", "Heading 1"), *((line, None) for line in lines)))
    assert page.articles[0].text.replace("\n", "") == text
    assert page.articles[0].text.count("\n") <= 1


def repacked(change: dict[str, bytes]) -> bytes:
    """A document with parts replaced."""
    with zipfile.ZipFile(io.BytesIO(make_docx((BODY[0], None)))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return make_zip({**parts, **change})


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"not a zip", "no Word document"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "an old .doc"),
        (make_docx((BODY[0], None))[:-200], "no Word document"),
        (make_zip({"a.txt": "x"}), "no Word document"),
        (repacked({"word/document.xml": BOMB}), "entities"),
        (repacked({"word/document.xml": BOMB.decode().encode("utf-16")}), "entities"),
        (repacked({"word/document.xml": b"<broken"}), "no Word document"),
        (repacked({"word/document.xml": b" " * 31_000_000}), "unpacks to far more"),
        (make_docx(("", None)), "no text"),
    ],
)
def test_what_is_no_document_is_refused_with_what_it_is(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(ReadingError, match=reason):
        read(tmp_path, data)


def test_pictures_are_not_unpacked(tmp_path: Path) -> None:
    assert read(tmp_path, repacked({"word/media/huge.png": bytes(60_000_000)})).articles
