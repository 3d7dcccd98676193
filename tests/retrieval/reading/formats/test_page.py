import codecs
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import SEED

from retrieval.errors import ReadingError
from retrieval.reading import find_pages, parse_page, read_page
from retrieval.types import ArticleKind, DateBasis, Page, SpanKind

PAGE = """---
date: 2023-05-04
source: 草原报
url: https://example.com/a
---
## 【要闻】

## 甲旗 牧草面积达5万亩

□本报记者 张三

本报甲城5月3日电 今年,甲旗牧草面积达5万亩,比去年增加一万
亩。(融媒体记者 李四)

●乙县日前举办运动会,共有三百名群众参加比赛。(乙县融媒体中心)
"""


def parse(text: str, name: str = "page.txt") -> Page:
    return parse_page(text, Path("/p") / name, sha256="0", encoding="utf-8", latest_year=2026)


def spans(page: Page, number: int, kind: SpanKind) -> list[str]:
    article = page.articles[number]
    return [article.text[span.start : span.end] for span in article.spans if span.kind is kind]


# the real page


def test_the_seed_page_has_eight_headed_articles_and_ten_briefs() -> None:
    page = read_page(SEED)
    assert len(page.articles) == 18
    assert sum(each.kind is ArticleKind.BRIEF for each in page.articles) == 10
    assert (page.date, page.date_basis) == (date(2022, 6, 30), DateBasis.INFERRED)
    assert page.skipped == ()


def test_the_seed_pages_headed_articles_have_their_place_section_and_author() -> None:
    heads = {
        each.title: (each.place, each.section, each.byline or each.credit)
        for each in read_page(SEED).articles
        if each.kind is ArticleKind.ARTICLE
    }
    assert heads["水稻种植达3万余亩"] == ("库伦旗", "云听", "融媒体记者 薛一群 实习生 李多仁")
    assert heads["“一体两翼”赋能传统产业绿色发展"][0] == "霍林郭勒市"
    assert heads["担当作为办实事 为民服务解难题"] == (
        "九原区",
        "云采风",
        "本报融媒体记者 宋阿男 通讯员 张慧敏",
    )


def test_lines_broken_by_columns_are_rejoined_and_words_stay() -> None:
    (article,) = [each for each in read_page(SEED).articles if each.title.startswith("“一体两翼”")]
    assert "为了解决因人才紧缺、产业链条短" in article.text
    assert "基礎上" in article.text


def test_the_photos_captions_stay_with_their_article() -> None:
    page = read_page(SEED)
    (number,) = [n for n, each in enumerate(page.articles) if each.title == "为霞尚满天"]
    captions = spans(page, number, SpanKind.CAPTION)
    assert captions[0] == "贾生吉德(右三)荣获缝纫能手荣誉称号。"
    assert len(captions) == 2
    assert "摄影报道" in (page.articles[number].byline or "")


# made-up pages


def test_every_part_of_an_article_is_recognised() -> None:
    page = parse(PAGE)
    article, brief = page.articles
    assert (article.title, article.place, article.section, article.byline) == (
        "牧草面积达5万亩",
        "甲旗",
        "要闻",
        "本报记者 张三",
    )
    assert article.credit == "融媒体记者 李四"
    assert spans(page, 0, SpanKind.DATELINE) == ["本报甲城5月3日电 "]
    assert spans(page, 0, SpanKind.BODY) == ["今年,甲旗牧草面积达5万亩,比去年增加一万亩。"]
    assert (article.lines, brief.lines) == ((8, 13), (15, 15))


def test_a_brief_is_an_article_with_a_derived_title() -> None:
    brief = parse(PAGE).articles[1]
    assert (brief.kind, brief.title, brief.title_is_derived) == (
        ArticleKind.BRIEF,
        "乙县日前举办运动会",
        True,
    )
    assert brief.credit == "乙县融媒体中心"


def test_a_place_line_under_a_title_is_the_place() -> None:
    (article,) = parse("## 绿色发展\n\n丙市\n\n丙市坚持走高质量发展的新路子。").articles
    assert (article.place, article.text) == ("丙市", "丙市坚持走高质量发展的新路子。")


