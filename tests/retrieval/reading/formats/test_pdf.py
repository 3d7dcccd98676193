from itertools import zip_longest
from pathlib import Path

import pytest
from forms import BODY
from pdfs import Placed, make_pdf, set_column
from waiting import HANG_SECONDS

from retrieval.errors import ReadingError
from retrieval.reading import ReadingLimits, read_page, read_pages
from retrieval.types import Page

LEFT = BODY[0] * 3
RIGHT = BODY[2] * 3
HEAD: list[Placed] = [(50, 780, 24, "甲旗 牧草丰收"), (50, 750, 10, "□本报记者 张三")]


def read(tmp_path: Path, data: bytes) -> Page:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    return read_page(path)


def columns(n: int, *texts: str) -> list[list[Placed]]:
    return [set_column(text, 40 + 520 / n * at, 700, width=300 // (6 * n)) for at, text in enumerate(texts)]


@pytest.mark.parametrize("by_rows", [False, True])
@pytest.mark.parametrize("n", [2, 3])
def test_columns_are_read_one_after_the_other_however_they_were_drawn(
    tmp_path: Path, n: int, by_rows: bool
) -> None:
    texts = (LEFT, RIGHT, BODY[1] * 3)[:n]
    parts = columns(n, *texts)
    rows = [each for row in zip_longest(*parts) for each in row if each]
    drawn = rows if by_rows else [each for part in parts for each in part]
    (article,) = read(tmp_path, make_pdf([[*HEAD, *drawn]])).articles
    assert (article.title, article.place, article.byline) == ("牧草丰收", "甲旗", "本报记者 张三")
    assert article.text.replace("\n", "") == "".join(texts)


def test_a_headline_between_articles_parts_their_columns(tmp_path: Path) -> None:
    upper = [each for part in columns(2, LEFT, RIGHT) for each in part]
    lower = [(x, y - 330, size, text) for x, y, size, text in upper]
    second: list[Placed] = [(220, 430, 24, "乙县 道路建成")]
    page = read(tmp_path, make_pdf([[*HEAD, *upper, *second, *lower]]))
    assert [each.title for each in page.articles] == ["牧草丰收", "道路建成"]
    assert [each.text.replace("\n", "") for each in page.articles] == [LEFT + RIGHT] * 2


def test_an_article_goes_on_over_pages_and_their_numbers_are_left_out(tmp_path: Path) -> None:
    pages = [[*HEAD, *set_column(LEFT, 50, 700, width=40), (290.0, 30.0, 10.0, "- 1 -")]]
    pages.append([*set_column(RIGHT, 50, 780, width=40), (290.0, 30.0, 10.0, "2")])
    (article,) = read(tmp_path, make_pdf(pages)).articles
    assert article.text.replace("\n", "") == LEFT + RIGHT


def test_an_indent_begins_a_paragraph(tmp_path: Path) -> None:
    first = set_column(BODY[0], 50, 700, width=20)
    second = set_column("　　" + BODY[1], 50, first[-1][1] - 16, width=20)
    (article,) = read(tmp_path, make_pdf([[*HEAD, *first, *second]])).articles
    assert article.text.split("\n") == [BODY[0], BODY[1]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (make_pdf([[]]), "no text layer.*OCR"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 10, "no PDF, or a damaged one"),
        (b"%PDF-1.7", "no PDF, or a damaged one"),
        (b"GIF89a", "no PDF"),
        (make_pdf([[(50, 700, 10, "字")]] * 201), "201 pages, more than 200"),
    ],
)
def test_what_is_no_text_pdf_is_refused_with_what_it_is(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(ReadingError, match=reason):
        read(tmp_path, data)


def test_a_pdf_that_unpacks_to_gigabytes_costs_one_page(tmp_path: Path) -> None:
    import zlib

    packer = zlib.compressobj(9)
    show = b"<" + "字".encode("utf-16-be").hex().encode() * 200 + b"> Tj\n"
    packed = packer.compress(b"BT /F1 10 Tf\n")
    packed += b"".join(packer.compress(show * 1000) for _ in range(400)) + packer.flush()
    plain = make_pdf([[(50, 700, 10, "字")]])
    start = plain.index(b"<< /Length")
    end = plain.index(b"endstream", start) + len(b"endstream")
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    path = tmp_path / "bomb.pdf"
    path.write_bytes(plain[:start] + stream + plain[end:])
    with pytest.raises(ReadingError, match="characters|memory|time|seconds"):
        list(read_pages(path, ReadingLimits(seconds=1, patience=HANG_SECONDS)))