def test_a_page_without_marks_has_titles_above_bylines_datelines_and_indented_paragraphs() -> None:
    page = parse(
        "牧草丰收\n本报记者 张三\n　　今年牧草丰收,农牧民喜笑颜开。\n\n乡村运动会\n　　运动会在乙县举行。\n"
    )
    assert [each.title for each in page.articles] == ["牧草丰收", "乡村运动会"]
    assert page.articles[0].byline == "本报记者 张三"


def test_a_page_without_a_title_is_one_article_with_a_derived_one() -> None:
    (article,) = parse("今年以来,丁县大力发展奶业,牛奶产量创下新高。").articles
    assert article.title_is_derived
    assert article.title.startswith("今年以来,丁县大力发展奶业")


def test_short_items_behind_bullets_are_a_list_within_the_article() -> None:
    (article,) = parse("## 清单\n\n办事须知如下,请您备齐。\n\n●身份证\n\n●户口本\n").articles
    assert "户口本" in article.text


def test_a_photographers_line_is_a_caption() -> None:
    page = parse("## 丰收\n\n图为农民在田间收割。\n\n今年粮食产量创下新高,农民乐开了花。\n\n责任编辑：王五\n")
    assert spans(page, 0, SpanKind.CAPTION) == ["图为农民在田间收割。"]
    assert spans(page, 0, SpanKind.BOILERPLATE) == ["责任编辑：王五"]


def test_markup_is_text_like_any_other() -> None:
    (article,) = parse("## 标题\n\n<b>粗体</b> & <script>alert(1)</script>都是正文。").articles
    assert article.text == "<b>粗体</b> & <script>alert(1)</script>都是正文。"


@pytest.mark.parametrize(
    ("head", "name", "expected", "basis"),
    [
        ("date: 2023-05-04\n", "2022-06-30.txt", date(2023, 5, 4), DateBasis.FRONT_MATTER),
        ("", "2022-06-30.txt", date(2022, 6, 30), DateBasis.FILE_NAME),
        ("", "草原报_20220630_第3版.txt", date(2022, 6, 30), DateBasis.FILE_NAME),
        ("", "000_2aca70f694a15d08.txt", date(2021, 7, 2), DateBasis.INFERRED),
        ("", "1234567890.txt", date(2021, 7, 2), DateBasis.INFERRED),
        ("", "20221399.txt", date(2021, 7, 2), DateBasis.INFERRED),
    ],
)
def test_the_most_trustworthy_date_wins(head: str, name: str, expected: date, basis: DateBasis) -> None:
    page = parse(head + "## 标题\n\n本报甲城7月2日电 2021年的事,到2030年要翻一番。", name)
    assert (page.date, page.date_basis) == (expected, basis)


def test_a_day_without_a_year_is_no_date() -> None:
    assert parse("## 标题\n\n本报甲城7月2日电 今天下雨。").date_basis is DateBasis.NONE


def test_a_date_that_is_none_is_reported_with_its_line() -> None:
    page = parse("date: 明天\n## 标题\n\n正文在这里。")
    assert [(each.line, "明天" in each.reason) for each in page.skipped] == [(1, True)]


@pytest.mark.parametrize("text", ["", " \n\u3000\n", "## 【要闻】\n\n## 标题\n", "## 只有标题\n"])
def test_a_page_without_an_article_is_refused(text: str) -> None:
    with pytest.raises(ReadingError, match="empty|only headings"):
        parse(text)


LINES = st.lists(
    st.sampled_from(
        [
            "## 【栏】",
            "## 标题",
            "甲旗",
            "□本报记者 张三",
            "本报甲城7月2日电 开会。",
            "●今年乙县举办运动会共有三百人参加。(乙县)",
        ]
    )
    | st.text(alphabet="甲乙丙旗县，。（）●#【】□ \u3000a1图为摄", max_size=40),
    max_size=25,
)


@given(LINES)
def test_no_page_crashes_and_nothing_of_it_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        page = parse(text)
    except ReadingError:
        return
    kept = "".join(
        "".join(part or "" for part in (a.section, a.place, a.title, a.byline, a.text)) for a in page.articles
    ) + "".join(each.reason for each in page.skipped)
    for line in lines:
        if line.startswith("#"):  # a heading that nothing stands under may go
            continue
        for character in "".join(line.split()).strip("#【】●□◆ \u3000"):
            assert character in kept or "【" in line
    numbers = [each.lines for each in page.articles]
    assert all(1 <= first <= last <= len(lines) for first, last in numbers)
    for article in page.articles:
        covered = [(span.start, span.end) for span in article.spans]
        assert covered == sorted(covered)
        assert all(a[1] <= b[0] for a, b in zip(covered, covered[1:], strict=False))
        gaps = "".join(c for i, c in enumerate(article.text) if not any(a <= i < b for a, b in covered))
        assert set(gaps) <= {"\n"}


# files


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (PAGE.encode(), "utf-8"),
        (codecs.BOM_UTF8 + PAGE.encode(), "utf-8-sig"),
        (PAGE.encode("gb18030"), "gb18030"),
        (PAGE.encode("utf-16"), "utf-16-le"),
        (PAGE.encode("utf-16-be"), "utf-16-be"),
        (PAGE.replace("\n", "\r\n").encode(), "utf-8"),
    ],
)
def test_a_page_reads_the_same_in_every_encoding(tmp_path: Path, data: bytes, encoding: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    page = read_page(path)
    assert page.encoding == encoding
    assert [(each.title, each.text, each.lines) for each in page.articles] == [
        (each.title, each.text, each.lines) for each in parse(PAGE).articles
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
        (b"%PDF-1.7 ...", "PDF"),
        (("Привет мир " * 50).encode("cp1251"), "encoding"),
        (b"\xff\xfe\x00\xd8\x00", "damaged"),
    ],
)
def test_what_is_no_page_is_refused_with_what_it_is(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    with pytest.raises(ReadingError, match=f"page.txt.*{reason}"):
        read_page(path)


def test_a_page_of_fifty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(ReadingError, match="larger than 20 MB: split"):
        read_page(path)


def test_a_page_that_vanished_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="is not there"):
        read_page(tmp_path / "gone.txt")


def test_pages_are_found_in_folders_once_sorted_and_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.jsonl", ".hidden.txt", ".git/d.txt", "picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    found, skipped = find_pages([tmp_path, tmp_path / "b.txt", tmp_path / "missing"])
    assert [str(path.relative_to(tmp_path)) for path in found] == ["a.md", "b.txt", "sub/c.jsonl"]
    assert [each.path.name for each in skipped] == ["missing"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder_is_reported(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    found, skipped = find_pages([tmp_path])
    closed.chmod(0o700)
    assert found == []
    assert "cannot be read" in skipped[0].reason


def test_a_page_of_records_reads_each_line_and_names_the_bad_ones(tmp_path: Path) -> None:
    path = tmp_path / "2022-06-30.jsonl"
    path.write_text('{"title": "甲旗 丰收", "text": "一。\\n二。"}\n{"title": 1}\n{\n', encoding="utf-8")
    page = read_page(path)
    (article,) = page.articles
    assert (article.title, article.place, article.text, article.date) == (
        "丰收",
        "甲旗",
        "一。\n二。",
        date(2022, 6, 30),
    )
    assert [each.line for each in page.skipped] == [2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "2026年7月1日\n青河旗今年种草三万亩，比去年多五千亩。\n",
        "青河旗牧草丰收\n2026-07-01 08:30\n　　青河旗今年种草三万亩，比去年多五千亩。\n",
        "# 青河旗牧草丰收\n发布时间：2026年7月1日 星期三\n青河旗今年种草三万亩，比去年多五千亩。\n",
    ],
)
def test_a_line_at_the_head_that_is_a_day_dates_the_page(text: str) -> None:
    found = parse_page(text, Path("a.txt"), sha256="", encoding="utf-8")
    (one,) = found.articles
    assert found.date == one.date == date(2026, 7, 1)
    bodies = [one.text[each.start : each.end] for each in one.spans if each.kind is SpanKind.BODY]
    assert bodies == ["青河旗今年种草三万亩，比去年多五千亩。"]
